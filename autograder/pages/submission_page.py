"""The page of one submission, written to its student."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.pages import messages
from autograder.pages._jinja import PAGES
from autograder.report.findings import CheckText, Finding, check_texts, findings
from autograder.report.model import Outcome, QuestionResult, Report
from autograder.sandbox.protocol import Cell
from autograder.submission.model import Submission

MAX_CODE_CHARS = 50_000  # of the code that a page shows again


def submission_page(report: Report, work: Submission | None = None) -> str:
    """The page as HTML. `work` is what was read of the submission, for the student to see it again."""
    return PAGES.get_template("submission.html").render(
        report=report,
        questions=[_QuestionView.of(question) for question in report.questions],
        next_step=_next_step(report),
        passed=sum(check.outcome is Outcome.PASSED for check in report.checks),
        all_missing=all(check.outcome is Outcome.MISSING and not check.is_not_loaded for check in report.checks),
        work=work,
        code=_shown(work.cells) if work else [],
        withheld=sum(c.points - c.earned for c in report.checks if c.outcome is Outcome.GRADER_ERROR),
    )


def _shown(cells: Sequence[Cell]) -> list[Cell]:
    """The cells that hold something, as far as anybody would read on."""
    shown, room = [], MAX_CODE_CHARS
    for cell in cells:
        if cell.source.strip() and room > 0:
            is_cut = len(cell.source) > room
            shown.append(replace(cell, source=f"{cell.source[:room]}\n{messages.CODE_CUT}") if is_cut else cell)
            room -= len(cell.source)
    return shown


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
