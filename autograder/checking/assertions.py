"""The assertions of a check. Each ends a check that fails with words for the student, never with an expected number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking import messages
from autograder.checking.comparison import Array, Tolerance, difference, first_position, to_array, to_arrays
from autograder.checking.misconceptions import changes, recognise, same_exception
from autograder.checking.student import NotPassedError, StudentFunction, error
from autograder.report.model import Outcome
from autograder.sandbox.execute import execute
from autograder.sandbox.protocol import Raised, Reply, Returned


def assert_matches(
    student_function: StudentFunction, reference_function: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> None:
    """The student's function answers as the reference does: the same numbers, or an exception of the same class.

    In this order: not implemented, raised, wrong type or rank, wrong shape, not finite, wrong numbers; whichever it
    is, a misconception that explains it is named. Tolerances: rtol 1e-6 and atol 1e-9; 1e-3 and 1e-5 for float32
    arguments.
    """
    expected = execute(reference_function, args, kwargs, lambda _filename, _number: None)
    reply = student_function.reply(args, kwargs)
    tolerance = Tolerance.of([*args, *kwargs.values()])
    call_text = student_function.describe(args, kwargs)

    def alike(wrong: Reply) -> bool:
        if isinstance(reply, Returned) and isinstance(wrong, Returned):
            return difference(reply.value, _tupled(wrong.value), tolerance, nan_is_nan=True) is None
        return same_exception(reply, wrong)

    match reply, expected:
        case Raised(), Raised():
            if expected.type in reply.bases:
                return
            raise error(call_text, reply, recognise(student_function.misconceptions, alike, args, kwargs))
        case Raised(), _:
            raise error(call_text, reply, recognise(student_function.misconceptions, alike, args, kwargs))
        case Returned(), Raised():
            finding, margin = messages.should_raise(call_text, expected.type, reply.value), np.inf
        case Returned(), Returned():
            found = difference(reply.value, _tupled(expected.value), tolerance)
            if found is None:
                return
            finding, margin = found.message(call_text), found.margin
    known = recognise(student_function.misconceptions, alike, args, kwargs)
    raise NotPassedError(Outcome.FAILED, finding, known, margin=margin)


def assert_keeps_inputs(student_function: StudentFunction, /, *args: Any, **kwargs: Any) -> None:
    """The student's function answers with numbers, and leaves its arguments as they were."""
    reply = student_function.reply(args, kwargs)
    call_text = student_function.describe(args, kwargs)
    if isinstance(reply, Raised):
        raise error(call_text, reply)
    if not reply.changed:
        if to_arrays(reply.value) is None:  # one that does nothing keeps its arguments as well
            raise NotPassedError(Outcome.FAILED, messages.returned(call_text, reply.value))
        return
    known = recognise(
        student_function.misconceptions, lambda wrong: changes(wrong) == frozenset(reply.changed), args, kwargs
    )
    finding = messages.changed_input(call_text, [student_function.parameter(key) for key in reply.changed])
    raise NotPassedError(Outcome.FAILED, finding, known)


def assert_allclose(actual: Any, desired: Any, why: str = "", *, rtol: float = 1e-6, atol: float = 1e-9) -> None:
    """`actual`, made from a student's answer, is `desired`: a number for all of it, or an array of its shape.

    `why` is a sentence that the student reads when it is not. A number is shown in the message, an array is not.
    """
    mine = to_array(actual)
    theirs = np.asarray(desired, dtype=np.float64)
    if mine is None:
        raise NotPassedError(Outcome.FAILED, messages.after_why(why, messages.yours_is(actual)))
    if theirs.ndim and mine.shape != theirs.shape:
        raise NotPassedError(Outcome.FAILED, messages.after_why(why, messages.other_shape(mine.shape, theirs.shape)))
    wanted = np.broadcast_to(theirs, mine.shape)
    with np.errstate(all="ignore"):
        error_size = np.abs(mine - wanted) / (atol + rtol * np.abs(wanted))
    if not (wrong := ~(error_size <= 1)).any():
        return
    finding = _array_off(mine, wrong) if theirs.ndim else _number_off(mine, wrong, format(float(theirs), "g"))
    margin = float(np.nanmax(error_size, initial=0)) or np.inf
    raise NotPassedError(Outcome.FAILED, messages.after_why(why, finding), margin=margin)


def _array_off(numbers: Array, wrong: Array) -> str:
    position, value = first_position(wrong, numbers)
    if not numbers.shape:
        return messages.the_number_is_off(value)
    count = int(wrong.sum())
    if count == 1:
        return messages.one_is_off(numbers.size, position, value)
    return messages.some_are_off(count, numbers.size, position, value)


def _number_off(numbers: Array, wrong: Array, desired: str) -> str:
    """The same where all numbers should be one, which may be shown."""
    position, value = first_position(wrong, numbers)
    if not numbers.shape:
        return messages.the_number_should_be(desired, value)
    count = int(wrong.sum())
    if count == 1:
        return messages.one_should_be(numbers.size, desired, position, value)
    return messages.some_should_be(count, numbers.size, desired, position, value)


def _tupled(value: Any) -> Any:
    """What a trusted function returned: one array, or a tuple of several."""
    return tuple(value) if isinstance(value, list | tuple) else value
