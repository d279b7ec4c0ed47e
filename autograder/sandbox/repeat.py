"""Whether calls leave something behind: the same call made again, and what earlier ones had returned. Portable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.sandbox.execute import copied, same
from autograder.sandbox.protocol import MIN_CALLS, Reply, Returned, Unsteady

MAX_KEPT = 32  # answers of a function, and arrays in one
MAX_KEPT_BYTES = 1 << 18  # of an array


class Kept:
    """What each function has returned, as it is and as it was: something may still write into it."""

    def __init__(self) -> None:
        self._answers: defaultdict[str, list[tuple[Any, Any]]] = defaultdict(list)
        self._calls: Counter[str] = Counter()

    def keep(self, name: str, reply: Reply) -> Reply:
        """Keep an answer, if it costs little; returns it."""
        self._calls[name] += 1
        answers = self._answers[name]
        if isinstance(reply, Returned) and len(answers) < MAX_KEPT and _is_small(reply.value):
            answers.append((reply.value, copied(reply.value)))
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
    if type(one) in (tuple, list) and type(other) in (tuple, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if not _is_numeric(one) or not _is_numeric(other):
        return True  # as far as it can be told: that it is no answer is another check's matter
    if same(one, other):
        return True
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True)


def _is_numeric(value: Any) -> bool:
    """By what it is, and not by what it says: a hostile object may pretend to be an array."""
    return type(value) in (bool, int, float) or (type(value) is np.ndarray and value.dtype.kind in "biuf")


def _is_small(value: Any) -> bool:
    if type(value) in (tuple, list):
        return len(value) <= MAX_KEPT and all(type(each) is np.ndarray and _is_small(each) for each in value)
    return type(value) is np.ndarray and value.dtype.kind in "biuf" and value.nbytes <= MAX_KEPT_BYTES
