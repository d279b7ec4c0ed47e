"""That a lesson runs as a notebook: as it is released, where no answer is written, and solved, where all are right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.certifying import messages
from autograder.course.lesson import CourseError
from autograder.course.loader import Assignment, Course
from autograder.course.release import CHECK_CELL, release_settings, released_notebook, write_assignment
from autograder.course.worked.kernel import run_notebook
from autograder.course.worked.release import cell_lines, worked_notebook

RELEASED, SOLVED = "released", "solved"
NOTEBOOKS: Mapping[str, Callable[[Assignment], NotebookNode]] = {RELEASED: released_notebook, SOLVED: worked_notebook}
PASSED, FAILED = "✓", "✗"  # as the cells that check show it
SHOWS_ANSWERS = re.compile(r"^with demo_of\b", re.MULTILINE)


def write_notebooks(
    course: Course, assignments: Sequence[Assignment], folder: Path, begins: Callable[[], None]
) -> None:
    """Write what students have of some assignments, and of those before them, released and solved.

    `begins` is called before each. Raises ChecksError and CourseError.
    """
    last = max(course.names.index(each.name) for each in assignments)
    part = replace(course, assignments=course.assignments[: last + 1], former={})
    for kind, make in NOTEBOOKS.items():
        (folder / kind).mkdir()
        release_settings(part, folder / kind)
        for assignment in part.assignments:
            begins()
            write_assignment(assignment, folder / kind, make(assignment))


def require_running(assignment: Assignment, folder: Path) -> None:
    """Run both notebooks where `write_notebooks` has put them. Raises CourseError with the line of the lesson."""
    for kind in NOTEBOOKS:
        where = folder / kind / assignment.name
        notebook = nbformat.read(where / f"{assignment.name}.ipynb", as_version=nbformat.NO_CONVERT)
        lines = cell_lines(assignment)
        try:
            run_notebook(notebook, where, assignment.lesson_path, lines)
        except CourseError as error:
            reason = messages.as_released(str(error)) if kind == RELEASED else str(error)
            answers = [cell for cell in notebook.cells if cell.id in assignment.questions]
            is_stub = kind == RELEASED and any(map(_raises, answers))
            raise CourseError(messages.stub_raises(reason) if is_stub else reason) from None
        for cell, line in zip(notebook.cells, lines, strict=True):
            if fault := _fault(cell, kind, assignment.lesson_path, line):
                raise CourseError(fault)


def _fault(cell: NotebookNode, kind: str, lesson: Path, line: int) -> str:
    """What is wrong with what a cell shows, if anything is; the cell's own line, or its answer's, is given."""
    if cell.cell_type != "code":
        return ""
    shown = [output.data for output in cell.outputs if "data" in output]
    if cell.id.startswith(CHECK_CELL):
        text = "".join(data.get("text/plain", "") for data in shown)
        if kind == RELEASED and (PASSED in text or FAILED in text):
            return messages.checked_already(lesson, line)
        if kind == SOLVED and (FAILED in text or PASSED not in text):
            return messages.checked_wrong(lesson, line, *_first_red(text), lesson.parent.name)
    elif kind == SOLVED and SHOWS_ANSWERS.search(cell.source) and any("text/html" in data for data in shown):
        return messages.notice_on_right(lesson, line)
    return ""


def _raises(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def _first_red(text: str) -> tuple[str, str]:
    """The title of the first check of a table that is red, and the first line of what it says."""
    lines = [*map(str.strip, text.splitlines()), "", ""]
    at = next((row for row, line in enumerate(lines) if line.startswith(FAILED)), 0)
    return lines[at].removeprefix(f"{FAILED} "), lines[at + 1]
