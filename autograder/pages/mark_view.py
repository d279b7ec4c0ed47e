"""A mark as its student reads it: what the head of the page says, the lines of the sum, the answers in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.classroom.marks.model import Mark, MarkStatus, WrittenMark
from autograder.report.model import CheckResult, QuestionResult, Report
from autograder.submission.model import Submission


@dataclass(frozen=True)
class AnswerView:
    """An answer in words: what was handed in, None where that is not known, beside what a person gave for it."""

    name: str
    text: str | None
    is_found: bool
    is_left: bool  # its cell is as it was handed out
    max_score: float
    graded: WrittenMark | None
    is_dropped: bool


def is_plain(mark: Mark | None) -> bool:
    """Whether nothing is to be explained: the mark is the score of the checks, or the report says why there is none."""
    if mark is None:
        return True
    if mark.status in (MarkStatus.UNREADABLE, MarkStatus.GRADER_ERROR) and mark.mark is None:
        return len(mark.adjustments) < 2  # one says that
    return mark.status is MarkStatus.GRADED and not (mark.adjustments or mark.answers or mark.dropped)


def has_page(mark: Mark) -> bool:
    """Whether there is something to tell the student of an assignment on which there is no report."""
    return mark.mark is not None or mark.status is MarkStatus.EXCUSED


def reads_answers(mark: Mark | None) -> bool:
    """Whether points for answers in words are part of the mark: not where it is set without them, nor of no mark."""
    if mark is None:
        return True
    is_set = mark.status is MarkStatus.GRADED and any(answer.points is None for answer in mark.answers)
    return mark.status is not MarkStatus.EXCUSED and not is_set


def points_of_checks(report: Report, mark: Mark | None) -> tuple[float, float]:
    """The points of the checks that count, and how many those are worth."""
    if mark is None or mark.checks is None:
        return report.score, report.max_score
    return mark.checks, mark.possible_without_written


def counted(question: QuestionResult, dropped: Iterable[str]) -> list[CheckResult]:
    """The checks of a question that count."""
    return [] if question.name in dropped else [check for check in question.checks if check.name not in dropped]


def answers(report: Report, work: Submission | None, mark: Mark | None) -> list[AnswerView]:
    """The answers in words, in the order of the assignment."""
    graded = {each.question: each for each in mark.answers} if mark else {}
    return [
        AnswerView(
            each.name,
            work.answers.get(each.name) if work else None,
            work is None or each.name in work.answers,
            work is not None and each.name in work.unanswered,
            each.max_score,
            graded.get(each.name),
            mark is not None and each.name in mark.dropped,
        )
        for each in report.written
    ]
