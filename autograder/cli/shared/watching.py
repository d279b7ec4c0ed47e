"""`--watch`: something is shown again whenever a file is saved, and what happens meanwhile is said. Portable."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import click

from autograder import settings
from autograder.cli import messages
from autograder.cli.shared import author_messages
from autograder.cli.shared import messages as shared_messages
from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.sandbox.protocol import SandboxError

POLL_MILLISECONDS = 500
SEMAPHORES = "ignore:resource_tracker"  # of a pool that was stopped: they are cleared away all the same


def watch_and_check(path: Path, show: Callable[[], object]) -> None:
    """Call `show` at once, and whenever something in the course is saved, until Ctrl-C; meanwhile, too.

    What a user can mend ends nothing.
    """
    folder = path if path.is_dir() else path.parent
    course = next((each for each in (folder, *folder.resolve().parents) if (each / settings.FILE).is_file()), folder)
    for saved in _saves(course):
        if saved:
            click.clear()
        click.echo(messages.checking(path.resolve().name))
        try:
            show()
        except (UserError, SandboxError) as error:
            click.echo(shared_messages.error_line(str(error)))
        click.echo(messages.waiting(folder.resolve().name, _now()))


def watch_and_certify(
    solutions: Path,
    names: Sequence[str],
    options: Sequence[str],
    rest_on: Callable[[set[Path]], Sequence[str] | None],
) -> None:
    """Certify some assignments, all where none is named, and then those that `rest_on` what was saved, until Ctrl-C.

    Each time in a process of its own, so that all is read anew, and nothing that a course does ends this one.
    """
    for saved in _saves(solutions):
        again = names if saved is None else rest_on(saved)
        if again is None:
            continue
        if saved:
            click.clear()
        click.echo(author_messages.certifying(listed(again)) if again else author_messages.CERTIFYING_ALL)
        _run([sys.executable, "-m", "autograder", "certify", *options, *again])
        click.echo(author_messages.certified(solutions.name, _now()))


def _run(command: Sequence[str]) -> None:
    """Run a program to its end. Ctrl-C is told to us alone, and ends it, with all that it has started."""
    quiet = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), SEMAPHORES)))
    program = subprocess.Popen(command, process_group=0, env={**os.environ, "PYTHONWARNINGS": quiet})
    try:
        program.wait()
    except KeyboardInterrupt:
        with suppress(ProcessLookupError):  # it has just ended
            os.killpg(program.pid, signal.SIGTERM)
        program.wait()
        raise


def _saves(folder: Path) -> Iterator[set[Path] | None]:
    """None at once, when it watches; then the files of a folder that were saved, each time that some were."""
    import watchfiles  # only here: it takes its time

    changes = watchfiles.watch(folder, yield_on_timeout=True, rust_timeout=POLL_MILLISECONDS)
    next(changes)
    yield None
    for some in changes:
        if some:
            yield {Path(path) for _, path in some}


def _now() -> str:
    return datetime.now().strftime("%H:%M:%S")
