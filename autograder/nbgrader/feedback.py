"""Feedback in a notebook: writes a report into its check cells, as outputs from which nbgrader reads the scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autograder.language.current import speaking
from autograder.nbgrader import messages
from autograder.report import messages as report_messages
from autograder.report.findings import CheckText, check_texts
from autograder.report.formatting import check_points
from autograder.report.model import QuestionResult, Report, number
from autograder.student.check_table import CELL_STYLE, MARKS, WRONG, mark_cell
from autograder.text import for_html, inert_markdown, sanitise, without_marks

Json = dict[str, Any]
CHECK = "check_"  # the check cell of the question `softmax` is named check_softmax
NO_MATHS = "tex2jax_ignore mathjax_ignore"  # MathJax 2 and 3 leave alone what a message quotes
PART_STYLE = f"{CELL_STYLE};padding:.2em .6em"  # nbgrader's pages bring no space between cells


def fill(notebook: Json, report: Report) -> Json:
    """The notebook with the report in it, in its language. It has a check cell for each question."""
    with speaking(report.language):
        return _filled(notebook, report)


def _filled(notebook: Json, report: Report) -> Json:
    by_cell = {f"{CHECK}{question.name}": question for question in report.questions}
    cells = [
        {**cell, "outputs": outputs(by_cell[name])} if (name := _name(cell)) in by_cell else cell
        for cell in notebook["cells"]
    ]
    if remarks := [*_remarks(report)]:
        text = inert_markdown("\n\n".join(remarks))
        cells.insert(0, {"cell_type": "markdown", "id": "about-this-report", "metadata": {}, "source": text})
    return {**notebook, "cells": cells}


def outputs(question: QuestionResult) -> list[Json]:
    """The outputs of a check cell. nbgrader takes the score from the plain text of the only `execute_result`."""
    points = messages.points_of(number(question.score), number(question.max_score))
    texts = check_texts(question)
    score = {"text/plain": repr(float(question.score)), "text/html": f"<b>{points}</b>"}
    return [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": _html(texts), "text/plain": _text(texts)},
        },
        {"output_type": "execute_result", "metadata": {}, "execution_count": None, "data": score},
    ]


def _name(cell: Json) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _remarks(report: Report) -> Iterator[str]:
    if report.error:
        yield messages.unreadable(report.error)
    yield from report.notes
    if not report.confined:
        yield messages.UNCONFINED


def _text(texts: Sequence[CheckText]) -> str:
    lines = []
    for each in texts:
        lines.append(f"{MARKS.get(each.check.outcome, WRONG)} {each.check.title} ({check_points(each.check)})")
        message = "\n".join([*_heading(each), each.sentence])
        lines += [f"    {line}" for line in sanitise(without_marks(message)).splitlines()]
    return "\n".join(lines)


def _html(texts: Sequence[CheckText]) -> str:
    rows = "".join(
        f'<tr style="background:none">{mark_cell(each.check.outcome, PART_STYLE)}'
        f'<td style="{PART_STYLE}">{for_html(each.check.title)}</td>'
        f'<td style="{PART_STYLE}">{check_points(each.check)}</td>'
        f'<td style="{PART_STYLE};max-width:36em">{_message(each)}</td></tr>'
        for each in texts
    )
    return f'<table class="{NO_MATHS}">{rows}</table>'


def _message(each: CheckText) -> str:
    """The message as HTML, below the name of the misconception in bold."""
    return "".join(f"<b>{for_html(name)}</b>\n" for name in _heading(each)) + for_html(each.sentence)


def _heading(each: CheckText) -> list[str]:
    """The name of the misconception that a check shows, if it has one and another check does not show it already."""
    name = each.check.misconception
    return [report_messages.known_mix_up(each.check.mix_up)] if name and each.text else []
