"""A report as Classroom 50's result.json, schema `classroom50/result/v1`.

The contract is https://github.com/foundation50/classroom50/wiki/Advanced-Autograding#the-resultjson-contract. Owner and
time of submission are overwritten by Classroom 50.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.publish import messages as publish_messages
from autograder.publish.classroom50 import messages
from autograder.report.findings import plain_message
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status, number
from autograder.text import sanitise

SCHEMA = "classroom50/result/v1"
# For each field, the environment variable in which the runner passes it.
GIVEN = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "assignment_type": "ASSIGNMENT_TYPE",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
    "review": "REVIEW_URL",
}


def result_json(report: Report, environment: Mapping[str, str], when: str) -> str:
    """The document. `when` is an instant, as `2026-06-01T14:33:11Z`. Raises UserError.

    A grader error is no result: whoever calls this ends with an error instead, and Classroom 50 keeps what it had.
    """
    if absent := [name for name in GIVEN.values() if not environment.get(name)]:
        raise UserError(messages.not_in_classroom50(listed(absent)))
    if report.has_grader_error:
        raise UserError(messages.CHECK_FAILED)
    tests = [_test(question, check) for question in report.questions for check in question.checks]
    if report.status is Status.UNREADABLE:
        tests.insert(0, _unreadable(report.error))
    document = {
        "schema": SCHEMA,
        **{field: environment[name] for field, name in GIVEN.items()},
        "datetime": when,
        "graded_at": when,
        "score": whole(report.score),
        "max-score": whole(report.max_score),
        "tests": tests,
    }
    return json.dumps(document, indent=2) + "\n"


def _unreadable(reason: str) -> dict[str, object]:
    return {
        "test-name": publish_messages.SUBMISSION_CAN_BE_READ,
        "passed": False,
        "score": 0,
        "max-score": 0,
        "message": sanitise(reason),
    }


def _test(question: QuestionResult, check: CheckResult) -> dict[str, object]:
    return {
        "test-name": sanitise(f"{question.name}: {check.title} ({check.name})"),
        "passed": check.outcome is Outcome.PASSED,
        "score": whole(check.earned),
        "max-score": whole(check.points),
        "message": plain_message(check),
    }


def whole(points: float) -> int:
    """Raises UserError where points are not whole: Classroom 50 takes no others."""
    if points != int(points):
        raise UserError(messages.points_not_whole(number(points)))
    return int(points)
