"""Which pages a run writes: those that would differ, and all but one that cannot be made."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom.marks.model import Mark
from autograder.cli import main
from autograder.pages import writer
from autograder.pages.submission_page import submission_page
from autograder.report.model import Report
from autograder.submission.model import Submission
from tests.helpers.course import RIGHT_SUMS, hand_in
from tests.helpers.grading import ALL_GRADED, grade_unconfined, read_files, the_seed

pytestmark = pytest.mark.slow


def test_a_page_that_cannot_be_made_is_named_and_no_end_of_the_run(
    small_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a report holds: the report stands, and all the others have their pages."""
    for student in ("ada", "bo"):
        hand_in(small_course / "class", student, "01_sums", RIGHT_SUMS)

    def fails_for_ada(report: Report, work: Submission | None, mark: Mark | None) -> str:
        if report.student == "ada":
            raise ValueError("no page")
        return submission_page(report, work, mark)

    monkeypatch.setattr(writer, "submission_page", fails_for_ada)
    monkeypatch.chdir(small_course)
    command = ["grade", "class", "--out", "out", "--jobs", "1", "--unconfined"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1, result.output
    assert "The page of ada 01_sums could not be made (ValueError: no page)" in result.output
    assert (small_course / "out/ada/01_sums.json").is_file()
    assert not (small_course / "out/ada/01_sums.html").exists()
    assert (small_course / "out/bo/01_sums.html").is_file()
    assert (small_course / "out/index.html").is_file()
    monkeypatch.undo()
    assert CliRunner().invoke(main, command).exit_code == 2, "outside of the course"
    monkeypatch.chdir(small_course)
    again = CliRunner().invoke(main, command)
    assert again.exit_code == 0
    assert "0 graded" in again.output
    assert (small_course / "out/ada/01_sums.html").is_file(), "the next run makes it"


def test_pages_are_made_again_only_where_they_would_differ(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    grade_unconfined(small_course)
    page = small_course / "out/ada/01_sums.html"
    made = page.stat().st_mtime_ns
    grade_unconfined(small_course)
    assert page.stat().st_mtime_ns == made
    text = page.read_text()
    page.write_text("cut off")
    grade_unconfined(small_course)
    assert page.read_text() == text


def test_grading_one_assignment_keeps_the_others_in_the_class_files(graded: Path) -> None:
    the_seed(graded)
    before = read_files(graded / "out")
    completed = grade_unconfined(graded, "--assignment", "02_centred")
    assert completed.returncode == 0
    after = read_files(graded / "out")
    assert {name for name in after if after[name] != before[name]} == {
        f"{student}/02_centred.{kind}" for student in ("ada", "bo", "cy") for kind in ("json", "html")
    }
    with open(graded / "out/marks.csv", newline="", encoding="utf-8") as table:
        rows = [(row["student"], row["assignment"]) for row in csv.DictReader(table)]
    assert sorted(f"{student}/{assignment}" for student, assignment in rows) == sorted(ALL_GRADED)
