"""`autograder collect`: from what instructors have to the folders that are graded; each file is accounted for."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from autograder.classroom.collect import messages
from autograder.classroom.collect.account import FILE as ACCOUNT
from autograder.classroom.collect.account import AccountLine, Placement, account_csv
from autograder.classroom.collect.collection import Collection
from autograder.classroom.collect.manifest import FILE as MANIFEST
from autograder.classroom.collect.owners import Owners
from autograder.classroom.collect.sources import SourceReader
from autograder.classroom.naming import few
from autograder.classroom.policy.reader import find_policy, read_roster_path
from autograder.classroom.roster import read_roster
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors
from autograder.cli.shared.output_paths import require_beside, require_own
from autograder.cli.shared.terminal import say
from autograder.course.folder import find_course, is_course
from autograder.course.loader import load_course
from autograder.errors import UserError
from autograder.grading.files import delete, write_atomically
from autograder.grading.store import ReportStore

CSV = click.Path(exists=True, dir_okay=False, path_type=Path)
MAX_LINES = 20  # of what was not placed
TIMES = tuple(
    f"%Y-%m-%d{time}" for time in ("", "T%H:%M", "T%H:%M:%S", " %H:%M", " %H:%M:%S", "T%H:%M:%S%z", "T%H:%M%z")
)
TOLD = (
    *(Placement.PLACED, Placement.UPDATED, Placement.UNCHANGED),
    *(Placement.ATTEMPT, Placement.PASSED_OVER, Placement.NOT_PLACED),
)


@click.command()
@click.argument("sources", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default="submitted",
    show_default=True,
    help="The folder of submissions.",
)
@click.option("--assignment", metavar="A", default="", help="What a download is of, or files whose names do not tell.")
@click.option("--roster", type=CSV, metavar="FILE", help="CSV: a column `folder`, and ids (default: class.toml's).")
@click.option(
    "--worksheet",
    "worksheets",
    type=CSV,
    metavar="FILE",
    multiple=True,
    help="Moodle's grading worksheet, which tells whose a number is; can be repeated.",
)
@click.option("--ref", metavar="REF", default="", help="Of repositories: this branch or tag.")
@click.option(
    "--before",
    type=click.DateTime(TIMES),
    metavar="TIME",
    help="Of repositories: the last commit before 2026-10-12T23:59 (here; or with an offset, +0200).",
)
@one_line_errors
def collect(
    sources: tuple[Path, ...],
    into: Path,
    assignment: str,
    roster: Path | None,
    worksheets: tuple[Path, ...],
    ref: str,
    before: datetime | None,
) -> None:
    """Lay out work for `grade`: INTO/<student>/<assignment>/.

    A SOURCE is a folder, an archive, some files, or a list of repositories (.txt: a name and an address a line). Known
    are Canvas' and Moodle's downloads of all submissions, Gradescope's export, nbgrader's exchange, and folders of
    students or of files that are called after them; archives in them are unpacked. Sources that are named later are
    newer; what is no longer the newest is kept in INTO.attempts. Writes INTO/collected.csv, with a line for each file.
    Exit code 1: some were not placed, or it is not known whether they are late.
    """
    course = load_course(find_course(Path.cwd()))
    if assignment:
        course.assignment(assignment)  # raises where there is none
    require_own(into, lambda folder: not is_course(folder))
    require_beside(into, sources)
    require_beside(into.with_name(f"{into.name}.attempts") if into.name else into, sources)
    if (into / ACCOUNT).exists() and not (into / MANIFEST).exists():
        raise UserError(messages.is_there_already(into / ACCOUNT))
    roster = roster or read_roster_path(find_policy(into, None))
    owners = Owners(read_roster(roster) if roster else None, worksheets)
    with ReportStore(into).writing(), tempfile.TemporaryDirectory(prefix=".collecting-", dir=into) as scratch:
        for stale in into.glob(".collecting-*"):  # of a run that was killed
            if stale != Path(scratch):
                delete(stale)
        collection = Collection(into, course.names, owners, assignment)
        collection.add(SourceReader(Path(scratch), course.names, ref=ref, before=before).read(sources))
        write_atomically(into / ACCOUNT, account_csv(collection.account))
    _tell(collection.account, into)
    if any(line.needs_a_person for line in collection.account):
        sys.exit(INCOMPLETE)


def _tell(account: list[AccountLine], into: Path) -> None:
    console, errors = Console(), Console(stderr=True)
    counts = Counter(line.placement for line in _of_each_file(account))
    say(console, messages.collected(into, counts.total(), *(counts[placement] for placement in TOLD)))
    told: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for line in account:
        if line.needs_a_person:
            told[line.source, line.reason].append(line.file or line.student)
    for (source, reason), names in list(told.items())[:MAX_LINES]:
        shown = few([name for name in names if name])
        text = messages.of_files(source, shown, reason) if shown else messages.of_source(source, reason)
        say(errors, text, "yellow")
    if len(told) > MAX_LINES:
        say(errors, messages.more_lines(len(told) - MAX_LINES), "yellow")
    absent: defaultdict[str, list[str]] = defaultdict(list)
    for line in account:
        if line.placement is Placement.ABSENT:
            absent[line.reason].append(line.student)
    for reason, students in absent.items():
        say(console, messages.absent(len(students), few(students), reason))
    say(console, messages.account(into / ACCOUNT))


def _of_each_file(account: list[AccountLine]) -> list[AccountLine]:
    """A line for each file that came in: one that several handed in together has one for each of them."""
    lines: defaultdict[tuple[str, str], defaultdict[str, list[AccountLine]]] = defaultdict(lambda: defaultdict(list))
    for line in account:
        if line.file:
            lines[line.source, line.file][line.student].append(line)
    return [line for of_students in lines.values() for line in max(of_students.values(), key=len)]
