"""Who is to blame where a question's checks fail: the earliest of the questions that it builds on which fails its own.

Portable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.report.findings import student_message
from autograder.report.model import CheckResult, Outcome, QuestionResult
from autograder.student import messages
from autograder.student.causes.earlier import QuestionAt


@dataclass(frozen=True)
class Standing:
    """How a question stands that another builds on: what its visible checks say, or why there are none to say it.

    `file` is the student's work on its assignment. `is_mended`: the notebook has an older one; the saved one passes.
    """

    result: QuestionResult | None
    file: Path | None
    problem: str = ""
    is_mended: bool = False


@dataclass(frozen=True)
class Cause:
    """The question that is to be mended first, and what says so, in the place of a verdict on `question`."""

    question: QuestionAt
    at: QuestionAt
    lines: tuple[str, ...]

    @property
    def is_elsewhere(self) -> bool:
        return self.at.assignment != self.question.assignment

    @property
    def again(self) -> str:
        """What is said where the lines have been before."""
        if self.is_elsewhere:
            return messages.builds_on_it_too(self.question.name, self.at.name, self.at.assignment)
        return messages.builds_on_it_too_here(self.question.name, self.at.name)


def find_cause(
    question: QuestionAt, before: Mapping[QuestionAt, Any], look: Callable[[QuestionAt, Any], Standing]
) -> Cause | None:
    """The first of those questions that stands in the way; None where all do what their visible checks ask for.

    `before` are what `question` builds on, earliest first, each with the object that answers it here.
    """
    for at, answer in before.items():
        if lines := _blame(question, at, look(at, answer)):
            return Cause(question, at, lines)
    return None


def _blame(question: QuestionAt, at: QuestionAt, standing: Standing) -> tuple[str, ...]:
    """Why a question is to be mended first; nothing where it need not be."""
    name, asker, assignment = at.name, question.name, at.assignment
    is_here = assignment == question.assignment
    if standing.file is None and not is_here:
        told = messages.no_notebook_before(asker, name, assignment)
        return (told, standing.problem) if standing.problem else (told,)
    if standing.problem:
        return (messages.unreadable_before(asker, name, assignment), standing.problem)
    failed = [check for check in standing.result.checks if _is_not_passed(check)] if standing.result else []
    if not failed:
        return ()
    if standing.is_mended:
        return (messages.fetch_again(asker, name, assignment),)
    until_then = messages.until_then(asker)
    if all(check.outcome is Outcome.MISSING and not check.is_not_loaded for check in failed):
        told = messages.write_first_here(asker, name) if is_here else messages.write_first(asker, name, assignment)
        return (told, until_then)
    first = failed[0]
    title, message = first.title, student_message(first)
    if is_here or standing.file is None:
        return (messages.mend_first_here(asker, name), messages.says_here(title, message), until_then)
    file = f"{assignment}/{standing.file.name}"
    return (messages.mend_first(asker, name, assignment), messages.says(file, title, message), until_then)


def _is_not_passed(check: CheckResult) -> bool:
    return check.outcome not in (Outcome.PASSED, Outcome.GRADER_ERROR)


def fails(result: QuestionResult) -> bool:
    """Whether there is something to look for a cause of."""
    return any(map(_is_not_passed, result.checks))
