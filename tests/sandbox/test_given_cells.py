"""Cells that students were given are compiled once for all workers; what is told of them stays what it was."""

from __future__ import annotations

from dataclasses import asdict
from types import CodeType, FunctionType
from typing import Any

import pytest

from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.loader import load
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import Cell, Part, Raised, Returned
from autograder.sandbox.toplevel import parsing
from autograder.sandbox.toplevel.parsing import ParsedCell, parsed, remember
from tests.helpers.sandbox import IMPORTS, LIMITS

IMPORTING = "import numpy as np\nimport requests\nfrom autograder import check\n"
HELPING = (
    "# a comment\n\ndef helper(x):\n    def inner(y):\n        return 1 / y\n    return inner(x)\n"
    "\nclass Kind:\n    n: int = 3\n"
)
TRYING = (
    "try:\n    import scipy.linalg as la\nexcept ImportError:\n    la = None\nif True:\n    import os\nNUMBERS = [1, 2]"
)
CHANGING = "NUMBERS.append(3)\nprint('a picture')"
FAILING = "BROKEN = 1 / 0\n"
GIVEN = [Cell(f"code cell {n}", s) for n, s in enumerate([IMPORTING, HELPING, TRYING, CHANGING, FAILING], 1)]
OWN = "def f(x):\n    return helper(x)\n\ndef g():\n    return NUMBERS, la, BROKEN, os"
MORE = {
    "as it was given": GIVEN,
    "moved": [Cell(f"code cell {n + 4}", cell.source) for n, cell in enumerate(GIVEN)],
    "backwards": [Cell(f"code cell {n}", cell.source) for n, cell in enumerate(reversed(GIVEN))],
    "twice": [*GIVEN, *[Cell(f"code cell {n + 9}", cell.source) for n, cell in enumerate(GIVEN)]],
    "one changed": [Cell(cell.label, cell.source.replace("1 / y", "2 / y")) for cell in GIVEN],
    "one left out": GIVEN[:2],
    "one broken": [*GIVEN[:4], Cell("code cell 5", "def (:\n")],
}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_known", {})
    remember(GIVEN)
    assert len(parsing._known) == len(GIVEN)


def parts_of(cells: list[Cell]) -> list[Part]:
    earlier = Part(tuple(Cell(f"01.ipynb, {cell.label}", cell.source) for cell in cells), ("helper",))
    return [earlier, Part((*cells, Cell("code cell 99", OWN)), ("f", "g"), ("helper",))]


def told(space: Namespace) -> list[Any]:
    """All that a submission can be told of, and where its code says that it stands."""
    files = {
        (name, code.co_filename, code.co_firstlineno)
        for name, value in space.values.items()
        if isinstance(value, FunctionType)
        for code in [value.__code__, *(each for each in value.__code__.co_consts if isinstance(each, CodeType))]
    }
    refusals = {name: [asdict(each) if not isinstance(each, tuple) else each for each in found]
                for name, found in space.refusals.items()}  # fmt: skip
    replies = [space.call("f", [0], {}), space.call("g", [], {}), space.call("helper", [0], {})]
    below = [told_of for each in space.earlier for told_of in told(each)]
    return [sorted(files), space.problems, refusals, space.repeated, replies, sorted(space.values), *below]


@pytest.mark.parametrize("cells", MORE.values(), ids=MORE.keys())
def test_what_is_known_of_a_cell_changes_nothing(monkeypatch: pytest.MonkeyPatch, cells: list[Cell]) -> None:
    monkeypatch.setattr(parsing, "_known", {})
    without = told(load(parts_of(cells), IMPORTS))
    remember(GIVEN)
    assert told(load(parts_of(cells), IMPORTS)) == without
    assert told(load(parts_of(cells), IMPORTS)) == without, "nothing of it was used up"


@pytest.mark.usefixtures("known")
def test_a_line_of_a_cell_that_was_moved_stands_where_it_stands_now() -> None:
    reply = load(parts_of(MORE["moved"]), IMPORTS).call("f", [0], {})
    assert isinstance(reply, Raised)
    assert reply.line is not None
    assert (reply.line.label, reply.line.number, reply.line.text) == ("code cell 5", 5, "return 1 / y")


@pytest.mark.usefixtures("known")
def test_a_known_cell_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_of_cell", lambda cell: pytest.fail(f"{cell.label} is parsed"))
    for cell in (*GIVEN, *MORE["moved"]):
        assert isinstance(parsed(cell), ParsedCell)
        assert parsed(cell).statements


def test_what_does_not_parse_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_known", {})
    remember([Cell("a", "def (:\n"), Cell("b", "return 1"), Cell("c", "%%html\n<b>"), Cell("d", "x = 1\0")])
    assert parsing._known == {}


def test_workers_have_the_cells_that_their_zygote_was_given() -> None:
    with Sandbox(LIMITS, IMPORTS, given_cells={"a": GIVEN}) as sandbox:
        sandbox.prepare("a")
        for cells, label in ((GIVEN, "code cell 2"), (MORE["moved"], "code cell 5")):
            with Worker(sandbox, parts_of(cells)) as worker:
                reply = worker.call("f", [0], {})
                assert isinstance(reply, Raised)
                assert reply.line is not None
                assert (reply.line.label, reply.line.number) == (label, 5)
                assert worker.call("f", [2], {}) == Returned(0.5)


def test_what_one_submission_does_to_a_known_cell_no_other_one_sees() -> None:
    spoils = "import sys\nfor name in list(sys.modules['numpy'].__dict__): pass\n" + (
        "def f(x):\n"
        "    parsing = print.__self__.__import__('sys').modules['autograder.sandbox.toplevel.parsing']\n"
        "    count = len(parsing._known)\n"
        "    parsing._known.clear()\n"
        "    return count\n"
    )
    with Sandbox(LIMITS, IMPORTS, given_cells={"a": GIVEN}) as sandbox:
        sandbox.prepare("a")
        for _ in range(2):
            with Worker(sandbox, [Part((Cell("code cell 1", spoils),), ("f",))]) as worker:
                assert worker.call("f", [0], {}) == Returned(len(GIVEN))


def test_many_cells_reach_the_zygote() -> None:
    """More than what fits into a socket at once; what is too long for one request, each worker compiles."""
    many = [Cell(f"code cell {n}", f"X_{n} = [{'1, ' * 2000}]\n") for n in range(100)]
    long = Cell("long", f"Y = [{'1, ' * 40_000}]\n")
    count = "print.__self__.__import__('sys').modules['autograder.sandbox.toplevel.parsing']._known"
    parts = [Part((many[7], long, Cell("own", f"def f(): return len(X_7), len(Y), len({count})")), ("f",))]
    with Sandbox(LIMITS, IMPORTS, given_cells={"a": [*many[:50], long, *many[50:]]}) as sandbox:
        sandbox.prepare("a")
        with Worker(sandbox, parts) as worker:
            assert worker.call("f", [], {}) == Returned((2000, 40_000, 100))


def test_cells_that_come_later_are_known_to_the_workers_after_them() -> None:
    asks = "def f(): return len(print.__self__.__import__('sys').modules['autograder.sandbox.toplevel.parsing']._known)"
    parts = [Part((Cell("own", asks),), ("f",))]
    with Sandbox(LIMITS, IMPORTS, given_cells={"a": GIVEN[:1], "b": GIVEN[1:]}) as sandbox:
        for name, known in (("", 0), ("a", 1), ("b", len(GIVEN)), ("a", len(GIVEN))):
            sandbox.prepare(name)
            with Worker(sandbox, parts) as worker:
                assert worker.call("f", [], {}) == Returned(known)
