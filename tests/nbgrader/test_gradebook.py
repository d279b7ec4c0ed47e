"""`autograder grade --gradebook`: what people wrote into the gradebook stays; what cannot be is told in one line."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbgrader import api

from autograder.course.loader import load_course
from autograder.errors import UserError
from autograder.grading.course_sandbox import CourseSandbox
from autograder.grading.discovery import KeptAttempt, find_submissions
from autograder.grading.grader import Grader
from autograder.grading.job import read_job
from autograder.nbgrader.feedback import fill
from autograder.nbgrader.gradebook import open_gradebook
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report
from autograder.sandbox.homes import Where
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import edit
from tests.helpers.course import hand_in as hand_in_script
from tests.helpers.hand_ins import cell, content, half_right, released, solved
from tests.helpers.nbgrader import (
    SMALL_CENTRED,
    SMALL_SUMS,
    Graded,
    assignment_of,
    comments,
    grade_into_gradebook,
    grades,
    hand_in_notebook,
    nbgrader,
    penalties,
    write_gradebook,
)
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

RULE = """
from nbgrader.plugins import LateSubmissionPlugin


class Rule(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2 * score if student_id == "ada" else -1


c.AssignLatePenalties.plugin_class = Rule
"""
EARLY, LATE = "2027-01-31 12:00:00 UTC", "2027-02-01 12:00:00 UTC"


@pytest.fixture
def submitted(small: Path) -> Path:
    """Ada is right, Ben half right, Cem has written nothing."""
    assignment = assignment_of(small, SMALL_SUMS)
    for student, notebook in (("ada", solved), ("ben", half_right), ("cem", released)):
        hand_in_notebook(small, student, SMALL_SUMS, content(notebook(assignment)), EARLY)
    return small


def execute(course: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(course / "gradebook.db") as connection:
        assert connection.execute(statement, values).rowcount > 0
    connection.close()


def by_hand(course: Path, name: str, points: float, extra: float | None = None, comment: str | None = None) -> None:
    """What formgrader writes when somebody grades: for Ada."""
    statement = (
        "UPDATE grade SET manual_score = ?, extra_credit = ?, needs_manual_grade = 0 WHERE cell_id IN "
        "(SELECT id FROM base_cell WHERE name = ? AND type = 'GradeCell') AND notebook_id IN "
        "(SELECT n.id FROM submitted_notebook n JOIN submitted_assignment s ON n.assignment_id = s.id "
        "WHERE s.student_id = 'ada')"
    )
    execute(course, statement, points, extra, name)
    if comment:
        execute(course, "UPDATE comment SET manual_comment = ?", comment)


def test_a_class_is_written_into_a_new_gradebook(submitted: Path) -> None:
    (submitted / "gradebook.db").unlink()
    output = grade_into_gradebook(submitted)
    assert "Gradebook: sqlite:///" in output
    assert "Submissions written: 3." in output
    found = grades(submitted)
    assert found[SMALL_SUMS, "ada", "check_total"] == Graded(7.0, None, None, 7.0, needs_manual_grade=False)
    assert found[SMALL_SUMS, "ben", "check_total"].score == 0
    assert found[SMALL_SUMS, "ada", "why"] == Graded(None, None, None, 0.0, needs_manual_grade=True)
    assert found[SMALL_SUMS, "cem", "why"] == Graded(0.0, None, None, 0.0, needs_manual_grade=False)
    assert comments(submitted)[SMALL_SUMS, "cem", "why"] == ("No response.", None)


def test_what_people_gave_stays_when_nothing_has_changed(submitted: Path) -> None:
    write_gradebook(submitted)
    by_hand(submitted, "why", 4, extra=1.5, comment="Good.")
    by_hand(submitted, "check_mean", 0.5)
    before = grades(submitted), comments(submitted)
    assert write_gradebook(submitted) == 3
    assert (grades(submitted), comments(submitted)) == before
    assert before[0][SMALL_SUMS, "ada", "why"] == Graded(None, 4.0, 1.5, 5.5, needs_manual_grade=False)


def test_what_people_gave_stays_and_is_to_be_looked_at_when_the_work_has_changed(submitted: Path) -> None:
    write_gradebook(submitted)
    by_hand(submitted, "why", 4, extra=1.5, comment="Good.")
    by_hand(submitted, "check_mean", 0.5)
    notebook = solved(assignment_of(submitted, SMALL_SUMS))
    cell(notebook, "total")["source"] = "def total(X):\n    return 0"
    cell(notebook, "why")["source"] += " And more."
    hand_in_notebook(submitted, "ada", SMALL_SUMS, content(notebook), LATE)
    write_gradebook(submitted)
    found = grades(submitted)
    assert found[SMALL_SUMS, "ada", "why"] == Graded(None, 4.0, 1.5, 5.5, needs_manual_grade=True)
    assert found[SMALL_SUMS, "ada", "check_total"] == Graded(0.0, None, None, 0.0, needs_manual_grade=False)
    assert found[SMALL_SUMS, "ada", "check_mean"] == Graded(2.0, 0.5, None, 0.5, needs_manual_grade=True)
    assert comments(submitted)[SMALL_SUMS, "ada", "why"] == (None, "Good.")
    assert "And more." in (submitted / "autograded" / "ada" / SMALL_SUMS / f"{SMALL_SUMS}.ipynb").read_text()


def test_late_work_is_marked_down_by_the_courses_own_rule_in_both_ways(submitted: Path) -> None:
    """No rule takes more than all points, or gives any."""
    with open(submitted / "nbgrader_config.py", "a") as settings:
        settings.write(RULE)
    for student, notebook in (("ada", solved), ("ben", half_right)):
        hand_in_notebook(submitted, student, SMALL_SUMS, content(notebook(assignment_of(submitted, SMALL_SUMS))), LATE)
    write_gradebook(submitted)
    assert penalties(submitted) == {"ada": None, "ben": None, "cem": None}
    execute(submitted, "UPDATE assignment SET duedate = '2027-01-31 18:00:00'")
    by_hand(submitted, "why", 4)
    write_gradebook(submitted)
    assert penalties(submitted) == {"ada": 13.0, "ben": 0.0, "cem": None}  # all points, those by hand included
    nbgrader("autograde", SMALL_SUMS, "--force", cwd=submitted)
    assert penalties(submitted) == {"ada": 13.0, "ben": 0.0, "cem": None}
    execute(submitted, "UPDATE submitted_assignment SET extension = '1970-01-02 00:00:00' WHERE student_id = 'ada'")
    write_gradebook(submitted)
    assert penalties(submitted) == {"ada": None, "ben": 0.0, "cem": None}


def test_scripts_are_graded_too(small: Path) -> None:
    """nbgrader itself sees notebooks only."""
    source = "def total(X):\n    return X.sum(-1)\n\n\ndef mean(X):\n    return total(X) / X.shape[-1]\n"
    hand_in_script(small / "submitted", "ada", SMALL_SUMS, source)
    write_gradebook(small)
    found = grades(small)
    assert [found[SMALL_SUMS, "ada", f"check_{name}"].score for name in ("total", "mean")] == [7, 2]
    assert found[SMALL_SUMS, "ada", "why"].needs_manual_grade
    assert {auto for auto, _ in comments(small).values()} == {None}


def test_earlier_work_is_built_on_in_both_ways(small: Path) -> None:
    """The second assignment calls the student's own `mean` of the first."""
    for student, first in (("ada", solved), ("ben", half_right)):
        hand_in_notebook(small, student, SMALL_SUMS, content(first(assignment_of(small, SMALL_SUMS))))
        hand_in_notebook(small, student, SMALL_CENTRED, content(solved(assignment_of(small, SMALL_CENTRED))))
    places = [small / "autograded" / student / SMALL_CENTRED / f"{SMALL_CENTRED}.ipynb" for student in ("ada", "ben")]
    write_gradebook(small)
    direct = [place.read_bytes() for place in places], grades(small)
    nbgrader("autograde", SMALL_CENTRED, "--force", cwd=small)
    assert ([place.read_bytes() for place in places], grades(small)) == direct
    ada, ben = direct[0]
    assert b"mend" not in ada
    assert b"mend" in ben  # their `total` is wrong, and `mean` calls it


def test_changed_points_reach_the_gradebook_or_are_told(small: Path) -> None:
    edit(small / "solutions" / SMALL_SUMS / "hidden_checks.py", "@points(1)", "@points(3)")
    hand_in_notebook(
        small, "ada", SMALL_SUMS, (small / "assignments" / SMALL_SUMS / f"{SMALL_SUMS}.ipynb").read_bytes()
    )
    output = nbgrader("autograde", SMALL_SUMS, "--student", "ada", cwd=small, code=1)
    assert "run `nbgrader generate_assignment 01_sums --force`" in output
    write_gradebook(small)
    connection = sqlite3.connect(small / "gradebook.db")
    assert (4.0,) in connection.execute("SELECT max_score FROM grade_cells").fetchall()
    connection.close()


def test_other_questions_than_those_handed_out_are_refused(submitted: Path) -> None:
    write_gradebook(submitted)
    edit(submitted / "solutions" / SMALL_SUMS / "lesson.py", "# %% why [", "# %% why_not [")
    with pytest.raises(UserError, match=r"other cells \(why_not, why\)"):
        write_gradebook(submitted)


def test_a_fault_of_ours_is_held_back(submitted: Path) -> None:
    """It costs nobody points: the gradebook keeps what it had."""
    write_gradebook(submitted)
    before = grades(submitted)
    course = load_course(submitted / "solutions")
    (found, *_) = find_submissions(submitted / "submitted", course.names, chosen=[SMALL_SUMS]).submissions
    job = read_job(course, found)
    grader = Grader(CourseSandbox(course, Where.KERNEL))
    report = grader.grade(job)
    grader.close()
    fault = CheckResult("test_mean", "A check", 2, 0, Outcome.GRADER_ERROR, "Ours.")
    broken = replace(report, questions=(report.questions[0], QuestionResult("mean", (fault,))))
    assert (
        open_gradebook(course, f"sqlite:///{submitted}/gradebook.db", [SMALL_SUMS]).write(
            [(found, broken, job.submission)]
        )
        == 0
    )
    assert grades(submitted) == before
    edit(
        submitted / "solutions" / SMALL_SUMS / "hidden_checks.py", "assert_matches(student.mean", "student.mean / 0  # "
    )
    output = nbgrader("autograde", SMALL_SUMS, "--student", "ada", "--force", cwd=submitted, code=1)
    assert "no fault of the student's: test_mean" in output
    assert grades(submitted) == before


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////nowhere/gradebook.db", "unable to open"),
        ("gradebook.db", "Could not parse"),
        ("oracle9://user:secret@host/db", r"//user:\*\*\*@host"),
        ("sqlite:///solutions/course.toml", "not a database"),
    ],
)
def test_a_gradebook_that_cannot_be_used_is_told_in_one_line(
    submitted: Path, url: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(submitted)
    with pytest.raises(UserError, match=says) as notebook:
        open_gradebook(load_course(submitted / "solutions"), url, [SMALL_SUMS])
    assert "\n" not in str(notebook.value)
    assert "secret" not in str(notebook.value)


def test_an_assignment_of_an_earlier_edition_is_named_and_stays(submitted: Path) -> None:
    url = f"sqlite:///{submitted}/gradebook.db"
    with api.Gradebook(url) as book:
        book.update_or_create_assignment("00_old")
        book.update_or_create_assignment("99_elsewhere")
    file = submitted / "solutions" / "course.toml"
    file.write_text(f'{file.read_text()}\n[former]\n"00_old" = ["{SMALL_SUMS}", "{SMALL_CENTRED}"]\n')
    (warning,) = open_gradebook(load_course(submitted / "solutions"), url, [SMALL_SUMS]).warnings
    assert warning.startswith("the gradebook holds 00_old, of an earlier edition of this course; its questions are in")
    assert f"{SMALL_SUMS}, {SMALL_CENTRED}" in warning
    with api.Gradebook(url) as book:
        assert book.find_assignment("00_old").name == "00_old"


def test_a_batch_is_written_whole_or_not_at_all(submitted: Path) -> None:
    """The database fails at the last student of three."""
    write_gradebook(submitted)
    before = grades(submitted), comments(submitted)
    for student in ("ada", "ben", "cem"):
        hand_in_notebook(submitted, student, SMALL_SUMS, b"", LATE)
    connection = sqlite3.connect(submitted / "gradebook.db")
    connection.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON grade WHEN new.notebook_id IN (SELECT n.id FROM submitted_notebook n "
        "JOIN submitted_assignment s ON n.assignment_id = s.id WHERE s.student_id = 'cem') "
        "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    connection.close()
    with pytest.raises(UserError, match="the disk is full"):
        write_gradebook(submitted)
    assert (grades(submitted), comments(submitted)) == before
    connection = sqlite3.connect(submitted / "gradebook.db")
    connection.execute("DROP TRIGGER full")
    connection.close()
    assert write_gradebook(submitted) == 3  # the same command goes on
    assert {grade.score for grade in grades(submitted).values()} == {0}


def test_without_confinement_only_when_it_is_asked_for(small: Path) -> None:
    """For systems that have none, in the settings; the student is told."""
    with open(small / "nbgrader_config.py", "a") as settings:
        settings.write("c.Grade.confined = False\n")
    hand_in_notebook(
        small, "ada", SMALL_SUMS, (small / "assignments" / SMALL_SUMS / f"{SMALL_SUMS}.ipynb").read_bytes()
    )
    nbgrader("autograde", SMALL_SUMS, cwd=small)
    notebook = (small / "autograded" / "ada" / SMALL_SUMS / f"{SMALL_SUMS}.ipynb").read_text()
    assert "Graded without confinement" in notebook


def test_the_gradebook_is_tried_before_anything_is_graded(submitted: Path) -> None:
    assert "Could not parse" in one_line(autograder("grade", "submitted", "--gradebook", "g.db", cwd=submitted))
    assert not (submitted / "graded").exists()


def test_without_nbgrader_all_else_works(submitted: Path, tmp_path: Path) -> None:
    """All installed packages but nbgrader: those are what the command finds."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith("nbgrader"):
            (packages / path.name).symlink_to(path)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(packages)!r}]; import autograder.cli as c; c.main()"
        command = [sys.executable, "-S", "-c", program, *arguments]
        return subprocess.run(command, cwd=submitted, env=os.environ, capture_output=True, text=True, check=False)

    assert "nbgrader" in one_line(run("grade", "submitted", "--gradebook", "sqlite:///gradebook.db"))
    done = run("grade", "submitted", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert (submitted / "graded" / "ada" / f"{SMALL_SUMS}.json").is_file()


def test_what_was_handed_in_beside_the_notebook_comes_along(submitted: Path) -> None:
    folder = submitted / "submitted" / "ada" / SMALL_SUMS
    (folder / "pictures").mkdir()
    (folder / "pictures" / "sum.png").write_bytes(b"\x89PNG")
    (folder / "secret.txt").symlink_to(submitted / "solutions" / "course.toml")
    write_gradebook(submitted)
    copied = {
        str(path.relative_to(submitted / "autograded" / "ada")) for path in submitted.glob("autograded/ada/**/*.*")
    }
    assert copied == {f"{SMALL_SUMS}/{name}" for name in (f"{SMALL_SUMS}.ipynb", "pictures/sum.png", "timestamp.txt")}


def test_of_an_earlier_attempt_that_counts_all_comes_along_and_nothing_of_the_newest(submitted: Path) -> None:
    newest = submitted / "submitted" / "ada" / SMALL_SUMS
    kept = submitted / "submitted.attempts" / "ada" / SMALL_SUMS / "1"
    shutil.copytree(newest, kept)
    (newest / "newest.png").write_bytes(b"\x89PNG")
    (kept / "pictures").mkdir()
    (kept / "pictures" / "sum.png").write_bytes(b"\x89PNG")
    write_gradebook(submitted, attempts={("ada", SMALL_SUMS): KeptAttempt(kept)})
    shown = submitted / "autograded" / "ada" / SMALL_SUMS
    copied = {path.relative_to(shown).as_posix() for path in shown.rglob("*.*")}
    assert copied == {f"{SMALL_SUMS}.ipynb", "pictures/sum.png", "timestamp.txt"}


def test_a_file_may_become_a_folder_and_a_folder_a_file(submitted: Path) -> None:
    own, shown = (submitted / name / "ada" / SMALL_SUMS for name in ("submitted", "autograded"))
    (own / "plots").write_bytes(b"a file")
    (own / "data").mkdir()
    (own / "data" / "a.csv").write_bytes(b"1")
    assert write_gradebook(submitted) == 3
    (own / "plots").unlink()
    (own / "plots").mkdir()
    (own / "plots" / "a.png").write_bytes(b"a picture")
    shutil.rmtree(own / "data")
    (own / "data").write_bytes(b"a file")
    notebook = own / f"{SMALL_SUMS}.ipynb"
    notebook.write_bytes(content(half_right(assignment_of(submitted, SMALL_SUMS))))
    assert write_gradebook(submitted) == 3
    assert (shown / "plots" / "a.png").read_bytes() == b"a picture"
    assert (shown / "data").read_bytes() == b"a file"


@pytest.mark.parametrize("time", ["yesterday", "", "1" * 60, "1-" * 30, "\x00", "2027-13-45", "9" * 5_000_000])
def test_a_time_that_cannot_be_read_is_none(submitted: Path, time: str) -> None:
    (submitted / "submitted" / "ada" / SMALL_SUMS / "timestamp.txt").write_text(time)
    assert write_gradebook(submitted) == 3
    with sqlite3.connect(submitted / "gradebook.db") as connection:
        rows = dict(connection.execute("SELECT student_id, timestamp FROM submitted_assignment").fetchall())
    connection.close()
    assert rows["ada"] is None
    assert rows["ben"] is not None


@pytest.mark.parametrize(
    "time", ["2027-02-01 00:40:00 +0200", "2027-02-01T00:40+02:00", "2027-01-31 22:40:00.000000 UTC"]
)
def test_a_time_is_the_moment_that_class_toml_reckons_with(submitted: Path, time: str) -> None:
    """nbgrader's own parser takes the first of these for 00:36:40 UTC."""
    (submitted / "submitted" / "ada" / SMALL_SUMS / "timestamp.txt").write_text(time)
    assert write_gradebook(submitted) == 3
    with sqlite3.connect(submitted / "gradebook.db") as connection:
        rows = dict(connection.execute("SELECT student_id, timestamp FROM submitted_assignment").fetchall())
    connection.close()
    assert rows["ada"].startswith("2027-01-31 22:40:00")


def test_what_goes_wrong_with_one_submission_costs_that_one(submitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(notebook: dict[str, Any], report: Report) -> dict[str, Any]:
        if report.student == "ada":
            raise RecursionError("too deep")
        return fill(notebook, report)

    monkeypatch.setattr("autograder.nbgrader.gradebook.fill", broken)
    course = load_course(submitted / "solutions")
    found = find_submissions(submitted / "submitted", course.names, chosen=[SMALL_SUMS]).submissions
    jobs = [read_job(course, each) for each in found]
    grader = Grader(CourseSandbox(course, Where.KERNEL))
    book = open_gradebook(course, f"sqlite:///{submitted}/gradebook.db", [SMALL_SUMS])
    graded = [(each, grader.grade(job), job.submission) for each, job in zip(found, jobs, strict=True)]
    grader.close()
    assert book.write(graded) == 2
    assert book.problems == [
        "ada 01_sums: it could not be written for nbgrader (RecursionError: too deep); the report stands"
    ]
    assert {student for _, student, _ in grades(submitted)} == {"ben", "cem"}


def test_a_folder_that_is_called_as_the_notebook_takes_nothings_place(submitted: Path) -> None:
    folder = submitted / "submitted" / "ada" / SMALL_SUMS / f"{SMALL_SUMS}.ipynb"
    folder.unlink()
    folder.mkdir()
    (folder / "a.png").write_bytes(b"a picture")
    for _ in range(2):
        assert write_gradebook(submitted) == 3
        assert (submitted / "autograded" / "ada" / SMALL_SUMS / f"{SMALL_SUMS}.ipynb").is_file()
        assert (submitted / "autograded" / "ben" / SMALL_SUMS / f"{SMALL_SUMS}.ipynb").is_file()


def test_a_name_that_is_too_long_for_a_folder_costs_that_submission(submitted: Path) -> None:
    name = "d" + "\udcff" * 250
    source = submitted / "submitted" / "ada"
    shutil.copytree(source, submitted / "submitted" / name)
    done = autograder(
        "grade", "submitted", "--out", "out", "--gradebook", f"sqlite:///{submitted}/gradebook.db", cwd=submitted
    )
    assert done.returncode == 1
    assert "it could not be written for nbgrader" in done.stderr
    assert (submitted / "autograded" / "cem" / SMALL_SUMS / f"{SMALL_SUMS}.ipynb").is_file()
