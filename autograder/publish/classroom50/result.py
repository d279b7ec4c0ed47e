"""A report as Classroom 50's result.json, schema `classroom50/result/v1`.

The contract is https://github.com/foundation50/classroom50/wiki/Advanced-Autograding#the-resultjson-contract. Whose it
is and when it was submitted, Classroom 50 stamps over what is said here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from autograder.errors import UserError
from autograder.report.findings import plain_message
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status
from autograder.text import sanitise

SCHEMA = "classroom50/result/v1"
READ = "The submission can be read"
# Field by field, the variable in which the runner hands it over.
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

    A fault of ours is no result: whoever calls this ends with an error instead, and Classroom 50 keeps what it had.
    """
    if absent := [name for name in GIVEN.values() if not environment.get(name)]:
        raise UserError(f"{', '.join(absent)} is not set: this runs inside Classroom 50's autograde workflow")
    if report.has_grader_error:
        raise UserError("a check failed by itself; this is not the student's result")
    tests = [_test(question, check) for question in report.questions for check in question.checks]
    if report.status is Status.UNREADABLE:
        unread = {"test-name": READ, "passed": False, "score": 0, "max-score": 0, "message": sanitise(report.error)}
        tests.insert(0, unread)
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
        raise UserError(f"Classroom 50 takes whole points only, and a check is worth {points:g}")
    return int(points)
