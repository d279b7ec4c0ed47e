"""Marks without policy and points by hand: the scores of the checks."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.classroom.marks.model import ClassMarks, Mark, MarkStatus, Member, StudentMarks
from autograder.grading.class_record import ClassRecord
from autograder.report.formatting import mean_of
from autograder.report.model import Report, Status


def marks_of(record: ClassRecord, reports: Sequence[Report]) -> ClassMarks:
    """The marks of a class, of its reports alone."""
    by_key = {(each.student, each.assignment): each for each in reports}
    names = tuple(dict.fromkeys(each.assignment for each in sorted(reports, key=lambda each: each.assignment)))
    return ClassMarks(
        names, tuple(_of_student(each, {name: by_key.get((each, name)) for name in names}) for each in record.students)
    )


def _of_student(student: str, works: dict[str, Report | None]) -> StudentMarks:
    marks = {name: _mark(student, name, report) for name, report in works.items()}
    shares = [100 * mark.mark / mark.possible for mark in marks.values() if mark.mark is not None and mark.possible]
    return StudentMarks(Member(student, student), marks, mean_of(shares), is_final=len(shares) == len(marks))


def _mark(student: str, assignment: str, report: Report | None) -> Mark:
    if report is None:
        return Mark(student, assignment, MarkStatus.MISSING, None, None, None, 0)
    status = MarkStatus.UNREADABLE if report.status is Status.UNREADABLE else MarkStatus.GRADED
    status = MarkStatus.GRADER_ERROR if report.has_grader_error else status
    score, most = report.score if report.is_final else None, report.max_score
    return Mark(student, assignment, status, score, None, score, most, score, most)
