"""`autograder grade`: the folder that is meant, and what is said of a whole class."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.command_line import autograder, refusal
from tests.helpers.course import RIGHT_SUMS, edit, hand_in
from tests.helpers.grading import grade_unconfined

pytestmark = pytest.mark.slow


def test_an_empty_folder_has_nothing_to_grade(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    (small_course / "class").mkdir()
    line = refusal(monkeypatch, small_course, "grade", "class")
    assert "class/<student>/01_sums/01_sums.ipynb" in line
    assert not (small_course / "graded").exists()


def test_students_without_any_known_assignment_have_nothing_to_grade(
    monkeypatch: pytest.MonkeyPatch, small_course: Path
) -> None:
    hand_in(small_course / "class", "ada", "week 3", RIGHT_SUMS)
    line = refusal(monkeypatch, small_course, "grade", "class")
    assert "01_sums" in line
    assert "did you mean" not in line
    assert line.endswith(
        "files that are no submission: 1, such as ada/week 3/week 3.py: Its name and place do not tell what it is for: "
        "put it into its assignment's folder (01_sums, 02_centred), and grade again."
    )


def test_where_all_files_are_loose_it_is_told_where_they_belong(
    monkeypatch: pytest.MonkeyPatch, small_course: Path
) -> None:
    (small_course / "class").mkdir()
    for name in ("muellerfatima_1_2_01_sums.py", "leejun_LATE_3_4_01_sums.py"):
        (small_course / "class" / name).write_text(RIGHT_SUMS)
    line = refusal(monkeypatch, small_course, "grade", "class")
    assert "no submission: 2, such as leejun_LATE_3_4_01_sums.py: It lies in no student's folder: put it into" in line


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
        folder = two_students / "class" / f"s{number:02}"
        folder.mkdir()
        (folder / "homework.py").write_text(RIGHT_SUMS)
    lines = grade_unconfined(two_students).stderr.splitlines()
    assert lines[0] == "Handed in, and not graded: 25 files"
    assert len(lines) == 22
    assert lines[-1] == "And 5 more like these."


def test_work_is_graded_though_nobody_put_it_where_it_should_be(two_students: Path) -> None:
    for student in ("ada", "bo"):
        shutil.rmtree(two_students / "class" / student)
    hand_in(two_students / "class" / "bo", "homework", "01_sums", RIGHT_SUMS)
    (two_students / "class" / "ada").mkdir()
    (two_students / "class" / "ada" / "01_sums.py").write_text(RIGHT_SUMS)
    done = grade_unconfined(two_students)
    assert done.returncode == 0, done.stderr
    assert "Submissions: 2 (unreadable: 0). Mean of the scores: 100%." in done.stdout


def test_everybodys_first_file_is_named_before_anybodys_second(two_students: Path) -> None:
    for number in range(30):
        (two_students / "class" / "ada" / f"homework{number}.py").write_text(RIGHT_SUMS)
    (two_students / "class" / "zoe").mkdir()
    (two_students / "class" / "zoe" / "homework.py").write_text(RIGHT_SUMS)
    lines = grade_unconfined(two_students).stderr.splitlines()
    assert lines[2].startswith("zoe/homework.py: ")


PUBLIC_SEED = (
    "The seed in solutions/course.toml is one that everybody can read, and hidden inputs are drawn from it: put a text "
    "of your own there, and keep it. All is then graded again."
)


def test_a_seed_that_everybody_can_read_is_warned_of_once_a_run(two_students: Path) -> None:
    settings = two_students / "solutions" / "course.toml"
    edit(settings, "a seed", "choose-your-own-and-keep-it")
    for _ in range(2):
        done = grade_unconfined(two_students)
        assert (done.returncode, done.stderr.splitlines()) == (0, [PUBLIC_SEED])
    edit(settings, "choose-your-own-and-keep-it", "our own")
    assert grade_unconfined(two_students).stderr == ""


def test_an_archive_is_not_made_with_such_a_seed_without_a_word(two_students: Path) -> None:
    command = ("gradescope", "grader.zip", "--assignment", "01_sums")
    assert autograder(*command, cwd=two_students).stderr == ""
    edit(two_students / "solutions" / "course.toml", "a seed", "choose-your-own-and-keep-it")
    done = autograder(*command, cwd=two_students)
    assert (done.returncode, done.stderr) == (0, f"{PUBLIC_SEED}\n")
