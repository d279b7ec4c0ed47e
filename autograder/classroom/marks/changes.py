"""Whose marks move from one run to the next, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.classroom.marks import messages
from autograder.classroom.marks.model import ClassMarks, Mark, StudentMarks


@dataclass(frozen=True)
class MarkChange:
    """A mark that is not what it was: another number or maximum, another status. None where there was or is none."""

    before: Mark | None
    after: Mark | None

    @property
    def either(self) -> Mark:
        mark = self.after or self.before
        assert mark is not None
        return mark

    @property
    def moves(self) -> float:
        """The points that it moves; no mark counts as none."""
        return ((self.after and self.after.mark) or 0.0) - ((self.before and self.before.mark) or 0.0)

    @property
    def new_reasons(self) -> tuple[str, ...]:
        """The reasons that there are now and were not before."""
        known = self.before.reasons if self.before else ()
        return tuple(each for each in (self.after.reasons if self.after else ()) if each not in known)

    @property
    def gone_reasons(self) -> tuple[str, ...]:
        """The reasons that are no more; that an answer had no points is none, where it has some now."""
        known = list(self.after.reasons) if self.after else []
        graded = (each for each in (self.after.answers if self.after else ()) if each.points is not None)
        known += [messages.not_graded_by_hand(each.question) for each in graded]
        return tuple(each for each in (self.before.reasons if self.before else ()) if each not in known)


def mark_changes(before: ClassMarks, after: ClassMarks) -> list[MarkChange]:
    """What changed, in the order of `after`; a missing mark that appears or goes is no news."""
    old, new = _by_key(before.students), _by_key(after.students)
    changes = [MarkChange(old.get(key), new.get(key)) for key in dict.fromkeys([*new, *old])]
    return [each for each in changes if _shown(each.before) != _shown(each.after)]


def _by_key(students: Iterable[StudentMarks]) -> dict[tuple[str, str], Mark]:
    return {(each.member.name, mark.assignment): mark for each in students for mark in each.marks.values()}


def _shown(mark: Mark | None) -> tuple[object, ...]:
    if mark is None:
        return "missing", None, None
    return mark.status.value, mark.mark, None if mark.status.value == "missing" else mark.possible
