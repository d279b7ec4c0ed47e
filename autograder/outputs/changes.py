"""Before a mended check is published: whose marks move, in which checks, and because of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from autograder.outputs.text import plain
from autograder.report.diff import Change, CheckChange, Comparison
from autograder.report.model import CheckResult, Report, Status, number

ABSENT = "—"
MOST_CHECKS = 4  # of one report; the others are counted
ENOUGH = 10_000


def show_comparison(console: Console, comparison: Comparison) -> None:
    """A row for each report that changed, the largest moves first; then all in figures."""
    changes = sorted(comparison.changes, key=lambda change: -abs(change.moves))
    if changes:
        score = Column("Score", justify="right", no_wrap=True)
        words = [Column(name, overflow="fold") for name in ("Student", "Assignment", "Checks", "Because of")]
        table = Table(*words[:2], score, *words[2:], box=None, pad_edge=False)
        for change in changes:
            table.add_row(
                plain(change.after.student, ENOUGH),
                change.after.assignment,
                Text(f"{_score(change.before)} → {_score(change.after)}", style=_style(change.moves)),
                plain(_checks(change.checks), ENOUGH),
                ", ".join(change.causes) or "not recorded",
            )
        console.print(table)
    console.print(_figures(comparison), highlight=False)
    causes = Counter(cause for change in changes for cause in change.causes)
    if causes:
        console.print(f"Because of: {_counted(causes)}.", highlight=False)
    for side, reports in (("before", comparison.only_before), ("after", comparison.only_after)):
        if reports:
            names = ", ".join(f"{report.student} {report.assignment}" for report in reports)
            console.print(plain(f"There only {side}: {names}", ENOUGH), soft_wrap=True)


def changed_line(changes: Sequence[Change], out: object) -> str:
    """The line that a run of `grade` ends with when it has changed earlier marks."""
    up, down = (sum(sign * change.moves > 0 for change in changes) for sign in (1, -1))
    return f"Earlier reports changed: {len(changes)}; marks up: {up}, down: {down}. See `autograder diff {out}`."


def _figures(comparison: Comparison) -> str:
    up, down = (sum(sign * change.moves > 0 for change in comparison.changes) for sign in (1, -1))
    level = len(comparison.changes) - up - down
    return (
        f"Reports changed: {len(comparison.changes)}; marks up: {up}, down: {down}, level: {level}. "
        f"As they were: {comparison.same}."
    )


def _counted(causes: Counter[str]) -> str:
    return ", ".join(f"{cause} ({count})" for cause, count in causes.most_common())


def _score(report: Report) -> str:
    if report.status is Status.UNREADABLE:
        return "unreadable"
    return f"{number(report.score)}/{number(report.max_score)}"


def _style(moves: float) -> str:
    return "green" if moves > 0 else "red" if moves < 0 else ""


def _checks(changes: Sequence[CheckChange]) -> str:
    lines = [
        f"{change.question}: {change.check.title or change.check.name}: {_move(change)}"
        for change in changes[:MOST_CHECKS]
    ]
    if len(changes) > MOST_CHECKS:
        lines.append(f"and {len(changes) - MOST_CHECKS} more")
    return "\n".join(lines)


def _move(change: CheckChange) -> str:
    """`failed → passed`; with the points where those changed, and the outcome once where it did not."""
    before, after = change.before, change.after
    if before is None or after is None:
        return f"{_outcome(before)} → {_outcome(after)}"
    if (before.points, before.earned) == (after.points, after.earned):
        return f"{before.outcome.value} → {after.outcome.value}"
    if before.outcome is after.outcome:
        return f"{_outcome(before)} → {_points(after)}"
    return f"{_outcome(before)} → {_outcome(after)}"


def _outcome(check: CheckResult | None) -> str:
    return ABSENT if check is None else f"{check.outcome.value}, {_points(check)}"


def _points(check: CheckResult) -> str:
    return f"{number(check.earned)}/{number(check.points)}"
