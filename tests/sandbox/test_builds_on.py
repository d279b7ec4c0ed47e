"""Which questions an answer builds on: by the objects behind its names, and by nothing that it does not use."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.loader import load
from autograder.sandbox.protocol import Cell, Part
from autograder.sandbox.toplevel.builds_on import Known, all_built_on, builds_on

pytestmark = pytest.mark.portable

EARLIER = """
import numpy as np
from functools import cache

def total(X):
    return X.sum()

@cache
def cached(n):
    return n

class Model:
    def __init__(self, width):
        self.width = width

    def predict(self, X):
        return total(X) / self.width

largest = np.max
"""
QUESTIONS = ("total", "cached", "Model", "largest", "lost")


def found_in(source: str) -> set[str]:
    """What `answer`, as some cells define it, builds on of what an earlier part was asked for."""
    parts = [Part((Cell("code cell 1", EARLIER),), QUESTIONS), Part((Cell("code cell 1", source),), ("answer",))]
    return set(all_built_on(load(parts, ("numpy",)))["answer"]) & set(QUESTIONS)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def answer(X): return total(X)", {"total"}),
        ("t = total\ndef answer(X): return t(X)", {"total"}),
        ("from autograder import previous as p\nt = p('total')\ndef answer(X): return t(X)", {"total"}),
        ("def helper(X): return total(X)\ndef answer(X): return helper(X)", {"total"}),
        ("def answer(X): return [(lambda y: total(y))(x) for x in X]", {"total"}),
        ("def answer(X, sum_up=total): return sum_up(X)", {"total"}),
        ("def answer(X, *, sum_up=total): return sum_up(X)", {"total"}),
        ("steps = {'one': [total]}\ndef answer(X): return steps['one'][0](X)", {"total"}),
        ("from functools import partial\nt = partial(total)\ndef answer(X): return t(X)", {"total"}),
        ("from types import SimpleNamespace\nh = SimpleNamespace(t=total)\ndef answer(X): return h.t(X)", {"total"}),
        ("def make():\n    t = total\n    return lambda X: t(X)\nanswer = make()", {"total"}),
        ("class Box:\n    def up(self, X): return total(X)\nbox = Box()\ndef answer(X): return box.up(X)", {"total"}),
        ("class Box:\n    up = staticmethod(total)\ndef answer(X): return Box.up(X)", {"total"}),
        ("class answer:\n    @property\n    def up(self): return total(1)", {"total"}),
        ("class answer:\n    @classmethod\n    def up(cls): return total(1)", {"total"}),
        ("class Base:\n    def up(self): return total(1)\nclass answer(Base):\n    def f(self): return 1", {"total"}),
        ("from functools import cache\n@cache\ndef answer(n): return total(n)", {"total"}),
        ("def answer(n): return cached(n)", {"cached"}),
        ("def answer(X): return Model(3).predict(X)", {"Model", "total"}),
        ("class answer(Model): pass", {"Model", "total"}),
        ("def answer(X): return largest(X)", {"largest"}),
        ("def answer(X): return lost(X)", {"lost"}),
        (
            "class Odd:\n    @property\n    def __class__(self): raise KeyError\n"
            "odd = Odd()\ndef answer(X): return odd, total(X)",
            {"total"},
        ),
    ],
)
def test_what_is_used_is_found_whatever_it_is_called(source: str, names: set[str]):
    assert found_in(source) == names


@pytest.mark.parametrize(
    "source",
    [
        "def answer(X): return X",
        "def answer(X): return X.total()",  # a method of that name
        "def answer(total): return total",  # a variable
        "def answer(X):\n    total = X + 1\n    return total",
        "def total(X): return X\ndef answer(X): return total(X)",  # a function of its own
        "import numpy as np\ndef answer(X): return np.max(X)",  # what answers a question, and is NumPy's
        "def answer(X): return {'total': 1}['total']",
        "t = total\ndef answer(X): return X",
        "from types import SimpleNamespace\nh = SimpleNamespace(t=total, n=1)\ndef answer(X): return h.n",
        "def answer(X): return len(X)",
        "def unused(X): return total(X)\ndef answer(X): return X",
    ],
)
def test_nothing_else_is_found(source: str):
    assert found_in(source) == set()


def test_functions_that_call_each_other_are_no_trouble():
    source = (
        "def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n and even(n - 1)\ndef answer(n): return even(n)"
    )
    assert found_in(source) == set()


def test_things_that_have_no_end_are_left_at_some_point():
    class Endless:
        def __init__(self) -> None:
            self.inner = SimpleNamespace()
            self.inner.outer = self

        def __getattr__(self, name: str) -> Any:
            return Endless()

    many, endless = [SimpleNamespace(each=[each]) for each in range(50_000)], Endless()

    def answer() -> object:
        return many, endless, np, functools

    known = Known()
    known.add(answer.__globals__, ())
    assert builds_on(answer, known) == {}
