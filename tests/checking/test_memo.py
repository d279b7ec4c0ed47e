"""What trusted functions answer is remembered by the very bytes of their arguments, and taken for no other call's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.checking.recognition import memo as module
from autograder.checking.recognition.memo import Memo


class Counting:
    """A trusted function that says how often it was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *_args: Any, **_kwargs: Any) -> int:
        self.calls += 1
        return self.calls


@dataclass
class Point:
    x: float


class Plain:
    """Its state can change, and nothing shows it."""


X = np.arange(6.0).reshape(2, 3)
OBJECTS = np.array([{}, []], dtype=object)
DIFFERENT = {
    "the sign of zero": (0.0, -0.0),
    "the sign of zero in an array": (np.zeros(3), -np.zeros(3)),
    "the sign of zero of NumPy's": (np.float64(0.0), -np.float64(0.0)),
    "kinds of numbers": (1, 1.0),
    "a truth value": (1, True),
    "kinds of keys": ({1: X}, {1.0: X}),
    "shapes": (X, X.reshape(3, 2)),
    "types": (X.view(np.int64), X),
    "a masked array": (X, np.ma.array(X)),
    "a list": ([1, 2], (1, 2)),
    "an order": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "a dataclass": (Point(1.0), Point(2.0)),
    "a state": (np.random.default_rng(0), np.random.default_rng(1)),
    "functions": (np.sum, np.max),
}


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_calls_that_differ_are_made(pair: tuple[Any, Any]) -> None:
    memo, function = Memo(), Counting()
    for value in pair:
        memo.reply(function, [value], {})
    assert function.calls == 2


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_a_call_that_was_made_is_not_made_again(pair: tuple[Any, Any]) -> None:
    memo, function = Memo(), Counting()
    for value in (pair[0], pair[0]):
        memo.reply(function, [value], {"X": X.copy()})
    assert function.calls == 1


@pytest.mark.parametrize("value", [Plain(), OBJECTS, [Plain()]], ids=["an object", "objects", "an object in a list"])
def test_what_can_change_unseen_is_asked_again(value: Any) -> None:
    memo, function = Memo(), Counting()
    for _ in range(2):
        memo.reply(function, [value], {})
    assert function.calls == 2


def test_what_is_held_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 10 * X.nbytes)
    memo, function = Memo(), Counting()
    for number in range(100):
        memo.reply(function, [X + number], {})
        assert memo._bytes <= module.MAX_BYTES
    memo.reply(function, [X + 99], {})
    assert function.calls == 100, "the last ones are kept"
    memo.reply(function, [X], {})
    assert function.calls == 101, "the first ones are not"
