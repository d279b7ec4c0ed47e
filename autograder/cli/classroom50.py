"""`autograder classroom50`: the autograder folder of an assignment."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.shared import author_messages
from autograder.cli.shared.errors import one_line_errors
from autograder.cli.shared.output_paths import require_own
from autograder.course.folder import find_course
from autograder.course.loader import load_course
from autograder.publish.classroom50.archive import CHOICES, write_archive


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--assignment", "name", metavar="A", required=True, help="The assignment that the folder grades.")
@one_line_errors
def classroom50(out: Path, name: str) -> None:
    """Make the autograder folder of an assignment for Classroom 50: visible checks only, for students can find it."""
    require_own(out, lambda folder: (folder / CHOICES).is_file())
    course = load_course(find_course(Path.cwd()))
    written = write_archive(course, course.assignment(name), out)
    click.echo(author_messages.classroom50_written(out, len(written)))
