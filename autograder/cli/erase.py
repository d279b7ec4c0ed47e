"""`autograder erase`: all that a folder of reports says of one student, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from autograder.classroom.marks.gather import make_marks
from autograder.classroom.marks.model import ClassMarks
from autograder.classroom.marks.record import MarksRecord, forget_before, put_marks, read_record
from autograder.classroom.marks.rules import ClassRules, policy_file
from autograder.classroom.members import members
from autograder.classroom.person import composed
from autograder.classroom.policy.model import Policy
from autograder.classroom.roster import roster_of
from autograder.cli import messages
from autograder.cli.shared.errors import one_line_errors, unknown_student
from autograder.cli.shared.output_paths import DEFAULT_OUT
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import ReportStore
from autograder.pages.writer import write_class_files
from autograder.publish.lms.overwriting.exported import read_exported, save_exported
from autograder.report.model import Report
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
    store, student = ReportStore(graded), composed(as_typed(student))
    last, exported = read_record(store), read_exported(store)
    is_known = store.holds(student) or (last and last.marks.members_of(student))
    if not (is_known or exported.without([student]) != exported):
        raise unknown_student(graded, student, store.students())
    with store.writing():
        record = store.load_class().without(student)
        reports = store.read_briefs(record.reports)  # before anything is deleted: one may be broken
        last = last or MarksRecord(_marks_without_rules(store, record, reports), {})
        pages = {each.name for each in last.marks.members_of(student)}
        files = sum(store.erase(name) for name in sorted({student, *pages}))
        rest = last.without(student)
        forget_before(store, student)
        put_marks(store, rest)
        if (others := exported.without({student, *pages})) != exported:
            save_exported(store, others)
        write_class_files(store, record, reports, rest.marks)
    click.echo(messages.erased(graded, student, files))
    click.echo(messages.NOT_ERASED)


def _marks_without_rules(store: ReportStore, record: ClassRecord, reports: Sequence[Report]) -> ClassMarks:
    """Of reports that an earlier version wrote, beside which no marks are kept."""
    rules = ClassRules(Policy(), members(roster_of(()), record.students), policy_file(store, record))
    return make_marks(store, record, reports, rules, datetime.now(UTC)).marks
