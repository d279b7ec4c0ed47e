"""`autograder grade`: the folder that is meant, and what is said of a whole class."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.command_line import refusal
from tests.helpers.course import RIGHT_SUMS, hand_in
from tests.helpers.grading import grade_unconfined


def test_an_empty_folder_has_nothing_to_grade(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    (small_course / "class").mkdir()
    line = refusal(monkeypatch, small_course, "grade", "class")
    assert "class/<student>/01_sums/01_sums.ipynb" in line
    assert not (small_course / "graded").exists()


def test_students_without_any_known_assignment_have_nothing_to_grade(
    monkeypatch: pytest.MonkeyPatch, small_course: Path
) -> None:
    hand_in(small_course / "class", "ada", "01-sums", RIGHT_SUMS)
    line = refusal(monkeypatch, small_course, "grade", "class")
    assert "01_sums" in line
    assert "did you mean" not in line


@pytest.mark.parametrize(
    ("cwd", "named", "meant"),
    [
        ("", "handed", "handed/class"),
        ("", "handed/class/ada", "handed/class"),
        ("handed/class/ada", ".", "{folder}/handed/class"),
    ],
    ids=["too high", "too low", "too low, from within"],
)
def test_a_level_too_high_or_too_low_the_folder_that_was_meant_is_named(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, cwd: str, named: str, meant: str
) -> None:
    hand_in(small_course / "handed/class", "ada", "01_sums", RIGHT_SUMS)
    line = refusal(monkeypatch, small_course / cwd, "grade", named)
    assert line.endswith(f"; did you mean {meant.format(folder=small_course.resolve())}?")


def test_the_course_itself_is_no_folder_of_submissions(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    hand_in(small_course, "class", "01_sums", RIGHT_SUMS)
    assert "is the course itself: name the folder" in refusal(monkeypatch, small_course, "grade", ".")
    assert not (small_course / "graded").exists()


def test_the_course_is_never_what_was_meant(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    hand_in(small_course, "assignments", "01_sums", RIGHT_SUMS)
    assert "did you mean" not in refusal(monkeypatch, small_course, "grade", "assignments")
    assert "did you mean" not in refusal(monkeypatch, small_course, "grade", "..")


def test_the_same_mistake_of_a_whole_class_is_not_told_for_everybody(two_students: Path) -> None:
    for number in range(25):
        hand_in(two_students / "class", f"s{number:02}", "01_Sums", RIGHT_SUMS)
    lines = grade_unconfined(two_students).stderr.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "And 5 more like these."
