"""solutions/ → assignments/: lessons become the notebooks that students get, through nbgrader's preprocessors."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ClearSolutions, ComputeChecksums, LockCells

from autograder.course.loader import SETTINGS, Assignment, Course, CourseError

NBGRADER_SCHEMA = 3
# nbgrader's order: cells are locked and emptied before the checksums that hold them to what they are.
PREPROCESSORS = (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums)


def release(assignment: Assignment, assignments: Path) -> list[Path]:
    """Write the student's version of one assignment into `assignments`; returns the files. Raises CourseError."""
    return _write(assignment, assignments / assignment.name, released_notebook)


def release_source(assignment: Assignment, source: Path) -> list[Path]:
    """Write the instructor's version, solutions included, for `nbgrader generate_assignment`. Raises CourseError."""
    return _write(assignment, source / assignment.name, source_notebook)


def _write(assignment: Assignment, folder: Path, make: Callable[[Assignment], NotebookNode]) -> list[Path]:
    shutil.rmtree(folder, ignore_errors=True)
    text = nbformat.writes(make(assignment)) + "\n"
    folder.mkdir(parents=True)
    notebook = folder / f"{assignment.name}.ipynb"
    notebook.write_text(text, encoding="utf-8", newline="\n")
    checks = folder / "visible_checks.py"
    checks.write_bytes((assignment.folder / checks.name).read_bytes())
    return [notebook, checks, *_copy_data(assignment, folder)]


def _copy_data(assignment: Assignment, target: Path) -> list[Path]:
    """Copy what the notebook reads: the assignment's public data."""
    copied = []
    for source in assignment.data:
        copy = target / source.relative_to(assignment.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.read_bytes())
        copied.append(copy)
    return copied


def release_settings(course: Course, assignments: Path) -> Path:
    """Write the part of the course's settings that students may know, which their own checks read."""
    path = assignments / SETTINGS
    public = {
        "title": course.title,
        "assignments": [each.name for each in course.assignments],
        "imports": course.imports,
    }
    # A string or a list of strings is written the same in TOML and in JSON.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in public.items()]
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
            raise CourseError(f"{assignment.folder / 'lesson.py'}: {error}") from error
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
    lesson = jupytext.reads(assignment.lesson, fmt="py:percent")
    cells = [made for cell in lesson.cells for made in _expand(cell, points, assignment)]
    for number, cell in enumerate(cells, 1):
        if "nbgrader" not in cell.metadata:
            cell.metadata["nbgrader"] = _metadata(f"cell-{number:02d}", locked=True)
        cell["id"] = cell.metadata["nbgrader"]["grade_id"]
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def _expand(cell: NotebookNode, points: Mapping[str, float], assignment: Assignment) -> list[NotebookNode]:
    """One cell of the lesson as the cells of the notebook that it stands for."""
    name, worth = cell.metadata.get("title"), cell.metadata.get("points")
    cell["metadata"] = nbformat.from_dict({})  # jupytext's own notes on the cell
    if not name:
        return [cell]
    if "### BEGIN SOLUTION" not in cell.source:
        raise CourseError(f"{assignment.folder / 'lesson.py'}: the cell `{name}` has no ### BEGIN SOLUTION")
    if cell.cell_type == "markdown":
        cell.metadata["nbgrader"] = _metadata(name, grade=True, solution=True, points=worth)
        return [cell]
    cell.metadata["nbgrader"] = _metadata(name, solution=True)
    check = nbformat.v4.new_code_cell(f"check({name})")
    check.metadata["nbgrader"] = _metadata(f"check_{name}", grade=True, locked=True, points=points[name])
    return [cell, check]


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
