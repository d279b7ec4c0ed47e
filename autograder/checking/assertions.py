"""The assertions of a check. Each ends a check that fails with words for the student, never with an expected number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking import messages
from autograder.checking.comparison import Tolerance, difference, to_array, to_arrays
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
            finding, margin = f"{call_text} {found.message}.", found.margin
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
            raise NotPassedError(Outcome.FAILED, f"{messages.last_call(call_text, reply)}.")
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
        raise NotPassedError(Outcome.FAILED, messages.property_fails(why, f"Yours is {messages.returned(actual)}."))
    if theirs.ndim and mine.shape != theirs.shape:
        raise NotPassedError(
            Outcome.FAILED, messages.property_fails(why, messages.other_shape(mine.shape, theirs.shape))
        )
    found = np.broadcast_to(theirs, mine.shape)
    with np.errstate(all="ignore"):
        error_size = np.abs(mine - found) / (atol + rtol * np.abs(found))
    if not (wrong := ~(error_size <= 1)).any():
        return
    where = tuple(int(index) for index in np.argwhere(wrong)[0])
    value, count = float(mine[where]), int(wrong.sum())
    if theirs.ndim:
        detail = messages.off_array(where, value, count, mine.size)
    else:
        detail = messages.off_scalar(where, value, float(theirs), count, mine.size)
    raise NotPassedError(
        Outcome.FAILED, messages.property_fails(why, detail), margin=float(np.nanmax(error_size, initial=0)) or np.inf
    )


def _tupled(value: Any) -> Any:
    """What a trusted function returned: one array, or a tuple of several."""
    return tuple(value) if isinstance(value, list | tuple) else value
