"""The folder that reports are written to: where each lies, whole or not at all, and written by one run at a time."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.course.loader import Course
from autograder.errors import UserError
from autograder.pages.grades_csv import grades_csv
from autograder.pages.submission_page import class_page
from autograder.report.diff import former_paths, next_former_path
from autograder.report.model import Report

SAFE_NAME = re.compile(r"[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,99}")
CLASS_FILES = ("grades.csv", "index.html")  # they stand beside the students' folders


class ReportFileError(UserError):
    """A file cannot be read or written; the message says which and why."""


def report_path(out: Path, student: str, assignment: str) -> Path:
    """Where a report lies. The folder's name is the student's where that is harmless, else made from it."""
    if SAFE_NAME.fullmatch(student) and student.casefold() not in CLASS_FILES:
        return out / student / f"{assignment}.json"
    readable = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:40]
    return out / f"{readable}~{hashlib.sha256(student.encode()).hexdigest()[:12]}" / f"{assignment}.json"


def kept_report(out: Path, student: str, assignment: str) -> Report | None:
    """The report that an earlier run left, if it can be read."""
    try:
        return Report.from_json(report_path(out, student, assignment).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def keep_former(out: Path, path: Path, former: Report) -> None:
    """Keep a report that is about to be replaced; once only, if the run is then killed before it can replace it.

    Raises ReportFileError.
    """
    text = former.to_json()
    try:
        kept = former_paths(out, path.relative_to(out))
        if kept and kept[-1].read_bytes() == text.encode():
            return
    except OSError as error:
        raise ReportFileError(f"{error.filename} cannot be read: {error.strerror}") from None
    write_atomically(next_former_path(out, path.relative_to(out)), text)


def earlier_reports(course: Course, out: Path, students: Iterable[str], besides: Iterable[str]) -> list[Report]:
    """The reports that lie in `out` on `students`, for all assignments `besides` the ones named."""
    others = [each.name for each in course.assignments if each.name not in besides]
    found = (kept_report(out, student, assignment) for student in students for assignment in others)
    return [report for report in found if report is not None]


def write_class_files(course: Course, reports: Sequence[Report], out: Path, students: Sequence[str] = ()) -> None:
    """The files on the whole class, `grades.csv` and `index.html`; `students` are all, also those without a report."""
    write_atomically(out / "grades.csv", grades_csv(reports))
    link = {id(report): report_path(Path(), report.student, report.assignment) for report in reports}
    page = class_page(reports, lambda report: link[id(report)].with_suffix(".html").as_posix(), course.title, students)
    write_atomically(out / "index.html", page)


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all. Raises ReportFileError where it cannot be written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise ReportFileError(f"{path} cannot be written: {error.strerror}") from None


@contextmanager
def sole_writer(out: Path) -> Iterator[None]:
    """Keep a second run from writing into the same folder."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = open(out / ".lock", "w")  # noqa: SIM115  (closed by the `with` below)
    except OSError as error:
        raise ReportFileError(f"{out} cannot be written to: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ReportFileError(f"another run is writing to {out}: wait for it, or choose another --out") from None
        yield
