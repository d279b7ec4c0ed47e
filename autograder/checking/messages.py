"""Every sentence that a check says to a student. None of them shows an expected number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.sandbox.protocol import CodeLine, Crashed, Matrix, Missing, Opaque, Raised, Returned, TimedOut

IN_PLACE = "Operators like `+=` and `out=` write into the array that was handed in: make a new one instead."
KINDS = {"c": "complex numbers", "O": "objects", "U": "text", "S": "bytes"}


def call(name: str, parameters: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """A call as a student would write it down: `softmax(S: (3, 5))`."""
    given = [_argument(parameters[place] if place < len(parameters) else "", value) for place, value in enumerate(args)]
    return f"{name}({', '.join(given + [_argument(key, value) for key, value in kwargs.items()])})"


def _argument(name: str, value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{name}: {value.shape}" if name else str(value.shape)
    if isinstance(value, Mapping):
        return f"{name}: a dict of {len(value)} arrays"
    return f"{name}={value!r}" if name else repr(value)


def returned(value: Any) -> str:
    """What came back, by kind and shape."""
    match value:
        case None:
            return "None (is there a `return`?)"
        case Matrix(array):
            return f"a matrix of shape {array.shape}"
        case np.ndarray() | np.generic() if value.dtype.kind not in "biuf":
            return f"an array of {KINDS.get(value.dtype.kind, 'something else than numbers')}"
        case np.ndarray() | np.generic():
            return f"an array of shape {value.shape}" if value.shape else "a single number"
        case bool() | int() | float() | complex():
            return "a single number"
        case list() | tuple():
            shapes = [str(part.shape) if isinstance(part, np.ndarray) else type(part).__name__ for part in value[:5]]
            more = ", …" if len(value) > 5 else ""
            return f"a {type(value).__name__} of {len(value)} ({', '.join(shapes)}{more})"
        case Opaque(kind):
            return f"something of type {kind}"
    return f"something of type {type(value).__name__}"


def not_an_array(value: Any, expected: tuple[int, ...]) -> str:
    return f"returned {returned(value)}; {_shape(expected)} is asked for"


def not_several(value: Any, count: int) -> str:
    return f"returned {returned(value)}; {count} arrays are asked for, in order"


def part_of_several(place: int, count: int, message: str) -> str:
    return f"returned {count} values; number {place} is not right: it {message.replace('returned', 'is', 1)}"


def wrong_shape(actual: tuple[int, ...], expected: tuple[int, ...]) -> str:
    return f"returned {_shape(actual)}; {_shape(expected)} is asked for"


def not_finite(where: tuple[int, ...], value: float, count: int, size: int, shape: tuple[int, ...]) -> str:
    odd = f"{_count(count, size)} {_be(count)} not finite; {_first(where, value, count)}"
    return f"returned {_shape(shape)} in which {odd}"


def wrong_numbers(where: tuple[int, ...], value: float, count: int, size: int, shape: tuple[int, ...]) -> str:
    wrong = f"{_count(count, size)} {_be(count)} wrong; {_first(where, value, count)}"
    return f"returned {_shape(shape)}, as asked, but {wrong}"


def _shape(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "a single number"


def _count(count: int, size: int) -> str:
    return f"{count} of {size} numbers"


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _first(where: tuple[int, ...], value: float, count: int) -> str:
    place = f"[{', '.join(map(str, where))}]" if where else "it"
    which = "it" if count == 1 else "the first"
    return f"{which} stands at {place}, where yours has {value:.4g}" if where else f"yours is {value:.4g}"


def changed_input(call_text: str, names: Sequence[str]) -> str:
    listed = " and ".join(f"`{name}`" for name in names)
    return f"{call_text} changed its input {listed}. {IN_PLACE}"


def should_raise(call_text: str, kind: str, value: Any) -> str:
    return f"{call_text} should raise {kind}: it cannot be done. It returned {returned(value)}."


def missing(name: str, reply: Missing) -> str:
    if reply.reason:
        return f"`{name}` could not be read: {reply.reason}."
    return f"There is no function `{name}` yet. Its name must be exactly that."


def not_implemented(name: str, said: str) -> str:
    """`said` is what a function of an earlier assignment says of itself when it is not there yet."""
    return said or f"`{name}` is still to be written: replace `raise NotImplementedError()` with your own lines."


def raised(call_text: str, reply: Raised) -> str:
    message = f": {reply.message.strip()}" if reply.message else ""
    return f"{call_text} raised {reply.type}{message}{_where(reply.line)}"


def _where(line: CodeLine | None) -> str:
    return f"\nIn {line.label}, line {line.number}: `{line.text}`" if line else ""


def timed_out(call_text: str, reply: TimedOut) -> str:
    if reply.altogether:
        return f"{call_text} was not tried: the calls before it had taken {reply.seconds:g} s, and no more is allowed."
    return f"{call_text} had no answer after {reply.seconds:g} s and was stopped. Is there a loop that never ends?"


def not_tried_again(name: str) -> str:
    return f"Not run: time had run out in two checks of `{name}` before."


def crashed(call_text: str, reply: Crashed) -> str:
    return f"{call_text} brought no answer: the process that ran it {reply.reason}."


def upstream(question: str, blamed: str) -> str:
    return (
        f"Your `{question}` is right here, and earns its points. It was tried with a right `{blamed}`, because with "
        f"yours this check fails: mend `{blamed}`."
    )


def unusable(last_call: str) -> str:
    return f"The check could not use the answer: {last_call}."


def last_call(call_text: str, reply: Returned) -> str:
    return f"{call_text} returned {returned(reply.value)}"


def grader_error(detail: str) -> str:
    return (
        f"The check itself failed; this is the grader's fault, not yours, and costs you nothing in the end. ({detail})"
    )


def property_fails(why: str, detail: str) -> str:
    return f"{why} {detail}".strip()


def off_scalar(where: tuple[int, ...], actual: float, desired: float, count: int, size: int) -> str:
    return f"{_count(count, size)} should be {desired:g} and {_be(count)} not; {_first(where, actual, count)}."


def off_array(where: tuple[int, ...], actual: float, count: int, size: int) -> str:
    return f"{_count(count, size)} {_be(count)} not as they should be; {_first(where, actual, count)}."


def other_shape(actual: tuple[int, ...], desired: tuple[int, ...]) -> str:
    return f"The shape is {actual}; {desired} is asked for."
