"""The checks of one question as a small table: HTML in a notebook, text elsewhere."""

from __future__ import annotations

from html import escape

from autograder.report import CheckResult, Outcome, QuestionResult

MARKS = {Outcome.PASSED: "✓", Outcome.MISSING: "·"}
COLOURS = {Outcome.PASSED: "#1a7f37", Outcome.MISSING: "#6e7781"}
WRONG, WRONG_COLOUR = "✗", "#bc4c00"


def verdict(question: QuestionResult) -> str:
    """One line on the whole question."""
    passed = sum(check.outcome is Outcome.PASSED for check in question.checks)
    if passed == len(question.checks):
        return f"{question.name}: all {passed} visible checks pass. The hidden ones look closer."
    if all(check.outcome is Outcome.MISSING for check in question.checks):
        return f"{question.name}: not yet. {question.checks[0].message}"
    return f"{question.name}: {passed} of {len(question.checks)} visible checks pass."


def text_table(question: QuestionResult) -> str:
    lines = [verdict(question)]
    for check in question.checks:
        lines.append(f"  {MARKS.get(check.outcome, WRONG)} {check.title}")
        lines += [f"      {line}" for line in _told(check).splitlines()]
    return "\n".join(lines)


def html_table(question: QuestionResult) -> str:
    """The table for Jupyter: inline styles only, so that it reads the same in light and dark."""
    rows = "".join(
        f'<tr style="background:none"><td style="color:{COLOURS.get(check.outcome, WRONG_COLOUR)};'
        f'font-weight:bold;vertical-align:top">{MARKS.get(check.outcome, WRONG)}</td>'
        f'<td style="text-align:left;vertical-align:top">{escape(check.title)}</td>'
        f'<td style="text-align:left;vertical-align:top;white-space:pre-wrap;max-width:48em">'
        f"{escape(_told(check))}</td></tr>"
        for check in question.checks
    )
    return f"<p><b>{escape(verdict(question))}</b></p><table>{rows}</table>"


def _told(check: CheckResult) -> str:
    """A question that is not begun says so once, above its checks."""
    return "" if check.outcome in (Outcome.PASSED, Outcome.MISSING) else check.message
