"""Untrusted text on a terminal: sanitised, and not taken for markup."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.text import Text

from autograder.text import for_terminal

MOST_NAMES = 40  # that a person can read in one line


def safe(text: str, style: str = "") -> Text:
    """Text that the terminal prints as it is."""
    return Text(for_terminal(text), style=style)


def say(console: Console, text: str, style: str = "") -> None:
    """Print a line, however long: a terminal breaks it, a file or a pipe gets it whole."""
    console.print(safe(text, style), soft_wrap=True)


def most_names(console: Console) -> int:
    """How many of a class are named in one line: all where it goes into a file or another program."""
    return MOST_NAMES if console.is_terminal else sys.maxsize
