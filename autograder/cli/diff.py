"""`autograder diff`: before a mended check is published, whose marks move, in which checks, and because of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Column, Table

from autograder.cli import messages
from autograder.cli.shared.errors import one_line_errors
from autograder.cli.shared.terminal import safe, say
from autograder.errors import UserError
from autograder.grading.store import ReportStore, read_reports
from autograder.report.diff import CheckChange, Comparison, compare_all, ups_and_downs
from autograder.report.formatting import check_points
from autograder.report.model import CheckResult, Report, Status, number
from autograder.report.unpaid import unpaid

ABSENT = "—"
MAX_CHECKS_SHOWN = 4  # of one report; the others are counted


@click.command()
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path), required=False)
@one_line_errors
def diff(old: Path, new: Path | None) -> None:
    """Say whose marks move between two folders (or files) of reports, in which checks, and because of what.

    With one folder: between its reports and the former ones that its last regrade replaced. Before you publish a mended
    check, grade into a second folder with `autograder grade --out` and compare.
    """
    show_comparison(Console(), compare_paths(old, new) if new else compare_with_former(old))


def compare_paths(before: Path, after: Path) -> Comparison:
    """Compare the reports in two folders or two files. Raises UserError."""
    old, new = read_reports(before), read_reports(after)
    if before.is_file() and after.is_file() and not old.keys() & new.keys():
        about = [" ".join(key) for reports in (old, new) for key in reports]
        raise UserError(messages.on_other_work(before, about[0], after, about[1]))
    return compare_all(old, new)


def compare_with_former(folder: Path) -> Comparison:
    """Compare the reports in a folder with those that its last regrade replaced. Raises UserError."""
    if folder.is_file():
        read_reports(folder)
        raise UserError(messages.single_report(folder))
    store = ReportStore(folder)
    former = store.read_former()
    reports = store.read_all()
    changed = compare_all(former, {key: report for key, report in reports.items() if key in former})
    return replace(changed, unpaid=tuple(unpaid(reports.values())))


def show_comparison(console: Console, comparison: Comparison) -> None:
    """A row for each report that changed, the largest moves first; then all in figures."""
    changes = sorted(comparison.changes, key=lambda change: -abs(change.moves))
    if changes:
        student, assignment, score, checks, because = messages.DIFF_COLUMNS
        table = Table(
            Column(student, overflow="fold"),
            Column(assignment, overflow="fold"),
            Column(score, justify="right", no_wrap=True),
            Column(checks, overflow="fold"),
            Column(because, overflow="fold"),
            box=None,
            pad_edge=False,
        )
        for change in changes:
            table.add_row(
                safe(change.after.student),
                change.after.assignment,
                safe(f"{_score(change.before)} → {_score(change.after)}", _style(change.moves)),
                safe(_checks(change.checks)),
                ", ".join(change.changed_inputs) or messages.NOT_RECORDED,
            )
        console.print(table)
    up, down = ups_and_downs(changes)
    level = len(changes) - up - down
    console.print(messages.compared(len(changes), up, down, level, comparison.same), highlight=False)
    causes = Counter(cause for change in changes for cause in change.changed_inputs)
    if causes:
        counted = ", ".join(f"{cause} ({count})" for cause, count in causes.most_common())
        console.print(messages.because_of(counted), highlight=False)
    for each in comparison.unpaid:
        title = each.check.title or each.check.name
        function, later = each.question.name, each.later.assignment
        say(console, messages.unpaid(each.earlier.student, function, each.earlier.assignment, later, title))
    if comparison.only_before:
        say(console, messages.only_before(_listed(comparison.only_before)))
    if comparison.only_after:
        say(console, messages.only_after(_listed(comparison.only_after)))


def _listed(reports: Sequence[Report]) -> str:
    return ", ".join(f"{report.student} {report.assignment}" for report in reports)


def _score(report: Report) -> str:
    if report.status is Status.UNREADABLE:
        return messages.UNREADABLE
    return f"{number(report.score)}/{number(report.max_score)}"


def _style(moves: float) -> str:
    return "green" if moves > 0 else "red" if moves < 0 else ""


def _checks(changes: Sequence[CheckChange]) -> str:
    lines = [
        f"{change.question}: {change.check.title or change.check.name}: {_move(change)}"
        for change in changes[:MAX_CHECKS_SHOWN]
    ]
    if len(changes) > MAX_CHECKS_SHOWN:
        lines.append(messages.and_more(len(changes) - MAX_CHECKS_SHOWN))
    return "\n".join(lines)


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
