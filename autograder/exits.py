"""How a command ends: its exit codes, and one line where a user can put things right."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from autograder.errors import UserError

NOTHING_DONE, GRADER_ERROR, INCOMPLETE = 2, 1, 1
P = ParamSpec("P")


def one_line_errors(command: Callable[P, None]) -> Callable[P, None]:
    """What a user can put right is told in one line, with exit code 2; a traceback is left for what is our fault."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except UserError as error:
            click.echo(f"autograder: {error}", err=True)
            sys.exit(NOTHING_DONE)

    return wrapped
