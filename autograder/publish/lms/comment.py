"""A student's feedback comment, as HTML on one line: the mark, what the checks found, and how the mark came about.

It stands between two marks of ours, beside what people write. Both are plain text, for nothing else survives: Moodle's
editor and its cleaning take comments, classes and ids out of HTML, and since version 4.0 worksheets may be downloaded
without any tags (https://tracker.moodle.org/browse/MDL-78342).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from html import unescape

from autograder.classroom.marks.model import Mark
from autograder.language.current import ENGLISH, speaking
from autograder.pages.mark_view import counted
from autograder.publish import messages as publish_messages
from autograder.publish.lms import messages
from autograder.publish.lms.cell import MarkCell, Worth
from autograder.report.findings import findings
from autograder.report.formatting import signed
from autograder.report.model import Report, number
from autograder.text import escape_html

BEGIN, END = "[autograder]", "[/autograder]"
_BLOCK = re.compile(rf"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
_MARK = re.compile(rf"{re.escape(BEGIN)}|{re.escape(END)}")
_MARKS = re.compile(r"\[(/?autograder)\]", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


@dataclass(frozen=True)
class Block:
    """What is ours in a comment."""

    comment: str

    @property
    def html(self) -> str:
        return f"{BEGIN}<br>{self.comment}<br>{END}"


def find_block(there: str) -> slice | None:
    """Where ours stands in a comment."""
    match = _BLOCK.search(there)
    return slice(*match.span()) if match else None


def is_broken(there: str) -> bool:
    """Whether our marks stand there, but not as one pair: what is ours, nobody can tell."""
    marks = _MARK.findall(there)
    return bool(marks) and marks != [BEGIN, END]


def with_block(there: str, block: Block, found: slice | None) -> str:
    """A comment with ours in the place of the former one, or behind all that stands there."""
    if found:
        return there[: found.start] + block.html + there[found.stop :]
    return f"{there}<br><br>{block.html}" if there.strip() else block.html


def plain(html: str) -> str:
    """The letters and digits of a comment, which stay the same whatever Moodle makes of all else."""
    return re.sub(r"\W+", "", _TAG.sub("", unescape(_TAG.sub("", html))))


def comment_html(cell: MarkCell, report: Report | None, *, has_our_mark: bool = True, language: str = ENGLISH) -> str:
    """The comment beside a cell; empty where there is nothing to say: no mark, and no report that is the student's.

    Where a person gave another grade than our mark, it says so, and neither our mark nor how that came about.
    All that a student or an instructor wrote is escaped. It is in the language of the report,
    or where there is none in `language`.
    """
    with speaking(report.language if report else language):
        return _comment(cell, report, has_our_mark=has_our_mark)


def _comment(cell: MarkCell, report: Report | None, *, has_our_mark: bool) -> str:
    mark = cell.mark
    if cell.points is None and mark.mark is None and (report is None or report.has_grader_error):
        return ""
    lines = list(_beginning(cell)) if has_our_mark else [messages.MARK_OF_A_PERSON]
    if report and report.error:
        lines.append(_escaped(publish_messages.submission_unreadable(report.error)))
    elif report and report.is_final:
        lines += _of_checks(report, mark.dropped)
    if has_our_mark and cell.worth is Worth.WITHOUT_WRITTEN and mark.mark is not None:
        lines.append(messages.with_written(number(mark.mark), number(mark.possible)))
    return "<br>".join([*lines, *_of_answers(mark), *(_reasons(mark) if has_our_mark else ())])


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
        yield _escaped(messages.adjustment(each.text, signed(each.points)) if each.points else each.text)


def _bold(name: str) -> str:
    return f"<b>{escape_html(name)}</b>"


def _escaped(text: str) -> str:
    """Also of our own marks, which would end the comment where a student wrote them."""
    return _MARKS.sub(r"(\1)", escape_html(text)).replace("\n", "<br>")
