"""What stands above a picture, or in its place: HTML in a notebook, text elsewhere. Portable."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.streams import as_shown
from autograder.text import for_html, sanitise, without_marks

# It sets no background and no colour of text, so that it reads well in light and dark; words say what it is.
STYLE = "border:1px solid #bc4c00;border-left-width:8px;padding:0.4em 0.8em;margin:0.4em 0;max-width:60em"


@dataclass(frozen=True)
class Notice:
    """A few words to begin with, which are stressed, a sentence, and more lines."""

    heading: str
    lines: Sequence[str]

    def _repr_html_(self) -> str:
        first, *more = self.lines
        further = "".join(f"<br>{for_html(line)}" for line in more)
        heading = f"<strong>{for_html(self.heading)}</strong>"
        return f'<div role="note" style="{STYLE}">{heading} {for_html(first)}{further}</div>'

    def __repr__(self) -> str:
        first, *more = (sanitise(line) for line in self.lines)
        return as_shown(
            "\n".join([f"{self.heading} {without_marks(first)}", *(f"  {without_marks(each)}" for each in more)])
        )


class NoticeArea:
    """The place of a notice in what a cell shows: in a notebook, another one can take it later."""

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, notice: Notice) -> None:
        display = _display()
        if display is None:
            say(repr(notice))
        elif self._handle is None:
            self._handle = display(notice, display_id=True)
        else:
            self._handle.update(notice)


def say(text: str) -> None:
    """Write a line below what the cell has said so far."""
    sys.stdout.write(f"{as_shown(text)}\n")


def _display() -> Any:
    """IPython's `display`, where a notebook or IPython's own prompt runs this; None elsewhere."""
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        return None
    return ipython.display.display
