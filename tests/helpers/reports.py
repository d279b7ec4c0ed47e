"""Reports, made from little, for what reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.report.model import CheckResult, MissingReason, Outcome, QuestionResult, Report, Status
from autograder.report.statistics import QuestionStatistics, assignments


def check(outcome: Outcome = Outcome.PASSED, *, points: float = 2, **fields: object) -> CheckResult:
    earned = points if outcome is Outcome.PASSED else 0
    result = CheckResult(name="test_it", title="It works.", points=points, earned=earned, outcome=outcome)
    made = replace(result, **fields)  # type: ignore[arg-type]  # each test names fields that exist
    return replace(made, lesson="\n".join(made.message.split("\n")[-2:])) if made.misconception else made


def report(*questions: QuestionResult, **fields: object) -> Report:
    plain = Report("ada", "03_softmax", title="Softmax", status=Status.GRADED, questions=questions)
    return replace(plain, **fields)  # type: ignore[arg-type]  # as above


def unreadable(error: str, **fields: object) -> Report:
    return report(status=Status.UNREADABLE, error=error, **fields)


UNREAD = check(
    Outcome.MISSING,
    message="`softmax` could not be read: SyntaxError in code cell 5, line 10.",
    reason=MissingReason.NOT_LOADED,
)


def softmax(*checks: CheckResult) -> QuestionResult:
    return QuestionResult("softmax", checks)


def with_checks(*checks: CheckResult, **fields: object) -> Report:
    """A report in which these are the checks of its one question."""
    return report(softmax(*checks), **fields)


def scores(*earned: float, of: float = 10) -> tuple[QuestionResult, ...]:
    return tuple(QuestionResult(f"q{i}", (check(points=of, earned=e),)) for i, e in enumerate(earned))


def answer(name: str, earned: float, of: float = 10) -> QuestionResult:
    return QuestionResult(name, (check(points=of, earned=earned),))


def class_of(earned: Sequence[Sequence[float]], of: Sequence[float]) -> list[Report]:
    """A report for each row of `earned`, with a question for each column."""
    return [
        report(*(answer(f"q{i}", points, of[i]) for i, points in enumerate(row)), student=f"s{place}")
        for place, row in enumerate(earned)
    ]


def with_misconceptions(*names: str, question: str = "softmax") -> QuestionResult:
    return QuestionResult(
        question,
        tuple(check(Outcome.FAILED, misconception=n, message=f"Found.\nStatement {n}.\nHint {n}.") for n in names),
    )


def question_statistics(reports: Sequence[Report], place: int = 0) -> QuestionStatistics:
    (assignment,) = assignments(reports)
    return assignment.questions[place]
