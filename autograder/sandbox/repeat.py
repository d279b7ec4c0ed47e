"""Whether calls leave something behind: the same call made again, and what earlier ones had returned. Portable."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.sandbox.execute import copied, same
from autograder.sandbox.protocol import MIN_CALLS, Reply, Returned, Unsteady

MAX_KEPT = 32  # answers of a function, the last ones, and arrays in one
MAX_KEPT_BYTES = 1 << 18  # of an array


class Kept:
    """What each function has returned, as it is and as it was: something may still write into it."""

    def __init__(self) -> None:
        self._answers: defaultdict[str, deque[tuple[Any, Any]]] = defaultdict(lambda: deque(maxlen=MAX_KEPT))
        self._calls: Counter[str] = Counter()

    def keep(self, name: str, reply: Reply) -> Reply:
        """Keep an answer, if it costs little; returns it."""
        self._calls[name] += 1
        try:
            arrays = _arrays(reply.value) if isinstance(reply, Returned) else ()
        except BaseException:  # a sequence that fights being read is no array
            arrays = ()
        if arrays:
            self._answers[name].append((arrays, copied(arrays)))
        return reply

    def repeat(self, name: str, call: Callable[[], Reply]) -> Reply:
        """Make one call of a function again, until it has been called so often; its reply, or `Unsteady`."""
        first = reply = call()
        for _ in range(max(MIN_CALLS - self._calls[name], 1)):
            if not isinstance(first, Returned):
                return first
            reply = call()
            if not isinstance(reply, Returned) or not alike(reply.value, first.value):
                return Unsteady(overwritten=False)
        if any(not same(answer, before) for answer, before in self._answers[name]):
            return Unsteady(overwritten=True)
        return reply


def alike(one: Any, other: Any) -> bool:
    """Whether two answers are the same but for the last digits, which depend on where in memory an array lies."""
    if _is_dict(one) and _is_dict(other):
        one, other = ({name: each for name, each in dict.items(both) if type(name) is str} for both in (one, other))
        return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
    if _is_sequence(one) and _is_sequence(other):
        return len(one) == len(other) and all(map(alike, one, other))
    if not _is_numeric(one) or not _is_numeric(other):
        return True  # as far as it can be told: that it is no answer is another check's matter
    if same(one, other):
        return True
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True)


# What a value is, and not what it says that it is: a hostile object may pretend to be an array.


def _is_sequence(value: Any) -> bool:
    return issubclass(type(value), tuple | list)


def _is_dict(value: Any) -> bool:
    return issubclass(type(value), dict)


def _is_numeric(value: Any) -> bool:
    return type(value) in (bool, int, float) or (type(value) is np.ndarray and value.dtype.kind in "biuf")


def _arrays(value: Any) -> tuple[np.ndarray[Any, Any], ...]:
    """The memory of an answer that is an array, or of several, as a dict has them too; nothing where it is something
    else, or large.
    """
    if _is_dict(value):
        value = list(dict.values(value))
    if _is_sequence(value):
        each = [_arrays(part) for part in value[:MAX_KEPT]]
        return tuple(part for parts in each for part in parts)
    if not issubclass(type(value), np.ndarray):
        return ()
    array = np.ndarray.view(value, np.ndarray)
    return (array,) if array.dtype.kind in "biuf" and array.nbytes <= MAX_KEPT_BYTES else ()
