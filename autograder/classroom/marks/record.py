"""GRADED/.marks.json: the marks of the last run, as long as they are those of the policy and the points by hand."""

from __future__ import annotations

from datetime import UTC, datetime

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import ByHand, ClassMarks, MarkInputs
from autograder.classroom.members import members
from autograder.classroom.person import composed
from autograder.classroom.policy.model import Policy
from autograder.classroom.roster import roster_of
from autograder.grading.store import ReportStore


def load_marks(store: ReportStore) -> ClassMarks:
    """The marks by no policy. Raises UserError where there are no reports."""
    reports = {(composed(student), name): report for (student, name), report in store.read_all().items()}
    record = store.load_class()
    assignments = tuple(sorted({name for _, name in reports}))
    people = members(roster_of(()), record.students)
    return class_marks(
        Policy(), MarkInputs(assignments, people, reports, record.handed_in, {}, ByHand(), datetime.now(UTC))
    )
