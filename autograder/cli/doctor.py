"""`autograder doctor`: what this machine can promise."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from autograder.cli import messages
from autograder.cli.shared.errors import NOTHING_DONE, one_line_errors
from autograder.cli.shared.terminal import safe, say
from autograder.course.loader import find_course, load_course
from autograder.sandbox import selftest
from autograder.sandbox.homes import Where, first_that_confines, unsupported
from autograder.sandbox.selftest import Examination


@click.command()
@one_line_errors
def doctor() -> None:
    """Say what this machine can promise: try to break each promise of the sandbox, in each home that is here."""
    course = load_course(find_course(Path.cwd()))
    first_that_confines()  # raises where there is none
    here = [where for where in Where if where.is_confined and not unsupported(where)]
    found = {where: selftest.examine(course.limits, course.imports, where=where, files=course.files) for where in here}
    console = Console()
    _show(console, found)
    for where in Where:
        if reason := unsupported(where):
            say(console, messages.home_not_here(where, reason), "yellow")
    if not all(each.held for examinations in found.values() for each in examinations):
        sys.exit(NOTHING_DONE)


def _show(console: Console, found: Mapping[Where, Sequence[Examination]]) -> None:
    """A table: a line for each promise, with a column for each home."""
    console.print(messages.ON_THIS_MACHINE)
    console.print(Text("  " + " ".join(found)))
    for examinations in zip(*found.values(), strict=True):
        line = Text(" ")
        text = examinations[0].promise.text
        for where, each in zip(found, examinations, strict=True):
            mark, style = ("✓", "green") if each.held else ("✗", "bold red")
            line.append(f" {mark:>{len(where)}}", style)
            if each.detail:
                text = messages.promise_broken(text, where, each.detail)
        console.print(line, safe(text))
