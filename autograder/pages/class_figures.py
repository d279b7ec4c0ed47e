"""What the marks of a class say together: course totals and marks as shares, or the checks' where none is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from autograder.classroom.marks.model import ClassMarks, Mark, MarkStatus, StudentMarks
from autograder.classroom.person import composed
from autograder.report.formatting import mean_of
from autograder.report.model import Report
from autograder.report.statistics import AssignmentStatistics, assignments, shares


@dataclass(frozen=True)
class ClassShares:
    """Shares of what is possible, 0 to 100, rising: of all who have a number, and of those with work behind theirs.

    `without_work` is how many handed in nothing, though they should have; rules may give these a mark of 0, too.
    `of_checks`: nobody has a mark yet, and these are of the checks.
    """

    shares: tuple[float, ...]
    of_work: tuple[float, ...]
    without_work: int
    of_checks: bool

    @property
    def mean(self) -> float | None:
        """Over what was handed in and has a number."""
        return mean_of(self.of_work)

    @property
    def mean_of_all(self) -> float | None:
        """Over the whole class: who handed in nothing counts as 0. None where nobody has a number."""
        return mean_of([*self.of_work, *[0.0] * self.without_work]) if self.shares else None

    @property
    def people(self) -> int:
        """How many are in the mean over the whole class."""
        return len(self.of_work) + self.without_work


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
    there: defaultdict[str, set[str]] = defaultdict(set)
    for report in reports:
        there[report.assignment].add(composed(report.student))
    people = staying(marks)
    found = []
    for name in marks.assignments:
        statistics = of_checks.get(name) or AssignmentStatistics(name, 0, None, (), ())
        of_it = [student.marks[name] for student in people]
        given = ((each.status is not MarkStatus.MISSING, share_of(each)) for each in of_it)
        without = sum(each.status is MarkStatus.MISSING for each in of_it)
        handed_in = sum(composed(student.member.folder) in there[name] for student in people)
        has_words = any(student.marks[name].answers for student in marks.students)
        found.append(
            Column(statistics, _shares(given, without, partial(getattr, statistics, "shares")), handed_in, has_words)
        )
    return tuple(found)


def course(marks: ClassMarks, reports: Sequence[Report]) -> ClassShares:
    """The totals of all who have one. Who handed in nothing at all, and is not excused from all, is without work."""
    people = staying(marks)
    given = ((_has_work(each), each.total) for each in people)
    without = sum(not _has_work(each) and _status_of(each, MarkStatus.MISSING) for each in people)
    return _shares(given, without, lambda: _of_checks(reports))


def _of_checks(reports: Iterable[Report]) -> tuple[float, ...]:
    works: dict[str, list[Report]] = {}
    for report in reports:
        works.setdefault(report.student, []).append(report)
    return shares(works.values())


def staying(marks: ClassMarks) -> list[StudentMarks]:
    """All but those who have withdrawn: these have no part in means, counts and lists."""
    return [student for student in marks.students if not student.member.is_withdrawn]


def share_of(mark: Mark) -> float | None:
    return 100 * mark.mark / mark.possible if mark.mark is not None and mark.possible else None


@dataclass(frozen=True)
class Affected:
    """How many pieces of work something is true of, and how many students they are from."""

    works: int
    students: int


def awaiting(marks: ClassMarks) -> Affected:
    """The work in which somebody has answers to read."""
    return _affected(marks, lambda mark: mark.status is MarkStatus.AWAITS_HAND_GRADING)


def late(marks: ClassMarks) -> Affected:
    """The work that came in late."""
    return _affected(marks, lambda mark: mark.is_late)


def _affected(marks: ClassMarks, is_true: Callable[[Mark], bool]) -> Affected:
    found = [(each.member, mark) for each in staying(marks) for mark in each.marks.values() if is_true(mark)]
    works = {(composed(member.folder), mark.assignment) for member, mark in found}  # of a team, there is one
    return Affected(len(works), len({member for member, _ in found}))


def _has_work(student: StudentMarks) -> bool:
    return any(mark.status not in (MarkStatus.MISSING, MarkStatus.EXCUSED) for mark in student.marks.values())


def _status_of(student: StudentMarks, status: MarkStatus) -> bool:
    return any(mark.status is status for mark in student.marks.values())


def _shares(
    given: Iterable[tuple[bool, float | None]], without_work: int, of_checks: Callable[[], Sequence[float]]
) -> ClassShares:
    """Of marks, each with whether there is work behind it; of the checks where there is no mark."""
    there = sorted((share, has_work) for has_work, share in given if share is not None)
    of_all = tuple(share for share, _ in there) or tuple(sorted(of_checks()))
    of_work = tuple(share for share, has_work in there if has_work) if there else of_all
    return ClassShares(of_all, of_work, without_work, of_checks=not there)
