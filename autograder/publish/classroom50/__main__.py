"""Entry point in Classroom 50, for every submission: runs the visible checks on a checkout, and writes result.json.

Started by scripts/autograder.py as `python -I -m autograder.publish.classroom50 BUNDLE`, in the checkout.
The bundle is published on a page that students can find: nothing secret is in it, and hidden checks are run elsewhere.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from autograder.checking.at_home.known import KnownMistakes
from autograder.checking.at_home.naming import explained
from autograder.checking.at_home.observed import Observed
from autograder.checking.collection import AssignmentChecks, CheckRun
from autograder.checking.session import CheckSession
from autograder.checking.source import functions_handed
from autograder.course.loader import ASSIGNMENTS
from autograder.errors import UserError
from autograder.grading import messages as grading_messages
from autograder.grading.files import write_atomically
from autograder.publish.classroom50 import messages
from autograder.publish.classroom50.archive import CHOICES
from autograder.publish.classroom50.result import result_json
from autograder.report.model import Outcome, Report, Status
from autograder.sandbox import selftest
from autograder.sandbox.client import Sandbox
from autograder.sandbox.exchange.calls import Worker
from autograder.sandbox.protocol import Part, SandboxError
from autograder.settings import Limits
from autograder.streams import write_all_signs
from autograder.student.known_mistakes import read_known_mistakes
from autograder.student.workspace import Workspace, find_workspace, questions
from autograder.submission.errors import UnreadableError
from autograder.submission.reader import read_submission
from autograder.submission.reader_process import reader_for
from autograder.submission.upload import lay_out
from autograder.submission.which_file import VISIBLE_CHECKS

RESULT = "result.json"
FAILED = 1  # to Classroom 50, an exit code that is not 0 means that the grader failed, and no result


def main(bundle: Path, checkout: Path) -> int:
    """Grade a checkout; returns the exit code: 0 if there is a result, whatever it says of the student."""
    try:
        report = grade(bundle, checkout)
        when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        write_atomically(checkout / RESULT, result_json(report, os.environ, when))
    except (UserError, SandboxError) as error:
        print(messages.error(str(error)), file=sys.stderr)  # noqa: T201  (this is a program's entry)
        return FAILED
    return 0


def grade(bundle: Path, checkout: Path) -> Report:
    """The report of the visible checks. Raises SandboxError where a submission could not be confined."""
    choices = json.loads((bundle / CHOICES).read_text(encoding="utf-8"))
    course, name, limits = find_workspace(bundle / ASSIGNMENTS), choices["assignment"], Limits(**choices["limits"])
    imports = sorted(course.imports)
    files = course.files.up_to(name)  # those of later assignments are not in the bundle
    selftest.require(limits, imports, files=files)
    names = course.names[: course.names.index(name) + 1]
    known = read_known_mistakes(course.folder / name / VISIBLE_CHECKS)
    with CheckSession(_material(course, name, known)) as session, tempfile.TemporaryDirectory() as folder:
        lay_out(checkout, names, Path(folder))
        report = Report(os.environ.get("OWNER", ""), name, name, Status.GRADED, ())
        try:
            parts = _parts(course, names, Path(folder))
        except UnreadableError as error:
            unrun = session.unrun(Outcome.MISSING, grading_messages.UNREADABLE_NOT_RUN)
            return Report(report.student, name, name, Status.UNREADABLE, unrun, error=str(error))
        with Sandbox(limits, imports, files=files) as sandbox, Worker(sandbox, parts) as worker:
            observed = Observed()
            results = session.run(CheckRun(worker, observed=observed))
        named = tuple(explained(each, observed, known) for each in results)
        return Report(report.student, name, name, Status.GRADED, named)


def _material(course: Workspace, name: str, known: KnownMistakes) -> AssignmentChecks:
    """The visible checks; what a question's parameters are called is read from the notebook as it was released."""
    checks = course.folder / name / VISIBLE_CHECKS
    released = course.load(name).values
    return AssignmentChecks(
        {each: tuple(inspect.signature(released[each]).parameters) for each in questions(checks)},
        checks,
        forms=known.forms,
    )


def _parts(course: Workspace, names: Sequence[str], folder: Path) -> list[Part]:
    """The student's work on the earlier assignments, as far as it is there, and on this one. Raises UnreadableError."""
    parts, reader = [], reader_for(course.handouts)
    for name in names:
        try:
            work = read_submission(folder / name, name, partial(reader.read, assignment=name))
        except UnreadableError:
            if name == names[-1]:
                raise
            continue
        cells = work.cells if name == names[-1] else work.earlier_cells
        checks = course.folder / name / VISIBLE_CHECKS
        parts.append(Part(cells, questions(checks), functions_handed(checks), name))
    return parts


if __name__ == "__main__":
    write_all_signs()
    sys.exit(main(Path(sys.argv[1]), Path.cwd()))
