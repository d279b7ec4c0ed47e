"""Which file counts is one rule: for grading, `check`, annotations, uploads and nbgrader."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.report.model import Report
from autograder.student.workspace import find_workspace
from autograder.submission.errors import UnreadableError
from autograder.submission.reader import read_submission
from autograder.submission.upload import lay_out
from autograder.submission.which_file import find_work
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import RIGHT_SUMS, WRONG_SUMS, hand_in

pytestmark = pytest.mark.slow

NAME = "01_sums"
SCRIPT, NOTEBOOK = f"{NAME}.py", f"{NAME}.ipynb"
NOTE = f"{SCRIPT} was graded, {NOTEBOOK} was not."
Make = Callable[[Path], object]


def dangling_link(path: Path) -> None:
    path.symlink_to("nowhere.ipynb")


def folder(path: Path) -> None:
    path.mkdir()


def link_to_a_file(path: Path) -> None:
    other = path.parents[3] / "other.ipynb"  # nothing that was handed in
    other.write_text(json.dumps({"cells": [{"cell_type": "code", "source": "def total(X):\n    return 0"}]}))
    path.symlink_to(other)


# What each is refused as: for a student who has handed it in, and for one who still has it.
REFUSED = {
    dangling_link: ("is a link; hand in the file itself.", "is a link; use the file itself."),
    folder: ("is not a file; hand in the notebook itself.", "is not a file; use the notebook itself."),
}
BESIDE = pytest.mark.parametrize("make", [dangling_link, folder, link_to_a_file])
ALONE = pytest.mark.parametrize("make", REFUSED)


def report_on_ada(course: Path) -> Report:
    return Report.from_json((course / "graded" / "ada" / f"{NAME}.json").read_text())


# Beside a script


@BESIDE
def test_a_file_counts_before_what_is_none(tmp_path: Path, make: Make) -> None:
    place = hand_in(tmp_path, "ada", NAME, RIGHT_SUMS).parent
    make(place / NOTEBOOK)
    assert [path.name for path in find_work(place, NAME)] == [SCRIPT, NOTEBOOK]
    submission = read_submission(place, NAME)
    assert (submission.file, submission.notes) == (SCRIPT, (NOTE,))
    assert submission.cells[0].source == RIGHT_SUMS


@BESIDE
def test_grading_reads_the_file_that_counts_and_notes_the_other(small_course: Path, make: Make) -> None:
    script = hand_in(small_course / "class", "ada", NAME, RIGHT_SUMS)
    make(script.with_name(NOTEBOOK))
    done = autograder("grade", "class", "--jobs", "1", "--unconfined", cwd=small_course)
    assert done.returncode == 0, done.stderr
    report = report_on_ada(small_course)
    assert report.score == report.max_score
    assert report.notes == (NOTE,)
    assert NOTE in (small_course / "graded" / "ada" / f"{NAME}.html").read_text()


@BESIDE
def test_check_reads_the_same_file(workspace: Path, make: Make) -> None:
    (workspace / NAME / SCRIPT).write_text(RIGHT_SUMS)
    make(workspace / NAME / NOTEBOOK)
    assert find_workspace(workspace).file(NAME) == workspace / NAME / SCRIPT
    done = autograder("check", NAME, cwd=workspace)
    assert done.stdout.startswith(f"{SCRIPT}\n"), done.stderr
    assert "`total`: its visible check passes" in done.stdout
    rows = [line.split() for line in autograder("check", cwd=workspace).stdout.splitlines()]
    assert [NAME, "done", "2", "of", "2"] in rows


@BESIDE
def test_an_annotation_stands_in_the_same_file(small_course: Path, make: Make) -> None:
    script = hand_in(small_course / "class", "ada", NAME, WRONG_SUMS)
    make(script.with_name(NOTEBOOK))
    options = ("--codequality", "quality.json", "--jobs", "1", "--unconfined")
    assert autograder("grade", "class", *options, cwd=small_course).returncode == 0
    remarks = json.loads((small_course / "quality.json").read_text())
    assert {remark["location"]["path"] for remark in remarks} == {f"class/ada/{NAME}/{SCRIPT}"}
    lines = {WRONG_SUMS.splitlines()[remark["location"]["lines"]["begin"] - 1] for remark in remarks}
    assert lines == {"def total(X):"}


@BESIDE
@pytest.mark.parametrize("below", ["", NAME, f"assignments/{NAME}"])
def test_of_an_upload_the_same_file_counts(tmp_path: Path, make: Make, below: str) -> None:
    upload = tmp_path / "upload" / below
    upload.mkdir(parents=True)
    (upload / SCRIPT).write_text(RIGHT_SUMS)
    make(upload / NOTEBOOK)
    lay_out(tmp_path / "upload", [NAME], tmp_path / "laid_out")
    submission = read_submission(tmp_path / "laid_out" / NAME, NAME)
    assert (submission.file, submission.notes) == (SCRIPT, (NOTE,))
    assert submission.cells[0].source == RIGHT_SUMS


# Alone


@ALONE
def test_what_is_no_file_is_refused_when_it_is_handed_in(small_course: Path, make: Make) -> None:
    reason = f"{NOTEBOOK} {REFUSED[make][0]}"
    place = small_course / "class" / "ada" / NAME
    place.mkdir(parents=True)
    make(place / NOTEBOOK)
    with pytest.raises(UnreadableError) as refused:
        read_submission(place, NAME)
    assert str(refused.value) == reason
    assert autograder("grade", "class", "--jobs", "1", "--unconfined", cwd=small_course).returncode == 0
    report = report_on_ada(small_course)
    assert (report.error, report.score, report.notes) == (reason, 0, ())


@ALONE
def test_what_is_no_file_is_refused_by_check_in_words_of_its_own(workspace: Path, make: Make) -> None:
    reason = f"{NOTEBOOK} {REFUSED[make][1]}"
    make(workspace / NAME / NOTEBOOK)
    assert one_line(autograder("check", NAME, cwd=workspace)) == f"autograder: {reason}"
    done = autograder("check", cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert reason in done.stdout.splitlines()
    assert [NAME, "unreadable", "—"] in [line.split() for line in done.stdout.splitlines()]
