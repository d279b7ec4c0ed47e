"""A report as Gradescope's results.json (https://gradescope-autograders.readthedocs.io/en/latest/specs/)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from autograder.report.findings import plain_message
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status, number
from autograder.text import sanitise

VISIBLE = "visible"
# When students see hidden checks. Gradescope knows `hidden` as well, for tests that are worth no points.
HIDDEN_UNTIL = ("after_published", "after_due_date", VISIBLE)
NOT_GRADED = (
    "Your submission was not graded, and this is not your fault: the autograder could not run. "
    "Nothing that you hand in will change that; tell your instructor, who will run it again."
)


def results_json(report: Report, hidden_until: str) -> str:
    """The document. Its score is the sum of the checks' own."""
    tests = [
        _test(f"{place}.{number_}", question, check, hidden_until)
        for place, question in enumerate(report.questions, 1)
        for number_, check in enumerate(question.checks, 1)
    ]
    return _document(tests=tests, execution_time=round(report.seconds, 3), output="\n\n".join(_said(report)))


def failure_json(reason: str) -> str:
    """The document of a submission that could not be graded: no points, no test that passes, and a reason."""
    return _document(score=0, tests=[], output=f"{NOT_GRADED}\n\n{sanitise(reason)}")


def _document(**fields: object) -> str:
    return json.dumps({**fields, "visibility": VISIBLE, "stdout_visibility": "hidden"}, indent=2) + "\n"


def _test(place: str, question: QuestionResult, check: CheckResult, hidden_until: str) -> dict[str, object]:
    passed = check.outcome is Outcome.PASSED
    return {
        "name": sanitise(f"{question.name}: {check.title}"),
        "number": place,
        "score": check.earned,
        "max_score": check.points,
        "status": "passed" if passed else "failed",
        "output": plain_message(check),
        "tags": [question.name, *([check.misconception] if check.misconception else [])],
        "visibility": VISIBLE if check.visible else hidden_until,
    }


def _said(report: Report) -> Iterator[str]:
    """What concerns the whole submission."""
    if report.status is Status.UNREADABLE:
        yield sanitise(f"Your submission could not be read. {report.error}")
    yield from map(sanitise, report.notes)
    if report.has_grader_error:
        yield "Some checks failed by themselves: the grader's fault, not yours. You will be graded again."
    if report.written:
        worth = sum(answer.max_score for answer in report.written)
        yield f"Your written answers, worth {number(worth)} points, are graded by a person."
