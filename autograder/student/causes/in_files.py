"""What stands in the way of the questions in a student's files: earlier ones, as their files have them. Portable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.student.causes.cause import Standing, find_cause
from autograder.student.causes.earlier import QuestionAt
from autograder.student.progress import AssignmentProgress


def with_causes(row: AssignmentProgress, row_of: Callable[[str], AssignmentProgress]) -> AssignmentProgress:
    """The same, and for each question that waits for an earlier one, which that is, and what says so.

    `row_of` gives how far the student is with another assignment, by its name; it is asked only where that matters.
    """

    def look(at: QuestionAt, _answer: Any) -> Standing:
        other = row if at.assignment == row.name else row_of(at.assignment)
        result = next((question for question in other.questions if question.name == at.name), None)
        return Standing(result, other.file, other.problem)

    causes = {
        name: find_cause(QuestionAt(row.name, name), dict.fromkeys(before), look) for name, before in row.before.items()
    }
    return replace(row, causes={name: cause for name, cause in causes.items() if cause})
