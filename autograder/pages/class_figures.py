"""What the marks of a class say together: course totals and marks as shares, or the checks' where none is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.classroom.marks.model import ClassMarks, Mark, MarkStatus, StudentMarks
from autograder.classroom.roster import composed
from autograder.report.formatting import mean_of
from autograder.report.model import Report
from autograder.report.statistics import AssignmentStatistics, assignments, shares


@dataclass(frozen=True)
class ClassShares:
    """Shares of what is possible, 0 to 100, rising. `of_checks`: nobody has a mark yet, and these are of the checks."""

    shares: tuple[float, ...]
    of_checks: bool

    @property
    def mean(self) -> float | None:
        return mean_of(self.shares)


@dataclass(frozen=True)
class Column:
    """An assignment: what the marks say of it, what the checks say of its questions, and how many handed it in.

    `has_words`: it asks for answers in words, too.
    """

    statistics: AssignmentStatistics
    marks: ClassShares
    handed_in: int
    has_words: bool

    @property
    def name(self) -> str:
        return self.statistics.name

    @property
    def width(self) -> int:
        """How many columns of a table it takes: the mark, the questions, the answers in words."""
        return 1 + len(self.statistics.questions) + self.has_words


def columns(marks: ClassMarks, reports: Sequence[Report]) -> tuple[Column, ...]:
    """The assignments that marks are given for, in the order of the course. `reports` are those that count."""
    of_checks = {each.name: each for each in assignments(reports)}
    there = {(composed(each.student), each.assignment) for each in reports}
    found = []
    for name in marks.assignments:
        statistics = of_checks.get(name) or AssignmentStatistics(name, 0, None, (), ())
        given = [share for student in staying(marks) if (share := share_of(student.marks[name])) is not None]
        handed_in = sum((composed(student.member.folder), name) in there for student in staying(marks))
        has_words = any(student.marks[name].answers for student in marks.students)
        found.append(Column(statistics, _marks_or(given, statistics.shares), handed_in, has_words))
    return tuple(found)


def course(marks: ClassMarks, reports: Sequence[Report]) -> ClassShares:
    """The totals of all who have one."""
    works: dict[str, list[Report]] = {}
    for report in reports:
        works.setdefault(report.student, []).append(report)
    return _marks_or([each.total for each in staying(marks) if each.total is not None], shares(works.values()))


def staying(marks: ClassMarks) -> list[StudentMarks]:
    """All but those who have withdrawn: these have no part in means, counts and lists."""
    return [student for student in marks.students if not student.member.is_withdrawn]


def share_of(mark: Mark) -> float | None:
    return 100 * mark.mark / mark.possible if mark.mark is not None and mark.possible else None


def awaiting(marks: ClassMarks) -> int:
    """The pieces of work in which somebody has answers to read."""
    return len(
        {
            (student.member.folder, mark.assignment)
            for student in staying(marks)
            for mark in student.marks.values()
            if mark.status is MarkStatus.AWAITS_HAND_GRADING
        }
    )


def late(marks: ClassMarks) -> int:
    """The marks of work that came in late."""
    return sum(mark.is_late for student in staying(marks) for mark in student.marks.values())


def _marks_or(marks: Sequence[float], checks: Sequence[float]) -> ClassShares:
    return ClassShares(tuple(sorted(marks or checks)), of_checks=not marks)
