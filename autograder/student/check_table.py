"""The checks of one question as a small table: HTML in a notebook, text elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.report.findings import CheckText, check_texts
from autograder.report.model import Outcome, QuestionResult
from autograder.student import messages
from autograder.text import for_html, sanitise, without_marks

MARKS = {Outcome.PASSED: "✓", Outcome.MISSING: "·"}
COLOURS = {Outcome.PASSED: "#1a7f37", Outcome.MISSING: "#6e7781"}
WRONG, WRONG_COLOUR = "✗", "#bc4c00"
WARNING_STYLE = f"border-left:3px solid {WRONG_COLOUR};padding-left:0.6em;max-width:60em"
CELL_STYLE = "text-align:left;vertical-align:top;white-space:pre-wrap"


def verdict(question: QuestionResult) -> str:
    """One line on the whole question."""
    passed, checks = sum(check.outcome is Outcome.PASSED for check in question.checks), len(question.checks)
    if passed == checks == 1:
        return messages.one_passes(question.name)
    if passed == checks:
        return messages.all_pass(question.name, passed)
    if all(check.outcome is Outcome.MISSING for check in question.checks):
        first = question.checks[0]
        return first.message if first.is_not_loaded else messages.not_yet(first.message)
    return messages.some_pass(question.name, passed, checks)


def text_table(question: QuestionResult) -> str:
    lines = [_plain(verdict(question))]
    for each in check_texts(question):
        lines.append(f"  {MARKS.get(each.check.outcome, WRONG)} {each.check.title}")
        lines += [f"      {line}" for line in _plain(_said(each)).splitlines()]
    return "\n".join(lines)


def html_table(question: QuestionResult) -> str:
    """The table for Jupyter. It sets no background and no text colour, so that it reads well in light and dark."""
    rows = "".join(
        f'<tr style="background:none">{mark_cell(each.check.outcome)}<td style="{CELL_STYLE}">'
        f"{for_html(each.check.title)}</td>"
        f'<td style="{CELL_STYLE};max-width:36em">{for_html(_said(each))}</td></tr>'
        for each in check_texts(question)
    )
    return f'<p style="font-weight:bold">{for_html(verdict(question))}</p><table>{rows}</table>'


def html_warnings(sentences: Sequence[str]) -> str:
    """What stands above a table: that it may be about something else than what the notebook shows."""
    return "".join(f'<p style="{WARNING_STYLE}">{for_html(each)}</p>' for each in sentences)


def text_warnings(sentences: Sequence[str]) -> str:
    """The same as lines, each with its end."""
    return "".join(f"{_plain(each)}\n" for each in sentences)


def mark_cell(outcome: Outcome, style: str = CELL_STYLE) -> str:
    """The first cell of a row: how a check ended, as a coloured mark."""
    colour = COLOURS.get(outcome, WRONG_COLOUR)
    return f'<td style="{style};color:{colour};font-weight:bold">{MARKS.get(outcome, WRONG)}</td>'


def _said(each: CheckText) -> str:
    """A question that is not begun says so once, above its checks."""
    return "" if each.check.outcome in (Outcome.PASSED, Outcome.MISSING) else each.sentence


def _plain(text: str) -> str:
    return sanitise(without_marks(text))
