"""solutions/ → assignments/: lessons become the notebooks that students get, through nbgrader's preprocessors."""

from __future__ import annotations

import ast
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import takewhile
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
from autograder.course.lesson import SOLUTION, CourseError, LessonCell, require_whole_solutions
from autograder.course.loader import Assignment, Course
from autograder.course.translation.released import in_language, public_catalogues
from autograder.language.current import ENGLISH
from autograder.report.model import Outcome
from autograder.sandbox.protocol import Cell
from autograder.sandbox.toplevel.dependencies import Dependencies
from autograder.sandbox.toplevel.imports import PREVIOUS
from autograder.submission.which_file import HANDOUT, VISIBLE_CHECKS

NBGRADER_SCHEMA = 3
CHECK_CELL = "check_"  # before the name of the question, in the name of the cell that checks it
BRINGS_CHECK = re.compile(r"\bcheck\b|import \*")  # in a cell above the first answer, one way or another
BEGIN_SOLUTION = "### BEGIN SOLUTION"
# nbgrader's words for what only those read who mark an answer in words.
MARK_SCHEME = re.compile(r"### (?:BEGIN|END) MARK SCHEME")
# nbgrader's order: cells are locked and emptied before the checksums that hold them to what they are.
PREPROCESSORS = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)


def release_assignments(assignments: Sequence[Assignment], target: Path, language: str = ENGLISH) -> list[Path]:
    """Write the student's versions of assignments into `target`, when all of them are made; returns the files.

    Raises CourseError, ChecksError and LanguageError.
    """
    made = []
    for assignment in assignments:
        require_visible_checks(assignment)
        notebook = released_notebook(in_language(assignment, language))
        made.append((assignment, _files(assignment, notebook, language)))
    return [path for assignment, files in made for path in _write_files(assignment, target, files)]


def release_assignment(assignment: Assignment, target: Path) -> list[Path]:
    """The same of one assignment."""
    return release_assignments([assignment], target)


def release_source(assignment: Assignment, source: Path, language: str = ENGLISH) -> list[Path]:
    """Write the instructor's version, solutions included, for `nbgrader generate_assignment`. Raises CourseError."""
    require_visible_checks(assignment)
    return write_assignment(assignment, source, source_notebook(in_language(assignment, language)))


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
        alone = AssignmentChecks(assignment.parameters, checks, reference=assignment.reference, folder=assignment.home)
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


def write_assignment(assignment: Assignment, target: Path, made: NotebookNode) -> list[Path]:
    """Write a notebook into the assignment's folder in `target`, in the place of what is there, and what it needs.

    Returns the files. Raises CourseError.
    """
    return _write_files(assignment, target, _files(assignment, made))


def _files(assignment: Assignment, made: NotebookNode, language: str = ENGLISH) -> dict[str, bytes]:
    """What students get. The handout is the same whatever language the notebook is in, and knows all of them."""
    mistakes = known_mistakes_file(assignment)
    return {
        f"{assignment.name}.ipynb": (nbformat.writes(made) + "\n").encode(),
        VISIBLE_CHECKS: (assignment.folder / VISIBLE_CHECKS).read_bytes(),
        HANDOUT: assignment.handout.to_text().encode(),
        KNOWN_MISTAKES: mistakes,
        **public_catalogues(assignment, mistakes),
    }


def _write_files(assignment: Assignment, target: Path, files: Mapping[str, bytes]) -> list[Path]:
    folder = target / assignment.name
    with writing(folder):
        if folder.is_dir():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(content)
        return [*(folder / name for name in files), *_copy_data(assignment, folder)]


@contextmanager
def writing(target: Path) -> Iterator[None]:
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


def release_settings(course: Course, assignments: Path, heading: str = "", language: str = ENGLISH) -> Path:
    """Write what students may know of the course's settings, for their own checks to read, below a `heading`.

    Raises CourseError.
    """
    path = assignments / settings.FILE
    public = {
        "title": course.title,
        "assignments": [each.name for each in course.assignments],
        "imports": course.imports,
        **({"reads": course.reads} if course.reads else {}),
        **({} if language == ENGLISH else {"language": language}),
    }
    # A string, a number or a list of strings is written the same in TOML and in JSON.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in public.items()]
    lines += ["\n[limits]\n", *(f"{key} = {json.dumps(value)}\n" for key, value in asdict(course.limits).items())]
    if course.former:
        lines.append("\n[former]\n")
        lines += [f"{json.dumps(name)} = {json.dumps(today)}\n" for name, today in course.former.items()]
    with writing(path):
        path.write_text(heading + "".join(lines), encoding="utf-8", newline="\n")
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
    require_whole_solutions(assignment.lesson, assignment.lesson_path)
    _ = assignment.title  # which says so where there is none
    _require_check(assignment)
    with assignment.check_session() as session:
        points = {
            question: sum(check.points for check in session.checks if check.question == question)
            for question in assignment.questions
        }
    free = free_cells(assignment)
    cells = [made for cell in assignment.cells for made in _notebook_cells(cell, points, assignment, cell not in free)]
    for number, cell in enumerate(cells, 1):
        known = cell.metadata["nbgrader"]
        known["grade_id"] = cell["id"] = known["grade_id"] or f"cell-{number:02d}"
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def _require_check(assignment: Assignment) -> None:
    """Raises CourseError where the cells behind answers would find no `check`."""
    given = takewhile(lambda cell: not cell.is_question, assignment.cells)
    if not any(BRINGS_CHECK.search(cell.source) for cell in given if not cell.is_markdown):
        raise CourseError(messages.no_check(assignment.lesson_path))


def free_cells(assignment: Assignment) -> frozenset[LessonCell]:
    """The given cells that students may change as they like, for no answer rests on them: pictures and examples.

    That is code which imports nothing, takes nothing from earlier notebooks, and holds nothing that a question depends
    on, by the rule by which a submission is run. All other cells stay as they are given: text, imports, what answers
    are made of, checks.
    """
    code = [cell for cell in assignment.cells if not cell.is_markdown]
    found = Dependencies([Cell(str(cell.line), cell.source) for cell in code], assignment.imports)
    needed = {each.statement.label for each in found.of((*assignment.questions, *assignment.handed)).chosen}
    return frozenset(
        cell for cell in code if not cell.is_question and str(cell.line) not in needed and not _brings(cell.source)
    )


def _brings(source: str) -> bool:
    """Whether code imports something, or takes it from an earlier notebook. What is no Python (`%magic`) may."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return True
    called = {getattr(node.func, "id", "") for node in nodes if isinstance(node, ast.Call)}
    return PREVIOUS in called or any(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)


def _notebook_cells(
    cell: LessonCell, points: Mapping[str, float], assignment: Assignment, locked: bool
) -> Iterator[NotebookNode]:
    """The cells of the notebook that one cell of the lesson stands for."""
    v4 = nbformat.v4
    made: NotebookNode = v4.new_markdown_cell(cell.source) if cell.is_markdown else v4.new_code_cell(cell.source)
    if MARK_SCHEME.search(SOLUTION.sub("", cell.source)):
        raise CourseError(messages.mark_scheme_outside(assignment.lesson_path, cell.line))
    if cell.name and BEGIN_SOLUTION not in cell.source:
        raise CourseError(messages.no_solution(assignment.lesson_path, cell.line, cell.name))
    if cell.is_written:
        made.metadata["nbgrader"] = _metadata(cell.name, grade=True, solution=True, points=cell.points)
    elif not cell.is_question:
        made.metadata["nbgrader"] = _metadata("", locked=locked)
    if not cell.is_question:
        yield made
        return
    made.metadata["nbgrader"] = _metadata(cell.name, solution=True)
    yield made
    check = nbformat.v4.new_code_cell(f"check({cell.name})")
    check.metadata["nbgrader"] = _metadata(
        f"{CHECK_CELL}{cell.name}", grade=True, locked=True, points=points[cell.name]
    )
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
