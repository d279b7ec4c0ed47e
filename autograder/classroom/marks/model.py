"""The final mark of each student, with what it is made of: what every output shows, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum

from autograder.report.diff import Key
from autograder.report.handed_in import HandedIn
from autograder.report.model import Report

DECIMALS = 9  # of points: less than anybody gives, more than what sums of floats lose


def tidy(points: float) -> float:
    """Points without what sums of floats leave behind: 0.3, not 0.30000000000000004. Nothing else is rounded."""
    return round(points, DECIMALS) + 0.0  # and no -0.0


class MarkStatus(StrEnum):
    """How a mark came about, or why there is none."""

    GRADED = "graded"
    MISSING = "missing"
    EXCUSED = "excused"
    UNREADABLE = "unreadable"
    GRADER_ERROR = "grader_error"
    AWAITS_HAND_GRADING = "awaits_hand_grading"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the class. `folder` is where their work lies: that of their team, where several share one."""

    name: str
    folder: str
    section: str = ""
    is_withdrawn: bool = False
    language: str = ""  # that they read, where somebody has said so


@dataclass(frozen=True)
class HandPoints:
    """What a person gave for an answer, a comment for its student, and where that stands: `written.csv`, for one."""

    points: float
    comment: str
    source: str


@dataclass(frozen=True)
class ByHand:
    """All that people gave, by the folder of the work, assignment and question; of one answer, each source's.

    `questions` are those that checks grade as well: a person's points take the place of theirs. `awaits` are questions
    that a person is to look at again before they count. `extra` is what a person added to a submission, and
    `penalties` what another system's rule for late work takes off, where the policy has no deadline. `comments` are
    those on answers that nobody gave points.
    """

    written: Mapping[tuple[str, str, str], tuple[HandPoints, ...]] = field(default_factory=dict)
    questions: Mapping[tuple[str, str, str], tuple[HandPoints, ...]] = field(default_factory=dict)
    awaits: frozenset[tuple[str, str, str]] = frozenset()
    extra: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    penalties: Mapping[Key, float] = field(default_factory=dict)
    comments: Mapping[tuple[str, str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class MarkInputs:
    """All that marks are made of. Reports and times are by the folder of the work, and by assignment.

    `unanswered` has the questions in words that a student left as they were handed out. `now` tells what is overdue.
    """

    assignments: tuple[str, ...]  # in the order of the course, those that marks are given for
    members: tuple[Member, ...]
    reports: Mapping[Key, Report]
    handed_in: Mapping[Key, HandedIn]
    unanswered: Mapping[Key, frozenset[str]]
    by_hand: ByHand
    now: datetime


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A line of the sum: a sentence for the student, and the points that it moves, 0 where it only says why."""

    text: str
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class WrittenMark:
    """An answer in words: its points, None where nobody has given any, and the comment."""

    question: str
    points: float | None
    possible: float
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One student, one assignment. `mark` is `checks` + `written` + `adjustment`; None where there is none.

    `checks` is the score of the report without what is dropped, None where it is not the student's. `possible` is the
    maximum, without extra credit. `mark_without_written` and `possible_without_written` are what the mark would be if
    the questions in words were no part of the assignment; the first is None where an override set a mark for both.
    `dropped` names the checks and questions of it that do not count: they are in none of these numbers.
    """

    student: str
    assignment: str
    status: MarkStatus
    checks: float | None
    written: float | None
    mark: float | None
    possible: float
    mark_without_written: float | None = None
    possible_without_written: float = 0.0
    adjustments: tuple[Adjustment, ...] = ()
    answers: tuple[WrittenMark, ...] = ()
    is_late: bool = False
    dropped: tuple[str, ...] = ()

    def of(self, student: str) -> Mark:
        """The same mark of another student; `replace` would take five times as long."""
        return Mark(student, *(getattr(self, name) for name in _ALL_BUT_THE_STUDENT))

    @property
    def adjustment(self) -> float:
        return tidy(sum(each.points for each in self.adjustments))

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(each.text for each in self.adjustments)


_ALL_BUT_THE_STUDENT = tuple(each.name for each in fields(Mark))[1:]


@dataclass(frozen=True, slots=True)
class StudentMarks:
    """All marks of one person, by assignment, and their course total: a share, 0 to 100; None where nothing counts.

    `is_final` says that nothing which counts in the total is still to come.
    """

    member: Member
    marks: Mapping[str, Mark]
    total: float | None
    is_final: bool


@dataclass(frozen=True)
class ClassMarks:
    """The marks of a class. `warnings` are lines for the instructor on what a person has to decide."""

    assignments: tuple[str, ...]
    students: Sequence[StudentMarks]
    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Mark]:
        """Every mark, student by student."""
        return (mark for student in self.students for mark in student.marks.values())

    def members_of(self, name: str) -> tuple[Member, ...]:
        """Who is called so, and all whose work lies in a folder that is."""
        everybody = (student.member for student in self.students)
        return tuple(member for member in everybody if name in (member.name, member.folder))

    def without(self, name: str) -> ClassMarks:
        """The marks of all others. Warnings may name anybody, so there are none until marks are made again."""
        gone = self.members_of(name)
        return replace(self, students=tuple(each for each in self.students if each.member not in gone), warnings=())
