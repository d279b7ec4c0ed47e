"""Writes the HTML pages and grades.csv into a folder of reports. A page that would not change is not made again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from autograder import pages, report, text
from autograder.grading.class_record import ClassRecord
from autograder.grading.files import write_atomically
from autograder.grading.store import ReportStore
from autograder.pages import messages
from autograder.pages.class_page import class_page
from autograder.pages.grades_csv import grades_csv
from autograder.pages.submission_page import submission_page
from autograder.report.model import Report
from autograder.report.ungraded import UngradedFile

HEAD_BYTES = 200  # in which a page has the hash of what it was made from


def write_submission_page(store: ReportStore, report: Report) -> None:
    """Write a saved report's page beside it, unless the one that is there was made from the same. Raises UserError."""
    source = store.path(report.student, report.assignment)
    path = source.with_suffix(".html")
    made_from = hashlib.sha256(_renderer() + source.read_bytes() + store.work_bytes(report)).hexdigest()
    if _head(path).find(made_from.encode()) < 0:
        doctype, _, rest = submission_page(report, store.load_work(report)).partition("\n")
        write_atomically(path, f"{doctype}\n<!-- {made_from} -->\n{rest}")


def write_class_files(
    store: ReportStore,
    title: str,
    reports: Sequence[Report],
    students: Iterable[str],
    ungraded: Sequence[UngradedFile] = (),
) -> None:
    """Write `grades.csv` and `index.html`; `students` are all, also those without a report. Raises UserError.

    `ungraded` are the files that were handed in and are part of no report.
    """
    everybody = tuple(students)
    write_atomically(store.root / "grades.csv", grades_csv(reports, ungraded))
    link = {id(each): store.relative_path(each.student, each.assignment).with_suffix(".html") for each in reports}
    heading = title or messages.CLASS_RESULTS
    page = class_page(reports, lambda each: link[id(each)].as_posix(), heading, everybody, ungraded)
    write_atomically(store.root / "index.html", page)
    # Last, for it says what these files are about: who is erased is in them until they have been made again.
    keys = tuple((each.student, each.assignment) for each in reports)
    store.save_class(ClassRecord(title, everybody, keys, tuple(ungraded)))


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""


@cache
def _renderer() -> bytes:
    """A hash of all that makes a page out of a report."""
    folders = [Path(package.__file__ or "").parent for package in (pages, report)]
    files = [Path(text.__file__), *(path for folder in folders for path in folder.rglob("*") if path.is_file())]
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.suffix in (".py", ".html", ".css")):
        digest.update(path.read_bytes())
    return digest.digest()
