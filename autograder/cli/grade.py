"""`autograder grade`: a class, from the folders that it handed in to reports, pages and tables."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from autograder.cli import messages
from autograder.cli.shared import messages as shared_messages
from autograder.cli.shared.ci_outputs import CiOutputs, ci_options
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.options import language_option, sandbox_option
from autograder.cli.shared.output_paths import DEFAULT_OUT
from autograder.cli.shared.runs.graders import graders_of_class
from autograder.errors import UserError
from autograder.sandbox.homes import Where


@click.command()
@click.argument("submitted", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--assignment", "chosen", metavar="A", multiple=True, help="Grade only this one. May be given again.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_OUT,
    show_default=True,
    help="The folder to write reports, pages and tables into.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    help="Number of worker processes (default: one per core).",
)
@click.option(
    "--cluster", metavar="ADDRESS", help="Grade on the workers of a Dask cluster, by its scheduler: tcp://HOST:8786."
)
@sandbox_option
@click.option("--unconfined", is_flag=True, help="The same as --sandbox none.")
@click.option("--gradebook", metavar="URL", help="nbgrader's database, sqlite:///gradebook.db: written and read.")
@click.option("--class", "class_file", type=click.Path(path_type=Path), metavar="FILE", help="The rules: class.toml.")
@language_option("In which language students are spoken to, but for those of whom the roster says another.")
@ci_options
@one_line_errors
def grade(
    submitted: Path,
    chosen: tuple[str, ...],
    out: Path,
    jobs: int,
    cluster: str | None,
    sandbox: Where | None,
    unconfined: bool,
    gradebook: str | None,
    class_file: Path | None,
    language: str,
    **ci: Any,
) -> None:
    """Grade SUBMITTED/<student>/<assignment>/<assignment>.ipynb (or .py).

    Writes a report and a page for each submission, marks.csv, totals.csv and index.html into the folder --out. What was
    graded before and has not changed is kept. Marks are made by the rules in class.toml, which lies beside SUBMITTED or
    is named by --class, and of the points by hand in written.csv beside it or in --gradebook.

    Exit code: 0, every submission has a report; 1, some report holds a grader_error, a file was handed in and not
    graded, or a page could not be made; 2, nothing was graded, or the run was stopped.
    """
    if cluster is not None and _is_given("jobs"):
        raise UserError(shared_messages.one_of_two("--jobs", "--cluster"))
    if unconfined and sandbox not in (None, Where.NONE):
        raise UserError(messages.contrary_homes(sandbox))
    outputs = CiOutputs(**ci)
    outputs.begin(made=out)
    with graders_of_class(jobs, cluster, submitted, chosen, Where.NONE if unconfined else sandbox) as graders_of:
        from autograder.cli.shared.runs.of_class import grade_whole_class  # this takes a while, in which they get ready

        is_complete = grade_whole_class(
            submitted,
            out,
            graders_of,
            outputs,
            chosen=chosen,
            class_file=class_file,
            gradebook=gradebook,
            language=language,
        )
    if not is_complete:
        sys.exit(INCOMPLETE)


def _is_given(option: str) -> bool:
    """Whether an option is there, be it with the value that it has without."""
    return click.get_current_context().get_parameter_source(option) is not ParameterSource.DEFAULT
