"""The checks of one question as a small table: HTML in a notebook, text elsewhere."""

from __future__ import annotations

from autograder.outputs.inline import html_text, plain_text
from autograder.report.findings import is_unread
from autograder.report.model import CheckResult, Outcome, QuestionResult

MARKS = {Outcome.PASSED: "✓", Outcome.MISSING: "·"}
COLOURS = {Outcome.PASSED: "#1a7f37", Outcome.MISSING: "#6e7781"}
WRONG, WRONG_COLOUR = "✗", "#bc4c00"
CELL = "text-align:left;vertical-align:top;white-space:pre-wrap"


def verdict(question: QuestionResult) -> str:
    """One line on the whole question."""
    passed = sum(check.outcome is Outcome.PASSED for check in question.checks)
    if passed == len(question.checks):
        return f"`{question.name}`: all {passed} visible checks pass. The hidden ones look closer."
    if all(check.outcome is Outcome.MISSING for check in question.checks):
        message = question.checks[0].message
        return message if is_unread(question.checks[0]) else f"Not yet. {message}"
    return f"`{question.name}`: {passed} of {len(question.checks)} visible checks pass."


def text_table(question: QuestionResult) -> str:
    lines = [plain_text(verdict(question))]
    for check in question.checks:
        lines.append(f"  {MARKS.get(check.outcome, WRONG)} {check.title}")
        lines += [f"      {line}" for line in plain_text(_told(check)).splitlines()]
    return "\n".join(lines)


def html_table(question: QuestionResult) -> str:
    """The table for Jupyter. It sets no background and no text colour, so that it reads well in light and dark."""
    rows = "".join(
        f'<tr style="background:none"><td style="{CELL};color:{COLOURS.get(check.outcome, WRONG_COLOUR)};'
        f'font-weight:bold">{MARKS.get(check.outcome, WRONG)}</td><td style="{CELL}">{html_text(check.title)}</td>'
        f'<td style="{CELL};max-width:36em">{html_text(_told(check))}</td></tr>'
        for check in question.checks
    )
    return f'<p style="font-weight:bold">{html_text(verdict(question))}</p><table>{rows}</table>'


def _told(check: CheckResult) -> str:
    """A question that is not begun says so once, above its checks."""
    return "" if check.outcome in (Outcome.PASSED, Outcome.MISSING) else check.message
