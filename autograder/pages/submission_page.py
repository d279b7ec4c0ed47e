"""The page of one submission, written to its student."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from autograder.classroom.marks.model import Mark, MarkStatus
from autograder.pages import messages
from autograder.pages._jinja import PAGES
from autograder.pages.mark_view import answers, counted, is_plain, points_of_checks, reads_answers
from autograder.pages.shown_cells import shown_cells
from autograder.report.findings import CheckText, Finding, check_texts, findings
from autograder.report.model import Outcome, QuestionResult, Report
from autograder.submission.model import Submission

MAX_CODE_CHARS = 50_000  # of the code that a page shows again


def submission_page(report: Report, work: Submission | None = None, mark: Mark | None = None) -> str:
    """The page as HTML. `work` is what was read of the submission, for the student to see it again.

    `mark` is the student's, who may be one of a team that handed the work in; None where no mark is given for it.
    """
    dropped = mark.dropped if mark else ()
    checks = [check for question in report.questions for check in counted(question, dropped)]
    score, max_score = points_of_checks(report, mark)
    # A check that broke keeps a mark open, unless a person gave the points or nothing is to be graded.
    is_open = mark is None or mark.status is MarkStatus.GRADER_ERROR
    return PAGES.get_template("submission.html").render(
        report=report,
        student=mark.student if mark else report.student,
        mark=mark,
        is_plain=is_plain(mark),
        why=messages.WHY[mark.status] if mark else "",
        score=score,
        max_score=max_score,
        questions=[_QuestionView.of(question, dropped) for question in report.questions],
        answers=answers(report, work, mark),
        reads_answers=reads_answers(mark),
        next_step=_next_step(report, dropped),
        checks=len(checks),
        passed=sum(check.outcome is Outcome.PASSED for check in checks),
        dropped=dropped,
        all_missing=all(check.outcome is Outcome.MISSING and not check.is_not_loaded for check in report.checks),
        work=work,
        code=shown_cells(work.cells, MAX_CODE_CHARS) if work else [],
        broken=[check for check in checks if check.outcome is Outcome.GRADER_ERROR] if is_open else [],
    )


def mark_page(mark: Mark) -> str:
    """The page of a mark for which nothing was handed in, such as that of somebody who is excused."""
    return PAGES.get_template("mark_only.html").render(mark=mark, why=messages.WHY[mark.status])


@dataclass(frozen=True)
class _QuestionView:
    """A question as its student reads it: the mistakes that have a name, then what is open, then what works.

    The points are those of the checks that count.
    """

    question: QuestionResult
    score: float
    max_score: float
    is_dropped: bool
    named: tuple[Finding, ...]
    open: tuple[CheckText, ...]
    passed: tuple[CheckText, ...]

    @classmethod
    def of(cls, question: QuestionResult, dropped: Collection[str]) -> _QuestionView:
        checks = counted(question, dropped)
        named = tuple(finding for finding in findings(question) if finding.misconception)
        texts = [
            replace(each, text="", told_with=each.check) if each.leads and each.check.misconception else each
            for each in check_texts(question)
        ]
        return cls(
            question,
            sum(check.earned for check in checks),
            sum(check.points for check in checks),
            is_dropped=not checks and bool(question.checks),
            named=named,
            open=tuple(each for each in texts if each.check.outcome is not Outcome.PASSED),
            passed=tuple(each for each in texts if each.check.outcome is Outcome.PASSED),
        )


def _next_step(report: Report, dropped: Collection[str]) -> tuple[int, Finding] | None:
    """Where to look next: the index of the first question that counts and is not full, and its best finding."""
    for index, question in enumerate(report.questions):
        checks = counted(question, dropped)
        of_student = [finding for finding in findings(question) if finding.outcome is not Outcome.GRADER_ERROR]
        if of_student and any(check.earned < check.points for check in checks):
            return index, of_student[0]
    return None
