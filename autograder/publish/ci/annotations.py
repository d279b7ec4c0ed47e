"""What is to be said at the student's own lines: of each question that is not right yet, each cause once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.report.findings import readable, spoken
from autograder.report.model import CheckResult, Outcome, Report, Status
from autograder.sandbox.protocol import CodeLine

# In which file, relative to the folder that a run was started in, and at which line, a question of a report is answered
# wrongly; for no question, where the file begins. None where there is no file.
Place = Callable[[Report, str, CodeLine | None], tuple[str, int] | None]

UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Remark:
    """A place, and what is wrong there. `name` stays the same from one push to the next, while the fault is there."""

    report: Report
    question: str
    name: str
    outcome: Outcome | Status
    title: str
    words: str
    path: str
    line: int


def remarks(report: Report, place: Place) -> Iterator[Remark]:
    """The remarks on a report, the most telling of each question first. None on a report without a file."""
    if report.status is Status.UNREADABLE:
        if where := place(report, "", None):
            yield Remark(report, "", UNREADABLE, report.status, report.title, readable(report.error), *where)
        return
    for question in report.questions:
        told: set[object] = set()
        wrong = (check for check in question.checks if check.outcome is not Outcome.PASSED)
        for check in sorted(wrong, key=lambda check: not check.misconception):
            cause = _cause(check)
            if cause not in told and (where := place(report, question.name, check.line)):
                name = f"{question.name}/{check.misconception or check.name}"
                yield Remark(report, question.name, name, check.outcome, check.title, spoken(check), *where)
            told.add(cause)


def _cause(check: CheckResult) -> object:
    return check.misconception or check.line or spoken(check)
