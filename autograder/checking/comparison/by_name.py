"""Comparisons that a check may ask for, beside the usual one: `assert_matches(..., compare=any_order)`."""

from __future__ import annotations

from typing import Any

import numpy as np

RTOL, ATOL = 1e-6, 1e-9


def any_order(answer: Any, expected: Any) -> bool:
    """The same entries, in whatever order: of a list, or along the first axis of an array."""
    if isinstance(expected, np.ndarray):
        return np.shape(answer) == expected.shape and _each_once(list(answer), list(expected))
    return type(answer) is type(expected) and len(answer) == len(expected) and _each_once(list(answer), list(expected))


def _each_once(answers: list[Any], wanted: list[Any]) -> bool:
    for each in wanted:
        place = next((number for number, other in enumerate(answers) if _alike(other, each)), None)
        if place is None:
            return False
        del answers[place]
    return not answers


def _alike(one: Any, other: Any) -> bool:
    if isinstance(other, np.ndarray | float):
        return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=RTOL, atol=ATOL, equal_nan=True)
    return bool(one == other)


def up_to_sign(answer: Any, expected: Any) -> bool:
    """The same columns, each perhaps with the other sign, as eigenvectors have them; or the same vector, or number."""
    array, wanted = np.asarray(answer), np.asarray(expected)
    if array.shape != wanted.shape:
        return False
    axis = -2 if wanted.ndim > 1 else None
    same, turned = (np.all(np.isclose(array, sign * wanted, rtol=RTOL, atol=ATOL), axis=axis) for sign in (1, -1))
    return bool(np.all(same | turned))
