"""The checks of one question as a small table: HTML in a notebook, text elsewhere."""

from __future__ import annotations

from autograder.report.findings import CheckText, check_texts
from autograder.report.model import Outcome, QuestionResult
from autograder.student import messages
from autograder.text import for_html, sanitise, without_marks

MARKS = {Outcome.PASSED: "✓", Outcome.MISSING: "·"}
COLOURS = {Outcome.PASSED: "#1a7f37", Outcome.MISSING: "#6e7781"}
WRONG, WRONG_COLOUR = "✗", "#bc4c00"
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


def text_table(question: QuestionResult, note: str = "") -> str:
    lines = [_plain(verdict(question))]
    for each in check_texts(question):
        lines.append(f"  {MARKS.get(each.check.outcome, WRONG)} {each.check.title}")
        lines += [f"      {line}" for line in _plain(_said(each)).splitlines()]
    return "\n".join([*lines, _plain(note)] if note else lines)


def html_table(question: QuestionResult, note: str = "") -> str:
    """The table for Jupyter. It sets no background and no text colour, so that it reads well in light and dark."""
    rows = "".join(
        f'<tr style="background:none">{mark_cell(each.check.outcome)}<td style="{CELL_STYLE}">'
        f"{for_html(each.check.title)}</td>"
        f'<td style="{CELL_STYLE};max-width:36em">{for_html(_said(each))}</td></tr>'
        for each in check_texts(question)
    )
    below = f"<p>{for_html(note)}</p>" if note else ""
    return f'<p style="font-weight:bold">{for_html(verdict(question))}</p><table>{rows}</table>{below}'


def mark_cell(outcome: Outcome, style: str = CELL_STYLE) -> str:
    """The first cell of a row: how a check ended, as a coloured mark."""
    colour = COLOURS.get(outcome, WRONG_COLOUR)
    return f'<td style="{style};color:{colour};font-weight:bold">{MARKS.get(outcome, WRONG)}</td>'


def _said(each: CheckText) -> str:
    """A question that is not begun says so once, above its checks."""
    return "" if each.check.outcome in (Outcome.PASSED, Outcome.MISSING) else each.sentence


def _plain(text: str) -> str:
    return sanitise(without_marks(text))
