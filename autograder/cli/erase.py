"""`autograder erase`: all that a folder of reports says of one student, deleted."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from autograder.classroom.marks.stand_in import marks_of
from autograder.cli import messages
from autograder.cli.shared.errors import one_line_errors
from autograder.cli.shared.output_paths import DEFAULT_OUT
from autograder.errors import UserError
from autograder.grading.store import ReportStore
from autograder.pages.writer import write_class_files
from autograder.streams import as_typed


@click.command()
@click.argument("student")
@click.argument("graded", type=click.Path(exists=True, file_okay=False, path_type=Path), default=DEFAULT_OUT)
@one_line_errors
def erase(student: str, graded: Path) -> None:
    """Delete all that the folder GRADED (default: graded) holds on STUDENT: reports, former ones, pages, their work.

    marks.csv, totals.csv and index.html are made again without them. What was handed in stays: the next `autograder
    grade` would grade it again. Of a team, its folder is named: the pages of its members go with it.
    """
    store, student = ReportStore(graded), as_typed(student)
    if not store.holds(student):
        by_letters = {name.casefold(): name for name in store.students()}
        near = [by_letters[each] for each in difflib.get_close_matches(student.casefold(), by_letters, 1, cutoff=0.7)]
        raise UserError(
            messages.nothing_on_like(graded, student, near[0]) if near else messages.nothing_on(graded, student)
        )
    with store.writing():
        record = store.load_class().without(student)
        reports = store.load_all(record.reports)  # before anything is deleted: one may be broken
        marks = marks_of(record, reports)
        pages = {each.name for each in marks.members_of(student)}
        files = sum(store.erase(name) for name in sorted({student, *pages}))
        write_class_files(store, record, reports, marks.without(student))
    click.echo(messages.erased(graded, student, files))
    click.echo(messages.NOT_ERASED)
