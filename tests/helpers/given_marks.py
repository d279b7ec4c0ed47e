"""Marks, made from little, for what shows them; nothing here computes more than a sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from autograder.classroom.marks.model import Adjustment, ClassMarks, Mark, MarkStatus, Member, StudentMarks
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import ReportStore
from autograder.pages.writer import write_class_files
from autograder.report.formatting import mean_of
from autograder.report.model import Report


def given_mark(
    status: MarkStatus = MarkStatus.GRADED,
    *,
    checks: float | None = None,
    written: float | None = None,
    of: float = 20,
    adjust: Mapping[str, float] | None = None,
    **fields: object,
) -> Mark:
    """A mark of `ada` in `03_softmax`: the sum of `checks`, `written` and what is adjusted, where it is graded."""
    adjustments = tuple(Adjustment(text, points) for text, points in (adjust or {}).items())
    total = (checks or 0) + (written or 0) + sum(each.points for each in adjustments)
    plain: dict[str, object] = {
        "student": "ada",
        "assignment": "03_softmax",
        "status": status,
        "checks": checks,
        "written": written,
        "mark": total if status is MarkStatus.GRADED else None,
        "possible": of,
        "mark_without_written": checks,
        "possible_without_written": of,
        "adjustments": adjustments,
    }
    return Mark(**{**plain, **fields})  # type: ignore[arg-type]  # each test names fields that exist


def plain_mark(report: Report) -> Mark:
    """The mark of a report where no rule moves it and nobody reads anything."""
    who = {"student": report.student, "assignment": report.assignment}
    if report.status.value == "unreadable":
        return given_mark(MarkStatus.UNREADABLE, of=report.max_score, **who)
    if report.has_grader_error:
        return given_mark(MarkStatus.GRADER_ERROR, of=report.max_score, **who)
    return given_mark(checks=report.score, of=report.max_score, **who)


def class_of_marks(
    *reports: Report,
    students: Iterable[str] = (),
    members: Iterable[Member] = (),
    given: Iterable[Mark] = (),
    warnings: tuple[str, ...] = (),
) -> ClassMarks:
    """The marks of a class: those that are given, and of all other reports the plain ones; else they are missing.

    `students` are in it without a report, `members` where they have more than a name.
    """
    special = {(mark.student, mark.assignment): mark for mark in given}
    people = {member.name: member for member in members}
    teams = {member.folder for member in people.values()}
    alone = {*students, *(report.student for report in reports), *(mark.student for mark in special.values())}
    people |= {name: Member(name, name) for name in sorted(alone - people.keys() - teams)}
    by_key = {(report.student, report.assignment): report for report in reports}
    assignments = tuple(sorted({report.assignment for report in reports} | {name for _, name in special}))
    return ClassMarks(
        assignments, tuple(_of_student(each, assignments, by_key, special) for each in people.values()), warnings
    )


def _of_student(
    member: Member,
    assignments: tuple[str, ...],
    reports: Mapping[tuple[str, str], Report],
    special: Mapping[tuple[str, str], Mark],
) -> StudentMarks:
    marks = {}
    for name in assignments:
        report = reports.get((member.folder, name))
        missing = given_mark(MarkStatus.MISSING, student=member.name, assignment=name)
        of_report = replace(plain_mark(report), student=member.name) if report else missing
        marks[name] = special.get((member.name, name), of_report)
    shares = [100 * mark.mark / mark.possible for mark in marks.values() if mark.mark is not None and mark.possible]
    return StudentMarks(member, marks, mean_of(shares), is_final=len(shares) == len(marks))


def write_class(store: ReportStore, title: str, reports: Sequence[Report]) -> None:
    """Write the files of a class, with its plain marks."""
    students = tuple(dict.fromkeys(report.student for report in reports))
    record = ClassRecord(title, students, tuple((each.student, each.assignment) for each in reports))
    write_class_files(store, record, reports, class_of_marks(*reports))
