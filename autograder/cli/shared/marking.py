"""What `grade` and `marks` have in common: from reports to marks, and from marks to all that shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from autograder.classroom.marks.changes import MarkChange
from autograder.classroom.marks.gather import NOT_READ_YET, NOTHING_BY_HAND, make_marks
from autograder.classroom.marks.model import ClassMarks, Mark, MarkStatus
from autograder.classroom.marks.record import MarksRecord, read_record, save_marks
from autograder.classroom.marks.rules import ClassRules, require_no_loss
from autograder.cli.shared import messages
from autograder.cli.shared.tables.of_class import now_and_then, progress_bar
from autograder.cli.shared.tables.rows import Heading, show_rows
from autograder.cli.shared.terminal import safe, say
from autograder.distribution import install_name
from autograder.errors import UserError
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import ReportStore
from autograder.language.current import speaking
from autograder.pages.writer import NOT_KNOWN, write_class_files, write_student_pages
from autograder.report.diff import Key
from autograder.report.formatting import NONE, signed
from autograder.report.model import Report, number

if TYPE_CHECKING:  # of an extra, which most do not have
    from autograder.nbgrader.mark_book import MarkBook

NO_GRADEBOOK = "none"
SQLITE = "sqlite:///"  # a path follows
MAX_CHANGES_SHOWN = 40


def require_gradebook(url: str | None) -> None:
    """Raises UserError where a gradebook is asked for, and nbgrader is not installed."""
    if url and url != NO_GRADEBOOK and find_spec("nbgrader") is None:
        raise UserError(messages.cannot_run("--gradebook", "nbgrader", install_name("nbgrader")))


def former_marks(store: ReportStore, rules: ClassRules, gradebook: str | None) -> ClassMarks | None:
    """The marks of the last run, if there was one.

    Raises UserError where rules or points by hand that they were made of would be lost without a word.
    """
    last = read_record(store)
    require_no_loss(rules, store, last)
    if last and last.gradebook and not gradebook:
        raise UserError(messages.gradebook_not_named(store.root, last.gradebook))
    return last.marks if last else None


@dataclass(frozen=True)
class MarkedClass:
    """What a run made: the marks, lines for the instructor, and lines on pages that could not be made.

    `has_moved`: they are not those of the last run.
    """

    marks: ClassMarks
    warnings: tuple[str, ...]
    problems: tuple[str, ...]
    has_moved: bool


def reckon(
    store: ReportStore,
    record: ClassRecord,
    reports: Sequence[Report],
    rules: ClassRules,
    book: MarkBook | None,
    unanswered: Mapping[Key, frozenset[str]] = NOT_READ_YET,
) -> tuple[ClassMarks, tuple[str, ...]]:
    """The marks for the reports of a class, and lines for the instructor. Raises UserError."""
    by_hand = book.read_by_hand(rules.policy, rules.members) if book else NOTHING_BY_HAND
    made = make_marks(store, record, reports, rules, datetime.now(UTC), by_hand, unanswered)
    return made.marks, (*made.notes, *made.marks.warnings)


def write_everywhere(
    console: Console,
    store: ReportStore,
    record: ClassRecord,
    reports: Sequence[Report],
    others: Sequence[Report],
    rules: ClassRules,
    book: MarkBook | None,
    unanswered: Mapping[Key, frozenset[str]] = NOT_READ_YET,
    contents: Mapping[Key, bytes] = NOT_KNOWN,
) -> MarkedClass:
    """Make the marks of a class, and write all that shows them. `others` are reports on those who are not in it.

    `unanswered` is what `make_marks` takes, `contents` what `write_student_pages` does.
    """
    last = read_record(store)
    record = replace(record.in_zone(rules.policy.zone), language=rules.language)
    with speaking(record.language):  # what a person is to decide stands on the page of the class
        marks, warnings = reckon(store, record, reports, rules, book, unanswered)
    with progress_bar(console, messages.WRITING_PAGES) as bar:
        pages = bar.add_task("pages")
        tell = now_and_then(lambda done, of: bar.update(pages, completed=done, total=of))
        problems = write_student_pages(store, chain(reports, others), marks, tell, contents)
    of_marks = MarksRecord.of(marks, store.root, rules.sources, book.url if book else "")
    write_class_files(store, record, reports, marks, of_marks.end)
    has_moved = save_marks(store, of_marks)
    if book:
        book.write_marks(marks)
        warnings = (*warnings, *book.warnings)
        if last and last.gradebook and _place(last.gradebook) != _place(book.url):
            warnings = (messages.another_gradebook(last.gradebook, book.url), *warnings)
    return MarkedClass(marks, warnings, tuple(problems), has_moved)


def _place(url: str) -> str | Path:
    """What two addresses of one gradebook have in common: SQLite's may be written from here, or from the root."""
    return Path(url.removeprefix(SQLITE)).resolve() if url.startswith(SQLITE) else url


def not_only_read(changes: Iterable[MarkChange]) -> list[MarkChange]:
    """All but those that awaited hand grading, and got what somebody gave: these, `say_moved` counts."""
    return [each for each in changes if not _was_only_read(each)]


def _was_only_read(change: MarkChange) -> bool:
    awaited = change.before is not None and change.before.status is MarkStatus.AWAITS_HAND_GRADING
    return awaited and not (change.by_checks or change.new_reasons or change.gone_reasons)


def show_mark_changes(console: Console, changes: Sequence[MarkChange], most: int = MAX_CHANGES_SHOWN) -> None:
    """A row for each mark that moves, the largest first: by checks so much, by rules and by hand so much."""
    student, assignment, mark, by_checks, by_rules, because = messages.MARK_CHANGE_COLUMNS
    headings = [
        Heading(student, leads=True),
        Heading(assignment, leads=True),
        Heading(mark, is_number=True),
        Heading(by_checks, is_number=True),
        Heading(by_rules, is_number=True),
        Heading(because),
    ]
    rows = [
        [
            safe(change.either.student),
            safe(change.either.assignment),
            safe(f"{_mark(change.before)} → {_mark(change.after)}", _style(change.moves)),
            safe(_moved_by(change.by_checks)),
            safe(_moved_by(change.by_rules)),
            Text("\n").join(map(safe, _because(change))),
        ]
        for change in sorted(changes, key=lambda each: -abs(each.moves))[:most]
    ]
    if rows:
        show_rows(console, headings, rows)
    if len(changes) > most:
        say(console, messages.more_marks(len(changes) - most))


def say_moved(console: Console, changes: Sequence[MarkChange]) -> None:
    """How many marks moved, and how many of them by checks and by rules."""
    up, down = sum(each.moves > 0 for each in changes), sum(each.moves < 0 for each in changes)
    say(console, messages.marks_moved(len(changes), up, down))
    if changes:
        causes = Counter((bool(each.by_checks), bool(each.by_rules or each.new_points)) for each in changes)
        say(
            console,
            messages.moved_by(causes[True, False], causes[False, True], causes[True, True], causes[False, False]),
        )


def _moved_by(points: float | None) -> str:
    return NONE if points is None else signed(points)


def _because(change: MarkChange) -> list[str]:
    return [
        *(messages.points_by_hand(name, _given(old), _given(new)) for name, old, new in change.new_points),
        *change.new_reasons,
        *(messages.no_longer(reason) for reason in change.gone_reasons),
    ]


def _given(points: float | None) -> str:
    return NONE if points is None else number(points)


def _mark(mark: Mark | None) -> str:
    if mark is None:
        return NONE
    return (
        messages.MARK_STATUS[mark.status]
        if mark.mark is None
        else messages.out_of(number(mark.mark), number(mark.possible))
    )


def _style(moves: float) -> str:
    return "green" if moves > 0 else "red" if moves < 0 else ""
