"""A report in a notebook: each check cell shows its checks, and scores as nbgrader reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from autograder.outputs.inline import html_text, plain_text
from autograder.report.model import CheckResult, QuestionResult, Report, number
from autograder.student.check_table import CELL, COLOURS, MARKS, WRONG, WRONG_COLOUR

Json = dict[str, Any]
CHECK = "check_"  # the check cell of the question `softmax` is named check_softmax
AGAIN = "The same as for “{title}”."
NAMED = "Known mix-up: "
UNREADABLE = "**This submission could not be read.**"
PART = f"{CELL};padding:.2em .6em"  # nbgrader's pages bring no space between cells
UNCONFINED = "Graded without confinement: the code ran with all the rights of the grader."


def fill(notebook: Json, report: Report, plain: Callable[[str], str]) -> Json:
    """The notebook with the report in it. It has a check cell for each question.

    `plain` makes a stranger's words harmless Markdown.
    """
    by_cell = {f"{CHECK}{question.name}": question for question in report.questions}
    cells = [
        {**cell, "outputs": outputs(by_cell[name])} if (name := _name(cell)) in by_cell else cell
        for cell in notebook["cells"]
    ]
    if said := [*_remarks(report)]:
        text = plain("\n\n".join(said))
        cells.insert(0, {"cell_type": "markdown", "id": "about-this-report", "metadata": {}, "source": text})
    return {**notebook, "cells": cells}


def outputs(question: QuestionResult) -> list[Json]:
    """What a check cell shows. nbgrader takes the score from the plain text of the only `execute_result`."""
    points = f"{number(question.score)} of {number(question.max_score)} points"
    lines = list(_lines(question))
    score = {"text/plain": repr(float(question.score)), "text/html": f"<b>{points}</b>"}
    return [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": _html(lines), "text/plain": _text(lines)},
        },
        {"output_type": "execute_result", "metadata": {}, "execution_count": None, "data": score},
    ]


def _name(cell: Json) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _remarks(report: Report) -> Iterator[str]:
    if report.error:
        yield f"{UNREADABLE} {report.error}"
    yield from report.notes
    if not report.confined:
        yield UNCONFINED


def _lines(question: QuestionResult) -> Iterator[tuple[CheckResult, str]]:
    """The checks, each with what is to be said of it; what was said once is not said again."""
    told: dict[str, str] = {}  # what was said, and of which check
    for check in question.checks:
        message = check.message
        if check.misconception:
            name = f"{NAMED}{check.misconception.replace('_', ' ')}"
            message = f"{name}\n{message.splitlines()[0]}" if name in told else f"{name}\n{message}"
            told.setdefault(name, check.title)
        yield check, AGAIN.format(title=told[message]) if message and message in told else message
        told.setdefault(message, check.title)


def _text(lines: list[tuple[CheckResult, str]]) -> str:
    said = []
    for check, message in lines:
        said.append(f"{MARKS.get(check.outcome, WRONG)} {check.title} ({_points(check)})")
        said += [f"    {line}" for line in plain_text(message).splitlines()]
    return "\n".join(said)


def _html(lines: list[tuple[CheckResult, str]]) -> str:
    rows = "".join(
        f'<tr style="background:none"><td style="{PART};color:{COLOURS.get(check.outcome, WRONG_COLOUR)};'
        f'font-weight:bold">{MARKS.get(check.outcome, WRONG)}</td><td style="{PART}">{html_text(check.title)}</td>'
        f'<td style="{PART}">{_points(check)}</td><td style="{PART};max-width:36em">{_message(message)}</td></tr>'
        for check, message in lines
    )
    return f"<table>{rows}</table>"


def _message(message: str) -> str:
    """The message; a named mistake stands out."""
    return re.sub(f"^{NAMED}.*", lambda match: f"<b>{match[0]}</b>", html_text(message))


def _points(check: CheckResult) -> str:
    return f"{number(check.earned)}/{number(check.points)}"
