"""Rows of a table on a terminal of any width: as columns where all of them can be read, and else one below another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from autograder.cli.shared import messages

NARROWEST = 24  # of a column whose text is broken into lines
GAP = 2  # between two columns
INDENT = 2


@dataclass(frozen=True)
class Heading:
    """A column. Text is broken into lines, numbers are not; `leads` where its cells say what the row is about."""

    title: str
    is_number: bool = False
    leads: bool = False


def show_rows(console: Console, headings: Sequence[Heading], rows: Sequence[Sequence[Text]]) -> None:
    """A line for each row if no column gets too narrow; else what the row is about, and below it each of its cells."""
    widest = [
        max(
            cell_len(line) for text in (heading.title, *(row[place].plain for row in rows)) for line in text.split("\n")
        )
        for place, heading in enumerate(headings)
    ]
    least = [
        width if heading.is_number else min(width, NARROWEST) for width, heading in zip(widest, headings, strict=True)
    ]
    if sum(least) + GAP * (len(headings) - 1) <= console.width:
        _show_columns(console, headings, least, rows)
    else:
        _show_below_one_another(console, headings, rows)


def _show_columns(
    console: Console, headings: Sequence[Heading], least: Sequence[int], rows: Sequence[Sequence[Text]]
) -> None:
    columns = [
        Column(
            heading.title,
            justify="right" if heading.is_number else "left",
            no_wrap=heading.is_number,
            overflow="fold",
            min_width=width,
        )
        for heading, width in zip(headings, least, strict=True)
    ]
    table = Table(*columns, box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _show_below_one_another(console: Console, headings: Sequence[Heading], rows: Sequence[Sequence[Text]]) -> None:
    for row in rows:
        cells = list(zip(headings, row, strict=True))
        console.print(Text("  ").join(cell for heading, cell in cells if heading.leads), overflow="fold")
        for heading, cell in cells:
            if cell.plain and not heading.leads:
                for line in _labelled(heading.title, cell):
                    console.print(line)


def _labelled(title: str, cell: Text) -> list[Padding]:
    """A cell behind its heading; several lines stand below it."""
    lines = cell.split("\n")
    if len(lines) == 1:
        return [_indented(Text.assemble(messages.heading(title), " ", cell), 1)]
    return [_indented(Text(messages.heading(title)), 1), *(_indented(line, 2) for line in lines)]


def _indented(line: Text, times: int) -> Padding:
    line.overflow = "fold"
    return Padding(line, (0, 0, 0, INDENT * times), expand=False)
