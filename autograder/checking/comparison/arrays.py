"""Are these the right numbers? Compares what a student returned with what the reference returns, in a fixed order."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checking.comparison import messages
from autograder.checking.comparison.plain import Plain, is_whole, mismatch, normal, whole_as
from autograder.checking.comparison.short import shown
from autograder.checking.comparison.tolerance import Tolerance
from autograder.checking.recognition.messages import Wrong
from autograder.language.current import translated
from autograder.sandbox.protocol import Matrix, Opaque
from autograder.sandbox.wire.values import Instance

Array = NDArray[Any]
SCALARS = {bool, int, float, complex}
NUMBERS = (*SCALARS, np.number, np.bool_, np.ndarray)  # what a list may hold that is to be an array
MAX_NUMBERS = 1 << 21  # in such a list, those in its arrays included
MAX_RANGE = 1 << 12  # numbers that a range may stand for
MAX_NESTED = 32  # lists, each in the next; NumPy's arrays have as many axes everywhere
MAX_PARTS = 1000  # arrays that an answer may have; a list of more is one array, or none


@dataclass(frozen=True)
class Difference:
    """Why a value is not right, worded when it is asked for. `margin` is the largest error in units of the tolerance.

    `part` and `parts` tell which of several values it is.
    """

    wrong: Wrong
    fields: Mapping[str, object]
    margin: float = math.inf
    part: int = 0
    parts: int = 0
    place: str = ""  # in a value that is no array

    def message(self, call: str) -> str:
        """The sentence, about a call as a student would write it down."""
        template = translated(self.wrong.as_part if self.parts or self.place else self.wrong.alone)
        return template.format(call=call, part=self.part, parts=self.parts, place=self.place, **self.fields)


def to_array(value: Any) -> Array | None:
    """The numbers in an array, a nested list or a scalar; None when it holds anything else or is ragged."""
    if isinstance(value, Matrix):
        value = value.array
    if isinstance(value, Instance):
        value = value.parts if value.is_tuple else None
    if isinstance(value, range) and len(value) > MAX_RANGE:
        return None
    if value is None or isinstance(value, str | dict):
        return None
    if isinstance(value, list | tuple) and not _holds_numbers(value):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if array.dtype.kind == "c" and not array.imag.any():
        array = array.real
    return array if array.dtype.kind in "biuf" else None


def _holds_numbers(values: Sequence[Any]) -> bool:
    """Whether lists in lists hold numbers and nothing else.

    It is to be known before NumPy makes an array of them: in one of text, each entry takes as much as the longest.
    """
    for _ in range(MAX_NESTED):
        kinds = set(map(type, values))
        lists = {kind for kind in kinds if issubclass(kind, list | tuple)}
        if not all(issubclass(kind, NUMBERS) for kind in kinds - lists):
            return False
        inner = [value for value in values if isinstance(value, list | tuple)] if lists else []
        arrays = [value for value in values if isinstance(value, np.ndarray)] if kinds - lists - SCALARS else []
        if len(values) + sum(map(len, inner)) + sum(array.size for array in arrays) > MAX_NUMBERS:
            return False
        if not inner:
            return True
        values = list(chain.from_iterable(inner))
    return False


def to_arrays(value: Any) -> Array | tuple[Array, ...] | None:
    """One array, or several where a tuple or list holds arrays of different shapes; None for anything else."""
    if (array := to_array(value)) is not None:
        return array
    if isinstance(value, Instance) and value.is_tuple:
        value = value.parts
    if isinstance(value, list | tuple) and len(value) <= MAX_PARTS:
        parts = tuple(part for part in map(to_array, value) if part is not None)
        return parts if len(parts) == len(value) else None
    return None


def tupled(value: Any) -> Any:
    """What a trusted function returned: one array, or a tuple of several; a list of none, or very many, is one."""
    if not isinstance(value, list | tuple):
        return value
    return tuple(value) if 0 < len(value) <= MAX_PARTS else list(value)


def expected_of(value: Any) -> Any:
    """What a trusted function returned, as it is compared: one array, a tuple of several, or a plain value."""
    return Plain(value) if to_arrays(value) is None else tupled(value)


def usable(value: Any) -> Any:
    """What a check may compute with: one array, a tuple of several, or a plain value; None for anything else."""
    arrays = to_arrays(value)
    if arrays is not None:
        return arrays
    return None if isinstance(value, Opaque) else normal(value)


def _plain_difference(actual: Any, expected: Plain, tolerance: Tolerance) -> Difference | None:
    def close(number: complex, wanted: complex) -> bool:
        try:
            return abs(number - wanted) <= tolerance.absolute + tolerance.relative * abs(wanted)
        except OverflowError:
            return False

    if expected.compare is not None:
        answer = {"answer": shown(actual) if is_whole(actual) else messages.described(actual)}
        return None if _agree(expected.compare, actual, expected.value) else Difference(Wrong.NOT_RIGHT, answer)
    found = mismatch(actual, expected.value, close)
    return Difference(found.wrong, found.fields, place=found.place) if found else None


def _agree(compare: Callable[[Any, Any], bool], actual: Any, expected: Any) -> bool:
    """An author's comparison may trip over what a student returned: then it is not right."""
    try:
        if is_whole(expected):
            return bool(compare(whole_as(expected, to_array(actual), usable(actual)), expected))
        return bool(compare(usable(actual), usable(expected)))
    except Exception:
        return False


def difference(actual: Any, expected: Any, tolerance: Tolerance, *, nan_is_nan: bool = False) -> Difference | None:
    """How `actual`, a student's value, differs from `expected`; None when it is right.

    `expected` is an array or a number, or a tuple of them, or `Plain`. `nan_is_nan` accepts nan and inf where
    `expected` has the same.
    """
    if isinstance(expected, Plain):
        return _plain_difference(actual, expected, tolerance)
    if not isinstance(expected, tuple):
        return _one(actual, np.asarray(expected), tolerance, nan_is_nan)
    parts = _parts(actual, expected)
    if isinstance(parts, Difference):
        return parts
    first, margin = None, 0.0
    for number, (value, wanted) in enumerate(zip(parts, expected, strict=True), 1):
        if different := _one(value, np.asarray(wanted), tolerance, nan_is_nan):
            first = first or replace(different, part=number, parts=len(expected))
            margin = max(margin, different.margin)
    return replace(first, margin=margin) if first else None


def agrees(actual: Any, answer: Any, tolerance: Tolerance, *, nan_is_nan: bool = False) -> bool:
    """Whether a student's value is what a trusted function answered.

    Strange arguments may bring that to anything; what is no numbers agrees with nothing.
    """
    expected: Any = to_arrays(answer)
    if expected is None:
        expected = Plain(answer)
    elif isinstance(parts := tupled(answer), tuple):
        expected = tuple(part for part in map(to_array, parts) if part is not None)
    try:
        return difference(actual, expected, tolerance, nan_is_nan=nan_is_nan) is None
    except MemoryError:  # of two answers of the largest size: it costs this comparison, not the report
        return False


def _parts(actual: Any, expected: tuple[Any, ...]) -> Sequence[Any] | Difference:
    """As many values as are expected: a tuple or list of them, or one array that has them stacked."""
    if isinstance(actual, Instance) and actual.is_tuple:
        actual = actual.parts
    parts = _stacked(actual, expected) if isinstance(actual, np.ndarray | Matrix) else actual
    if not isinstance(parts, list | tuple) or len(parts) != len(expected):
        return Difference(Wrong.NOT_SEVERAL, {"answer": messages.described(actual), "count": len(expected)})
    return parts


def _stacked(actual: Any, expected: tuple[Any, ...]) -> list[Array] | None:
    """The arrays in one that has them stacked; None where it is some other array."""
    array = to_array(actual)
    fits = array is not None and array.shape == (len(expected), *np.shape(expected[0]))
    return list(array) if array is not None and fits else None


def _one(actual: Any, expected: Array, tolerance: Tolerance, nan_is_nan: bool) -> Difference | None:
    array = _shaped(actual, expected)
    if isinstance(array, Difference):
        return array
    numbers, wanted = array.astype(np.float64), expected.real.astype(np.float64)
    if expected.dtype.kind in "iu" and not tolerance.whole_numbers_too:
        tolerance = replace(tolerance, relative=0)
        if array.dtype.kind in "iub":  # of the largest, float64 does not tell all apart
            return _wrong_numbers(numbers, array != expected, math.inf)
    with np.errstate(all="ignore"):
        if np.all(np.abs(numbers - wanted) < tolerance.absolute + tolerance.relative * np.abs(wanted)):
            return None
    if nan_is_nan and np.array_equal(np.isfinite(numbers), np.isfinite(wanted)):
        odd = ~np.isfinite(wanted)
        if np.array_equal(numbers[odd], wanted[odd], equal_nan=True):
            numbers, wanted = np.where(odd, 0, numbers), np.where(odd, 0, wanted)
    if (not_finite := ~np.isfinite(numbers)).any():
        kinds = (Wrong.NUMBER_NOT_FINITE, Wrong.ONE_NOT_FINITE, Wrong.SOME_NOT_FINITE)
        return _at_first(kinds, numbers, not_finite, math.inf)
    with np.errstate(all="ignore"):  # a misconception's own nan, or numbers near the largest
        error = np.abs(numbers - wanted) / (tolerance.absolute + tolerance.relative * np.abs(wanted))
    return _wrong_numbers(numbers, ~(error <= 1), float(np.max(error, initial=0)))


def _wrong_numbers(numbers: Array, wrong: Array, margin: float) -> Difference | None:
    kinds = (Wrong.THE_NUMBER, Wrong.ONE_NUMBER, Wrong.SOME_NUMBERS)
    return _at_first(kinds, numbers, wrong, margin) if wrong.any() else None


def _shaped(actual: Any, expected: Array) -> Array | Difference:
    """The student's numbers, if they have the right rank and shape."""
    array = to_array(actual)
    if array is None:
        return _other_kind(messages.described(actual), expected.shape)
    if isinstance(actual, Matrix | np.matrix) and expected.ndim == 1 and array.shape[:1] == (1,):
        array = np.ravel(array)
    if array.shape == expected.shape:
        return array
    if isinstance(actual, list | tuple) and any(isinstance(part, np.ndarray) for part in actual):
        return _other_kind(messages.described(actual), expected.shape)
    return _other_kind(messages.shaped(array.shape), expected.shape)


def shaped(actual: Any, expected: Any) -> Array | tuple[Array, ...] | Difference:
    """The arrays in `actual`, or how their kind or shape differs from that of `expected`, whatever the numbers."""
    if not isinstance(expected, tuple):
        return _shaped(actual, np.asarray(expected))
    parts = _parts(actual, expected)
    if isinstance(parts, Difference):
        return parts
    arrays: list[Array] = []
    for number, (value, wanted) in enumerate(zip(parts, expected, strict=True), 1):
        array = _shaped(value, np.asarray(wanted))
        if isinstance(array, Difference):
            return replace(array, part=number, parts=len(expected))
        arrays.append(array)
    return tuple(arrays)


def is_of_as_many(actual: Any, expected: Any) -> bool:
    """Whether `actual` is one array where one is expected, or as many as are expected, whatever their shapes."""
    if isinstance(expected, tuple):
        parts = _parts(actual, expected)
        return not isinstance(parts, Difference) and all(to_array(part) is not None for part in parts)
    has_arrays = isinstance(actual, list | tuple) and any(isinstance(part, np.ndarray) for part in actual)
    return to_array(actual) is not None and not has_arrays


def exact(arrays: Any, right: Any) -> Any:
    """Right answers without what is left of an error: two that are near enough each may be too far from each other."""
    if isinstance(arrays, tuple):
        return tuple(map(exact, arrays, right))
    return np.array(right) if arrays.dtype.kind == "f" else arrays


def _other_kind(answer: str, wanted: tuple[int, ...]) -> Difference:
    return Difference(Wrong.KIND_OR_SHAPE, {"answer": answer, "wanted": messages.shaped(wanted)})


def _at_first(kinds: tuple[Wrong, Wrong, Wrong], numbers: Array, wrong: Array, margin: float) -> Difference:
    """What is wrong with some numbers, by how many they are: the only one there is, one of them, several."""
    count = int(wrong.sum())
    position, value = first_position(wrong, numbers)
    fields = {
        "answer": messages.shaped(numbers.shape),
        "count": count,
        "size": numbers.size,
        "position": position,
        "value": value,
    }
    kind = kinds[0] if numbers.size == 1 else kinds[1] if count == 1 else kinds[2]
    return Difference(kind, fields, margin)


def first_position(wrong: Array, numbers: Array) -> tuple[str, str]:
    """Where the first wrong number stands, as `[0, 1]`, and the number there."""
    index = tuple(int(each) for each in np.argwhere(wrong)[0])
    return f"[{', '.join(map(str, index))}]", f"{float(numbers[index]):.4g}"
