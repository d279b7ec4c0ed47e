"""solutions/ → worked/: the lessons with their solutions and model answers, run where the earlier ones lie beside."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode

from autograder import settings
from autograder.course import messages
from autograder.course.lesson import CourseError
from autograder.course.loader import Assignment, Course
from autograder.course.release import (
    MARK_SCHEME,
    release_settings,
    released_notebook,
    require_visible_checks,
    source_notebook,
    write_assignment,
    writing,
)
from autograder.course.translation.released import in_language
from autograder.course.worked.kernel import run_notebook
from autograder.course.worked.marking import MARKER, SCHEME
from autograder.language.current import ENGLISH, speaking

FOLDER = "worked"  # beside solutions/, where no other is named


def release_worked(
    course: Course,
    assignments: Sequence[Assignment],
    target: Path,
    done: Callable[[Assignment], None],
    language: str = ENGLISH,
) -> list[Path]:
    """Write the worked notebooks of some assignments, and of those before them, in the place of all in `target`.

    A notebook builds on earlier ones, and is to run again where it lies. All are run before any is written; `done` is
    called behind each. Returns the files. Raises CourseError.
    """
    last = max(course.names.index(each.name) for each in assignments)
    part = replace(course, assignments=course.assignments[: last + 1], former={})
    notebooks = []
    with tempfile.TemporaryDirectory() as folder:
        release_settings(part, Path(folder))
        for assignment in part.assignments:
            require_visible_checks(assignment)
            with speaking(language):
                notebook = worked_notebook(in_language(assignment, language))
            write_assignment(assignment, Path(folder), notebook)
            run_notebook(notebook, Path(folder, assignment.name), assignment.lesson_path, cell_lines(assignment))
            notebooks.append((assignment, notebook))
            done(assignment)
    with writing(target):
        if target.is_dir():
            shutil.rmtree(target)
        target.mkdir(parents=True)
    files = [release_settings(part, target, messages.WORKED, language)]
    for assignment, notebook in notebooks:
        files += write_assignment(assignment, target, notebook)
    return files


def is_worked(folder: Path) -> bool:
    """Whether `release_worked` made a folder: its settings say so."""
    file = folder / settings.FILE
    return file.is_file() and file.read_bytes().startswith(messages.WORKED.encode())


def worked_notebook(assignment: Assignment) -> NotebookNode:
    """The lesson with its solutions, and without what marks them or is for those who mark. Raises CourseError."""
    released_notebook(assignment)  # what cannot be released is refused in the same words
    notebook = source_notebook(assignment)
    for cell, line in zip(notebook.cells, cell_lines(assignment), strict=True):
        source = SCHEME.sub("", cell.source)
        if MARK_SCHEME.search(source):
            raise CourseError(messages.mark_scheme_open(assignment.lesson_path, line))
        if cell.cell_type == "markdown":  # its lists are not to run into those of the question
            source = source.replace("### BEGIN SOLUTION\n", f"{messages.MODEL_ANSWER}\n\n", 1)
        cell.source = MARKER.sub("", source).rstrip()
    return notebook


def cell_lines(assignment: Assignment) -> list[int]:
    """The line of the lesson that each cell of its notebook is from: behind a question stands the cell that checks."""
    return [cell.line for cell in assignment.cells for _ in range(2 if cell.is_question else 1)]
