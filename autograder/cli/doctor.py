"""`autograder doctor`: what this machine can promise."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from autograder.cli import messages
from autograder.cli.shared.errors import NOTHING_DONE, one_line_errors
from autograder.cli.shared.terminal import safe
from autograder.course.folder import find_course
from autograder.course.loader import load_course
from autograder.sandbox import selftest


@click.command()
@one_line_errors
def doctor() -> None:
    """Say what this machine can promise: try to break each promise of the sandbox."""
    course = load_course(find_course(Path.cwd()))
    examinations = selftest.examine(course.limits, course.imports, files=course.files)
    console = Console()
    console.print(messages.ON_THIS_MACHINE)
    for each in examinations:
        mark, style = ("✓", "green") if each.held else ("✗", "bold red")
        text = messages.promise_broken(each.promise.text, each.detail) if each.detail else each.promise.text
        console.print(Text(f"  {mark} ", style=style), safe(text), sep="")
    if not all(each.held for each in examinations):
        sys.exit(NOTHING_DONE)
