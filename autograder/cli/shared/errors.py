"""How a command ends: its exit codes, and one line where a user can put things right."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from autograder.cli.shared import messages
from autograder.errors import UserError
from autograder.sandbox.protocol import SandboxError

NOTHING_DONE, GRADER_ERROR, INCOMPLETE = 2, 1, 1
P = ParamSpec("P")


def one_line_errors(command: Callable[P, None]) -> Callable[P, None]:
    """What a user can put right, and a machine that cannot confine: one line, exit code 2. A traceback is our fault."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (UserError, SandboxError) as error:
            click.echo(messages.error_line(str(error)), err=True)
            sys.exit(NOTHING_DONE)

    return wrapped
