"""`autograder gradescope`: the autograder archive of an assignment."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.shared import author_messages
from autograder.cli.shared.errors import one_line_errors
from autograder.cli.shared.output_paths import require_zip
from autograder.course import messages as course_messages
from autograder.course.folder import find_course
from autograder.course.loader import load_course
from autograder.publish.gradescope.archive import write_archive
from autograder.publish.gradescope.results import HIDDEN_UNTIL


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT.zip")
@click.option("--assignment", "name", metavar="A", required=True, help="The assignment that the archive grades.")
@click.option(
    "--hidden",
    type=click.Choice(HIDDEN_UNTIL),
    default=HIDDEN_UNTIL[0],
    show_default=True,
    help="When students see hidden checks.",
)
@one_line_errors
def gradescope(out: Path, name: str, hidden: str) -> None:
    """Make the autograder archive of an assignment for Gradescope. It holds the solutions."""
    require_zip(out)
    course = load_course(find_course(Path.cwd()))
    write_archive(course, course.assignment(name), hidden, out)
    click.echo(author_messages.gradescope_written(out))
    if course.has_public_seed:
        click.echo(course_messages.PUBLIC_SEED, err=True)
