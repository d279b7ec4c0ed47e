"""Are these the right numbers? Compares what a student returned with what the reference returns, in a fixed order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checking import messages
from autograder.sandbox.protocol import Matrix

Array = NDArray[Any]


@dataclass(frozen=True)
class Tolerance:
    """Numbers are right when |actual - expected| <= absolute + relative * |expected|."""

    relative: float = 1e-6
    absolute: float = 1e-9

    @classmethod
    def of(cls, arguments: Iterable[Any]) -> Tolerance:
        """Looser when any argument is float32."""
        single = any(isinstance(argument, np.ndarray) and argument.dtype == np.float32 for argument in arguments)
        return cls(1e-3, 1e-5) if single else cls()


@dataclass(frozen=True)
class Difference:
    """Why a value is not right. `margin` is the largest error in units of the tolerance."""

    message: str
    margin: float = math.inf


def to_array(value: Any) -> Array | None:
    """The numbers in an array, a nested list or a scalar; None when it holds anything else or is ragged."""
    if isinstance(value, Matrix):
        value = value.array
    if value is None or isinstance(value, str | dict):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if array.dtype.kind == "c" and not array.imag.any():
        array = array.real
    return array if array.dtype.kind in "biuf" else None


def to_arrays(value: Any) -> Array | tuple[Array, ...] | None:
    """One array, or several where a tuple or list holds arrays of different shapes; None for anything else."""
    if (array := to_array(value)) is not None:
        return array
    if isinstance(value, list | tuple):
        parts = tuple(part for part in map(to_array, value) if part is not None)
        return parts if len(parts) == len(value) else None
    return None


def difference(actual: Any, expected: Any, tolerance: Tolerance, *, nan_is_nan: bool = False) -> Difference | None:
    """How `actual`, a student's value, differs from `expected`; None when it is right.

    `expected` is an array or a number, or a tuple of them. `nan_is_nan` accepts nan and inf where `expected` has
    the same.
    """
    if not isinstance(expected, tuple):
        return _one(actual, np.asarray(expected), tolerance, nan_is_nan)
    parts = _parts(actual, expected)
    if isinstance(parts, Difference):
        return parts
    found = None
    for place, (mine, theirs) in enumerate(zip(parts, expected, strict=True), 1):
        part = _one(mine, np.asarray(theirs), tolerance, nan_is_nan)
        if part and (found is None or part.margin > found.margin):
            found = found or Difference(messages.part_of_several(place, len(expected), part.message))
            found = Difference(found.message, part.margin)
    return found


def _parts(actual: Any, expected: tuple[Any, ...]) -> Sequence[Any] | Difference:
    """As many values as are expected: a tuple or list of them, or one array that has them stacked."""
    parts = _stacked(actual, expected) if isinstance(actual, np.ndarray | Matrix) else actual
    if not isinstance(parts, list | tuple) or len(parts) != len(expected):
        return Difference(messages.not_several(actual, len(expected)))
    return parts


def _stacked(actual: Any, expected: tuple[Any, ...]) -> list[Array] | None:
    """The arrays in one that has them stacked; None where it is some other array."""
    array = to_array(actual)
    fits = array is not None and array.shape[:1] == (len(expected),) and array.shape[1:] == np.shape(expected[0])
    return list(array) if array is not None and fits else None


def _one(actual: Any, expected: Array, tolerance: Tolerance, nan_is_nan: bool) -> Difference | None:
    array = _shaped(actual, expected)
    if isinstance(array, Difference):
        return array
    mine, theirs = array.astype(np.float64), expected.astype(np.float64)
    if nan_is_nan and np.array_equal(np.isfinite(mine), np.isfinite(theirs)):
        odd = ~np.isfinite(theirs)
        if np.array_equal(mine[odd], theirs[odd], equal_nan=True):
            mine, theirs = np.where(odd, 0, mine), np.where(odd, 0, theirs)
    if (not_finite := ~np.isfinite(mine)).any():
        where = _first(not_finite)
        return Difference(messages.not_finite(where, mine[where], int(not_finite.sum()), mine.size, mine.shape))
    with np.errstate(all="ignore"):  # a misconception's own nan, or numbers near the largest
        error = np.abs(mine - theirs) / (tolerance.absolute + tolerance.relative * np.abs(theirs))
    if (wrong := ~(error <= 1)).any():
        where = _first(wrong)
        return Difference(
            messages.wrong_numbers(where, mine[where], int(wrong.sum()), mine.size, mine.shape), float(np.max(error))
        )
    return None


def _shaped(actual: Any, expected: Array) -> Array | Difference:
    """The student's numbers, if they have the right rank and shape."""
    array = to_array(actual)
    if array is None:
        return Difference(messages.not_an_array(actual, expected.shape))
    if isinstance(actual, Matrix | np.matrix) and expected.ndim == 1 and array.shape[:1] == (1,):
        array = np.ravel(array)
    if array.shape == expected.shape:
        return array
    if isinstance(actual, list | tuple) and any(isinstance(part, np.ndarray) for part in actual):
        return Difference(messages.not_an_array(actual, expected.shape))
    return Difference(messages.wrong_shape(array.shape, expected.shape))


def shaped(actual: Any, expected: Any) -> Array | tuple[Array, ...] | Difference:
    """The arrays in `actual`, or how their kind or shape differs from that of `expected`, whatever the numbers."""
    if not isinstance(expected, tuple):
        return _shaped(actual, np.asarray(expected))
    parts = _parts(actual, expected)
    if isinstance(parts, Difference):
        return parts
    arrays: list[Array] = []
    for place, (mine, theirs) in enumerate(zip(parts, expected, strict=True), 1):
        array = _shaped(mine, np.asarray(theirs))
        if isinstance(array, Difference):
            return Difference(messages.part_of_several(place, len(expected), array.message))
        arrays.append(array)
    return tuple(arrays)


def _first(mask: Array) -> tuple[int, ...]:
    return tuple(int(index) for index in np.argwhere(mask)[0])
