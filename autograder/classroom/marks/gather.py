"""From a folder of reports, the rules of the class and points by hand to its marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from autograder.classroom.attempts.records import Deadline
from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import ByHand, ClassMarks, HandPoints, MarkInputs
from autograder.classroom.marks.rules import ClassRules
from autograder.classroom.marks.steps.case import Cases
from autograder.classroom.marks.steps.late import MINUTE, deadline
from autograder.classroom.written.answers import ClassAnswers, class_answers
from autograder.classroom.written.points import hand_points, sheet_notes
from autograder.classroom.written.sheet import read_sheet
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import ReportStore
from autograder.report.diff import Key
from autograder.report.model import Report

NOTHING_BY_HAND = ByHand()
NOT_READ_YET: Mapping[Key, frozenset[str]] = MappingProxyType({})
Points = dict[tuple[str, str, str], HandPoints]


@dataclass(frozen=True)
class MadeMarks:
    """The marks of a class, and lines for the instructor on what is in the sheet of points by hand."""

    marks: ClassMarks
    notes: tuple[str, ...]


def make_marks(
    store: ReportStore,
    record: ClassRecord,
    reports: Iterable[Report],
    rules: ClassRules,
    now: datetime,
    gradebook: ByHand = NOTHING_BY_HAND,
    unanswered: Mapping[Key, frozenset[str]] = NOT_READ_YET,
) -> MadeMarks:
    """The marks for `reports`, which are those of `record`; `gradebook` has the points that stand in one.

    `unanswered` has the questions in words that were left as they were handed out, of all that this run has read.

    Raises UserError where the sheet of points by hand cannot be read.
    """
    by_key = {(report.student, report.assignment): report for report in reports}
    given = {assignment for _, assignment in by_key}
    names = (*(name for name in record.questions if name in given), *sorted(given - record.questions.keys()))
    points, notes = Points(), tuple[str, ...]()
    if rules.sheet.exists():
        answers = class_answers(store, by_key.values(), names)
        points, notes = _sheet(rules, answers)
        unanswered = answers.unanswered
    else:
        not_read = (each for key, each in by_key.items() if key not in unanswered)
        unanswered = {**unanswered, **class_answers(store, not_read).unanswered}
    keys = points.keys() | gradebook.written.keys()
    written = {key: (*_one(points.get(key)), *gradebook.written.get(key, ())) for key in keys}
    inputs = MarkInputs(
        names,
        rules.members,
        by_key,
        record.handed_in,
        unanswered,
        replace(gradebook, written=written),
        now,
    )
    return MadeMarks(class_marks(rules.policy, inputs), notes)


def require_sheet(rules: ClassRules) -> None:
    """Raises UserError where the sheet of points by hand is none, before anything is graded."""
    if rules.sheet.exists():
        read_sheet(rules.sheet)


def _sheet(rules: ClassRules, answers: ClassAnswers) -> tuple[Points, tuple[str, ...]]:
    sheet = read_sheet(rules.sheet)
    return hand_points(sheet, answers), sheet_notes(sheet, answers)


def _one(points: HandPoints | None) -> tuple[HandPoints, ...]:
    return (points,) if points else ()


def deadline_of(rules: ClassRules, assignments: Iterable[str], now: datetime) -> Deadline:
    """The last moment at which a person's work is not late, grace included; None where there is no deadline."""
    nothing = MarkInputs(tuple(assignments), rules.members, {}, {}, {}, NOTHING_BY_HAND, now)
    cases = Cases(rules.policy, nothing)
    members = {member.name: member for member in cases.members}

    def of(name: str, assignment: str) -> datetime | None:
        if name not in members or assignment not in cases.assignments:
            return None
        case = cases.case(members[name], assignment)
        due = deadline(case, rules.policy)
        if due is None:
            return None
        return (due.moment() + case.rule.late.grace_minutes * MINUTE).astimezone(due.due.tzinfo)

    return of
