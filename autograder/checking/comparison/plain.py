"""Values that are no arrays: text, sets, dicts, records. They are compared by type, and entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checking.comparison import messages
from autograder.checking.comparison.short import shown
from autograder.checking.recognition.messages import Wrong
from autograder.sandbox.protocol import Matrix, Opaque
from autograder.sandbox.wire.values import Instance, Items, instance_of, read_out

WHOLE = 1e-9  # how far a float may be from the whole number that it stands for
MAX_DEPTH = 40  # of what is compared: more than crosses the wire
Close = Callable[[complex, complex], bool]


@dataclass(frozen=True)
class Plain:
    """What is expected where it is no array; `compare` is the author's own comparison, of both values."""

    value: Any
    compare: Callable[[Any, Any], bool] | None = None


@dataclass(frozen=True)
class Mismatch:
    """Where a value is another one than is expected, and how; `place` is the way to it, from the outermost value on."""

    wrong: Wrong
    place: str
    fields: Mapping[str, object]


def is_whole(value: Any) -> bool:
    """Whether it is one of Python's whole numbers, or a list or tuple of such."""
    return type(value) is int or (type(value) in (list, tuple) and bool(value) and all(map(is_whole, value)))


def whole_as(expected: Any, array: NDArray[Any] | None, otherwise: Any) -> Any:
    """An answer's whole numbers as Python's own, like the reference's: those of an array have an end."""
    if array is None or array.dtype.kind not in "iu":
        return otherwise
    return tuple(array.tolist()) if isinstance(expected, tuple) else array.tolist()


def normal(value: Any, depth: int = MAX_DEPTH) -> Any:
    """A value as it crosses the wire: what stands for a dataclass, and Python's numbers for NumPy's scalars."""
    if depth == 0:
        return value
    if isinstance(value, Matrix):
        return value.array
    if isinstance(value, np.ndarray):
        return value.item() if not value.shape else value
    if isinstance(value, np.generic):
        return value.item()
    if instance := instance_of(value):
        value = instance
    if isinstance(value, Instance):
        fields = {name: normal(each, depth - 1) for name, each in value.fields.items()}
        return Instance(value.type, fields, value.is_tuple)
    value = read_out(value)
    if isinstance(value, Items):
        return Items(tuple(normal(each, depth - 1) for each in value.items), value.more)
    if isinstance(value, dict):
        return {normal(key, depth - 1): normal(each, depth - 1) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return type(value)(normal(each, depth - 1) for each in value)
    if isinstance(value, list | tuple):
        return type(value)(normal(each, depth - 1) for each in value)
    return bytes(value) if isinstance(value, bytearray) else value


def mismatch(actual: Any, expected: Any, close: Close) -> Mismatch | None:
    """The first place in which a student's value is not what is expected; None where it is right."""
    return next(_mismatches(normal(actual), normal(expected), close, ""), None)


def _mismatches(actual: Any, expected: Any, close: Close, place: str) -> Iterator[Mismatch]:
    if _kind(actual) != _kind(expected):
        wanted = messages.described(expected)
        yield Mismatch(Wrong.OTHER_KIND, place, {"answer": messages.described(actual), "wanted": wanted})
        return
    match expected:
        case Instance():
            yield from _entries(actual.fields, expected.fields, close, place, "{}.{}")
        case dict():
            yield from _entries(actual, expected, close, place, "{}[{}]")
        case Items():
            yield from _sequences(actual.items, expected.items, close, place)
            if actual.more != expected.more:
                yield _other(actual, place)
        case list() | tuple():
            yield from _sequences(actual, expected, close, place)
        case np.ndarray():
            yield from _arrays(actual, expected, close, place)
        case set() | frozenset() if actual != expected:
            extra, lacking = len(actual - expected), len(expected - actual)
            yield Mismatch(Wrong.OTHER_ENTRIES, place, {"extra": extra, "lacking": lacking})
        case int() | float() | complex() if type(expected) is not bool:
            if not _same_number(actual, expected, close):
                yield _other(actual, place)
        case Opaque():  # of which nothing is known
            yield _other(actual, place)
        case _ if actual != expected:
            yield _other(actual, place)


def _other(actual: Any, place: str) -> Mismatch:
    return Mismatch(Wrong.OTHER_VALUE, place, {"answer": shown(actual)})


def _kind(value: Any) -> str:
    """Values of two kinds are never alike; all numbers are of one, whether whole or not."""
    if isinstance(value, Instance):
        return f"an instance of {value.type}"
    if type(value) in (int, float, complex):
        return "a number"
    return type(value).__name__


def _same_number(actual: complex, expected: complex, close: Close) -> bool:
    """Whole numbers are what they are; nan and infinity are right where they are expected."""
    if actual == expected or (actual != actual and expected != expected):
        return True
    try:
        if isinstance(expected, int):  # for which a float may stand
            return isinstance(actual, float) and abs(actual - expected) <= WHOLE
        return bool(np.isfinite(complex(actual)) and np.isfinite(complex(expected))) and close(actual, expected)
    except OverflowError:
        return False


def _sequences(actual: Any, expected: Any, close: Close, place: str) -> Iterator[Mismatch]:
    if len(actual) != len(expected):
        yield Mismatch(Wrong.OTHER_LENGTH, place, {"count": len(actual), "wanted": len(expected)})
        return
    for number, (each, wanted) in enumerate(zip(actual, expected, strict=True)):
        yield from _mismatches(each, wanted, close, f"{place}[{number}]")


def _entries(
    actual: Mapping[Any, Any], expected: Mapping[Any, Any], close: Close, place: str, form: str
) -> Iterator[Mismatch]:
    extra, lacking = actual.keys() - expected.keys(), expected.keys() - actual.keys()
    if extra or lacking:
        yield Mismatch(Wrong.OTHER_KEYS, place, {"extra": len(extra), "lacking": len(lacking)})
        return
    for key in expected:
        name = str(key) if form == "{}.{}" else shown(key)
        yield from _mismatches(actual[key], expected[key], close, form.format(place, name))


def _arrays(actual: Any, expected: Any, close: Close, place: str) -> Iterator[Mismatch]:
    kinds = [array.dtype.names or array.dtype.kind for array in (actual, expected)]
    if actual.shape != expected.shape or (kinds[0] != kinds[1] and not {*kinds} <= {*"biufc"}):
        answer, wanted = messages.array_of(actual), messages.array_of(expected)
        yield Mismatch(Wrong.OTHER_KIND, place, {"answer": answer, "wanted": wanted})
    elif names := expected.dtype.names:
        for name in names:
            yield from _arrays(actual[name], expected[name], close, f"{place}[{name!r}]")
    else:
        for index in np.argwhere(~_alike(actual, expected)):
            one, other = actual[tuple(index)].item(), expected[tuple(index)].item()
            is_number = isinstance(other, int | float | complex)
            if not is_number or not _same_number(one, other, close):
                yield _other(one, f"{place}[{', '.join(map(str, index))}]")
                return


def _alike(actual: Any, expected: Any) -> Any:
    """Where two arrays are the same, or both have no number."""
    same = actual == expected
    return same | ((actual != actual) & (expected != expected))
