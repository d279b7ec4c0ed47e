"""Marks without policy, times and points by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import ByHand, ClassMarks, MarkInputs, Member
from autograder.classroom.policy.model import Policy
from autograder.grading.class_record import ClassRecord
from autograder.report.model import Report


def marks_of(record: ClassRecord, reports: Sequence[Report]) -> ClassMarks:
    """The marks of a class, of its reports alone."""
    names = tuple(sorted({each.assignment for each in reports}))
    members = tuple(Member(student, student) for student in record.students)
    by_key = {(each.student, each.assignment): each for each in reports}
    return class_marks(Policy(), MarkInputs(names, members, by_key, {}, {}, ByHand(), datetime.now(UTC)))
