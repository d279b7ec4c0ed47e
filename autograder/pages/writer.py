"""Writes the HTML pages and the tables of marks into a folder of reports. No page is made that would not change."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from autograder import pages, report, text
from autograder.classroom.marks import model as marks_model
from autograder.classroom.marks.model import ClassMarks, Mark
from autograder.classroom.person import composed
from autograder.errors import UserError
from autograder.grading.class_record import ClassRecord
from autograder.grading.files import content_of, delete, write_atomically
from autograder.grading.store import ReportStore, folder_name
from autograder.language.catalogue import sentences
from autograder.language.current import current, speaking
from autograder.pages import messages
from autograder.pages._jinja import compile_templates
from autograder.pages.class_page import class_page_pieces
from autograder.pages.mark_view import has_page
from autograder.pages.marks_csv import marks_csv, totals_csv
from autograder.pages.submission_page import mark_page, submission_page
from autograder.report.diff import Key
from autograder.report.model import Report

_SAID = tuple(each.name for each in fields(Mark) if each.name != "dropped")
NOT_KNOWN: Mapping[Key, bytes] = MappingProxyType({})
# Whose page, on what, made of what, and the language where there is no report.
PageOf = tuple[str, str, Report | None, Mark | None, str]
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
    contents: Mapping[Key, bytes] = NOT_KNOWN,
) -> list[str]:
    """Write the page of each mark; of work that no mark is about, for its student is no longer in the class, too.

    Members of a team have a page each, in folders with their own names. A page from before that has nothing to say any
    more is deleted. `progress` is told how many pages are done, of how many. `contents` are those of reports as they
    lie in the store, as far as they are known. Returns a line on each page that could not be made: it costs only
    itself. Raises UserError where the folder cannot be written to.
    """
    by_key = {(composed(each.student), each.assignment): each for each in reports}
    of_folder = {composed(student.member.folder): student.marks for student in marks.students}
    of_name = {composed(student.member.name): student.marks for student in marks.students}
    for folder, own in of_folder.items():
        for assignment in () if of_name.get(folder) is own else own:  # of a team
            if assignment not in of_name.get(folder, ()):
                delete(store.root / _place(folder, assignment, by_key.get((folder, assignment))))
    left = [
        each
        for (folder, assignment), each in by_key.items()
        if assignment not in of_folder.get(folder, ()) and assignment not in of_name.get(folder, ())
    ]
    count = sum(len(student.marks) for student in marks.students) + len(left)
    problems = []
    for done, (name, assignment, of_it, mark, language) in enumerate(
        chain(_of_marks(marks, by_key), _without_marks(left)), 1
    ):
        try:
            content = contents.get((of_it.student, of_it.assignment)) if of_it else None
            with speaking(of_it.language if of_it else language):
                _write_page(store, name, assignment, of_it, mark, content)
        except UserError:  # the folder cannot be written to
            raise
        except Exception as error:
            problems.append(messages.page_not_made(name, assignment, type(error).__name__, str(error)))
        progress(done, count)
    return problems


def _of_marks(marks: ClassMarks, by_key: Mapping[Key, Report]) -> Iterator[PageOf]:
    for student in marks.students:
        folder = composed(student.member.folder)
        own = {assignment: by_key.get((folder, assignment)) for assignment in student.marks}
        language = next((each.language for each in own.values() if each), student.member.language)
        for assignment, mark in student.marks.items():
            yield student.member.name, assignment, own[assignment], mark, language


def _without_marks(reports: Iterable[Report]) -> Iterator[PageOf]:
    return ((each.student, each.assignment, each, None, each.language) for each in reports)


def _write_page(
    store: ReportStore,
    name: str,
    assignment: str,
    report: Report | None,
    mark: Mark | None,
    content: bytes | None = None,
) -> None:
    if report is not None:
        write_submission_page(store, report, mark, content)
        return
    place = f"{store.root}/{_place(name, assignment)}"
    if mark is None or not has_page(mark):
        delete(Path(place))
    elif not _is_made_from(place, made_from := _bytes_of(mark)):
        _write(place, made_from, mark_page(mark))


def student_page(store: ReportStore, mark: Mark, report: Report | None, language: str) -> Path | None:
    """Where the page of a mark lies; None where there is nothing to tell its student.

    It is written anew where it was made of something else than this mark and this report, or other sentences. Where
    there is no report, it is in `language`.
    """
    with speaking(report.language if report else language):
        _write_page(store, mark.student, mark.assignment, report, mark)
    has_one = report is not None or has_page(mark)
    return store.root / _place(mark.student, mark.assignment, report) if has_one else None


def write_submission_page(
    store: ReportStore, report: Report, mark: Mark | None = None, content: bytes | None = None
) -> None:
    """Write the page of a saved report, with the mark of its student, who may be one of a team. Raises UserError.

    The `report` may be in brief: what the page says is read from the file. It lies beside the report, or in a folder
    with the student's own name. `content` is that of the report in the store, where it is known: then it is read only
    where a page has to be made.
    """
    place = f"{store.root}/{_place(mark.student if mark else report.student, report.assignment, report)}"
    content = content or store.content(report.student, report.assignment)
    if content and _is_made_from(place, content + _bytes_of(mark)):
        return
    source = store.path(report.student, report.assignment).read_bytes()
    made_from = content_of(source, store.work_bytes(report)) + _bytes_of(mark)
    _write(place, made_from, submission_page(Report.from_json(source.decode()), store.load_work(report), mark))


def _place(student: str, assignment: str, report: Report | None = None) -> str:
    """Where a student's page lies in the store. A name is spelt as that of the report's folder, where it is the same
    one.
    """
    is_own = report is not None and composed(report.student) == composed(student)
    return f"{folder_name(report.student if report and is_own else student)}/{assignment}.html"


def write_class_files(
    store: ReportStore,
    record: ClassRecord,
    reports: Sequence[Report],
    marks: ClassMarks,
    hash_of_marks: bytes = b"",
) -> None:
    """Write `marks.csv`, `totals.csv` and `index.html`, and keep what they are about. Raises UserError.

    `reports` are those of `record`, and `marks` the marks of all its students. With a `hash_of_marks`, of all that they
    say, the page is left as it is where it was made of the same.
    """
    write_atomically(store.root / "marks.csv", marks_csv(marks))
    write_atomically(store.root / "totals.csv", totals_csv(marks))

    place = f"{store.root}/index.html"
    made_from = _bytes_of_class(record, reports, hash_of_marks) if hash_of_marks else b""
    with speaking(record.language):
        if not (made_from and _is_made_from(place, made_from)):
            page = _page_of_class(record, reports, marks)
            write_atomically(Path(place), _with_digest(page, made_from) if made_from else page)
    # Last, for it says what these files are about: who is erased is in them until they have been made again.
    store.save_class(record)


def _page_of_class(record: ClassRecord, reports: Sequence[Report], marks: ClassMarks) -> Iterator[str]:
    by_assignment: defaultdict[str, dict[str, Report]] = defaultdict(dict)
    for each in reports:
        by_assignment[each.assignment][composed(each.student)] = each

    def link(student: str, assignment: str) -> str:
        return _place(student, assignment, by_assignment[assignment].get(composed(student)))

    return class_page_pieces(reports, marks, link, record.title, record.ungraded, record.graded)


def _is_made_from(place: str, made_from: bytes) -> bool:
    """Whether the page that is there was made from this."""
    return _head(place).find(_digest(made_from)) >= 0


def _write(place: str, made_from: bytes, page: str) -> None:
    doctype, _, rest = page.partition("\n")
    write_atomically(Path(place), f"{doctype}\n<!-- {_digest(made_from).decode()} -->\n{rest}")


def _with_digest(page: Iterator[str], made_from: bytes) -> Iterator[str]:
    """The page, with the hash of what it was made from behind its first line."""
    first = ""
    while "\n" not in first:
        first += next(page)
    doctype, _, rest = first.partition("\n")
    yield f"{doctype}\n<!-- {_digest(made_from).decode()} -->\n{rest}"
    yield from page


def _bytes_of_class(record: ClassRecord, reports: Iterable[Report], hash_of_marks: bytes) -> bytes:
    """A hash of all that the page of a class says; of what reports have in common, it is made once."""
    about = record.title, record.ungraded, sorted(record.graded.items()), record.language
    digest = hashlib.sha256(ascii(about).encode() + hash_of_marks)
    known: dict[tuple[object, ...], tuple[Report, bytes]] = {}  # what they hold lives on, and is known by its place
    for each in reports:
        kept = id(each.questions), id(each.written)
        said = each.assignment, each.title, each.status, kept, each.error, each.confined, each.sandbox, each.language
        if said not in known:
            text = replace(each, student="").to_json()
            known[said] = each, hashlib.sha256(text.encode()).digest()
        digest.update(f"{each.student}\n".encode("utf-8", "surrogatepass") + known[said][1])
    return digest.digest()


def _digest(made_from: bytes) -> bytes:
    return hashlib.sha256(_made_by(current()) + made_from).hexdigest().encode()


def _bytes_of(mark: Mark | None) -> bytes:
    """All that a mark says, the same in every process: a set has another order in each."""
    return ascii(mark and [*(getattr(mark, name) for name in _SAID), sorted(mark.dropped)]).encode()


def _head(place: str) -> bytes:
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(descriptor, HEAD_BYTES)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


@cache
def _made_by(_language: str) -> bytes:
    """A hash of all that makes a page in the language that is spoken, which is this one."""
    return hashlib.sha256(_renderer() + sentences()).digest()


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
