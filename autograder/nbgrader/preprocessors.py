"""nbgrader preprocessors: what `nbgrader autograde`, also from formgrader, runs in place of the student's code.

`AnyNotebook` is an exporter that reads any submission; `Grade` is a preprocessor that replaces nbgrader's `Execute`: it
grades the submission in a confined process, and puts scores and feedback into the check cells.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from logging import Logger
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import create_engine
from traitlets import Bool
from traitlets.config import Configurable

from autograder.course import messages as course_messages
from autograder.course.folder import find_course
from autograder.course.loader import Course, load_course
from autograder.course.provenance import fingerprint
from autograder.course.release import release_settings
from autograder.errors import UserError
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.grader import grade_one
from autograder.grading.job import read_job
from autograder.grading.processes.pool import start_pool
from autograder.language.listing import listed
from autograder.nbgrader import messages
from autograder.nbgrader.database import differences
from autograder.nbgrader.feedback import CHECK, fill
from autograder.nbgrader.restore import restore_cells
from autograder.report.model import Outcome, Report
from autograder.sandbox.homes import Where
from autograder.submission.notebook import cells_of

Resources = dict[str, Any]


class AnyNotebook(NotebookExporter):
    """Reads any submission as a notebook with all cells of the release, so that nbgrader's own steps can work on it."""

    def from_filename(
        self, filename: str, resources: Resources | None = None, **settings: Any
    ) -> tuple[Any, Resources]:
        assert resources is not None
        name, directory = _assignment(resources), _directory(self)
        released = _released(directory, name)
        _require_same(resources["nbgrader"]["db_url"], name, released)
        course, folder = load_course(find_course(Path(directory.root))), Path(filename).parent
        work = read_job(course, SubmissionFolder.alone(folder.parent.name, name, folder, course.names)).submission
        cells = restore_cells(work.notebook, released, work.answers) if work else restore_cells((), released)
        notebook = nbformat.from_dict(cells)
        read: tuple[Any, Resources] = self.from_notebook_node(notebook, resources=resources, **settings)  # type: ignore[no-untyped-call]
        return read


class Grade(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader comes without types
    """Grades one submission. A grader error becomes an error of nbgrader's, and the gradebook keeps what it had."""

    confined = Bool(True, help=messages.CONFINED_HELP).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        name = _assignment(resources)
        directory = _directory(self)
        student = str(resources["nbgrader"]["student"])
        folder = Path(directory.format_path(directory.submitted_directory, student, name))
        report = _grading_process(Path(directory.root), self.confined, self.log).grade(student, name, folder)
        notebook = restore_cells(cells_of(nb.cells), _released(directory, name))
        _require_same_points(notebook, report)
        return nbformat.from_dict(fill(notebook, report)), resources


def write_settings(**_: object) -> None:
    """Hook of nbgrader, when it has released an assignment: writes the settings that students' own checks read."""
    course = load_course(find_course(Path.cwd()))
    release_settings(course, course.released, language=course.language)


class _GradingProcess:
    """A process that grades, kept for as long as the course stays the same.

    In a process of its own, because formgrader runs this in the Jupyter server, which must not load the checks: they
    would stay as they were then, whatever becomes of their files.
    """

    def __init__(self, course: Course, confined: bool) -> None:
        self._course = course
        self._confined = confined
        self._pool: ProcessPoolExecutor = start_pool(1, None if confined else Where.NONE)

    def grade(self, student: str, assignment: str, folder: Path) -> Report:
        handed_in = SubmissionFolder.alone(student, assignment, folder, self._course.names)
        job = read_job(self._course, handed_in, confined=self._confined, language=self._course.language)
        try:
            report = self._pool.submit(grade_one, job).result()
        except BrokenProcessPool:
            _processes.clear()
            raise UserError(messages.PROCESS_KILLED) from None
        for check in report.checks:
            if check.outcome is Outcome.GRADER_ERROR:
                raise UserError(messages.not_graded(check.name, check.message))
        return report

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


_processes: dict[object, _GradingProcess] = {}


def _grading_process(root: Path, confined: bool, log: Logger) -> _GradingProcess:
    course = load_course(find_course(root))
    state = (root, confined, *(fingerprint(course, each) for each in course.assignments))
    if state not in _processes:
        for old in _processes.values():
            old.close()
        _processes.clear()
        if course.has_public_seed:
            log.warning(course_messages.PUBLIC_SEED)
        _processes[state] = _GradingProcess(course, confined)
    return _processes[state]


def _assignment(resources: Resources) -> str:
    name, notebook = str(resources["nbgrader"]["assignment"]), str(resources["nbgrader"]["notebook"])
    if notebook != name:
        raise UserError(messages.other_notebook(notebook, name))
    return name


def _directory(step: Configurable) -> CourseDirectory:
    """The course folder of the command that a step is part of."""
    parent = step.parent
    while parent is not None and not isinstance(getattr(parent, "coursedir", None), CourseDirectory):
        parent = parent.parent
    if parent is None:
        raise UserError(messages.NOT_AUTOGRADE)
    return parent.coursedir


def _released(directory: CourseDirectory, name: str) -> NotebookNode:
    path = Path(directory.format_path(directory.release_directory, ".", name), f"{name}.ipynb")
    if not path.is_file():
        raise UserError(messages.not_released(path, name))
    released: NotebookNode = nbformat.read(path, as_version=4)
    return released


def _require_same(db_url: str, name: str, released: NotebookNode) -> None:
    engine = create_engine(db_url)
    try:
        with engine.connect() as connection:
            differing = differences(connection, name, released)
    finally:
        engine.dispose()
    if differing:
        raise UserError(messages.other_version(name, listed(differing)))


def _require_same_points(notebook: dict[str, Any], report: Report) -> None:
    points = {cell["id"]: cell["metadata"].get("nbgrader", {}).get("points") for cell in notebook["cells"]}
    for question in report.questions:
        if points.get(f"{CHECK}{question.name}") != question.max_score:
            raise UserError(messages.other_points(question.name, report.assignment))
