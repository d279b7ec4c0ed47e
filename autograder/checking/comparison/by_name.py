"""Comparisons that a check may ask for, beside the usual one: `assert_matches(..., compare=any_order)`."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np

from autograder.checking.comparison.plain import mismatch

RTOL, ATOL = 1e-6, 1e-9
MAX_ENTRIES = 1_000  # that are compared each with each


def any_order(answer: Any, expected: Any) -> bool:
    """The same entries, in whatever order: of a list or a tuple, or along the first axis of an array.

    Raises ValueError for more than 1,000 entries that cannot be sorted.
    """
    if isinstance(expected, np.ndarray):
        if np.shape(answer) != expected.shape:
            return False
        return _each_once(list(np.asarray(answer)), list(expected))
    if not isinstance(expected, list | tuple) or type(answer) is not type(expected):
        return bool(answer == expected)
    return len(answer) == len(expected) and _each_once(list(answer), list(expected))


def _each_once(answers: list[Any], wanted: list[Any]) -> bool:
    with suppress(TypeError, ValueError):  # what has no order
        if sorted(answers) == sorted(wanted):
            return True
    if len(wanted) > MAX_ENTRIES:
        raise ValueError(len(wanted))
    for each in wanted:
        place = next((number for number, other in enumerate(answers) if mismatch(other, each, _close) is None), None)
        if place is None:
            return False
        del answers[place]
    return not answers


def _close(number: complex, wanted: complex) -> bool:
    return abs(number - wanted) <= ATOL + RTOL * abs(wanted)


def up_to_sign(answer: Any, expected: Any) -> bool:
    """The same columns, each perhaps with the other sign, as eigenvectors have them; or the same vector, or number."""
    array, wanted = np.asarray(answer), np.asarray(expected)
    if array.shape != wanted.shape:
        return False
    axis = -2 if wanted.ndim > 1 else None
    same, turned = (np.all(np.isclose(array, sign * wanted, rtol=RTOL, atol=ATOL), axis=axis) for sign in (1, -1))
    return bool(np.all(same | turned))
