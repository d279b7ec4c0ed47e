"""`autograder diff`: before a mended check is published, whose marks move, in which checks, and because of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from autograder.classroom import messages as classroom_messages
from autograder.classroom.marks.changes import MarkChange, mark_changes
from autograder.classroom.marks.model import ClassMarks
from autograder.classroom.marks.record import load_marks, read_marks_before, read_record
from autograder.classroom.naming import few
from autograder.cli import messages
from autograder.cli.shared.errors import one_line_errors
from autograder.cli.shared.marking import MAX_CHANGES_SHOWN, say_moved, show_mark_changes
from autograder.cli.shared.tables.rows import Heading, show_rows
from autograder.cli.shared.terminal import safe, say
from autograder.errors import UserError
from autograder.grading import messages as grading_messages
from autograder.grading.files import write_atomically
from autograder.grading.report_file import ReadReports, read_report
from autograder.grading.store import ReportStore
from autograder.language.listing import listed
from autograder.publish.changes_csv import changes_csv, is_changes_csv
from autograder.report.diff import (
    Change,
    CheckChange,
    CheckMoves,
    Comparison,
    Key,
    by_check,
    compare_all,
    ups_and_downs,
)
from autograder.report.formatting import check_points, signed
from autograder.report.model import CheckResult, Report, Status, number
from autograder.report.unpaid import unpaid

ABSENT = "—"
MAX_REPORTS_NAMED = 20
MAX_CHECKS_SHOWN = 4  # of one report; the others are counted


@dataclass(frozen=True)
class MovedMarks:
    """The marks that moved; or `why_not`, a sentence, where there are none to compare. `members` are of today's."""

    changes: tuple[MarkChange, ...] = ()
    marks: ClassMarks | None = None
    why_not: str = ""

    @property
    def people(self) -> dict[str, list[str]]:
        """Who shares a folder."""
        people: dict[str, list[str]] = {}
        for each in self.marks.students if self.marks else ():
            people.setdefault(each.member.folder, []).append(each.member.name)
        return people


@click.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path), required=False)
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a row for each check of each student that changed.",
)
@one_line_errors
def diff(old: Path, new: Path | None, csv_file: Path | None) -> None:
    """Say whose marks move between two folders (or files) of reports, in which checks, and because of what.

    First comes a summary by check, then each student; then the marks, and how much of each move is due to checks, how
    much to rules and points by hand. With one folder: between its reports and the former ones that its last regrade
    replaced, and between its marks and those before the last run that moved any. Before you publish a mended check,
    grade into a second folder with `autograder grade --out` and compare.
    """
    if csv_file and csv_file.exists() and not is_changes_csv(csv_file):
        raise UserError(messages.not_written_over(csv_file))
    comparison, moved = compare_paths(old, new) if new else compare_with_former(old)
    console = Console()
    show_comparison(console, comparison)
    show_marks(console, moved)
    if csv_file:
        write_atomically(csv_file, changes_csv(comparison.changes, moved.changes, moved.people))
        say(console, messages.changes_written(csv_file))


def compare_paths(before: Path, after: Path) -> tuple[Comparison, MovedMarks]:
    """Compare the reports in two folders or two files, and the marks of two folders. Raises UserError."""
    old, new = read_reports(before), read_reports(after)
    if before.is_file() and after.is_file() and not old.keys() & new.keys():
        about = [" ".join(key) for reports in (old, new) for key in reports]
        raise UserError(messages.on_other_work(before, about[0], after, about[1]))
    moved = MovedMarks()
    if before.is_dir() and after.is_dir():
        record = read_record(ReportStore(before))  # of the rules that were in force then
        why_not = "" if record else classroom_messages.no_marks(before)
        moved = _moved(record.marks if record else None, why_not, ReportStore(after), old.values())
    return compare_all(old, new), moved


def compare_with_former(folder: Path) -> tuple[Comparison, MovedMarks]:
    """Compare the reports in a folder, and its marks, with those that were replaced last. Raises UserError."""
    if folder.is_file():
        read_reports(folder)
        raise UserError(messages.single_report(folder))
    store = ReportStore(folder)
    former, reports, marks = store.former(), store.read_all(), read_marks_before(store)
    if not former and not marks:
        raise UserError(grading_messages.no_former_reports(folder))
    changed = compare_all(former, _whole(store, [report for key, report in reports.items() if key in former]))
    moved = _moved(marks, messages.no_marks_before(folder), store, chain(former.values(), reports.values()))
    return replace(changed, unpaid=tuple(unpaid(reports.values()))), moved


def read_reports(path: Path) -> Mapping[Key, Report]:
    """The reports in a folder that `grade` wrote, or the one in a file, sorted. Raises UserError."""
    if path.is_dir():
        store = ReportStore(path)
        return _whole(store, store.read_all().values())
    if path.suffix != ".json":
        raise UserError(grading_messages.no_reports(path))
    report = read_report(path, grading_messages.no_report)  # it may be anything, and stays
    return {(report.student, report.assignment): report}


def _whole(store: ReportStore, briefs: Iterable[Report]) -> Mapping[Key, Report]:
    """All of these reports, which are read when they are asked for."""
    by_key = {(report.student, report.assignment): report for report in briefs}
    return ReadReports(by_key, lambda key: store.whole(by_key[key]))


def _moved(before: ClassMarks | None, why_not: str, store: ReportStore, old_reports: Iterable[Report]) -> MovedMarks:
    """From the marks before, if there are any (`why_not`: what to say if not), to those of a folder."""
    if before is None:
        return MovedMarks(why_not=why_not)
    try:
        after = load_marks(store)
    except UserError as error:
        return MovedMarks(why_not=str(error))
    return MovedMarks(tuple(mark_changes(before, after, old_reports)), after)


def show_comparison(console: Console, comparison: Comparison) -> None:
    """What moves in each check; a row for each report that changed, the largest moves first; then all in figures."""
    changes = sorted(comparison.changes, key=lambda change: -abs(change.moves))
    _show_checks(console, changes)
    _show_reports(console, changes)
    up, down = ups_and_downs(changes)
    level = len(changes) - up - down
    say(console, messages.compared(len(changes), up, down, level, comparison.same))
    causes = Counter(cause for change in changes for cause in change.changed_inputs)
    if causes:
        counted = listed(f"{cause} ({count})" for cause, count in causes.most_common())
        say(console, messages.because_of(counted))
    for each in comparison.unpaid:
        title = each.check.title or each.check.name
        function, later = each.question.name, each.later.assignment
        say(console, messages.unpaid(each.earlier.student, function, each.earlier.assignment, later, title))
    if comparison.only_before:
        say(console, messages.only_before(_listed(comparison.only_before)))
    if comparison.only_after:
        say(console, messages.only_after(_listed(comparison.only_after)))


def show_marks(console: Console, moved: MovedMarks) -> None:
    """A row for each mark that moved, or why there are none to compare."""
    if moved.why_not:
        say(console, messages.marks_not_compared(moved.why_not))
    if moved.marks is None:
        return
    if moved.changes:
        say(console, "\n" + messages.MARKS, "bold")
        show_mark_changes(console, moved.changes, _most(console, moved.changes))
        console.print()
    say_moved(console, moved.changes)


def _show_checks(console: Console, changes: Sequence[Change]) -> None:
    assignment, check, up, down, level, in_all, at_most = messages.CHECK_COLUMNS
    headings = [
        Heading(assignment, leads=True),
        Heading(check, leads=True),
        *(Heading(each, is_number=True) for each in (up, down, level, in_all, at_most)),
    ]
    rows = [
        [
            safe(each.assignment),
            safe(_named(each)),
            *(safe(str(count)) for count in (each.up, each.down, each.level)),
            *(safe(signed(points), _style(points)) for points in (each.in_all, each.at_most)),
        ]
        for each in by_check(changes)
    ]
    if rows:
        say(console, messages.BY_CHECK, "bold")
        show_rows(console, headings, rows)
        console.print()


def _named(each: CheckMoves) -> str:
    title = each.check.title or each.check.name
    if each.is_new:
        return messages.check_is_new(each.question, title)
    return messages.check_is_gone(each.question, title) if each.is_gone else messages.check(each.question, title)


def _show_reports(console: Console, changes: Sequence[Change]) -> None:
    student, assignment, score, checks, because = messages.DIFF_COLUMNS
    headings = [
        Heading(student, leads=True),
        Heading(assignment, leads=True),
        Heading(score, is_number=True),
        Heading(checks),
        Heading(because),
    ]
    rows = [
        [
            safe(change.after.student),
            safe(change.after.assignment),
            safe(f"{_score(change.before)} → {_score(change.after)}", _style(change.moves)),
            _checks(change.checks),
            safe(listed(change.changed_inputs) or messages.NOT_RECORDED),
        ]
        for change in changes[: _most(console, changes)]
    ]
    if rows:
        say(console, messages.BY_STUDENT, "bold")
        show_rows(console, headings, rows)
        if len(changes) > len(rows):
            say(console, messages.more_in_csv(len(changes) - len(rows)))
        console.print()


def _most(console: Console, changes: Sequence[object]) -> int:
    """How many rows are shown: all where they go into a file or another program, and else what a person can read."""
    return MAX_CHANGES_SHOWN if console.is_terminal else len(changes)


def _listed(reports: Sequence[Report]) -> str:
    return few([f"{report.student} {report.assignment}" for report in reports], MAX_REPORTS_NAMED)


def _score(report: Report) -> str:
    if report.status is Status.UNREADABLE:
        return messages.UNREADABLE
    return f"{number(report.score)}/{number(report.max_score)}"


def _style(moves: float) -> str:
    return "green" if moves > 0 else "red" if moves < 0 else ""


def _checks(changes: Sequence[CheckChange]) -> Text:
    """A line for each check, and one for those that are not shown."""
    lines = [
        messages.check_moved(change.question, change.check.title or change.check.name, _move(change))
        for change in changes[:MAX_CHECKS_SHOWN]
    ]
    if len(changes) > MAX_CHECKS_SHOWN:
        lines.append(messages.and_more(len(changes) - MAX_CHECKS_SHOWN))
    return Text("\n").join(map(safe, lines))


def _move(change: CheckChange) -> str:
    """`failed → passed`; with the points where those changed, and the outcome once where it did not."""
    before, after = change.before, change.after
    if before is None or after is None:
        return f"{_outcome(before)} → {_outcome(after)}"
    if (before.points, before.earned) == (after.points, after.earned):
        return f"{before.outcome.value} → {after.outcome.value}"
    if before.outcome is after.outcome:
        return f"{_outcome(before)} → {check_points(after)}"
    return f"{_outcome(before)} → {_outcome(after)}"


def _outcome(check: CheckResult | None) -> str:
    return ABSENT if check is None else f"{check.outcome.value}, {check_points(check)}"
