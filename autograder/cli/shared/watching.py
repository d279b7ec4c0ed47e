"""`--watch`: something is shown again whenever a file is saved, and what happens meanwhile is said. Portable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from autograder import settings
from autograder.cli import messages
from autograder.cli.shared.messages import error_line
from autograder.errors import UserError
from autograder.sandbox.protocol import SandboxError

POLL_MILLISECONDS = 500


def watch_and_check(path: Path, show: Callable[[], object]) -> None:
    """Call `show` at once, and whenever something in the course is saved, until Ctrl-C; meanwhile, too.

    What a user can mend ends nothing.
    """
    import watchfiles  # only here: it takes its time

    folder = path if path.is_dir() else path.parent
    course = next((each for each in (folder, *folder.resolve().parents) if (each / settings.FILE).is_file()), folder)
    saves = watchfiles.watch(course, yield_on_timeout=True, rust_timeout=POLL_MILLISECONDS)
    next(saves)  # from now on, it watches
    _show(path, show)
    for changes in saves:
        if changes:
            click.clear()
            _show(path, show)


def _show(path: Path, show: Callable[[], object]) -> None:
    click.echo(messages.checking(path.resolve().name))
    try:
        show()
    except (UserError, SandboxError) as error:
        click.echo(error_line(str(error)))
    click.echo(messages.waiting(_shown(path if path.is_dir() else path.parent), _now()))


def _shown(folder: Path) -> str:
    return folder.resolve().name


def _now() -> str:
    return datetime.now().strftime("%H:%M:%S")
