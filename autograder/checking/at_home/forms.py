"""Answers of which no more is known than what shape the right ones have."""

from __future__ import annotations

from typing import Any

from autograder.checking.comparison.arrays import Difference, is_of_as_many, shaped, usable
from autograder.checking.recognition.judge import NotPassedError
from autograder.report.model import Outcome


def formed(value: Any, form: Any, call: str) -> tuple[Any, NotPassedError | None]:
    """What a check may use of an answer, and why it does not pass in the end: the shape is another one.

    Of a wrong shape the check may have more to say than we, so that it goes on. Raises NotPassedError where there
    should be one array, and are several, or the other way round.
    """
    found = shaped(value, form)
    if not isinstance(found, Difference):
        return found, None
    wrong = NotPassedError(Outcome.FAILED, found.message(call))
    if not is_of_as_many(value, form):
        raise wrong
    return usable(value), wrong
