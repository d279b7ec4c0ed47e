"""The assertions of a check. One that fails ends it with a message for the student, never with an expected array."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.checking import author_messages, messages
from autograder.checking.at_home.observed import note_comparison
from autograder.checking.calls.function import StudentFunction
from autograder.checking.comparison.arrays import Array, first_position, to_array, usable
from autograder.checking.comparison.compared import Compared
from autograder.checking.comparison.tolerance import Tolerance
from autograder.checking.recognition.judge import CourseFaultError, NotPassedError, Quoted, error
from autograder.checking.recognition.misconceptions import changes
from autograder.language.current import translated
from autograder.report.model import Outcome
from autograder.sandbox.protocol import Raised, Returned, Unsteady
from autograder.sandbox.repeat import alike

OPTIONS = ("rtol", "atol", "raises", "compare")


def assert_matches(
    student_function: StudentFunction, reference_function: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> None:
    """Assert that the student's function answers as the reference does.

    student_function:   `student.NAME`, from the fixture `student`
    reference_function: `reference.NAME`, from the fixture `reference`; or any function of the same arguments
    args, kwargs:       what both are called with, each on copies of its own: plain values, arrays, dataclasses, `rng`
                        (both draw the same from it), functions of the lesson, of NumPy or of Python
    rtol, atol:         tolerances of this call, instead of the usual ones
    raises:             the exception that the reference raises, and so must the student's function; or several
    compare:            how the two answers are compared: `any_order`, `up_to_sign`, or a function of the answer and the
                        reference's that says whether the answer is right

    Where the function itself has a parameter of such a name, that is meant; ours is then called `rtol_`, and so on.

    Right is: the same kind and shape, and |answer - expected| <= atol + rtol * |expected| elementwise, with rtol 1e-6
    and atol 1e-9, or 1e-3 and 1e-5 where an argument is float32; one array or several, in order. Whole numbers and text
    must be the same, and sets, dicts, dataclasses and lists of these of the same type, entry by entry; nan and infinity
    are right where the reference has them. Of an iterator, 10,000 entries are compared. With `raises`, an exception of
    its class or of one derived from it is right, if some other call of the question is answered rightly. A
    misconception that alone explains the answer is named. What is right but for a slip, such as rounding, costs the
    first check in which it shows, and no other.

    Raises NotPassedError: MISSING (not written), ERROR (raised), TIMEOUT, CRASHED, or FAILED, in this order: wrong kind
    or rank, wrong shape, not finite, wrong numbers. The message shows no expected number. CourseFaultError where the
    reference raises something else than is declared, or returns what cannot be compared.

        assert_matches(student.softmax, reference.softmax, rng.normal(size=(3, 5)))
    """
    _require_function(student_function, "assert_matches")
    options, kwargs = student_function.options(kwargs, OPTIONS)
    args, kwargs = student_function.trusted_arguments(args, kwargs)
    expected = student_function.trusted(reference_function, args, kwargs)
    reply = student_function.reply(args, kwargs)
    raises = options.get("raises", ())
    tolerance, compare = _tolerance(options, [*args, *kwargs.values()]), options.get("compare")
    if (observed := student_function.student.observed) is not None:
        observed.judged(tolerance, compare)
    if wrong := student_function.judge(
        args,
        kwargs,
        reply,
        expected,
        raises=raises if isinstance(raises, tuple) else (raises,),
        tolerance=tolerance,
        compare=compare,
    ):
        raise wrong


def _require_function(first: Any, assertion: str) -> None:
    """Raises CourseFaultError where a check hands over an answer, or a function of another's."""
    if not isinstance(first, StudentFunction):
        raise CourseFaultError(author_messages.not_a_function(assertion, type(first).__name__))


def _tolerance(options: Mapping[str, Any], arguments: Sequence[Any]) -> Tolerance | None:
    """That of a call, where a check says one."""
    if not {"rtol", "atol"} & options.keys():
        return None
    usual = Tolerance.of(arguments)
    relative, absolute = options.get("rtol", usual.relative), options.get("atol", usual.absolute)
    return Tolerance(relative, absolute, whole_numbers_too=True)


def assert_no_side_effects(student_function: StudentFunction, /, *args: Any, **kwargs: Any) -> None:
    """Assert that nothing is left of a call but its answer, and that the same call is answered the same again.

    student_function: `student.NAME`
    args, kwargs:     what it is called with, several times; small arrays do

    The function must leave its arguments as they were, in this call and in all calls that the question's other checks
    have made: this one runs last. (A visible check looks back at the calls of visible ones, as it does at home.) Its
    answers of before must be what they were. In a hidden check the answers must be right as well, to these arguments
    and to some of the same shapes: a function that does nothing leaves all alone.

    Raises NotPassedError as `assert_matches` does; the message names the arguments that were changed.

        assert_no_side_effects(student.softmax, rng.normal(size=(3, 5)))
    """
    _require_function(student_function, "assert_no_side_effects")
    args, kwargs = student_function.trusted_arguments(args, kwargs)
    earlier = student_function.record.changing if student_function.looks_back else None
    if earlier and (earlier.visible or not student_function.student.is_visible):
        _unchanged(student_function, earlier.args, earlier.kwargs)
    reply = _unchanged(student_function, args, kwargs)
    if reply is None:
        return
    call_text = student_function.describe(args, kwargs)
    if (right := student_function.right(args, kwargs)) is not None:
        if isinstance(right, Raised):
            raise CourseFaultError(author_messages.reference_raises(call_text, right))
        if wrong := student_function.judge(args, kwargs, reply, right):
            raise wrong
    elif usable(reply.value) is None and reply.value is not None:
        raise NotPassedError(Outcome.FAILED, messages.returned(call_text, reply.value))
    for others in _varied(args):
        other = student_function.reply(others, kwargs)
        right = student_function.right(others, kwargs)
        if isinstance(right, Returned) and (wrong := student_function.judge(others, kwargs, other, right)):
            raise wrong
    again = student_function.repeat(args, kwargs)
    if not isinstance(again, Unsteady):
        again = student_function.settle(again, args, kwargs)
        steady = isinstance(again, Returned) and alike(again.value, reply.value)
        again = again if steady else Unsteady(overwritten=False)
    if isinstance(again, Unsteady):
        raise NotPassedError(Outcome.FAILED, messages.unsteady(call_text, student_function.name, again))


def _varied(args: Sequence[Any]) -> list[list[Any]]:
    """Other arguments of the same shapes: what is kept by shape, or by one argument, is wrong for them."""
    first = [_turned(args[0]), *args[1:]] if args else []
    rest = [*args[:1], *map(_turned, args[1:])]
    return [others for others in (first, rest) if any(map(operator.is_not, others, args))]


def _turned(value: Any) -> Any:
    """An array, or those in a dict, with the last axis the other way round; all else as it is."""
    if isinstance(value, dict):
        return {name: _turned(each) for name, each in value.items()}
    return np.flip(value, axis=-1) if isinstance(value, np.ndarray) and value.ndim else value


def _unchanged(student_function: StudentFunction, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Returned | None:
    """What a call returned that leaves its arguments as they were; None where a slip is all that made it raise."""
    reply = student_function.reply(args, kwargs)
    if isinstance(reply, Raised):
        right = student_function.right(args, kwargs)
        if isinstance(right, Returned) and student_function.judge(args, kwargs, reply, right) is None:
            return None
        raise error(student_function.describe(args, kwargs), reply)
    if reply.changed:
        known = student_function.question.recognise(
            lambda wrong: changes(wrong) == frozenset(reply.changed), args, kwargs
        )
        parameters = [student_function.parameter(key) for key in reply.changed]
        finding = messages.changed_input(student_function.describe(args, kwargs), parameters)
        raise NotPassedError(Outcome.FAILED, finding, known)
    return reply


def assert_allclose(actual: Any, desired: Any, why: str = "", *, rtol: float = 1e-6, atol: float = 1e-9) -> None:
    """Assert |actual - desired| <= atol + rtol * |desired|, elementwise.

    actual:     array-like of numbers, any shape; made from a student's answer
    desired:    a number for all of it, or array-like of actual's shape
    why:        a sentence that the student reads in front of the finding
    rtol, atol: the relative and the absolute tolerance; worked examples, printed with two digits, take atol=5e-3

    Raises NotPassedError (FAILED). The message shows `desired` only where it is a single number; in a hidden check,
    only one that is written in Python (`1`, `0.5`) and is not what a function of the student's should have returned.
    An array in a visible check is shown by `check` at home, beside the student's own.

        assert_allclose(student.softmax(S).sum(axis=-1), 1.0, "Each row of weights sums to 1.")
    """
    array = to_array(actual)
    expected = np.asarray(desired, dtype=np.float64)
    why = translated(why)
    if array is None:
        raise NotPassedError(Outcome.FAILED, messages.after_why(why, messages.yours_is(actual)))
    tolerance = Tolerance(rtol, atol)
    if expected.ndim and array.shape != expected.shape:
        note_comparison(actual, array, expected, tolerance, is_right=False)
        finding = messages.other_shape(array.shape, expected.shape)
        other = Compared(array, expected, None, tolerance)
        raise NotPassedError(Outcome.FAILED, messages.after_why(why, finding), compared=other)
    wanted = np.broadcast_to(expected, array.shape)
    with np.errstate(all="ignore"):
        error_size = np.abs(array - wanted) / (atol + rtol * np.abs(wanted))
    wrong = ~(error_size <= 1)
    note_comparison(actual, array, wanted, tolerance, is_right=not wrong.any())
    if not wrong.any():
        return
    finding = _array_off(array, wrong)
    quoted = None
    if not expected.ndim:
        quoted = Quoted(desired, messages.after_why(why, finding))
        finding = _number_off(array, wrong, format(float(expected), "g"))
    margin = float(np.max(error_size[np.isfinite(error_size)], initial=0)) or np.inf
    compared = Compared(array, expected, wrong, tolerance) if expected.ndim else None
    told = messages.after_why(why, finding)
    raise NotPassedError(Outcome.FAILED, told, margin=margin, compared=compared, quoted=quoted)


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
