"""Which questions an answer builds on: by the objects behind its names, and by nothing that it does not use."""

from __future__ import annotations

import functools
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.student.builds_on import Known, QuestionAt, builds_on
from autograder.student.earlier import before_in_file
from autograder.student.workspace import Workspace, find_workspace

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


CHECKS = "def test_{0}(student):\n    student.{0}()\n\n\n"


@pytest.fixture
def course(tmp_path: Path) -> Workspace:
    """A course whose second assignment asks for `answer`, and whose first one for all that it may build on."""
    (tmp_path / "course.toml").write_text('title = "Two"\nassignments = ["one", "two"]\nimports = ["numpy"]\n')
    for name, asked in (("one", QUESTIONS), ("two", ("answer",))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "visible_checks.py").write_text("".join(map(CHECKS.format, asked)))
    (tmp_path / "one" / "one.py").write_text(EARLIER)
    return find_workspace(tmp_path)


def found_in(course: Workspace, source: str) -> set[str]:
    """What `answer`, as some source has it, builds on."""
    file = course.folder / "two" / "two.py"
    file.write_text(source)
    found = before_in_file(course, QuestionAt("two", "answer"), course.load("two"), ["answer"])
    assert {at.assignment for at in found} <= {"one"}
    return {at.name for at in found}


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
    ],
)
def test_what_is_used_is_found_whatever_it_is_called(course: Workspace, source: str, names: set[str]):
    assert found_in(course, source) == names


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
def test_nothing_else_is_found(course: Workspace, source: str):
    assert found_in(course, source) == set()


def test_functions_that_call_each_other_are_no_trouble(course: Workspace):
    source = (
        "def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n and even(n - 1)\ndef answer(n): return even(n)"
    )
    assert found_in(course, source) == set()


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

    known = Known(lambda _name: None)
    known.add(answer.__globals__, {})
    assert builds_on(answer, known) == {}
