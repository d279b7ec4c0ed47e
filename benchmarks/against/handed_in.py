"""Notebooks as students hand them in: the released one with answers in it, without its pictures."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from autograder.course.loader import Assignment
from autograder.course.release import released_notebook

IMPORTS = "import numpy as np"


def notebook_of(assignment: Assignment) -> NotebookNode:
    """The released notebook: its text, one import, the cells for answers.

    The pictures of the lesson, and `check`, need this project and matplotlib, and other graders run every cell: what
    they take would be no cost of theirs.
    """
    released = released_notebook(assignment)
    imports = next(cell for cell in released.cells if cell.cell_type == "code")
    imports.source = IMPORTS
    wanted = {*assignment.questions, imports.id}
    released.cells = [cell for cell in released.cells if cell.cell_type == "markdown" or cell.id in wanted]
    return released


def filled(notebook: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    """A copy, with a student's answers by question."""
    copy = nbformat.from_dict(notebook)
    for cell in copy.cells:
        if cell.id in answers:
            cell.source = answers[cell.id].strip()
    return copy


def script_of(notebook: NotebookNode) -> str:
    """The same as a .py file, for graders that take no notebook: what stands in its code cells."""
    return "\n\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code") + "\n"
