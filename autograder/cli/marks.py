"""`autograder marks`: the final marks, made again without grading: after a change of rules or of points by hand."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from autograder.classroom.marks.changes import mark_changes
from autograder.classroom.marks.explain import explain
from autograder.classroom.marks.model import ClassMarks, StudentMarks
from autograder.classroom.marks.record import require_whole_run
from autograder.classroom.marks.rules import ClassRules, rules_of_reports
from autograder.classroom.person import composed
from autograder.classroom.policy.model import Attempts
from autograder.cli import messages
from autograder.cli.shared.errors import INCOMPLETE, one_line_errors, unknown_student
from autograder.cli.shared.marking import (
    NO_GRADEBOOK,
    MarkedClass,
    former_marks,
    not_only_read,
    reckon,
    require_gradebook,
    say_moved,
    show_mark_changes,
    write_everywhere,
)
from autograder.cli.shared.output_paths import DEFAULT_OUT
from autograder.cli.shared.tables.of_class import to_come
from autograder.cli.shared.terminal import say
from autograder.errors import UserError
from autograder.grading.class_record import ClassRecord
from autograder.grading.files import path_from
from autograder.grading.store import ReportStore
from autograder.language.listing import listed
from autograder.report.model import Report
from autograder.streams import as_typed

if TYPE_CHECKING:  # of an extra, which most do not have
    from autograder.nbgrader.mark_book import MarkBook


@click.command()
@click.argument("graded", type=click.Path(exists=True, file_okay=False, path_type=Path), default=DEFAULT_OUT)
@click.option("--class", "class_file", type=click.Path(path_type=Path), metavar="FILE", help="The rules: class.toml.")
@click.option("--gradebook", metavar="URL", help="Points by hand from nbgrader's database, and marks into it; or none.")
@click.option("--explain", "student", metavar="STUDENT", help="Say how one student's marks come about; write nothing.")
@one_line_errors
def marks(graded: Path, class_file: Path | None, gradebook: str | None, student: str | None) -> None:
    """Make the final marks of a folder of reports again, without grading; say whose marks move.

    They are made of the reports in GRADED (default: graded), the rules in class.toml, and the points by hand in
    written.csv beside it or in nbgrader's gradebook. marks.csv, totals.csv and all pages are written anew. Where
    class.toml lies is known from `autograder grade`. Exit code 1: a page could not be made.
    """
    require_gradebook(gradebook)
    if class_file is not None and not class_file.is_file():
        raise UserError(messages.no_class_file(class_file))
    store, console = ReportStore(graded), Console()
    if student is not None:
        _explain(console, _read(store, class_file, gradebook), composed(as_typed(student)))
        return
    store.load_class()  # a folder of something else is refused before a lock is left in it
    with store.writing():
        given = _read(store, class_file, gradebook)
        others, _ = store.beside(given.record.reports)
        rules = given.rules
        record = replace(given.record, policy=path_from(store.root, rules.file), policy_is_named=rules.is_named)
        written = write_everywhere(console, store, record, given.reports, others, rules, given.book)
    _show(console, given, written)
    if written.problems:
        sys.exit(INCOMPLETE)


@dataclass(frozen=True)
class _Given:
    """What marks are made of, and those that there were before."""

    store: ReportStore
    record: ClassRecord
    reports: Sequence[Report]
    rules: ClassRules
    before: ClassMarks | None
    book: MarkBook | None


def _read(store: ReportStore, class_file: Path | None, gradebook: str | None) -> _Given:
    require_whole_run(store)
    record = store.load_class()
    reports = store.read_briefs(record.reports)
    rules = rules_of_reports(store, record, class_file, reports)
    before = former_marks(store, rules, gradebook)
    book = None
    if gradebook and gradebook != NO_GRADEBOOK:
        from autograder.nbgrader.mark_book import open_mark_book  # of an extra, which most do not have

        book = open_mark_book(gradebook, Path.cwd())
    return _Given(store, record, reports, rules, before, book)


def _explain(console: Console, given: _Given, name: str) -> None:
    made, _ = reckon(given.store, given.record, given.reports, given.rules, given.book)
    found = _find(made, name, given.store.root)
    for line in explain(found, given.rules.policy, console.width if console.is_terminal else None):
        say(console, line)


def _show(console: Console, given: _Given, written: MarkedClass) -> None:
    warnings = Console(stderr=True)
    for line in (*written.warnings, *written.problems):
        say(warnings, line, "yellow")
    changes = mark_changes(given.before, written.marks, given.reports) if given.before and written.has_moved else []
    show_mark_changes(console, not_only_read(changes))
    if given.before:
        say_moved(console, changes)
    say(console, messages.marks_made(given.store.root, len(written.marks.students), len(written.marks.assignments)))
    if line := to_come(written.marks):
        say(console, line)
    if given.rules.policy.attempt is Attempts.LAST_BEFORE_DEADLINE:
        say(console, messages.ATTEMPTS_ARE_GRADES)


def _find(marks: ClassMarks, name: str, graded: Path) -> StudentMarks:
    """One student, by name. Raises UserError."""
    by_name = {each.member.name: each for each in marks.students}
    if found := by_name.get(name):
        return found
    if team := [each.name for each in marks.members_of(name)]:
        raise UserError(messages.one_of_a_team(name, listed(team)))
    raise unknown_student(graded, name, by_name)
