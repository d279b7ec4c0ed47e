"""Each top-level statement of a submission stands or falls alone, and only imports, definitions and assignments run."""

from __future__ import annotations

import signal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.sandbox.exchange.calls import LOAD_TIME_CALLS
from autograder.sandbox.loader import MAX_INTERRUPTED, load
from autograder.sandbox.protocol import Cell, Missing, Part, Raised, Returned
from tests.helpers.loading import IMPORTS, F, G, call, load_cells, reason

pytestmark = [
    pytest.mark.filterwarnings("ignore::SyntaxWarning"),  # a student's, not ours
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.mark.parametrize(
    "statement",
    [
        "mark()",
        "for _ in [1]: mark()",
        "while mark(): pass",
        "if mark(): pass",
        "with mark(): pass",
        "try:\n    mark()\nfinally:\n    pass",
        "del [mark()][0]",
        "assert mark()",
        "raise mark()",
        "match mark():\n    case _: pass",
        "async def h(): pass\nmark()",
        "(x := mark())",
        "lambda: mark()",
        "[mark() for _ in '1']",
        "'''text'''; mark()",
    ],
)
def test_what_is_no_import_definition_or_assignment_is_not_run(statement: str) -> None:
    found = load_cells(f"ran = []\ndef mark(): ran.append(1)\n{statement}\n{F}")
    assert found.values["ran"] == []
    assert call(found, "f", 1) == Returned(2)


@pytest.mark.parametrize(
    "statement",
    [
        "x = mark()",
        "x: int = mark()",
        "x = y = mark()",
        "x, y = mark(), 1",
        "ran += [mark()]",
        "@mark\ndef h(): pass",
        "class H(mark() or object): pass",
        "class H:\n    mark()",
        "def h(a=mark()): pass",
        "async def h(a=mark()): pass",
    ],
)
def test_imports_definitions_and_assignments_are_run(statement: str) -> None:
    found = load_cells(f"ran = []\ndef mark(*a): ran.append(1)\n{statement}\n")
    assert 1 in found.values["ran"]


def test_the_last_definition_that_works_wins() -> None:
    found = load_cells("x = 1", F, "x = 2\n" + F.replace("1", "x"), "x = 1 / 0", "def f(x)\n    return 0", "x = (")
    assert call(found, "f", 1) == Returned(2)
    assert found.values["x"] == 2


def test_a_submission_has_no_name_of_ours() -> None:
    found = load_cells("mine = sorted(globals())")
    assert found.values["mine"] == ["__builtins__", "__name__"]
    assert found.values["__name__"] == "answers"


PIECES = st.sampled_from(
    [
        *(
            "def h(:",
            "def h():",
            "    return 1",
            "\treturn",
            "class H",
            "class H:",
            "@",
            "@h",
            "x = (",
            "x = 1",
            ")",
            "]",
        ),
        *("import math", "from x import", "from . import y", "'''", '"', "\\", "#", "# %%", "%", "%%", "%%time", "!ls"),
        *(
            "x?",
            "?",
            "x = !ls",
            "if x:",
            "else:",
            "try:",
            "lambda",
            "async def h():",
            "await x",
            "yield",
            "return",
            "*",
        ),
        *(
            "prose, prose",
            "x: int",
            "x += 1",
            "\ud800",
            "\x00",
            "\x0c",
            "\u2028",
            "\ufeff",
            "",
            " ",
            "\r",
            "1 / 0",
            "é = 1",
        ),
        *(
            "global x",
            "nonlocal x",
            "x = [i for i in y]",
            "match x:",
            "    case 1:",
            "=" * 7,
            "<<<<<<<",
            ">>> x",
            "...",
            ";",
        ),
    ]
)


@given(st.lists(PIECES, max_size=8).map("\n".join))
@example("")
@example("(")
@example("hello world")
def test_no_cell_costs_another_one_anything(source: str) -> None:
    found = load_cells(F, source, G)
    assert call(found, "g", 3) == Returned(8)


@given(st.text(max_size=60))
def test_no_text_costs_another_cell_anything(source: str) -> None:
    assert call(load_cells(F, source.replace("f", "").replace("g", ""), G), "g", 3) == Returned(8)


@settings(max_examples=50)
@given(st.lists(PIECES, max_size=3).map("\n".join), st.lists(PIECES, max_size=3).map("\n".join))
def test_a_line_is_told_where_it_stands_whatever_stands_before_it(before: str, after: str) -> None:
    cell = f"{before}\n{F.replace('x + 1', 'x.missing')}\n{after}"
    reply = call(load([Part((Cell("label", cell),))], IMPORTS), "f", 1)
    if isinstance(reply, Raised) and reply.line and "missing" in reply.message:
        assert cell.split("\n")[reply.line.number - 1].strip() == "return x.missing" or not cell.isprintable()


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029"], ids=ascii)
@pytest.mark.parametrize("broken", ["", "h = (\n"], ids=["whole", "broken"])
def test_what_ends_a_line_for_others_ends_none_in_python(odd: str, broken: str) -> None:
    found = load_cells(f"{broken}s = 'a{odd}b'\ndef f(x):\n    return x.missing\n")
    reply = call(found, "f", 1)
    assert isinstance(reply, Raised)
    assert reply.line
    assert (reply.line.number, reply.line.text) == (3 + bool(broken), "return x.missing")
    assert found.values["s"] == f"a{odd}b"


@pytest.mark.parametrize(
    "source",
    [
        "(" * 100_000,
        "-" * 100_000 + "1",
        "x = " + "[" * 5_000 + "]" * 5_000,
        "x" + ".a" * 50_000,
        "x = " + " + ".join(["1"] * 20_000),
        "a:" + ":" * 200_000,
        "a " * 100_000 + "(",
        "\n" * 200_000 + "(",
        "@\n" * 50_000,
        "def h(\n" * 2_000,
        "x = (\n" * 2_000,
        "%" * 200_000,
        "!\\\n" * 20_000,
        " " * 200_000 + "(",
        "a" * 200_000 + "?" * 3,
        "x =" + " " * 200_000 + "!",
        "'''" + "x = 1\n" * 5_000,
        "if x:\n" + " if x:\n" * 500,
    ],
    ids=lambda source: source[:10].strip() or "blanks",
)
def test_no_source_takes_for_ever_or_falls_over(source: str) -> None:
    assert call(load_cells(F, source, G, seconds=20.0), "g", 3) == Returned(8)


def test_a_statement_that_computes_for_too_long_is_interrupted_and_the_next_one_runs() -> None:
    before = signal.getsignal(signal.SIGPROF)
    found = load_cells("def spin():\n    while True: pass\n", "x = spin()", F, "y = spin()", seconds=0.05)
    assert call(found, "f", 1) == Returned(2)
    assert reason(found, "x") == "TimeoutError in code cell 2, line 1: took more than 0.05 s of computing"
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_where_a_statement_is_interrupted_is_chance_and_not_told() -> None:
    lines = "        i += 1\n" * 50
    cells = f"def spin():\n    i = 0\n    while True:\n{lines}", "x = spin()"
    assert {reason(load_cells(*cells, seconds=0.01), "x") for _ in range(10)} == {
        "TimeoutError in code cell 2, line 1: took more than 0.01 s of computing"
    }


def test_after_some_statements_that_take_too_long_nothing_more_is_computed() -> None:
    """However many there are, loading takes less time than it may, so that it does not begin anew."""
    spin = "def spin():\n    while True: pass\n"
    found = load_cells(spin, *(f"x{n} = spin()" for n in range(MAX_INTERRUPTED + 2)), F, "y = abs(1)", seconds=0.02)
    assert MAX_INTERRUPTED < LOAD_TIME_CALLS
    assert call(found, "f", 1) == Returned(2)
    told = [reason(found, f"x{n}") for n in range(MAX_INTERRUPTED + 2)]
    assert all("took more than 0.02 s of computing" in each for each in told[:MAX_INTERRUPTED])
    assert all("was not run" in each for each in [*told[MAX_INTERRUPTED:], reason(found, "y")])


def test_no_alarm_is_heard_outside_a_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have gone off in its last instruction: here, when it is told that it is no longer wanted."""
    setitimer = signal.setitimer

    def too_late(which: int, seconds: float, *more: float) -> tuple[float, float]:
        if not seconds:
            signal.raise_signal(signal.SIGPROF)
        return setitimer(which, seconds, *more)

    monkeypatch.setattr(signal, "setitimer", too_late)
    found = load_cells("x = 1", F, seconds=20.0)
    assert call(found, "f", 1) == Returned(2)
    assert found.values["x"] == 1


def test_a_part_knows_what_the_ones_before_it_export_and_nothing_else() -> None:
    first = Part((Cell("one", F + "secret = 1\n"),), ("f", "missing", "secret"))
    found = load([first, Part((Cell("two", G + "def h(): return secret\n"),))], IMPORTS)
    assert call(found, "g", 3) == Returned(8)
    assert isinstance(call(found, "h"), Raised)


def test_a_part_is_run_only_for_what_the_ones_after_it_mention() -> None:
    """Directly or by way of another part."""
    first = Part((Cell("one", F),), ("f",))
    second = Part((Cell("two", G),), ("g",))
    third, alone = Part((Cell("three", "def h(x): return g(x)"),)), Part((Cell("three", "def h(x): return x"),))
    assert [[*each.sources] for each in load([first, second, third], IMPORTS).earlier] == [["one"], ["two"]]
    assert not load([first, second, alone], IMPORTS).earlier


def test_the_whole_is_run_for_whoever_may_be_asked_for_any_of_it() -> None:
    parts = [Part((Cell("one", F),), ("f",)), Part((Cell("two", "def h(x): return x"),))]
    assert call(load(parts, IMPORTS, whole=True), "f", 1) == Returned(2)
    assert isinstance(call(load(parts, IMPORTS), "f", 1), Missing)


def test_a_deep_exception_in_a_long_file_is_described_without_an_alarm() -> None:
    source = "DATA = [\n" + "    1.0,\n" * 40_000 + "]\n\ndef deep(n): return n * deep(n - 1)\n\nx = deep(5)\n"
    found = load_cells(source + F, seconds=0.2)
    assert "RecursionError in code cell 1, line 40004" in reason(found, "x")
    assert call(found, "f", 1) == Returned(2)


def test_a_part_may_define_again_what_came_before() -> None:
    first, second = Part((Cell("one", F),), ("f",)), Part((Cell("two", F.replace("1", "10") + G),))
    assert call(load([first, second], IMPORTS), "g", 3) == Returned(26)


def test_a_broken_part_costs_the_next_one_only_what_it_exports() -> None:
    for broken in ("def f(x", "(", "hello world", "f = 1 / 0", "", "\ud800", "f = 3"):
        found = load([Part((Cell("one", broken),), ("f",)), Part((Cell("two", G + "def h(x): return x"),))], IMPORTS)
        assert call(found, "h", 1) == Returned(1)
        assert isinstance(call(found, "g", 1), Raised)


def test_an_exception_in_an_earlier_part_is_told_with_its_line() -> None:
    first = Part((Cell("one", "def f(x):\n    return x.missing\n"),), ("f",))
    reply = call(load([first, Part((Cell("two", G),))], IMPORTS), "g", 3)
    assert isinstance(reply, Raised)
    assert reply.line
    assert (reply.line.label, reply.line.number, reply.line.text) == ("one", 2, "return x.missing")
