"""What students' own machines are told of known mistakes: each is run through the visible checks, as it would be there.

Only wrong answers are told. They are rounded, so that the same lesson gives the same file on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.at_home.checksum import checksum
from autograder.checking.at_home.known import KnownMistake, KnownMistakes, WrongAnswer, written
from autograder.checking.at_home.observed import Call, Observed
from autograder.checking.collection import AssignmentChecks, CheckRun
from autograder.checking.comparison.arrays import expected_of
from autograder.checking.comparison.plain import Plain
from autograder.checking.recognition.misconceptions import Misconception
from autograder.checking.recognition.slips import Answer
from autograder.checking.session import CheckSession
from autograder.course import messages
from autograder.course.lesson import CourseError
from autograder.course.loader import Assignment
from autograder.course.stand_ins.mistaken import Mistaken
from autograder.sandbox.protocol import Answers, Raised, Reply, Returned
from autograder.sandbox.wire.limits import MAX_DEPTH, CannotCrossError, WireError
from autograder.sandbox.wire.pack import pack
from autograder.sandbox.wire.values import Handle, Instance, Items
from autograder.submission.which_file import VISIBLE_CHECKS

TINY = 2.0**-40  # of the largest number: what is smaller is what is left of an error


def known_mistakes_file(assignment: Assignment) -> bytes:
    """The file that lies beside the visible checks. Raises ChecksError and CourseError."""
    try:
        return written(known_mistakes(assignment))
    except WireError as error:
        raise CourseError(messages.known_mistakes_too_large(assignment.folder, str(error))) from None


def known_mistakes(assignment: Assignment) -> KnownMistakes:
    """What the misconceptions of an assignment answer wrongly in its visible checks. Raises ChecksError."""
    alone = AssignmentChecks(assignment.parameters, assignment.folder / VISIBLE_CHECKS, folder=assignment.home)
    with CheckSession(alone) as session:
        right = {call.key: call for call in _calls(session, assignment.reference) if call.key}
        mistakes = [_known(session, assignment, each, right) for each in assignment.misconceptions]
    forms = {key: form for key, call in right.items() if (form := _form(call.reply)) is not None}
    checksums = {key: number for key, form in forms.items() if (number := checksum(form)) is not None}
    shown = [each for each in mistakes if any(answer for answers in each.variants for answer in answers.values())]
    return KnownMistakes(shown, forms, checksums)


def _known(
    session: CheckSession, assignment: Assignment, misconception: Misconception, right: dict[str, Call]
) -> KnownMistake:
    question = misconception.question

    def answers(function: Callable[..., Any]) -> dict[str, WrongAnswer | None]:
        calls = _calls(session, Mistaken(assignment.reference, question, function), question)
        compared = {call.key: call for call in calls if call.question == question and call.key in right}
        found = {key: _wrong_answer(call, right[key].reply) for key, call in compared.items()}
        return {key: answer for key, answer in found.items() if answer is not UNKNOWN}

    variants = [answers(function) for function in misconception.functions]
    return KnownMistake(misconception.name, question, misconception.statement, misconception.hint, variants)


def _calls(session: CheckSession, answers: Answers, question: str = "") -> list[Call]:
    observed = Observed()
    session.run(CheckRun(answers, observed=observed, question=question))
    return observed.calls


UNKNOWN = WrongAnswer(Returned(None), is_value_told=False)  # an answer that has no form outside of its process


def _wrong_answer(call: Call, right: Reply) -> WrongAnswer | None:
    """What is told of a mistake's answer; None where it is right."""
    if isinstance(right, Raised):
        if isinstance(call.reply, Raised) and right.type in call.reply.bases:
            return None
    elif isinstance(right, Returned) and isinstance(call.reply, Returned):
        if not (_has_form(right.value) and _has_form(call.reply.value)):
            return UNKNOWN
        answer = Answer(lambda args, kwargs: right, call.args, call.kwargs, call.reply, expected_of(right.value))
        if answer.is_right:
            return WrongAnswer(Returned(None, call.reply.changed), is_value_told=False) if call.reply.changed else None
    if isinstance(call.reply, Raised):
        return WrongAnswer(Raised(call.reply.type, call.reply.bases, call.reply.message))
    return WrongAnswer(Returned(_rounded(call.reply.value), call.reply.changed))


def _has_form(value: Any) -> bool:
    """Whether a value can be told: an object of a question's class cannot."""
    try:
        pack(value, [], MAX_DEPTH, strict=True)
    except CannotCrossError:
        return False
    return not _holds_handle(value)


def _holds_handle(value: Any) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return isinstance(value, Handle) or any(map(_holds_handle, parts))


def _form(reply: Reply) -> Any:
    """A right answer that is an array, or a tuple of them; None for all else."""
    if not isinstance(reply, Returned) or not _has_form(reply.value):
        return None
    expected = expected_of(reply.value)
    if isinstance(expected, Plain):
        return None
    return tuple(map(np.asarray, expected)) if isinstance(expected, tuple) else np.asarray(expected)


def _rounded(value: Any) -> Any:
    """A value with numbers of as many digits as single precision has, which are the same on every machine."""
    match value:
        case np.ndarray() | np.generic():
            return _rounded_array(np.asarray(value))
        case float():
            return float(_rounded_array(np.asarray(value)))
        case complex():
            return complex(_rounded_array(np.asarray(value)))
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list() | tuple() if type(value) in (list, tuple):
            return type(value)(map(_rounded, value))
        case Instance():
            return Instance(value.type, {name: _rounded(each) for name, each in value.fields.items()}, value.is_tuple)
        case Items():
            return Items(tuple(map(_rounded, value.items)), value.more)
    return value


def _rounded_array(array: Any) -> Any:
    if array.dtype.kind not in "fc":
        return array
    largest = np.max(np.abs(array[np.isfinite(array)]), initial=0)
    whole = np.where(np.abs(array) <= TINY * largest, 0, np.where(np.isnan(array), np.nan, array))
    with np.errstate(over="ignore"):
        single = whole.astype(np.complex64 if array.dtype.kind == "c" else np.float32)
    return single if np.array_equal(np.isfinite(single), np.isfinite(whole)) else whole
