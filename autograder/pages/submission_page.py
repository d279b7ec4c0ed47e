"""The page of one submission, written to its student."""

from __future__ import annotations

from dataclasses import dataclass, replace

from autograder.pages._jinja import PAGES
from autograder.report.findings import CheckText, Finding, check_texts, findings
from autograder.report.model import Outcome, QuestionResult, Report


def submission_page(report: Report) -> str:
    """The page as HTML."""
    return PAGES.get_template("submission.html").render(
        report=report,
        questions=[_QuestionView.of(question) for question in report.questions],
        next_step=_next_step(report),
        passed=sum(check.outcome is Outcome.PASSED for check in report.checks),
        all_missing=all(check.outcome is Outcome.MISSING and not check.is_not_loaded for check in report.checks),
        withheld=sum(c.points - c.earned for c in report.checks if c.outcome is Outcome.GRADER_ERROR),
    )


@dataclass(frozen=True)
class _QuestionView:
    """A question as its student reads it: the mistakes that have a name, then what is open, then what works."""

    question: QuestionResult
    named: tuple[Finding, ...]
    open: tuple[CheckText, ...]
    passed: tuple[CheckText, ...]

    @classmethod
    def of(cls, question: QuestionResult) -> _QuestionView:
        named = tuple(finding for finding in findings(question) if finding.misconception)
        texts = [
            replace(each, text="", told_with=each.check) if each.leads and each.check.misconception else each
            for each in check_texts(question)
        ]
        return cls(
            question,
            named,
            open=tuple(each for each in texts if each.check.outcome is not Outcome.PASSED),
            passed=tuple(each for each in texts if each.check.outcome is Outcome.PASSED),
        )


def _next_step(report: Report) -> tuple[int, Finding] | None:
    """Where to look next: the index of the first question that is not full, and its most instructive finding."""
    for index, question in enumerate(report.questions):
        of_student = [finding for finding in findings(question) if finding.outcome is not Outcome.GRADER_ERROR]
        if of_student and question.score < question.max_score:
            return index, of_student[0]
    return None
