"""How a command ends: its exit codes, and one line where a user can put things right."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Collection
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from autograder.classroom.naming import nearest
from autograder.cli.shared import messages
from autograder.errors import UserError
from autograder.sandbox.protocol import SandboxError

NOTHING_DONE, GRADER_ERROR, INCOMPLETE = 2, 1, 1
INTERRUPTED = 130  # as a shell has it, after Ctrl-C
LIKENESS = 0.7  # of two students' names, many of which are short
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


def unknown_student(folder: Path, student: str, known: Collection[str]) -> UserError:
    """The error that a folder of reports holds nothing on somebody, with the one of `known` who was probably meant."""
    near = nearest(student, known, LIKENESS)
    return UserError(messages.nothing_on_like(folder, student, near) if near else messages.nothing_on(folder, student))


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
