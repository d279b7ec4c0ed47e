"""What the instructor sees in the terminal: progress, scores, the proofs of a course, the machine's promises."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Column, Table
from rich.text import Text

from autograder.outputs.text import plain
from autograder.report.findings import is_unread
from autograder.report.formatting import mean_score, percent, points
from autograder.report.model import Outcome, Report, Status, number

if TYPE_CHECKING:  # only their fields are read: the terminal must not load nbgrader
    from autograder.course.certify import Proof
    from autograder.sandbox.selftest import Finding

ENOUGH = 100_000  # characters: no name is left out
UNREAD = "could not be read"
# How checks end, the worst first.
ENDS = (Outcome.GRADER_ERROR, Outcome.CRASHED, Outcome.TIMEOUT, Outcome.ERROR, UNREAD, Outcome.MISSING)
MOST_ROWS = 40  # a larger class is summed up; its reports are in files


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "", style="progress.data.speed")


def progress_bar(console: Console) -> Progress:
    """A bar with the number done, the rate and the time left; nothing where the output is no terminal."""
    return Progress(
        TextColumn("Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )


def show_class(console: Console, reports: Sequence[Report], absent: Sequence[str], fresh: int, seconds: float) -> None:
    """The scores: a row a submission for a small class, a row an assignment for a large one."""
    console.print(_submissions(reports) if len(reports) <= MOST_ROWS else _assignments(reports))
    if absent:
        console.print(plain(f"Handed in nothing: {', '.join(absent)}", ENOUGH), soft_wrap=True)
    unreadable = sum(report.status is Status.UNREADABLE for report in reports)
    broken = sum(report.has_grader_error for report in reports)
    scores = f"Mean of the scores: {percent(mean_score(reports))}."
    summary = f"Submissions: {len(reports)} (unreadable: {unreadable}). {scores}"
    rate = f" ({fresh / seconds:.0f}/s)" if fresh and seconds else ""
    kept = f", {len(reports) - fresh} kept from an earlier run" if fresh < len(reports) else ""
    console.print(f"{summary} {fresh} graded in {seconds:.1f} s{rate}{kept}.", highlight=False)
    if broken:
        console.print(f"Reports with a grader_error: {broken}. Ours to mend, then grade again.", style="bold red")
    if any(not report.confined for report in reports):
        console.print("Graded without confinement (--unconfined): the reports say so.", style="yellow")


def show_files(console: Console, out: Path) -> None:
    console.print(f"Reports and pages: {out}/index.html · scores: {out}/grades.csv", highlight=False, soft_wrap=True)


def show_gradebook(console: Console, url: str, written: int, reports: int) -> None:
    held_back = f"; held back for a grader_error: {reports - written}" if written < reports else ""
    console.print(f"Gradebook: {url}. Submissions written: {written}{held_back}.", highlight=False, soft_wrap=True)


def _submissions(reports: Sequence[Report]) -> Table:
    student, assignment, note = (Column(name, overflow="fold") for name in ("Student", "Assignment", "What stands out"))
    table = Table(student, assignment, Column("Score", justify="right", no_wrap=True), note, box=None, pad_edge=False)
    for report in reports:
        table.add_row(plain(report.student, ENOUGH), report.assignment, points(report), plain(_note(report), ENOUGH))
    return table


def _assignments(reports: Sequence[Report]) -> Table:
    share = Column("Mean", justify="right", no_wrap=True)
    common_ones = Column("Most common misconceptions", overflow="fold")
    table = Table("Assignment", "Submissions", share, common_ones, box=None, pad_edge=False)
    for name in sorted({report.assignment for report in reports}):
        of_it = [report for report in reports if report.assignment == name]
        seen = Counter(each for report in of_it for question in report.questions for each in question.misconceptions)
        common = ", ".join(f"{each} ({count})" for each, count in seen.most_common(3))
        table.add_row(name, str(len(of_it)), percent(mean_score(of_it)), common)
    return table


def _note(report: Report) -> str:
    """The one thing to know of a submission."""
    if report.status is Status.UNREADABLE:
        return f"unreadable: {report.error}"
    mistakes = [f"{question.name}: {each}" for question in report.questions for each in question.misconceptions]
    others = Counter(UNREAD if is_unread(check) else check.outcome.value for check in report.checks)
    ends = [f"{others[end]} × {end}" for end in ENDS if others[end]]
    return ", ".join([*mistakes, *ends])


def show_proofs(console: Console, proofs: Iterable[Proof]) -> bool:
    """The matrix of a course's proofs; returns whether all of them hold."""
    table = Table("Question", "Handed in", "Score", "Caught by", "Off by", "", box=None, pad_edge=False)
    rows = list(proofs)
    for proof in rows:
        caught = "" if not proof.is_misconception else f"{proof.caught_by} of {proof.checks} checks"
        table.add_row(
            proof.question,
            proof.handed_in,
            f"{number(proof.score)}/{number(proof.max_score)}",
            caught,
            _margin(proof.margin),
            Text(f"✗ {proof.problem}", style="bold red") if proof.problem else Text("✓", style="green"),
        )
    console.print(table)
    failed = sum(bool(proof.problem) for proof in rows)
    misconceptions = sum(proof.is_misconception for proof in rows)
    questions = len({(proof.assignment, proof.question) for proof in rows})
    outcome = f"{failed} proofs fail." if failed else "Every reference is full, every stub 0, every mistake named."
    console.print(f"{questions} questions, {misconceptions} misconceptions. {outcome}", highlight=False)
    return not failed


def _margin(margin: float) -> str:
    if math.isnan(margin):
        return ""
    return "shape or error" if math.isinf(margin) else f"{margin:.0e} tolerances"


def show_findings(console: Console, findings: Sequence[Finding]) -> bool:
    """The sandbox's promises, one by one; returns whether all of them hold here."""
    console.print("A submission, on this machine:")
    for finding in findings:
        mark, style = ("✓", "green") if finding.held else ("✗", "bold red")
        detail = f" — broken: {finding.detail}" if finding.detail else ""
        console.print(Text(f"  {mark} ", style=style), plain(f"{finding.promise.text}{detail}"), sep="")
    return all(finding.held for finding in findings)
