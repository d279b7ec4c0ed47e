"""The gradebook of an nbgrader course: writes scores to its database, and notebooks with feedback for formgrader."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveCells
from sqlalchemy import Engine

from autograder.classroom.attempts.timestamp import read_timestamp
from autograder.course.loader import Course
from autograder.course.release import released_notebook
from autograder.errors import UserError
from autograder.grading.files import delete, write_atomically
from autograder.grading.found.submissions import SubmissionFolder
from autograder.language.listing import listed
from autograder.nbgrader import messages
from autograder.nbgrader.database import CellIds, Entry, assignment_names, differences, find_cells, write
from autograder.nbgrader.feedback import CHECK, fill
from autograder.nbgrader.late_work import LateRule, late_rule
from autograder.nbgrader.mark_book import MarkBook
from autograder.nbgrader.opening import database, database_errors, nbgrader_settings
from autograder.nbgrader.restore import restore_cells
from autograder.report.model import Report
from autograder.submission.errors import UnreadableError
from autograder.submission.model import Submission
from autograder.submission.reader import read_regular_file
from autograder.submission.which_file import NOTEBOOK, files_below, kind_of

SUBMISSIONS_PER_TRANSACTION = 200
MAX_CHARS = 20 << 20  # of notebooks that are kept until their transaction is done
MAX_OTHER_FILES, MAX_OTHER_BYTES = 200, 50 << 20  # of one submission


@dataclass(frozen=True)
class _Page:
    """What is to be written of one submission: its entry, and the text of its notebook, which lay in `folder`.

    With `is_whole`, all that lies below that folder is the assignment's.
    """

    entry: Entry
    folder: Path
    text: str
    is_whole: bool


class Gradebook:
    """A gradebook in which the course's assignments stand as they are released. Use `open_gradebook`."""

    def __init__(
        self,
        engine: Engine,
        released: Mapping[str, NotebookNode],
        cells: Mapping[str, CellIds],
        directory: CourseDirectory,
        rule: LateRule,
        warnings: Sequence[str],
    ) -> None:
        """`warnings` are lines on what the gradebook holds beside the course's assignments."""
        self.warnings = tuple(warnings)
        self.problems: list[str] = []
        self.marks = MarkBook(engine, rule)
        self.url = self.marks.url
        self._engine = engine
        self._released = released
        self._cells = cells
        self._directory = directory
        self._rule = rule

    def write(self, graded: Iterable[tuple[SubmissionFolder, Report, Submission | None]]) -> int:
        """Write all reports that are final, and their notebooks; returns how many. Raises UserError.

        What is shown of a submission is what was read of it when it was graded, None where it could not be read.
        `problems` then has a line on each whose notebook could not be made.
        """
        batch: list[_Page] = []
        count = 0
        for each, report, work in graded:
            if report.has_grader_error:
                continue
            with self._costs_no_other(report):
                batch.append(self._page(each, report, work))
            if len(batch) >= SUBMISSIONS_PER_TRANSACTION or sum(len(page.text) for page in batch) > MAX_CHARS:
                count += self._write_batch(batch)
                batch = []
        return count + self._write_batch(batch)

    def _write_batch(self, pages: Sequence[_Page]) -> int:
        if pages:
            with database_errors(self.url), self._engine.begin() as connection:
                write(connection, self._cells, [page.entry for page in pages], self._rule)
        for page in pages:
            if page.entry.changed:
                with self._costs_no_other(page.entry):
                    self._write_folder(page)
        return len(pages)

    @contextmanager
    def _costs_no_other(self, submission: Report | Entry) -> Iterator[None]:
        """Whatever a stranger's work brings about in here, the others are written."""
        try:
            yield
        except UserError as error:
            self.problems.append(messages.not_shown(submission.student, submission.assignment, str(error)))
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            self.problems.append(messages.not_shown(submission.student, submission.assignment, reason))

    def _page(self, each: SubmissionFolder, report: Report, work: Submission | None) -> _Page:
        released = self._released[each.assignment]
        cells, answers, time = (work.notebook, work.answers, work.handed_in) if work else ((), {}, "")
        notebook = nbformat.from_dict(restore_cells(cells, released, answers))
        empty = unanswered(notebook, released)
        scores: dict[str, float | None] = {f"{CHECK}{question.name}": question.score for question in report.questions}
        scores |= {answer.name: 0.0 if answer.name in empty else None for answer in report.written}
        text = nbformat.writes(nbformat.from_dict(fill(notebook, report))) + "\n"
        path = self._autograded_path(each.student, each.assignment)
        changed = not path.is_file() or path.read_text(encoding="utf-8") != text
        file = each.find(work.file) if work else None
        entry = Entry(each.student, each.assignment, scores, empty, _handed_in(time), changed)
        folder = file.parent if file else each.folder
        return _Page(entry, folder, text, folder.name == each.assignment or folder == each.folder)

    def _autograded_path(self, student: str, assignment: str) -> Path:
        """The notebook that formgrader shows."""
        directory = self._directory
        return Path(directory.format_path(directory.autograded_directory, student, assignment), f"{assignment}.ipynb")

    def _write_folder(self, page: _Page) -> None:
        """The notebook, and what the student handed in beside it: pictures that it shows, the time."""
        path = self._autograded_path(page.entry.student, page.entry.assignment)
        write_atomically(path, page.text)
        path.chmod(0o664 if self._directory.groupshared else 0o444)  # as nbgrader does
        for name, content in _other_files(page.folder, is_whole=page.is_whole):
            if name.parts[0].casefold() == path.name.casefold():
                continue  # a folder that is called as the notebook
            copy = path.parent / name
            for above in reversed(copy.relative_to(path.parent).parents[:-1]):  # a file before, and a folder now
                if not (path.parent / above).is_dir():
                    delete(path.parent / above)
            delete(copy)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)


def open_gradebook(course: Course, url: str, assignments: Sequence[str]) -> Gradebook:
    """The gradebook at a database URL; the assignments are made or brought up to date in it. Raises UserError."""
    app = nbgrader_settings(course.folder.parent)
    directory = CourseDirectory(parent=app)
    released = {name: released_notebook(course.assignment(name)) for name in assignments}
    engine = database(url)
    rule = late_rule(app)
    with database_errors(url):
        with _open_database(url, directory.course_id) as gradebook:
            for name, notebook in released.items():
                with engine.connect() as connection:
                    differing = differences(connection, name, notebook)
                if differing:
                    gradebook.update_or_create_assignment(name)
                    _save_cells(url, name, notebook, differing)
        with engine.connect() as connection:
            cells = {name: ids for name in released if (ids := find_cells(connection, name))}
            former = [name for name in assignment_names(connection) if name not in course.names]
    warnings = [
        messages.former_assignment(name, listed(course.former[name])) for name in former if name in course.former
    ]
    return Gradebook(engine, released, cells, directory, rule, warnings)


def unanswered(notebook: NotebookNode, released: NotebookNode) -> frozenset[str]:
    """The answers of a restored notebook that are as they were released."""
    stubs = {cell.id: cell.source for cell in released.cells if cell.metadata.nbgrader.solution}
    return frozenset(cell.id for cell in notebook.cells if stubs.get(cell.id) == cell.source)


def _open_database(url: str, course_id: str) -> api.Gradebook:
    """nbgrader's own access to the database, which makes a new one. For that it runs `alembic`, and must find it."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), before))
    try:
        return api.Gradebook(url, course_id) if course_id else api.Gradebook(url)
    finally:
        os.environ["PATH"] = before


def _save_cells(url: str, name: str, notebook: NotebookNode, differing: Sequence[str]) -> None:
    """Write an assignment's cells, as `nbgrader generate_assignment` does."""
    resources = {"nbgrader": {"notebook": name, "assignment": name, "db_url": url}}
    try:
        SaveCells().preprocess(notebook, resources)
    except RuntimeError:
        raise UserError(messages.gradebook_has_other_cells(name, listed(differing))) from None


def _handed_in(timestamp: str) -> datetime | None:
    """When a submission was handed in, in UTC and without a zone, as the database has it, if that is known."""
    time = read_timestamp(timestamp).time
    return time and time.replace(tzinfo=None)


def _other_files(folder: Path, *, is_whole: bool) -> Iterator[tuple[Path, bytes]]:
    """The other files beside a notebook: pictures that it shows, the time. None is looked into.

    Those in folders below it belong to it only where the folder `is_whole` the assignment's.
    """
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        return
    room = MAX_OTHER_BYTES
    for path in files_below(folder)[:MAX_OTHER_FILES]:
        if kind_of(path.name) == NOTEBOOK or any(part[0] == "." for part in path.parts):
            continue
        if len(path.parts) > 1 and not is_whole:
            continue
        try:
            content = read_regular_file(folder / path)
        except UnreadableError:  # a link, or too large to be looked at
            continue
        room -= len(content)
        if room < 0:
            return
        yield path, content
