"""Courses of nbgrader in folders of their own, its commands, and what stands in its gradebook."""

from __future__ import annotations

import csv
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader import api
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import create_engine, select

from autograder.course.loader import Assignment, load_course
from autograder.grading.course_sandbox import CourseSandbox
from autograder.grading.discovery import KeptAttempt, find_submissions
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.grader import Grader
from autograder.grading.job import read_job
from autograder.nbgrader.gradebook import Gradebook, open_gradebook
from autograder.report.model import Report
from autograder.sandbox.homes import Where
from autograder.submission.model import Submission
from tests.helpers.command_line import autograder
from tests.helpers.course import copy_course
from tests.helpers.paths import ROOT

WRITTEN = "02_scaled_scores"  # it has an answer in words
SMALL_SUMS, SMALL_CENTRED = "01_sums", "02_centred"
WHY = """

# %% why [markdown] points=5
# Why does a sum need numbers?
#
# ### BEGIN SOLUTION
# It has nothing else to add.
# ### END SOLUTION
"""
TWO_A_DAY = """
from nbgrader.plugins import LateSubmissionPlugin


class TwoADay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2 * (1 + total_seconds_late // 86400)


c.AssignLatePenalties.plugin_class = TwoADay
"""
LESSONS = ("01_projection", WRITTEN, "03_softmax")


def make_course(folder: Path) -> Path:
    """The first assignments of the real course, as an nbgrader course in a folder of its own."""
    copy_course(folder, LESSONS)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


def assignment_of(course: Path, name: str) -> Assignment:
    return load_course(course / "solutions").assignment(name)


@contextmanager
def nobodys_settings(home: Path) -> Iterator[None]:
    """No settings of whoever runs the tests: nbgrader and Jupyter read those of the user."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
            patch.setenv(f"JUPYTER_{name}", str(home / name.lower()))
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        yield


def nbgrader(*arguments: str, cwd: Path, code: int = 0) -> str:
    """Run an nbgrader command as a user does; returns all that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


def grade_into_gradebook(course: Path, *options: str, code: int = 0) -> str:
    """`autograder grade submitted` into the course's own gradebook."""
    done = autograder("grade", "submitted", "--gradebook", f"sqlite:///{course}/gradebook.db", *options, cwd=course)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout


Attempts = Mapping[tuple[str, str], KeptAttempt]


@dataclass(frozen=True)
class GradedWork:
    """A submission, its report, and what was read of it."""

    folder: SubmissionFolder
    report: Report
    work: Submission | None


def grade_submitted(course: Path, *assignments: str, attempts: Attempts | None = None) -> list[GradedWork]:
    """Grade a class in this process, which has loaded nbgrader already."""
    loaded = load_course(course / "solutions")
    names = assignments or loaded.names
    submissions = find_submissions(course / "submitted", loaded.names, chosen=names, attempts=attempts).submissions
    grader = Grader(CourseSandbox(loaded, Where.KERNEL))
    jobs = [read_job(loaded, each) for each in submissions]
    reports = [grader.grade(job) for job in jobs]
    grader.close()
    return [
        GradedWork(each, report, job.submission) for each, report, job in zip(submissions, reports, jobs, strict=True)
    ]


def gradebook_of(course: Path, *assignments: str) -> Gradebook:
    loaded = load_course(course / "solutions")
    return open_gradebook(loaded, f"sqlite:///{course}/gradebook.db", assignments or loaded.names)


def write_gradebook(course: Path, *assignments: str, attempts: Attempts | None = None) -> int:
    """`autograder grade submitted --gradebook`, in this process: how many submissions were written."""
    graded = grade_submitted(course, *assignments, attempts=attempts)
    return gradebook_of(course, *assignments).write((each.folder, each.report, each.work) for each in graded)


def hand_in_notebook(course: Path, student: str, assignment: str, notebook: bytes, time: str = "") -> Path:
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{assignment}.ipynb").write_bytes(notebook)
    if time:
        (folder / "timestamp.txt").write_text(time)
    return folder


@dataclass(frozen=True)
class Graded:
    """One graded cell of one submission, as the database has it."""

    auto_score: float | None
    manual_score: float | None
    extra_credit: float | None
    score: float
    needs_manual_grade: bool


Key = tuple[str, str, str]  # assignment, student, cell


def rows(course: Path, kind: str) -> dict[Key, tuple[object, ...]]:
    """All grades or comments in a course's gradebook."""
    model = {"grades": api.Grade, "comments": api.Comment}[kind]
    columns = (
        (model.auto_score, model.manual_score, model.extra_credit, model.score, model.needs_manual_grade)
        if kind == "grades"
        else (model.auto_comment, model.manual_comment)
    )
    query = (
        select(api.Assignment.name, api.SubmittedAssignment.student_id, api.BaseCell.name, *columns)
        .join(api.SubmittedNotebook, model.notebook_id == api.SubmittedNotebook.id)
        .join(api.SubmittedAssignment, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .join(api.Assignment, api.SubmittedAssignment.assignment_id == api.Assignment.id)
        .join(api.BaseCell, model.cell_id == api.BaseCell.id)
    )
    engine = create_engine(f"sqlite:///{course}/gradebook.db")
    with engine.connect() as connection:
        found = {tuple(row[:3]): tuple(row[3:]) for row in connection.execute(query)}
    engine.dispose()
    return found


def grades(course: Path) -> Mapping[Key, Graded]:
    return {key: Graded(*values) for key, values in rows(course, "grades").items()}  # type: ignore[arg-type]


def comments(course: Path) -> Mapping[Key, tuple[object, ...]]:
    return rows(course, "comments")


def give(
    course: Path,
    student: str,
    assignment: str,
    cell: str,
    points: float | None,
    extra: float | None = None,
    comment: str | None = None,
) -> None:
    """What formgrader does when points and a comment are typed in: the lines of its handlers."""
    with api.Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        grade = book.find_grade(cell, assignment, assignment, student)
        grade.manual_score, grade.extra_credit = points, extra
        grade.needs_manual_grade = points is None and grade.auto_score is None
        if comment is not None:
            answer = cell.removeprefix("check_")
            book.find_comment(answer, assignment, assignment, student).manual_comment = comment
        book.db.commit()


def set_due(course: Path, assignment: str, due: datetime | None) -> None:
    """As on formgrader's page of assignments."""
    with api.Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        book.update_or_create_assignment(assignment, duedate=due and due.isoformat())


def exported(course: Path) -> dict[tuple[str, str], float]:
    """The column `score` of nbgrader's own export, by student and assignment."""
    file = course / "exported.csv"
    with api.Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        CsvExportPlugin(to=str(file)).export(book)
    with open(file) as rows:
        return {(row["student_id"], row["assignment"]): float(row["score"]) for row in csv.DictReader(rows)}


def penalties(course: Path) -> dict[str, float | None]:
    """What nbgrader's database takes off each student's work."""
    query = (
        "SELECT s.student_id, n.late_submission_penalty FROM submitted_notebook n "
        "JOIN submitted_assignment s ON n.assignment_id = s.id"
    )
    connection = sqlite3.connect(course / "gradebook.db")
    found = dict(connection.execute(query).fetchall())
    connection.close()
    return found
