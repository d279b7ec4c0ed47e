"""What a student sees in the terminal: the visible checks of one file, or how far the course is. Portable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from autograder.outputs.table import text_table
from autograder.outputs.text import plain
from autograder.report import QuestionResult

if TYPE_CHECKING:  # only its fields are read
    from autograder.selfcheck import Progress

STYLES = {"✓": "green", "✗": "yellow"}


def show_questions(console: Console, name: str, questions: Sequence[QuestionResult]) -> None:
    """A student's visible checks on one file."""
    console.print(plain(name), style="bold")
    for question in questions:
        for line in text_table(question).splitlines():
            console.print(plain(line, len(line)), style=STYLES.get(line.strip()[:1]), soft_wrap=True)


def show_progress(console: Console, rows: Sequence[Progress]) -> None:
    """How far a student is: the next step first, then the whole course."""
    following = next((row for row in rows if not row.done), None)
    if following is None:
        console.print("All visible checks of the course pass. Hand in: the hidden ones look closer.", style="green")
    elif following.file is None:
        console.print(f"Next: {following.name}. Its notebook is not here: take it from your course again.")
    else:
        question = next(each for each in following.questions if each.score < each.max_score)
        console.print(f"Next: `{question.name}` in {following.name}", style="bold")
        console.print(plain(text_table(question), 10_000), soft_wrap=True)
    table = Table("Assignment", "", Column("Questions done", justify="right"), box=None, pad_edge=False)
    for row in rows:
        full = sum(question.score == question.max_score for question in row.questions)
        state, style = ("done", "green") if row.done else ("started", "yellow") if row.started else ("to do", "dim")
        table.add_row(row.name, Text(state, style=style), f"{full} of {len(row.questions)}")
    console.print(table)
