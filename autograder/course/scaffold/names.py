"""What a new course or assignment may be called, and which function an assignment of that name begins with."""

from __future__ import annotations

import builtins
import keyword
import re

from autograder.course.loader import HANDOUT, Course
from autograder.course.scaffold import messages
from autograder.errors import UserError
from autograder.settings import FILE, is_folder_name
from autograder.text import on_one_line

SEPARATORS = re.compile(r"[/\\]")
ASSIGNMENT = re.compile(r"(?:\d+_)?(?P<question>[A-Za-z]\w*)", re.ASCII)  # as cells of a lesson are named
# Devices of Windows, whatever stands behind a dot:
# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
OF_NOTEBOOKS = {"np", "check", "previous", "previous_data", "student", "reference", "rng", "lesson", HANDOUT}


def require_course_name(name: str) -> None:
    """Raises UserError where a folder cannot, or should not, have this name."""
    shown = on_one_line(name)
    if SEPARATORS.search(name):
        raise UserError(messages.course_is_a_path(shown))
    if not is_folder_name(name) or name.startswith("-") or name.endswith("."):
        raise UserError(messages.not_a_course_name(shown))
    _require_no_device(name)


def question_of(name: str) -> str:
    """The function that a new assignment asks for: `softmax` in 03_softmax. Raises UserError where there is none."""
    shown = on_one_line(name)
    if SEPARATORS.search(name):
        raise UserError(messages.assignment_is_a_path(shown))
    match = ASSIGNMENT.fullmatch(name)
    if match is None:
        raise UserError(messages.not_an_assignment_name(shown))
    _require_no_device(name)
    question = match["question"]
    if keyword.iskeyword(question) or hasattr(builtins, question) or question in OF_NOTEBOOKS:
        raise UserError(messages.taken_by_python(name, question))
    return question


def require_new(name: str, question: str, course: Course) -> None:
    """Raises UserError where a course has an assignment, or a question, of this name: letters may differ in case."""
    for assignment in course.assignments:
        if assignment.name.casefold() == name.casefold():
            raise UserError(messages.assignment_is_there(name, assignment.name))
        if question in (*assignment.questions, *(written.name for written in assignment.written)):
            raise UserError(messages.question_is_taken(name, question, assignment.name))
    if name in course.former:
        raise UserError(messages.former_name(name, FILE))


def _require_no_device(name: str) -> None:
    if name.partition(".")[0].rstrip().casefold() in DEVICES:
        raise UserError(messages.reserved_by_windows(name))
