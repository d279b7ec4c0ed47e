"""Whose marks move from one run to the next, and why: by what checks found, or by rules and points by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.classroom.marks import messages
from autograder.classroom.marks.model import ClassMarks, Mark, tidy
from autograder.report.diff import Key
from autograder.report.formatting import ROUNDING
from autograder.report.model import Report


@dataclass(frozen=True)
class MarkChange:
    """A mark that is not what it was: another number, or one out of another maximum, or another status.

    None where there was or is none.

    `by_checks` are the points that it moves because checks found something else in what counts now, by the same rules.
    None where that cannot be told: there was or is no number, or the report that the former mark rests on is not kept.
    """

    before: Mark | None
    after: Mark | None
    by_checks: float | None = None

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
    def by_rules(self) -> float | None:
        """The points that it moves because of the rules of the class, and of points by hand: all the rest."""
        return None if self.by_checks is None else tidy(self.moves - self.by_checks)

    @property
    def new_points(self) -> tuple[tuple[str, float | None, float | None], ...]:
        """The questions in words with other points by hand than there were: before and after, None where none were."""
        old, new = _by_hand(self.before), _by_hand(self.after)
        points = ((name, old.get(name), new.get(name)) for name in dict.fromkeys([*old, *new]))
        return tuple(each for each in points if each[1] != each[2])

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


def mark_changes(before: ClassMarks, after: ClassMarks, old_reports: Iterable[Report] = ()) -> list[MarkChange]:
    """What changed, in the order of `after`; a missing mark that appears or goes is no news.

    `old_reports` are those that the former marks may rest on. Where what is dropped has changed, they tell what the
    former report has by the rules of today; of several on the same work, the first that gives the former mark counts.
    """
    new = {each.member.name: each for each in after.students}
    moved: dict[Key, tuple[Mark | None, Mark | None]] = {}
    folders: dict[str, str] = {}
    known: dict[str, frozenset[str]] = {}
    alike: dict[frozenset[str], frozenset[str]] = {}
    for old in before.students:  # one after the other: they may be read from a file
        name, now = old.member.name, new.get(old.member.name)
        assignments = frozenset(old.marks)
        known[name] = alike.setdefault(assignments, assignments)
        for assignment, left in old.marks.items():
            right = now.marks.get(assignment) if now else None
            if _shown(left) != _shown(right):
                moved[name, assignment] = left, right
                folders[name] = (now or old).member.folder
    for name, now in new.items():
        for assignment in now.marks.keys() - known.get(name, frozenset()):
            if _shown(now.marks[assignment]) != _shown(None):
                moved[name, assignment] = None, now.marks[assignment]
                folders[name] = now.member.folder
    order = [(name, each) for name, now in new.items() for each in now.marks if (name, each) in moved] if moved else []
    works = {(folders[name], assignment) for name, assignment in moved}
    reports: defaultdict[Key, list[Report]] = defaultdict(list)
    for report in old_reports if moved else ():
        if (report.student, report.assignment) in works:
            reports[report.student, report.assignment].append(report)
    return [
        MarkChange(*moved[key], _by_checks(*moved[key], reports.get((folders[key[0]], key[1]), ())))
        for key in dict.fromkeys([*order, *moved])
    ]


def _by_checks(before: Mark | None, after: Mark | None, old_reports: Sequence[Report]) -> float | None:
    if before is None or after is None or before.mark is None or after.mark is None:
        return None
    old, new = before.checks or 0.0, after.checks or 0.0
    if before.dropped == after.dropped or None in (before.checks, after.checks):
        return tidy(new - old)
    for report in old_reports:
        if abs(_score(report, before.dropped) - old) <= ROUNDING:
            return tidy(new - _score(report, after.dropped))
    return None


def _score(report: Report, dropped: Sequence[str]) -> float:
    """The score of a report without the checks and questions that are dropped."""
    return sum(
        check.earned
        for question in report.questions
        for check in question.checks
        if question.name not in dropped and check.name not in dropped
    )


def _by_hand(mark: Mark | None) -> dict[str, float | None]:
    return {answer.question: answer.points for answer in mark.answers} if mark else {}


def _shown(mark: Mark | None) -> tuple[object, ...]:
    if mark is None:
        return "missing", None, None
    return mark.status.value, mark.mark, None if mark.mark is None else mark.possible
