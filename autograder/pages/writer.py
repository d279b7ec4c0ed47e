"""Writes the HTML pages and the tables of marks into a folder of reports. No page is made that would not change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path

from autograder import pages, report, text
from autograder.classroom.marks import model as marks_model
from autograder.classroom.marks.model import ClassMarks, Mark
from autograder.classroom.person import composed
from autograder.errors import UserError
from autograder.grading.class_record import ClassRecord
from autograder.grading.files import delete, write_atomically
from autograder.grading.store import ReportStore
from autograder.language.catalogue import sentences
from autograder.language.current import speaking
from autograder.pages import messages
from autograder.pages._jinja import compile_templates
from autograder.pages.class_page import class_page
from autograder.pages.mark_view import has_page
from autograder.pages.marks_csv import marks_csv, totals_csv
from autograder.pages.submission_page import mark_page, submission_page
from autograder.report.diff import Key
from autograder.report.model import Report

_SAID = tuple(each.name for each in fields(Mark) if each.name != "dropped")
HEAD_BYTES = 200  # in which a page has the hash of what it was made from


def prepare_pages() -> None:
    """Do now what the first page needs, and find it done later."""
    compile_templates()
    _renderer()


def write_student_pages(
    store: ReportStore,
    reports: Iterable[Report],
    marks: ClassMarks,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[str]:
    """Write the page of each mark; of work that no mark is about, for its student is no longer in the class, too.

    Members of a team have a page each, in folders with their own names. A page from before that has nothing to say any
    more is deleted. `progress` is told how many pages are done, of how many. Returns a line on each page that could
    not be made: it costs only itself. Raises UserError where the folder cannot be written to.
    """
    by_key = {(composed(each.student), each.assignment): each for each in reports}
    work: set[Key] = set()
    pages_of: dict[Key, tuple[Report | None, Mark | None, str]] = {}
    for student in marks.students:
        own = (by_key.get((composed(student.member.folder), assignment)) for assignment in student.marks)
        language = next((each.language for each in own if each), student.member.language)
        for assignment, mark in student.marks.items():
            key = (composed(student.member.folder), assignment)
            work.add(key)
            pages_of[student.member.name, assignment] = (by_key.get(key), mark, language)
    for folder, assignment in work - {(composed(name), assignment) for name, assignment in pages_of}:  # of a team
        delete(_page(store, folder, assignment, by_key.get((folder, assignment))))
    for key, each in by_key.items():
        if key not in work:
            pages_of.setdefault((each.student, each.assignment), (each, None, each.language))
    problems = []
    for done, ((name, assignment), about) in enumerate(pages_of.items(), 1):
        try:
            report, of_student, language = about
            with speaking(report.language if report else language):
                _write_page(store, name, assignment, report, of_student)
        except UserError:  # the folder cannot be written to
            raise
        except Exception as error:
            problems.append(messages.page_not_made(name, assignment, type(error).__name__, str(error)))
        progress(done, len(pages_of))
    return problems


def _write_page(store: ReportStore, name: str, assignment: str, report: Report | None, mark: Mark | None) -> None:
    if report is not None:
        write_submission_page(store, report, mark)
    elif mark is not None and has_page(mark):
        _write(_page(store, name, assignment), _bytes_of(mark), lambda: mark_page(mark))
    else:
        delete(_page(store, name, assignment))


def student_page(store: ReportStore, mark: Mark, report: Report | None, language: str) -> Path | None:
    """Where the page of a mark lies; None where there is nothing to tell its student.

    It is written anew where it was made of something else than this mark and this report, or other sentences. Where
    there is no report, it is in `language`.
    """
    with speaking(report.language if report else language):
        _write_page(store, mark.student, mark.assignment, report, mark)
    has_one = report is not None or has_page(mark)
    return _page(store, mark.student, mark.assignment, report) if has_one else None


def write_submission_page(store: ReportStore, report: Report, mark: Mark | None = None) -> None:
    """Write the page of a saved report, with the mark of its student, who may be one of a team. Raises UserError.

    The `report` may be in brief: what the page says is read from the file.
    It lies beside the report, or in a folder with the student's own name.
    """
    source = store.path(report.student, report.assignment).read_bytes()
    _write(
        _page(store, mark.student if mark else report.student, report.assignment, report),
        source + store.work_bytes(report) + _bytes_of(mark),
        lambda: submission_page(Report.from_json(source.decode()), store.load_work(report), mark),
    )


def _page(store: ReportStore, student: str, assignment: str, report: Report | None = None) -> Path:
    """Where a student's page lies. A name is spelt as that of the report's folder, where it is the same one."""
    is_own = report is not None and composed(report.student) == composed(student)
    return store.path(report.student if report and is_own else student, assignment).with_suffix(".html")


def write_class_files(store: ReportStore, record: ClassRecord, reports: Sequence[Report], marks: ClassMarks) -> None:
    """Write `marks.csv`, `totals.csv` and `index.html`, and keep what they are about. Raises UserError.

    `reports` are those of `record`, and `marks` the marks of all its students.
    """
    write_atomically(store.root / "marks.csv", marks_csv(marks))
    write_atomically(store.root / "totals.csv", totals_csv(marks))

    by_key = {(composed(each.student), each.assignment): each for each in reports}

    def link(student: str, assignment: str) -> str:
        page = _page(store, student, assignment, by_key.get((composed(student), assignment)))
        return page.relative_to(store.root).as_posix()

    with speaking(record.language):
        page = class_page(reports, marks, link, record.title, record.ungraded, record.graded)
    write_atomically(store.root / "index.html", page)
    # Last, for it says what these files are about: who is erased is in them until they have been made again.
    store.save_class(record)


def _write(path: Path, made_from: bytes, make: Callable[[], str]) -> None:
    """Write a page, unless the one that is there was made from the same."""
    digest = hashlib.sha256(_renderer() + sentences() + made_from).hexdigest()
    if _head(path).find(digest.encode()) < 0:
        doctype, _, rest = make().partition("\n")
        write_atomically(path, f"{doctype}\n<!-- {digest} -->\n{rest}")


def _bytes_of(mark: Mark | None) -> bytes:
    """All that a mark says, the same in every process: a set has another order in each."""
    return ascii(mark and [*(getattr(mark, name) for name in _SAID), sorted(mark.dropped)]).encode()


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""


@cache
def _renderer() -> bytes:
    """A hash of all that makes a page out of a report and a mark."""
    folders = [Path(package.__file__ or "").parent for package in (pages, report)]
    files = [Path(text.__file__), Path(marks_model.__file__)]
    files += [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.suffix in (".py", ".html", ".css")):
        digest.update(path.read_bytes())
    return digest.digest()
