"""What functions did in a run of visible checks: each call, and each comparison that a check made of an answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checking.comparison.tolerance import Tolerance
from autograder.sandbox.execute import copied
from autograder.sandbox.protocol import Raised, Returned
from autograder.sandbox.wire.limits import MAX_DEPTH, CannotCrossError
from autograder.sandbox.wire.pack import pack

KEY_CHARS = 24  # of a digest, in hexadecimal digits


@dataclass(frozen=True)
class Call:
    """One call of a question in a check, and how it ended. `key` names the call; it is empty where nothing can."""

    check: str
    question: str
    key: str
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    reply: Returned | Raised

    @property
    def tolerance(self) -> Tolerance:
        return Tolerance.of([*self.args, *self.kwargs.values()])


@dataclass(frozen=True)
class ComparedPart:
    """What a check compared with numbers of its own: all that a call returned (`part` is 0), or number `part` of it."""

    call: Call
    part: int
    actual: NDArray[Any]
    desired: NDArray[Any]
    tolerance: Tolerance
    is_right: bool


@dataclass
class Observed:
    """Collects all that a run does."""

    calls: list[Call] = field(default_factory=list)
    comparisons: list[ComparedPart] = field(default_factory=list)
    _handed: dict[int, tuple[Any, Call, int]] = field(default_factory=dict)

    def call(self, made: Call) -> None:
        """Keep a call as it is now: what it was given, and what it returned, may be written into later."""
        reply = made.reply
        kept = replace(reply, value=_as_it_is_now(reply.value)) if isinstance(reply, Returned) else reply
        self.calls.append(replace(made, args=copied(list(made.args)), kwargs=copied(dict(made.kwargs)), reply=kept))

    def judged(self, tolerance: Tolerance | None, compare: Callable[[Any, Any], bool] | None) -> None:
        """How the check compares what the last call returned with the right answer, where it says so itself."""

    def hands(self, value: Any) -> None:
        """What the check gets of the last call: it is known again by being the same object."""
        parts = enumerate(value, 1) if isinstance(value, tuple) else [(0, value)]
        for part, each in parts:
            if isinstance(each, np.ndarray):
                self._handed[id(each)] = each, self.calls[-1], part

    def compared(
        self, actual: Any, numbers: NDArray[Any], desired: NDArray[Any], tolerance: Tolerance, *, is_right: bool
    ) -> None:
        if id(actual) in self._handed:
            _, call, part = self._handed[id(actual)]
            self.comparisons.append(ComparedPart(call, part, numbers.copy(), desired.copy(), tolerance, is_right))


def _as_it_is_now(value: Any) -> Any:
    """An answer whose arrays nobody writes into again."""
    if isinstance(value, np.ndarray):
        return value.copy()
    return type(value)(map(_as_it_is_now, value)) if type(value) in (list, tuple) else value


_watching: ContextVar[Observed | None] = ContextVar("watching", default=None)


@contextmanager
def watching(observed: Observed | None) -> Iterator[None]:
    """While a check runs, what it compares is noted."""
    token = _watching.set(observed)
    try:
        yield
    finally:
        _watching.reset(token)


def note_comparison(
    actual: Any, numbers: NDArray[Any], desired: NDArray[Any], tolerance: Tolerance, *, is_right: bool
) -> None:
    """Note what a check compares, if somebody wants to know."""
    if observed := _watching.get():
        observed.compared(actual, numbers, desired, tolerance, is_right=is_right)


def key_of(call: Sequence[Any]) -> str:
    """A digest of what is called, and of all that it is called with, names a call. Empty where that has no form."""
    buffers: list[bytes] = []
    try:
        tree = pack(list(call), buffers, MAX_DEPTH, strict=True)
    except CannotCrossError:
        return ""
    digest = hashlib.sha256(json.dumps(tree, separators=(",", ":")).encode())
    for each in buffers:
        digest.update(each)
    return digest.hexdigest()[:KEY_CHARS]
