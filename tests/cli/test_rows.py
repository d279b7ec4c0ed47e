"""Rows on a terminal: in columns where all of them can be read, and else one below another."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from autograder.cli.shared.tables.rows import Heading, show_rows

HEADINGS = [
    Heading("Student", leads=True),
    Heading("Score", is_number=True),
    Heading("Checks"),
    Heading("Because of"),
]
ROW = ["ada", "7/9 → 9/9", "softmax: Each row sums to 1: failed, 0/2 → passed, 2/2\nA second line", "the grader"]


def shown(width: int, *rows: list[str]) -> str:
    console = Console(file=io.StringIO(), width=width)
    show_rows(console, HEADINGS, [[Text(cell) for cell in row] for row in rows])
    return console.file.getvalue()  # type: ignore[attr-defined]  # the one above


def test_a_wide_terminal_shows_columns() -> None:
    heading, *lines = shown(100, ROW).splitlines()
    assert heading.split() == ["Student", "Score", "Checks", "Because", "of"]
    assert [line.rstrip() for line in lines] == [
        "ada      7/9 → 9/9  softmax: Each row sums to 1: failed, 0/2 → passed, 2/2  the grader",
        "                    A second line",
    ]


def test_a_narrow_one_shows_each_cell_with_its_heading() -> None:
    lines = shown(40, ROW, ["bo", "9/9 → 7/9", "", "the grader"]).splitlines()
    assert [line.rstrip() for line in lines] == [
        "ada",
        "  Score: 7/9 → 9/9",
        "  Checks:",
        "    softmax: Each row sums to 1: failed,",
        "    0/2 → passed, 2/2",
        "    A second line",
        "  Because of: the grader",
        "bo",
        "  Score: 9/9 → 7/9",
        "  Because of: the grader",
    ]


CELLS = st.text("xz 语", min_size=1, max_size=60)  # of letters that are in no heading
MOST_LINES = 20  # of a row of such cells: 60 letters, two columns wide each, are six lines at 24


@pytest.mark.parametrize("width", [40, 80, 120, 200])
@given(texts=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=3))
def test_whatever_the_width_no_column_is_squeezed_and_nothing_is_left_out(
    width: int, texts: list[tuple[str, str, str]]
) -> None:
    text = shown(width, *([name, "12.5/20 → 7/20", checks, why] for name, checks, why in texts))
    lines = text.splitlines()
    assert all(cell_len(line) <= width for line in lines)
    assert len(lines) <= 1 + MOST_LINES * len(texts)
    assert text.count("12.5/20 → 7/20") == len(texts)
    for letter in "xz语":
        assert text.count(letter) == sum(cell.count(letter) for row in texts for cell in row)
