"""What stands in the way of a function in a running notebook: an earlier one, as it is there or saved. Portable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.report.model import QuestionResult
from autograder.sandbox.toplevel.builds_on import module_of, unwrapped
from autograder.student.causes.cause import Cause, Standing, fails, find_cause
from autograder.student.causes.earlier import QuestionAt, before_in_notebook
from autograder.student.workspace import Workspace, course_around, questions
from autograder.submission.errors import UnreadableError

Ask = Callable[[Path, Mapping[str, Any], str], QuestionResult]  # visible checks, functions, a question


def cause_in_notebook(checks: Path, function: Any, result: QuestionResult, ask: Ask) -> Cause | None:
    """The earlier question that is to be mended before `function`, whose visible checks came to `result`."""
    if not fails(result):
        return None
    course, question = course_around(checks), QuestionAt(checks.parent.name, result.name)
    names = module_of(function)
    before = before_in_notebook(course, question, function, names, questions(checks))

    def look(at: QuestionAt, answer: Any) -> Standing:
        if course is None or at.assignment == question.assignment:
            return Standing(ask(checks, names, at.name), None)
        here = None if answer is None else ask(course.checks(at.assignment), _beside(answer, at), at.name)
        if here and not fails(here):
            return Standing(here, course.file(at.assignment))
        return _saved(course, at, here, ask)

    return find_cause(question, before, look)


def _beside(answer: Any, at: QuestionAt) -> dict[str, Any]:
    """An answer by its name, and what is defined beside it: its checks may call other functions as well.

    Of a class that `previous` has handed out, it is the class itself.
    """
    inner = unwrapped(answer)
    return {**module_of(answer), at.name: inner if isinstance(inner, type) else answer}


def _saved(course: Workspace, at: QuestionAt, here: QuestionResult | None, ask: Ask) -> Standing:
    """How a question stands which the notebook has no right answer to, in the light of the one that is saved."""
    file = course.file(at.assignment)
    if file is None:
        return Standing(here, None, course.misnamed(at.assignment))
    try:
        space = course.load(at.assignment)
    except UnreadableError as error:
        return Standing(here, file, str(error))
    saved = ask(course.checks(at.assignment), space.values, at.name)
    return Standing(here or saved, file, is_mended=here is not None and not fails(saved))
