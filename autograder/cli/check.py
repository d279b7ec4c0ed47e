"""`autograder check`: a student's own visible checks, on one file, or how far the course is. Portable."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from autograder.cli.shared.ci_outputs import CiOutputs, ci_options
from autograder.cli.shared.errors import one_line_errors, quiet_on_interrupt
from autograder.cli.shared.options import language_option
from autograder.sandbox.homes import Where
from autograder.sandbox.plain.started import one_waiting


@click.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("--sandbox", type=click.Choice([Where.WASM.value]), help="Run your code confined, in WebAssembly.")
@click.option("--watch", is_flag=True, help="Check again whenever you save. Ctrl-C ends it.")
@language_option("In which language you are spoken to (default: that of your course, else of your system).")
@ci_options
@quiet_on_interrupt
@one_line_errors
def check(path: Path, sandbox: str | None, watch: bool, language: str, **ci: Any) -> None:
    """Check your own work with the visible checks: a notebook, a .py file, or how far you are with the whole course."""
    outputs = CiOutputs(**ci)
    with nullcontext() if sandbox else one_waiting():
        from autograder.cli.shared.runs.of_own_work import check_own_work  # this takes a while, in which it starts

        check_own_work(path, outputs, language, watch=watch, is_confined=bool(sandbox))
