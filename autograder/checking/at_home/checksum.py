"""Checksums of right answers: they tell whether an answer is right, and nobody can get an answer from them.

A checksum is one sum of all numbers of an answer, each with a weight of its own: of many answers, it is the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checking.comparison.arrays import Difference, shaped
from autograder.checking.comparison.tolerance import Tolerance

MIN_NUMBERS = 4  # of an answer that has a checksum: a few could be guessed from it
LEEWAY = 10  # how much less precise than a number a sum of many may be


def checksum(expected: Any) -> float | None:
    """That of an array, or a tuple of several; None where there are too few numbers, or some that are not finite."""
    numbers = _numbers(expected)
    if numbers.size < MIN_NUMBERS or not np.isfinite(numbers).all():
        return None
    return float(np.float32(numbers @ _weights(numbers.size)))


def fits(value: Any, form: Any, checked: float, tolerance: Tolerance) -> bool:
    """Whether a value has the form of the right answer, and its checksum."""
    found = shaped(value, form)
    if isinstance(found, Difference):
        return False
    numbers = _numbers(found)
    if not np.isfinite(numbers).all():
        return False
    scale = float(np.sum(np.abs(numbers)))
    off = abs(float(numbers @ _weights(numbers.size)) - checked)
    return off <= LEEWAY * (tolerance.relative * max(scale, abs(checked)) + tolerance.absolute)


def _numbers(arrays: Any) -> NDArray[Any]:
    several = arrays if isinstance(arrays, tuple) else (arrays,)
    return np.concatenate([np.asarray(each).real.astype(np.float64).ravel() for each in several])


def _weights(count: int) -> NDArray[Any]:
    """Numbers between -1 and 1 of which no few make each other."""
    weights: NDArray[Any] = np.cos(np.arange(1.0, count + 1))
    return weights
