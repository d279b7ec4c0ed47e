"""A student's feedback comment, as HTML on one line: the mark, what the checks found, and how the mark came about."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from autograder.classroom.marks.model import Mark
from autograder.pages.mark_view import counted
from autograder.publish.lms import messages
from autograder.publish.lms.cell import MarkCell, Worth
from autograder.publish.messages import submission_unreadable
from autograder.report.findings import findings
from autograder.report.model import Report, number
from autograder.text import escape_html


def comment_html(cell: MarkCell, report: Report | None) -> str:
    """The comment beside a cell; empty where there is nothing to say: no mark, and no report that is the student's.

    All that a student or an instructor wrote is escaped.
    """
    mark = cell.mark
    if cell.points is None and mark.mark is None and (report is None or report.has_grader_error):
        return ""
    lines = list(_beginning(cell))
    if report and report.error:
        lines.append(escape_html(submission_unreadable(report.error)))
    elif report and report.is_final:
        lines += _of_checks(report, mark.dropped)
    if cell.worth is Worth.WITHOUT_WRITTEN and mark.mark is not None:
        lines.append(messages.with_written(number(mark.mark), number(mark.possible)))
    return "<br>".join([*lines, *_of_answers(mark), *_reasons(mark)])


def _beginning(cell: MarkCell) -> Iterator[str]:
    if cell.points is not None:
        sentence = messages.mark if cell.worth is Worth.FULL else messages.mark_without_written
        yield sentence(number(cell.points), number(cell.possible))
    elif cell.mark.checks is not None:
        yield messages.score(number(cell.mark.checks), number(cell.mark.possible_without_written))


def _of_checks(report: Report, dropped: Collection[str]) -> Iterator[str]:
    for question in report.questions:
        if not (checks := tuple(counted(question, dropped))):
            continue
        left = replace(question, checks=checks)
        yield messages.question_score(_bold(left.name), number(left.score), number(left.max_score))
        for finding in findings(left):
            yield _escaped(f"{finding.title}: {finding.plain}")


def _of_answers(mark: Mark) -> Iterator[str]:
    for answer in mark.answers:
        if answer.points is not None:
            yield messages.question_score(_bold(answer.question), number(answer.points), number(answer.possible))
            if answer.comment:
                yield _escaped(answer.comment)


def _reasons(mark: Mark) -> Iterator[str]:
    for each in mark.adjustments:
        yield _escaped(messages.adjustment(each.text, f"{each.points:+g}") if each.points else each.text)


def _bold(name: str) -> str:
    return f"<b>{escape_html(name)}</b>"


def _escaped(text: str) -> str:
    return escape_html(text).replace("\n", "<br>")
