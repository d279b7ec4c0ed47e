"""The rules of one class, as its class.toml states them; all are optional: `Policy()` is a class without a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from pathlib import Path

EVERY_ASSIGNMENT = "*"


class Attempts(StrEnum):
    """Which of several attempts is graded."""

    LAST = "last"
    LAST_BEFORE_DEADLINE = "last_before_deadline"


class Unit(StrEnum):
    """What lateness is counted in; a unit that has begun counts."""

    DAY = "day"
    HOUR = "hour"


class PercentOf(StrEnum):
    """What a late rule takes its percents of."""

    POSSIBLE = "possible"
    EARNED = "earned"


class DropAs(StrEnum):
    """What a dropped check or question becomes: as if it had never been there, or full for everybody."""

    REMOVED = "removed"
    FULL = "full"


class Zero(StrEnum):
    """A status that has no mark, unless the policy counts it as zero."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    AWAITS_HAND_GRADING = "awaits_hand_grading"  # the answers that nobody has graded count 0


@dataclass(frozen=True)
class LateRule:
    """What being late costs. Within `grace_minutes` of the deadline nothing is late; after it, all time counts.

    For each begun unit, `percent` of what is possible (or earned) is taken off, `at_most_percent` in all. What comes
    later than `closed_after_days` days after the deadline earns nothing.
    """

    grace_minutes: float = 0
    per: Unit = Unit.DAY
    percent: float = 0
    of: PercentOf = PercentOf.POSSIBLE
    at_most_percent: float = 100
    closed_after_days: float | None = None


@dataclass(frozen=True)
class AssignmentPolicy:
    """The rules of one assignment. `due` knows its zone. `drop` and `extra_credit` name checks or questions."""

    due: datetime | None = None
    weight: float = 1.0
    extra_credit: frozenset[str] = frozenset()
    drop: frozenset[str] = frozenset()
    drop_as: DropAs = DropAs.REMOVED
    late: LateRule = LateRule()


@dataclass(frozen=True)
class Extension:
    """More time for one student: `days` more by the calendar, or another deadline. `assignment` may be all of them."""

    student: str
    assignment: str
    days: float | None = None
    due: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Excusal:
    """A student who need not do an assignment: no mark, and no place in the total."""

    student: str
    assignment: str
    reason: str = ""


@dataclass(frozen=True)
class Override:
    """Points that take the place of all others: for an assignment, or for one `question` of it."""

    student: str
    assignment: str
    points: float
    reason: str
    question: str = ""


@dataclass(frozen=True)
class Policy:
    """All rules. `path` is the file that they were read from, None for a class without one.

    `zone` is where times are shown. `language` is that of the page of the class, and of all else that is written for
    its instructors; empty where the file does not say. `roster` is the file that names the people of the class.
    `assignments` has those that the file says something about; what holds for any of them is `for_assignment`.
    """

    path: Path | None = None
    zone: tzinfo = UTC
    language: str = ""
    attempt: Attempts = Attempts.LAST
    zeros: frozenset[Zero] = frozenset()
    free_days: int = 0
    late: LateRule = LateRule()
    roster: Path | None = None
    assignments: Mapping[str, AssignmentPolicy] = field(default_factory=dict)
    extensions: tuple[Extension, ...] = ()
    excused: tuple[Excusal, ...] = ()
    overrides: tuple[Override, ...] = ()

    def for_assignment(self, name: str) -> AssignmentPolicy:
        """The rules of an assignment; the usual ones where the file says nothing of it."""
        return self.assignments.get(name) or AssignmentPolicy(late=self.late)
