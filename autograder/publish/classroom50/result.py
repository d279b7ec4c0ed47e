"""A report as Classroom 50's result.json, schema `classroom50/result/v1`.

The contract is https://github.com/foundation50/classroom50/wiki/Advanced-Autograding#the-resultjson-contract. Whose it
is and when it was submitted, Classroom 50 stamps over what is said here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from autograder.errors import UserError
from autograder.report.findings import readable, spoken
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status

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


class Classroom50Error(UserError):
    """A report that Classroom 50 cannot take; the message says why."""


def result_json(report: Report, environment: Mapping[str, str], when: str) -> str:
    """The document. `when` is an instant, as `2026-06-01T14:33:11Z`. Raises Classroom50Error.

    A fault of ours is no result: whoever calls this ends with an error instead, and Classroom 50 keeps what it had.
    """
    if absent := [name for name in GIVEN.values() if not environment.get(name)]:
        raise Classroom50Error(f"{', '.join(absent)} is not set: this runs inside Classroom 50's autograde workflow")
    if report.has_grader_error:
        raise Classroom50Error("a check failed by itself; this is not the student's result")
    tests = [_test(question, check) for question in report.questions for check in question.checks]
    if report.status is Status.UNREADABLE:
        unread = {"test-name": READ, "passed": False, "score": 0, "max-score": 0, "message": readable(report.error)}
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
        "test-name": readable(f"{question.name}: {check.title} ({check.name})"),
        "passed": check.outcome is Outcome.PASSED,
        "score": whole(check.earned),
        "max-score": whole(check.points),
        "message": spoken(check),
    }


def whole(points: float) -> int:
    """Raises Classroom50Error where points are not whole: Classroom 50 takes no others."""
    if points != int(points):
        raise Classroom50Error(f"Classroom 50 takes whole points only, and a check is worth {points:g}")
    return int(points)
