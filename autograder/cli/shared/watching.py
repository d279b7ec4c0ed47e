"""`--watch`: something is shown again whenever a file is saved, and what happens meanwhile is said. Portable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from autograder.cli import messages
from autograder.cli.shared.messages import error_line
from autograder.errors import UserError
from autograder.sandbox.protocol import SandboxError


def watch_and_check(path: Path, show: Callable[[], object]) -> None:
    """Call `show` whenever something at or beside `path` is saved, until Ctrl-C. What a user can mend ends nothing."""
    import watchfiles  # only here: it takes its time

    folder = path if path.is_dir() else path.parent
    click.echo(messages.waiting(_shown(folder), _now()))
    for _ in watchfiles.watch(folder):
        click.clear()
        click.echo(messages.checking(path.resolve().name))
        try:
            show()
        except (UserError, SandboxError) as error:
            click.echo(error_line(str(error)))
        click.echo(messages.waiting(_shown(folder), _now()))


def _shown(folder: Path) -> str:
    return folder.resolve().name


def _now() -> str:
    return datetime.now().strftime("%H:%M:%S")
