"""What the instructors of a class have written beside its reports: its rules, its roster, and points by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.classroom import messages
from autograder.classroom.marks.model import Member
from autograder.classroom.marks.record import FILE as MARKS
from autograder.classroom.marks.record import MarksRecord
from autograder.classroom.members import members
from autograder.classroom.policy.known import KnownNames
from autograder.classroom.policy.model import Policy
from autograder.classroom.policy.reader import FILE, find_policy, policy_beside, read_policy, read_roster_path
from autograder.classroom.roster import read_roster, roster_of
from autograder.classroom.written.sheet import FILE as SHEET
from autograder.course.loader import Assignment, Course
from autograder.errors import UserError
from autograder.grading.class_record import ClassRecord, questions_of
from autograder.grading.files import path_to, way_to
from autograder.grading.store import ReportStore
from autograder.language.current import current
from autograder.report.model import Outcome, Report

Questions = Mapping[str, tuple[str, ...]]  # by the names of their assignments
Checks = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class ClassRules:
    """The rules of a class and its people. `file` is where class.toml lies, or would lie; it may have been named."""

    policy: Policy
    members: tuple[Member, ...]
    file: Path
    is_named: bool = False

    @property
    def language(self) -> str:
        """The one in which instructors are written to: what the rules say, or else what they are spoken to in."""
        return self.policy.language or current()

    @property
    def sheet(self) -> Path:
        """The points by hand, if there are any."""
        return self.file.with_name(SHEET)

    @property
    def sources(self) -> tuple[Path, ...]:
        """All files that marks are made of beside the reports, whether they are there or not."""
        roster = (self.policy.roster,) if self.policy.roster else ()
        return (self.file, self.sheet, *roster)


def rules_of_course(
    course: Course, store: ReportStore, submitted: Path, named: Path | None, students: Iterable[str]
) -> ClassRules:
    """The rules for work that lies in `submitted`; `named` is their file, where it is not beside it. Raises UserError.

    A file that was named once need not be named again: the `store` of reports keeps where it lies. `students` are the
    folders that there is work in. Whatever the file names must be in the course.
    """
    named = named or _named_before(store, submitted)
    file = find_policy(submitted, named) or policy_beside(submitted)
    return _read(file, named is not None, students, questions_of(course), _ChecksOfCourse(course))


def _named_before(store: ReportStore, submitted: Path) -> Path | None:
    record, beside = store.last_class(), find_policy(submitted, None)
    if not (record.policy_is_named and (kept := policy_file(store, record)).exists()):
        return None
    if beside and not (beside.exists() and kept.samefile(beside)):
        raise UserError(messages.two_files_of_rules(way_to(beside), str(kept)))
    return kept


def rules_of_reports(
    store: ReportStore, record: ClassRecord, named: Path | None, reports: Iterable[Report]
) -> ClassRules:
    """The rules for work that was graded: those that held then, if no other file is named. Raises UserError."""
    file = named or policy_file(store, record)
    checks: dict[str, frozenset[str]] = {}
    questions: dict[str, tuple[str, ...]] = dict(record.questions)
    for report in reports:
        checks[report.assignment] = checks.get(report.assignment, frozenset()) | {each.name for each in report.checks}
        if report.assignment not in record.questions:
            own = (*(each.name for each in report.questions), *(each.name for each in report.written))
            questions[report.assignment] = tuple(dict.fromkeys((*questions.get(report.assignment, ()), *own)))
    return _read(file, named is not None or record.policy_is_named, record.students, questions, checks)


def policy_file(store: ReportStore, record: ClassRecord) -> Path:
    """Where the class.toml of the reports lies, or would lie: beside them, where an earlier version wrote them."""
    return path_to(store.root, record.policy or f"../{FILE}")


def require_no_loss(rules: ClassRules, store: ReportStore, last: MarksRecord | None) -> None:
    """Raises UserError where what the last marks were made of is gone: rules and points are not lost without a word.

    But submissions that lie elsewhere may be those of another class, without any.
    """
    for path in last.were_there(store.root) if last else ():
        today = rules.sheet if path.name == SHEET else rules.file
        if today.exists():
            continue
        told = (str(path), way_to(today), way_to(store.root / MARKS))
        if not path.exists():
            raise UserError(messages.source_gone(*told))
        if path.name == SHEET and rules.is_named:
            raise UserError(messages.sheet_elsewhere(*told))


def _read(file: Path, is_named: bool, students: Iterable[str], questions: Questions, checks: Checks) -> ClassRules:
    path = file if os.path.lexists(file) else None
    roster = read_roster_path(path)
    people = members(read_roster(roster) if roster else roster_of(()), students)
    names = tuple(dict.fromkeys(each.name for each in people))
    return ClassRules(read_policy(path, KnownNames(names, questions, checks)), people, file, is_named)


class _ChecksOfCourse(Mapping[str, frozenset[str]]):
    """The names of the checks of each assignment, which are collected when somebody asks for them."""

    def __init__(self, course: Course) -> None:
        self._course = course

    def __getitem__(self, name: str) -> frozenset[str]:
        if name not in self._course.names:
            raise KeyError(name)
        return _check_names(self._course.assignment(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._course.names)

    def __len__(self) -> int:
        return len(self._course.names)


@cache
def _check_names(assignment: Assignment) -> frozenset[str]:
    with assignment.check_session() as session:
        return frozenset(check.name for question in session.unrun(Outcome.MISSING, "") for check in question.checks)
