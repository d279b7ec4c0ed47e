"""The marks of a class as every LMS export takes them: whose they are, and what the assignments are worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

from autograder.classroom import messages as classroom_messages
from autograder.classroom.marks.model import ClassMarks, Mark, StudentMarks
from autograder.classroom.person import Person, composed
from autograder.errors import UserError
from autograder.publish.lms import messages
from autograder.publish.lms.cell import Worth, read_number
from autograder.report.diff import Key
from autograder.report.model import Report, number

DIGITS = 6  # to which sums of points are compared


@dataclass(frozen=True)
class MarkTable:
    """The marks of a class in some assignments, and the reports behind them, by the folder of the work, as composed.

    These may be in brief: `whole` gives a report with all that it says to its student.
    """

    marks: ClassMarks
    reports: Mapping[Key, Report]
    assignments: tuple[str, ...]
    whole: Callable[[Report], Report] = lambda report: report

    def find(self, person: Person) -> StudentMarks | None:
        """The marks of a person of a roster: who has that name, or who alone has that folder.

        Who has no folder is called by an id, in the class as in the roster.
        """
        folder = person.folder or person.name
        alone = self._by_folder.get(folder, [])
        return self._by_name.get((person.name, folder)) or (alone[0] if len(alone) == 1 else None)

    def report(self, student: StudentMarks, assignment: str) -> Report | None:
        return self.reports.get((composed(student.member.folder), assignment))

    def holds_work_of(self, person: Person) -> bool:
        return any((person.folder, name) in self.reports for name in self.assignments)

    def title(self, assignment: str) -> str:
        return next((report.title for (_, name), report in self.reports.items() if name == assignment), assignment)

    def possible(self, assignment: str) -> float:
        """What an assignment is worth. Raises UserError where reports disagree."""
        return self._one(assignment, (mark.possible for mark in self._graded(assignment)))

    def possible_without_written(self, assignment: str) -> float:
        """What it is worth without the answers in words. Raises UserError where reports disagree."""
        return self._one(assignment, (mark.possible_without_written for mark in self._graded(assignment)))

    def worth(self, assignment: str, maximum: str, column: str) -> Worth:
        """Which mark belongs into a column of an LMS. Raises UserError where its maximum is that of none."""
        value = read_number(maximum)
        if value is None:
            raise UserError(messages.not_a_number(column, maximum, assignment))
        lms_points = float(value)
        full, without_written = self.possible(assignment), self.possible_without_written(assignment)
        if math.isclose(lms_points, full):
            return Worth.FULL
        if math.isclose(lms_points, without_written):
            return Worth.WITHOUT_WRITTEN
        there, here, checks = number(lms_points), number(full), number(without_written)
        if here == checks:
            raise UserError(messages.other_maximum(column, assignment, there, here))
        raise UserError(messages.other_maximum_than_both(column, assignment, there, here, checks))

    def _graded(self, assignment: str) -> Sequence[Mark]:
        """The marks that say what is possible: those with a report behind them, if there is any, of who is there."""
        here = [each for each in self.marks.students if not each.member.is_withdrawn] or self.marks.students
        with_report = [each for each in here if self.report(each, assignment)] or here
        return [each.marks[assignment] for each in with_report]

    def _one(self, assignment: str, values: Iterable[float]) -> float:
        distinct = sorted({round(value, DIGITS) for value in values})
        if not distinct:
            raise UserError(messages.NOBODY)
        if len(distinct) > 1:
            raise UserError(
                messages.reports_disagree(assignment, reduce(classroom_messages.and_one_more, map(number, distinct)))
            )
        return distinct[0]

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], StudentMarks]:
        members = ((each.member, each) for each in self.marks.students)
        return {(composed(member.name), composed(member.folder)): each for member, each in members}

    @cached_property
    def _by_folder(self) -> Mapping[str, list[StudentMarks]]:
        found: dict[str, list[StudentMarks]] = {}
        for each in self.marks.students:
            found.setdefault(composed(each.member.folder), []).append(each)
        return found
