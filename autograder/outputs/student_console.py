"""What a student sees in the terminal: the visible checks of one file, or how far the course is. Portable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from autograder.outputs.text import plain
from autograder.report.model import QuestionResult
from autograder.student.check_table import text_table

if TYPE_CHECKING:  # only its fields are read
    from autograder.student.check import Progress

STYLES = {"✓": "green", "✗": "yellow"}
ENOUGH = 10_000


def show_questions(console: Console, name: str, questions: Sequence[QuestionResult]) -> None:
    """A student's visible checks on one file."""
    console.print(plain(name), style="bold")
    for question in questions:
        for line in text_table(question).splitlines():
            console.print(plain(line, len(line)), style=STYLES.get(line.strip()[:1]), soft_wrap=True)


def show_progress(console: Console, rows: Sequence[Progress]) -> None:
    """How far a student is: the next step first, then the whole course, then what cannot be checked."""
    _show_next(console, next((row for row in rows if not row.done), None))
    table = Table("Assignment", "", Column("Questions done", justify="right"), box=None, pad_edge=False)
    for row in rows:
        full = sum(question.score == question.max_score for question in row.questions)
        table.add_row(row.name, _state(row), f"{full} of {len(row.questions)}" if row.questions else "—")
    console.print(table)
    for row in rows:
        if row.problem:
            console.print(plain(row.problem, ENOUGH), style="yellow", soft_wrap=True)


def _show_next(console: Console, row: Progress | None) -> None:
    if row is None:
        console.print("All visible checks of the course pass. Hand in: the hidden ones look closer.", style="green")
    elif row.problem:
        console.print(f"Next: {row.name}. Its notebook cannot be checked yet: see below.", style="bold")
    elif row.file is None:
        console.print(f"Next: {row.name}. Its notebook is not here: take it from your course again.")
    else:
        question = next((each for each in row.questions if each.score < each.max_score), None)
        if question is None:
            return
        console.print(f"Next: `{question.name}` in {row.name}", style="bold")
        console.print(plain(text_table(question), ENOUGH), soft_wrap=True)


def _state(row: Progress) -> Text:
    if row.problem:
        return Text("unreadable" if row.file else "other name", style="red")
    if row.done:
        return Text("done", style="green")
    return Text("started", style="yellow") if row.started else Text("to do", style="dim")
