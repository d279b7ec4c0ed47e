"""`from autograder import grade`: one file, with all checks, as the command grades it."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import autograder
from autograder import grade
from autograder.checking.session import CheckSession
from autograder.cli.diff import read_reports
from autograder.course.lesson import CourseError
from autograder.errors import UserError
from autograder.grading.grader import _close_grader
from autograder.report.model import Report, Status
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS, hand_in, write_course
from tests.helpers.paths import ROOT
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow


def processes_below() -> int:
    return len(psutil.Process().children(recursive=True))


def timeless(report: Report) -> Report:
    return replace(report, seconds=0)


def test_it_says_what_the_command_says(graded: Path) -> None:
    """Work on earlier assignments included: bo's wrong sums cost nothing in what builds on them."""
    for (student, assignment), report in read_reports(graded / "out").items():
        file = graded / "class" / student / assignment / f"{assignment}.py"
        assert timeless(grade(graded, file, student=student, confined=False)) == timeless(report)


@pytest.mark.parametrize("course", [".", "solutions", "solutions/01_sums"])
def test_the_course_is_found_from_any_folder_of_it(
    small_course: Path, monkeypatch: pytest.MonkeyPatch, course: str
) -> None:
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    monkeypatch.chdir(small_course)
    report = grade(course, "class/ada/01_sums/01_sums.py", student="ada")
    assert (report.score, report.max_score, report.confined) == (9, 9, True)


def test_a_file_of_any_name_is_graded_for_the_assignment_that_is_named(small_course: Path, tmp_path: Path) -> None:
    file = tmp_path / "homework (3).py"
    file.write_text(WRONG_SUMS)
    report = grade(small_course, file, student="bo", assignment="01_sums", confined=False)
    assert report.score < 9
    assert {check.misconception for check in report.checks} == {None, "over_columns"}
    alone = tmp_path / "02_centred.py"
    alone.write_text(RIGHT_CENTRED)
    assert grade(small_course, str(alone), confined=False).score == 5, "right sums stand in"


def test_a_file_that_cannot_be_read_is_a_report_that_says_why(small_course: Path, tmp_path: Path) -> None:
    (tmp_path / "01_sums.ipynb").write_text("{")
    (tmp_path / "02_centred.py").symlink_to("nowhere")
    broken = grade(small_course, tmp_path / "01_sums.ipynb", confined=False)
    linked = grade(small_course, tmp_path / "02_centred.py", confined=False)
    assert (broken.status, linked.status) == (Status.UNREADABLE, Status.UNREADABLE)
    assert "is cut off" in broken.error
    assert "is a link" in linked.error


def test_a_file_in_the_folder_that_one_is_in_is_graded_without_earlier_work(
    small_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(tmp_path, "ada", "01_sums", WRONG_SUMS)
    file = tmp_path / "ada" / "homework" / "02_centred.py"
    file.parent.mkdir()
    file.write_text(RIGHT_CENTRED)
    monkeypatch.chdir(file.parent)
    report = grade(small_course, "02_centred.py", confined=False)
    alone = grade(small_course, file.rename(tmp_path / "02_centred.py"), confined=False)
    assert report.score == alone.score == 5
    assert report.provenance == alone.provenance, "01_sums beside it is not read"


def test_threads_take_turns(small_course: Path, tmp_path: Path) -> None:
    """Whatever executor calls it, everybody gets their own score."""
    files = {
        student: hand_in(tmp_path, student, "01_sums", RIGHT_SUMS if int(student) % 2 else WRONG_SUMS)
        for student in map(str, range(12))
    }
    with ThreadPoolExecutor(4) as pool:
        graded = pool.map(lambda file: grade(small_course, file, confined=False), files.values())
        reports = dict(zip(files, graded, strict=True))
    alone = {wrong: grade(small_course, files[wrong], confined=False).score for wrong in ("0", "1")}
    assert alone["0"] < alone["1"] == 9
    assert {student: report.score for student, report in reports.items()} == {
        student: alone[str(int(student) % 2)] for student in files
    }


def test_ctrl_c_leaves_nothing_of_one_student_for_the_next(
    small_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a notebook's kernel is interrupted while it waits for the checks."""
    right, wrong = hand_in(tmp_path, "a", "01_sums", RIGHT_SUMS), hand_in(tmp_path, "b", "01_sums", WRONG_SUMS)
    due = grade(small_course, wrong, confined=False).score

    def interrupted(_self: CheckSession) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(CheckSession, "_take", interrupted)
        with pytest.raises(KeyboardInterrupt):
            grade(small_course, right, confined=False)
    assert grade(small_course, wrong, confined=False).score == due < 9


def test_grading_many_files_keeps_one_sandbox_and_leaves_the_process_as_it_was(
    small_course: Path, tmp_path: Path
) -> None:
    sums = hand_in(tmp_path, "ada", "01_sums", RIGHT_SUMS)
    centred = hand_in(tmp_path, "ada", "02_centred", RIGHT_CENTRED)
    _close_grader()
    before = sys.dont_write_bytecode, list(sys.path), dict(os.environ)
    grade(small_course, sums, confined=False)
    children = processes_below()  # among them perhaps some that have done their work
    for number in range(3):
        grade(small_course, sums, confined=False)
        grade(small_course, centred, confined=False)
        with (small_course / "solutions" / "01_sums" / "hidden_checks.py").open("a") as file:
            file.write(f"# {number}\n")
    until(lambda: processes_below() <= children, "the end of those that have done their work")
    assert dict(os.environ) == before[2]
    _close_grader()
    assert (sys.dont_write_bytecode, sys.path) == before[:2]


def test_two_courses_may_have_modules_of_one_name(tmp_path: Path) -> None:
    """Each course's checks ask their own `shapes` what is worth how much, whichever was graded before."""
    right = hand_in(tmp_path, "ada", "01_sums", RIGHT_SUMS)
    courses = [write_course(tmp_path / f"course{number}") for number in (1, 2)]
    for number, course in enumerate(courses, 1):
        (course / "solutions" / "shapes.py").write_text(f"WORTH = {number}\n")
        for name in ("hidden_checks.py", "misconceptions.py"):
            file = course / "solutions" / "01_sums" / name
            file.write_text(f"from shapes import WORTH\n{file.read_text().replace('@points(2)', '@points(WORTH)')}")
    assert [grade(each, right, confined=False).max_score for each in (*courses, *courses)] == [6, 9, 6, 9]
    assert "shapes" not in sys.modules


def test_options_of_pytest_for_other_tests_move_no_mark(
    small_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = hand_in(tmp_path, "ada", "01_sums", RIGHT_SUMS)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k 'not test_mean' --no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    assert grade(small_course, file, confined=False).max_score == 9
    assert os.environ["PYTEST_ADDOPTS"] == "-k 'not test_mean' --no-such-option"


def test_what_is_not_there_is_said_in_one_line(small_course: Path, tmp_path: Path) -> None:
    file = hand_in(tmp_path, "ada", "homework", RIGHT_SUMS)
    with pytest.raises(UserError, match="does not tell which assignment it is for: name it, one of 01_sums, 02"):
        grade(small_course, file)
    with pytest.raises(CourseError, match="there is no assignment '03'"):
        grade(small_course, file, assignment="03")
    with pytest.raises(UserError, match=r"there is no file .*nothing\.py"):
        grade(small_course, tmp_path / "nothing.py", assignment="01_sums")
    archive = file.rename(file.with_suffix(".zip"))
    with pytest.raises(UserError, match=r"is neither a notebook \(\.ipynb\) nor a script"):
        grade(small_course, archive, assignment="01_sums")
    with pytest.raises(CourseError, match=r"no solutions/course\.toml"):
        grade(tmp_path, archive.rename(file), assignment="01_sums")


def test_a_script_that_grades_ends_and_leaves_nothing(small_course: Path) -> None:
    """As it stands in the docstring, in a fresh interpreter; nothing is written anywhere."""
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    before = sorted(small_course.rglob("*"))
    script = "from autograder import grade\nprint(grade('.', 'class/ada/01_sums/01_sums.py', student='ada').score)\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=small_course, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "9\n", "")
    assert sorted(small_course.rglob("*")) == before


def test_what_the_package_offers_is_there() -> None:
    for name in ("grade", *autograder.__all__):
        assert callable(getattr(autograder, name))
        assert getattr(autograder, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'grades'"):
        _ = autograder.grades
