"""The checks of one question as a small table: HTML in a notebook, text elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from autograder.report.findings import CheckText, check_texts
from autograder.report.model import Outcome, QuestionResult
from autograder.student import messages
from autograder.student.side_by_side.excerpt import SideBySide
from autograder.student.side_by_side.tables import html_pair, text_pair
from autograder.text import for_html, sanitise, without_marks

MARKS = {Outcome.PASSED: "✓", Outcome.MISSING: "·"}
COLOURS = {Outcome.PASSED: "#1a7f37", Outcome.MISSING: "#6e7781"}
WRONG, WRONG_COLOUR = "✗", "#bc4c00"
NO_PAIRS: Mapping[str, SideBySide] = MappingProxyType({})
WARNING_STYLE = f"border-left:3px solid {WRONG_COLOUR};padding-left:0.6em;max-width:60em"
CELL_STYLE = "text-align:left;vertical-align:top;white-space:pre-wrap"

MARK_STYLE = f"{CELL_STYLE};width:1em"


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


def text_table(question: QuestionResult, pairs: Mapping[str, SideBySide] = NO_PAIRS, lead: Sequence[str] = ()) -> str:
    """The checks of one question as lines; `pairs` are the numbers of some checks, `lead` stands for the verdict."""
    lines = _plain("\n".join(lead or [verdict(question)])).splitlines()
    for each in check_texts(question):
        lines.append(f"  {MARKS.get(each.check.outcome, WRONG)} {each.check.title}")
        lines += [f"      {line}" for line in _plain(_said(each)).splitlines()]
        if pair := _pair(each, pairs):
            lines += [f"      {line}" for line in text_pair(pair)]
    return "\n".join(lines)


def html_table(question: QuestionResult, pairs: Mapping[str, SideBySide] = NO_PAIRS, lead: Sequence[str] = ()) -> str:
    """The table for Jupyter. It sets no background and no text colour, so that it reads well in light and dark."""
    rows = "".join(
        f'<tr style="background:none">{mark_cell(each.check.outcome, MARK_STYLE)}<td style="{CELL_STYLE}">'
        f"{for_html(each.check.title)}</td>"
        f'<td style="{CELL_STYLE};max-width:36em">{for_html(_said(each))}</td></tr>'
        f"{_pair_row(each, pairs)}"
        for each in check_texts(question)
    )
    wide = ' style="width:100%"' if pairs else ""  # for what stands below a check, and scrolls where there is no room
    first, *further = map(for_html, lead or [verdict(question)])
    told = "".join(f'<p style="white-space:pre-wrap">{line}</p>' for line in further)
    return f'<p style="font-weight:bold">{first}</p>{told}<table{wide}>{rows}</table>'


def _pair_row(each: CheckText, pairs: Mapping[str, SideBySide]) -> str:
    """A row of its own below that of the check, which is as wide as the table."""
    if pair := _pair(each, pairs):
        pair_html = html_pair(pair, each.check.title)
        return f'<tr style="background:none"><td></td><td colspan="2" style="text-align:left">{pair_html}</td></tr>'
    return ""


def _pair(each: CheckText, pairs: Mapping[str, SideBySide]) -> SideBySide | None:
    """The numbers of a check, where it says something of its own."""
    return pairs.get(each.check.name) if each.text else None


def html_warning(sentence: str) -> str:
    """What stands above a table, that it may be about something else than what the notebook shows; or below it."""
    return f'<p style="{WARNING_STYLE}">{for_html(sentence)}</p>'


def text_warning(sentence: str) -> str:
    """The same as a line."""
    return _plain(sentence)


def mark_cell(outcome: Outcome, style: str = CELL_STYLE) -> str:
    """The first cell of a row: how a check ended, as a coloured mark."""
    colour = COLOURS.get(outcome, WRONG_COLOUR)
    return f'<td style="{style};color:{colour};font-weight:bold">{MARKS.get(outcome, WRONG)}</td>'


def _said(each: CheckText) -> str:
    """A question that is not begun says so once, above its checks."""
    return "" if each.check.outcome in (Outcome.PASSED, Outcome.MISSING) else each.sentence


def _plain(text: str) -> str:
    return sanitise(without_marks(text))
