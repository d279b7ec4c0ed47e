"""How a command ends: its exit codes, and one line where a user can put things right."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from autograder.cli.shared import messages
from autograder.errors import UserError
from autograder.sandbox.protocol import SandboxError

NOTHING_DONE, GRADER_ERROR, INCOMPLETE = 2, 1, 1
INTERRUPTED = 130  # as a shell has it, after Ctrl-C
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


def quiet_on_interrupt(command: Callable[P, None]) -> Callable[P, None]:
    """Ctrl-C ends the command at once, with one line and exit code 130."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses it twice gets no traceback either
            click.echo(messages.INTERRUPTED, err=True)
            sys.exit(INTERRUPTED)

    return wrapped
