"""Marks as they are written into files for an LMS, made from little; nothing of them is computed."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.classroom.marks.model import ClassMarks, Mark, MarkStatus, Member, StudentMarks
from autograder.publish.lms.table import MarkTable
from autograder.report.model import Report


def a_mark(
    student: str,
    assignment: str,
    points: float | None = None,
    of: float = 5,
    status: MarkStatus = MarkStatus.GRADED,
    **fields: object,
) -> Mark:
    """A mark without answers in words, unless `fields` say otherwise."""
    plain = {"checks": points, "written": None, "mark_without_written": points, "possible_without_written": of}
    return Mark(student, assignment, status, mark=points, possible=of, **{**plain, **fields})  # type: ignore[arg-type]


def a_student(member: Member | str, *marks: Mark) -> StudentMarks:
    """The marks of a person; a name is that of their folder as well."""
    person = Member(member, member) if isinstance(member, str) else member
    return StudentMarks(person, {mark.assignment: mark for mark in marks}, None, is_final=False)


def mark_table(students: Iterable[StudentMarks], reports: Iterable[Report], *assignments: str) -> MarkTable:
    """The marks in these assignments; without any, in all of them."""
    students = tuple(students)
    known = tuple(dict.fromkeys(name for student in students for name in student.marks))
    by_key = {(report.student, report.assignment): report for report in reports}
    return MarkTable(ClassMarks(known, students), by_key, assignments or known)
