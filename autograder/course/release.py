"""solutions/ → assignments/: lessons become the notebooks that students get, through nbgrader's preprocessors."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ClearSolutions, ComputeChecksums, LockCells

from autograder import settings
from autograder.checking.at_home.known import KNOWN_MISTAKES
from autograder.checking.collection import AssignmentChecks, CheckRun, ChecksError
from autograder.checking.session import run_once
from autograder.course import messages
from autograder.course.known_mistakes import known_mistakes_file
from autograder.course.lesson import CourseError, LessonCell
from autograder.course.loader import Assignment, Course
from autograder.report.model import Outcome
from autograder.submission.which_file import VISIBLE_CHECKS

NBGRADER_SCHEMA = 3
BEGIN_SOLUTION = "### BEGIN SOLUTION"
# nbgrader's order: cells are locked and emptied before the checksums that hold them to what they are.
PREPROCESSORS = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)


def release_assignment(assignment: Assignment, assignments: Path) -> list[Path]:
    """Write the student's version of one assignment into `assignments`; returns the files. Raises CourseError."""
    return _write(assignment, assignments / assignment.name, released_notebook)


def release_source(assignment: Assignment, source: Path) -> list[Path]:
    """Write the instructor's version, solutions included, for `nbgrader generate_assignment`. Raises CourseError."""
    return _write(assignment, source / assignment.name, source_notebook)


def require_visible_checks(assignment: Assignment) -> None:
    """Run the visible checks on the reference, among nothing but what students have. Raises CourseError.

    What hidden checks share (modules, a conftest.py) is not there.
    """
    with tempfile.TemporaryDirectory() as folder:
        for each in (*assignment.earlier, assignment):
            _copy_data(each, Path(folder, each.name))
        checks = Path(folder, assignment.name, VISIBLE_CHECKS)
        checks.parent.mkdir(exist_ok=True)
        source = assignment.folder / VISIBLE_CHECKS
        checks.write_bytes(source.read_bytes())
        alone = AssignmentChecks(assignment.parameters, checks, reference=assignment.reference)
        try:
            questions = run_once(alone, CheckRun(assignment.reference))
        except ChecksError as error:
            assignment.check_session().close()  # what is wrong among the course's other files as well is told of those
            raise CourseError(messages.visible_checks_alone(source, str(error).splitlines()[0])) from None
        failing = [
            check for question in questions for check in question.checks if check.outcome is Outcome.GRADER_ERROR
        ]
        in_course = _failing_in_course(assignment) if failing else ()
        for check in failing:
            if check.name not in in_course:
                raise CourseError(messages.visible_checks_alone(source, f"{check.name}: {check.message}"))


def _failing_in_course(assignment: Assignment) -> set[str]:
    """The checks that the reference does not pass among the course's other files either: `certify` tells of these."""
    with assignment.check_session() as session:
        questions = session.run(CheckRun(assignment.reference))
    return {check.name for question in questions for check in question.checks if check.outcome is Outcome.GRADER_ERROR}


def _write(assignment: Assignment, folder: Path, make: Callable[[Assignment], NotebookNode]) -> list[Path]:
    require_visible_checks(assignment)
    known = known_mistakes_file(assignment)
    text = nbformat.writes(make(assignment)) + "\n"
    notebook, checks = folder / f"{assignment.name}.ipynb", folder / VISIBLE_CHECKS
    with _writing(folder):
        if folder.is_dir():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        notebook.write_text(text, encoding="utf-8", newline="\n")
        checks.write_bytes((assignment.folder / checks.name).read_bytes())
        known_mistakes = folder / KNOWN_MISTAKES
        known_mistakes.write_bytes(known)
        return [notebook, checks, known_mistakes, *_copy_data(assignment, folder)]


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Raises CourseError where something cannot be written."""
    try:
        yield
    except OSError as error:
        raise CourseError(messages.not_released(error.filename or target, error.strerror)) from error


def _copy_data(assignment: Assignment, target: Path) -> list[Path]:
    """Copy what the notebook reads: the assignment's public data."""
    copied = []
    for source in assignment.data:
        copy = target / source.relative_to(assignment.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.read_bytes())
        copied.append(copy)
    return copied


def is_source(folder: Path) -> bool:
    """Whether all that is in a folder is what `release_source` writes: assignments' notebooks, and their checks."""
    return all(
        (entry / f"{entry.name}.ipynb").is_file() and (entry / VISIBLE_CHECKS).is_file()
        for entry in folder.iterdir()
        if entry.name[0] != "."
    )


def release_settings(course: Course, assignments: Path) -> Path:
    """Write what students may know of the course's settings, for their own checks to read. Raises CourseError."""
    path = assignments / settings.FILE
    public = {
        "title": course.title,
        "assignments": [each.name for each in course.assignments],
        "imports": course.imports,
    }
    # A string or a list of strings is written the same in TOML and in JSON.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in public.items()]
    if course.former:
        lines.append("\n[former]\n")
        lines += [f"{json.dumps(name)} = {json.dumps(today)}\n" for name, today in course.former.items()]
    with _writing(path):
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def released_notebook(assignment: Assignment) -> NotebookNode:
    """The lesson with stubs for solutions. The same lesson gives the same notebook. Raises CourseError."""
    notebook = source_notebook(assignment)
    resources: dict[str, object] = {}
    for preprocessor in PREPROCESSORS:
        try:
            notebook, resources = preprocessor().preprocess(notebook, resources)
        except (RuntimeError, ValueError) as error:
            raise CourseError(messages.cannot_release(assignment.lesson_path, str(error))) from error
    return notebook


def source_notebook(assignment: Assignment) -> NotebookNode:
    """The lesson, solutions included, as the notebook that nbgrader calls the source version.

    A cell whose marker is a name becomes that question's answer; behind it comes a cell that checks it, worth all
    of the question's points.
    """
    with assignment.check_session() as session:
        points = {
            question: sum(check.points for check in session.checks if check.question == question)
            for question in assignment.questions
        }
    cells = [made for cell in assignment.cells for made in _notebook_cells(cell, points, assignment)]
    for number, cell in enumerate(cells, 1):
        if "nbgrader" not in cell.metadata:
            cell.metadata["nbgrader"] = _metadata(f"cell-{number:02d}", locked=True)
        cell["id"] = cell.metadata["nbgrader"]["grade_id"]
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def _notebook_cells(cell: LessonCell, points: Mapping[str, float], assignment: Assignment) -> Iterator[NotebookNode]:
    """The cells of the notebook that one cell of the lesson stands for."""
    v4 = nbformat.v4
    made: NotebookNode = v4.new_markdown_cell(cell.source) if cell.is_markdown else v4.new_code_cell(cell.source)
    if cell.name and BEGIN_SOLUTION not in cell.source:
        raise CourseError(messages.no_solution(assignment.lesson_path, cell.name))
    if cell.is_written:
        made.metadata["nbgrader"] = _metadata(cell.name, grade=True, solution=True, points=cell.points)
    if not cell.is_question:
        yield made
        return
    made.metadata["nbgrader"] = _metadata(cell.name, solution=True)
    yield made
    check = nbformat.v4.new_code_cell(f"check({cell.name})")
    check.metadata["nbgrader"] = _metadata(f"check_{cell.name}", grade=True, locked=True, points=points[cell.name])
    yield check


def _metadata(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False, points: float | None = None
) -> dict[str, object]:
    """nbgrader's metadata for one cell, in its schema 3."""
    worth = {} if points is None else {"points": points}
    return {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": NBGRADER_SCHEMA,
        "solution": solution,
        "task": False,
        **worth,
    }
