"""A report as Gradescope's results.json (https://gradescope-autograders.readthedocs.io/en/latest/specs/)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from autograder.language.current import speaking
from autograder.publish import messages as publish_messages
from autograder.publish.gradescope import messages
from autograder.report.findings import plain_message
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status, number
from autograder.text import sanitise

VISIBLE = "visible"
# When students see hidden checks. Gradescope knows `hidden` as well, for tests that are worth no points.
HIDDEN_UNTIL = ("after_published", "after_due_date", VISIBLE)


def results_json(report: Report, hidden_until: str) -> str:
    """The document, in the language of the report. Its score is the sum of the checks' own."""
    with speaking(report.language):
        return _results(report, hidden_until)


def _results(report: Report, hidden_until: str) -> str:
    tests = [
        _test(f"{question_index}.{check_index}", question, check, hidden_until)
        for question_index, question in enumerate(report.questions, 1)
        for check_index, check in enumerate(question.checks, 1)
    ]
    return _document(tests=tests, execution_time=round(report.seconds, 3), output="\n\n".join(_remarks(report)))


def failure_json(reason: str) -> str:
    """The document of a submission that could not be graded: no points, no test that passes, and a reason."""
    return _document(score=0, tests=[], output=f"{messages.NOT_GRADED}\n\n{sanitise(reason)}")


def _document(**fields: object) -> str:
    return json.dumps({**fields, "visibility": VISIBLE, "stdout_visibility": "hidden"}, indent=2) + "\n"


def _test(test_number: str, question: QuestionResult, check: CheckResult, hidden_until: str) -> dict[str, object]:
    passed = check.outcome is Outcome.PASSED
    return {
        "name": sanitise(f"{question.name}: {check.title}"),
        "number": test_number,
        "score": check.earned,
        "max_score": check.points,
        "status": "passed" if passed else "failed",
        "output": plain_message(check),
        "tags": [question.name, *([check.misconception] if check.misconception else [])],
        "visibility": VISIBLE if check.visible else hidden_until,
    }


def _remarks(report: Report) -> Iterator[str]:
    """The sentences about the whole submission."""
    if report.status is Status.UNREADABLE:
        yield sanitise(publish_messages.submission_unreadable(report.error))
    yield from map(sanitise, report.notes)
    if report.has_grader_error:
        yield messages.CHECKS_FAILED
    if report.written:
        yield messages.written_answers(number(sum(answer.max_score for answer in report.written)))
