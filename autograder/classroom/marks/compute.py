"""The one function that makes marks. It is pure: the same inputs give the same marks, in whatever order they come."""

from __future__ import annotations

from autograder.classroom.marks.model import ClassMarks, MarkInputs
from autograder.classroom.policy.model import Policy


def class_marks(policy: Policy, inputs: MarkInputs) -> ClassMarks:
    """The mark of each member in each assignment, and their course totals."""
    raise NotImplementedError
