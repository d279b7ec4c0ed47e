"""`autograder collect`: from what instructors have to the folders that are graded; each file is accounted for."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from autograder.classroom.collect.account import account_csv
from autograder.classroom.collect.collection import Collection, Placement
from autograder.classroom.collect.owners import Owners
from autograder.classroom.collect.sources import files_of
from autograder.classroom.roster import read_roster
from autograder.cli import messages
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.output_paths import require_beside, require_own
from autograder.cli.shared.terminal import say
from autograder.course.loader import find_course, is_course, load_course
from autograder.grading.files import write_atomically
from autograder.grading.store import ReportStore

ACCOUNT = "collected.csv"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MAX_LINES = 20  # of what was not placed


@click.command()
@click.argument("sources", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default="submitted",
    show_default=True,
    help="The folder of submissions.",
)
@click.option("--assignment", metavar="A", default="", help="What files are for whose names do not tell.")
@click.option("--roster", type=FILE, metavar="FILE", help="CSV: a column `folder`, and the ids of the LMS.")
@click.option("--worksheet", type=FILE, metavar="FILE", help="Moodle's grading worksheet, which tells numbers apart.")
@click.option("--ref", metavar="REF", default="", help="Of repositories: this branch or tag.")
@click.option("--before", type=click.DateTime(), metavar="TIME", help="Of repositories: the last commit before.")
@one_line_errors
def collect(
    sources: tuple[Path, ...],
    into: Path,
    assignment: str,
    roster: Path | None,
    worksheet: Path | None,
    ref: str,
    before: datetime | None,
) -> None:
    """Lay out work for `grade`: INTO/<student>/<assignment>/.

    A SOURCE is a folder, an archive or a list of repositories (.txt: a name and an address a line). Known are Canvas'
    and Moodle's downloads of all submissions, Gradescope's export, nbgrader's exchange and folders of students;
    archives in them are unpacked. Sources that are named later are newer; what is no longer the newest is kept in
    INTO.attempts. Writes INTO/collected.csv, with a line for each file. Exit code 1: some were not placed,
    or it is not known whether they are late.
    """
    course = load_course(find_course(Path.cwd()))
    if assignment:
        course.assignment(assignment)  # raises where there is none
    require_own(into, lambda folder: not is_course(folder))
    require_beside(into, sources)
    people = read_roster(roster) if roster else None
    with ReportStore(into).writing(), tempfile.TemporaryDirectory(prefix=".collecting-", dir=into) as scratch:
        collection = Collection(into, course.names, Owners(people, worksheet), assignment)
        incoming = (
            each
            for number, source in enumerate(sources)
            for each in files_of(source, number, Path(scratch, str(number)), ref=ref, before=before)
        )
        collection.add(incoming)
        write_atomically(into / ACCOUNT, account_csv(collection.account))
    console, errors = Console(), Console(stderr=True)
    counts = Counter(line.placement for line in collection.account)
    say(
        console,
        messages.collected(len(collection.account), counts[Placement.PLACED], counts[Placement.UNCHANGED], into),
    )
    to_look_at = Placement.NOT_PLACED, Placement.PLACED, Placement.UNCHANGED
    lost = [line for line in collection.account if line.reason and line.placement in to_look_at]
    for line in lost[:MAX_LINES]:
        say(errors, messages.not_collected(line.source, line.file, line.reason), "yellow")
    if len(lost) > MAX_LINES:
        say(errors, messages.more_lines(len(lost) - MAX_LINES), "yellow")
    say(console, messages.account(into / ACCOUNT))
    if lost:
        sys.exit(INCOMPLETE)
