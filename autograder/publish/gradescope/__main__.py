"""Entry point in Gradescope's container, for every submission: grades /autograder/submission, writes results.json.

Started by scripts/run_autograder as `python -I -m autograder.publish.gradescope ROOT`.
"""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.course.folder import SOLUTIONS
from autograder.course.loader import Course, load_course
from autograder.errors import UserError
from autograder.grading.files import write_atomically
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.grader import grade_one
from autograder.grading.job import read_job
from autograder.publish.gradescope import messages
from autograder.publish.gradescope.archive import CHOICES
from autograder.publish.gradescope.results import failure_json, results_json
from autograder.report.model import Report
from autograder.sandbox.protocol import SandboxError
from autograder.streams import write_all_signs
from autograder.submission.upload import lay_out


def main(root: Path) -> None:
    """Grade one submission. Whatever happens, results.json says what: Gradescope shows nothing else to anybody."""
    try:
        text = grade(root)
    except SandboxError as error:
        print(error)  # noqa: T201  (Gradescope shows what is printed to instructors)
        text = failure_json(messages.cannot_confine(str(error)))
    except Exception as error:  # the grader's own, whatever it is
        if isinstance(error, UserError):
            print(error)  # noqa: T201  (as above)
        else:
            traceback.print_exc(file=sys.stdout)
        text = failure_json(messages.REASON_IN_OUTPUT)
    write_atomically(root / "results" / "results.json", text)


def grade(root: Path) -> str:
    """The text of results.json. Raises SandboxError where a submission could not be confined: nothing runs then."""
    source = root / "source"
    choices = json.loads((source / CHOICES).read_text(encoding="utf-8"))
    metadata = json.loads((root / "submission_metadata.json").read_text(encoding="utf-8"))
    course = load_course(source / SOLUTIONS)
    assignment = course.assignment(choices["assignment"])
    report = _report(course, root / "submission", assignment.name, _student(metadata))
    for check in report.checks:
        print(check.outcome.value, check.name)  # noqa: T201  (as above)
    return results_json(report, choices["hidden_until"])


def _report(course: Course, submission: Path, assignment: str, student: str) -> Report:
    names = [*(each.name for each in course.assignment(assignment).earlier), assignment]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / student
        lay_out(submission, names, target)
        handed_in = SubmissionFolder.alone(student, assignment, target / assignment, names)
        return grade_one(read_job(course, handed_in, language=course.language))


def _student(metadata: Mapping[str, Any]) -> str:
    """Who handed in, by numbers that stay the same: hidden inputs are drawn from them."""
    return "-".join(sorted(str(user["id"]) for user in metadata["users"]))


if __name__ == "__main__":
    write_all_signs()
    main(Path(sys.argv[1]))
