"""Grading one file from Python: `from autograder import grade`."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.course.folder import find_course
from autograder.course.loader import Course, load_course
from autograder.errors import UserError
from autograder.grading import messages
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.grader import grade_one
from autograder.grading.job import read_job
from autograder.language.catalogue import require_language
from autograder.language.listing import listed
from autograder.report.model import Report
from autograder.submission.which_file import NOTEBOOK, SCRIPT, kind_of

FilePath = str | os.PathLike[str]


def grade(
    course: FilePath,
    file: FilePath,
    *,
    student: str = "",
    assignment: str = "",
    confined: bool = True,
    language: str = "",
) -> Report:
    """Grade one notebook or script, with all checks, as `autograder grade` would.

    course:     the folder of the course, which holds `solutions/`, or one below it
    file:       the `.ipynb` or `.py` that was handed in, whatever it is called
    student:    whose it is: hidden inputs are drawn from this name and the course's seed, the same ones every time
    assignment: what it was handed in for; by default what the file is called, or its folder
    confined:   False runs the student's code with all your rights; only for work that you trust
    language:   in which the report speaks to the student, such as `zh_CN`; by default that of `course.toml`

    Where the file lies in a folder that is called as the assignment, the student's earlier work is read from the
    folders beside it, `../01_projection/01_projection.ipynb` and so on. Without it, functions of earlier assignments
    that are missing cost nothing here, for right ones stand in.

    Returns the report: `score` of `max_score` points, and for each of its `questions` the `checks`, with outcome,
    message and misconception. A file that cannot be read gives one with the status `unreadable`, and why in `error`; a
    fault of the grader's, one in which `has_grader_error` is True. Nothing is written.

    Raises UserError, with one line that says what to do, where there is no such course, file or assignment, or the
    course cannot be used; and SandboxError where this machine cannot confine a submission, or the sandbox fails.

    The checks run in this process, the student's code never: it is in a worker of its own. What is set up for a course
    is kept for the next call, so that each of many files costs some tens of milliseconds.

        >>> from autograder import grade
        >>> report = grade(".", "submitted/ada/03_softmax/03_softmax.ipynb", student="ada")
        >>> report.score, report.max_score
        (20, 20)
    """
    path = Path(file)
    if not os.path.lexists(path):
        raise UserError(messages.no_file(path))
    if kind_of(path.name) not in (NOTEBOOK, SCRIPT):
        raise UserError(messages.no_work(path))
    loaded = load_course(find_course(Path(course).resolve()))
    name = assignment or _assignment_of(path, loaded)
    loaded.assignment(name)  # raises where there is none
    spoken = require_language(language or loaded.language, loaded.folder)
    folder = path.absolute().parent
    near = SubmissionFolder.alone(student, name, folder, loaded.names) if folder.name == name else None
    submission = SubmissionFolder(
        student, name, folder, (path.absolute(),), siblings=near.siblings if near else {}, is_given=True
    )
    return grade_one(read_job(loaded, submission, confined=confined, language=spoken))


def _assignment_of(file: Path, course: Course) -> str:
    for name in (file.stem, file.absolute().parent.name):
        if name in course.names:
            return name
    raise UserError(messages.for_no_assignment(file, listed(course.names)))
