"""The cells of a submission as far as anybody reads on, for a page that shows them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from autograder.pages import messages
from autograder.sandbox.protocol import Cell
from autograder.submission.model import NotebookCell

AnyCell = TypeVar("AnyCell", Cell, NotebookCell)


def shown_cells(cells: Iterable[AnyCell], room: int) -> list[AnyCell]:
    """The cells that hold something, up to `room` characters in all; the one in which they end says that it goes on."""
    shown: list[AnyCell] = []
    for cell in cells:
        if cell.source.strip() and room > 0:
            is_cut = len(cell.source) > room
            shown.append(replace(cell, source=f"{cell.source[:room]}\n{messages.CODE_CUT}") if is_cut else cell)
            room -= len(cell.source)
    return shown
