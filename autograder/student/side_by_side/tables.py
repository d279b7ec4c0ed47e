"""Yours and expected next to each other: two small heat maps in a notebook, aligned numbers elsewhere. Portable."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

from autograder.student import messages
from autograder.student.side_by_side.excerpt import Grid, ShownNumber, SideBySide
from autograder.text import columns_of, escape_html

# Colours are laid over the page's own background, thin enough for its own text: light or dark, both can be read.
POSITIVE, NEGATIVE, STRONGEST = "130, 80, 223", "225, 112, 0", 0.4
HEAD = "font-weight:normal;white-space:nowrap;opacity:0.8;padding:2px 6px;border:none;background:none"
NUMBER = "text-align:right;white-space:nowrap"
UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"
# As wide as what it stands in, never wider: notebooks cut off what sticks out. With the keyboard it scrolls as well.
SCROLLING = "width:0;min-width:100%;overflow-x:auto"
ROW = '<tr style="background:none">'
WIDTH = 72  # columns of text: what is wider stands one below the other
GAP = "    "


def html_pair(pair: SideBySide, title: str) -> str:
    """Two tables, which wrap where there is no room, for the check `title`. Frames and signs mark what differs."""
    label = escape_html(messages.side_by_side(title))
    tables = "".join(_table(grid, caption) for grid, caption in _named(pair))
    return (
        f'<div role="group" aria-label="{label}" tabindex="0" style="{SCROLLING}">{_paragraph(_introduction(pair))}'
        f'<div style="display:flex;flex-wrap:wrap;align-items:flex-start;gap:4px 24px">{tables}</div>'
        f"{_paragraph(_legend(pair))}</div>"
    )


def _paragraph(text: str) -> str:
    return f'<p style="margin:4px 0">{escape_html(text)}</p>' if text else ""


def _table(grid: Grid, caption: str) -> str:
    axes = _axes(grid)
    columns = "".join(f'<th scope="col" style="{HEAD};text-align:right">{column}</th>' for column in grid.columns)
    corner = f'<td style="{HEAD};text-align:left;vertical-align:bottom" rowspan="2">{axes[0]}</td>' if grid.rows else ""
    across = f'<th scope="colgroup" style="{HEAD};text-align:left" colspan="{len(grid.columns) or 1}">{axes[-1]}</th>'
    rows = "".join(
        f"{ROW}{_row_head(row)}{''.join(map(_cell, entries))}</tr>"
        for row, entries in zip_longest(grid.rows, grid.entries)
    )
    head = f"<thead>{ROW}{corner}{across}</tr>{ROW}{columns}</tr></thead>"
    return (
        '<table style="border-collapse:separate;border-spacing:2px;border:none;margin:4px 0;table-layout:auto;'
        'font-variant-numeric:tabular-nums">'
        f'<caption style="caption-side:top;text-align:left;font-weight:bold">{caption}</caption>'
        f"{head}<tbody>{rows}</tbody></table>"
    )


def _row_head(row: int | None) -> str:
    return "" if row is None else f'<th scope="row" style="{HEAD};text-align:left">{row}</th>'


def _cell(entry: ShownNumber) -> str:
    colour = POSITIVE if entry.strength >= 0 else NEGATIVE
    style = f"{NUMBER};background:rgba({colour}, {abs(entry.strength) * STRONGEST:.2f})"
    if not entry.differs:
        return f'<td style="{style};border:none;padding:4px 8px">{entry.text}</td>'
    sign = f'<span aria-hidden="true">{messages.DIFFERENT} </span><span style="{UNSEEN}">{messages.DIFFERS} </span>'
    style += ";border:2px solid currentColor;padding:2px 6px;font-weight:bold;position:relative"
    return f'<td style="{style}">{sign}{entry.text}</td>'


def text_pair(pair: SideBySide) -> list[str]:
    """The same as lines of text."""
    left, right = (_lines(grid, caption) for grid, caption in _named(pair))
    wide = max(map(columns_of, left))
    if wide + len(GAP) + max(map(columns_of, right)) <= WIDTH:
        both = zip_longest(left, right, fillvalue="")
        left = [f"{one}{' ' * (wide - columns_of(one))}{GAP}{other}".rstrip() for one, other in both]
        right = []
    return [line for line in (_introduction(pair), *left, *right, _legend(pair)) if line]


def _lines(grid: Grid, caption: str) -> list[str]:
    width = 2 if any(entry.differs for row in grid.entries for entry in row) else 0  # of a sign behind each number
    texts = [
        [f"{entry.text}{f' {messages.DIFFERENT}' if entry.differs else ' ' * width}" for entry in row]
        for row in grid.entries
    ]
    names = [f"{row}" for row in grid.rows] or [""] * len(texts)
    heads = [f"{column}{' ' * width}" for column in grid.columns] or [""] * len(texts)
    table = [["", *heads], *([name, *row] for name, row in zip(names, texts, strict=True))] if texts else []
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(f"{text:>{width}}" for text, width in zip(row, widths, strict=True)) for row in table]
    axes = _axes(grid)
    first = messages.matrix(caption, *axes) if len(axes) == 2 else messages.row_of_numbers(caption, *axes)
    return [first, *(line.rstrip() for line in lines if line.strip())]


def _named(pair: SideBySide) -> tuple[tuple[Grid, str], tuple[Grid, str]]:
    yours, expected = (", ".join(map(str, grid.index)) for grid in (pair.yours, pair.expected))
    return (
        (pair.yours, messages.yours_at(yours) if yours else messages.YOURS),
        (pair.expected, messages.expected_at(expected) if expected else messages.EXPECTED),
    )


def _axes(grid: Grid) -> tuple[str, ...]:
    """How many there are along each axis of a matrix or a vector, or which of them are shown."""
    if not grid.entries:
        return (messages.no_numbers(grid.shape),)
    if not grid.shape:
        return (messages.ONE_NUMBER,)
    if len(grid.shape) == 1:
        return (_axis(grid.columns, grid.shape[0], messages.numbers, messages.some_numbers),)
    return (
        _axis(grid.rows, grid.shape[-2], messages.rows, messages.some_rows),
        _axis(grid.columns, grid.shape[-1], messages.columns, messages.some_columns),
    )


def _axis(shown: tuple[int, ...], count: int, whole: Callable[[int], str], part: Callable[[int, int, int], str]) -> str:
    return whole(count) if len(shown) == count else part(shown[0], shown[-1], count)


def _introduction(pair: SideBySide) -> str:
    index = ", ".join(map(str, pair.yours.index))
    return messages.first_that_differs(pair.yours.shape, index) if pair.differs and index else ""


def _legend(pair: SideBySide) -> str:
    return messages.LEGEND if pair.differs else ""
