"""Marks as CSV, for spreadsheets and registrars: a row for each student and assignment, and one for each total."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from autograder.classroom.csv_file import quoted_pieces
from autograder.classroom.marks.model import ClassMarks, Mark, StudentMarks
from autograder.pages import messages
from autograder.report.model import number
from autograder.text import for_csv

MARK_COLUMNS = ("student", "assignment", "status", "checks", "written", "adjustment", "mark", "possible", "reasons")
TOTAL_COLUMNS = ("student", "section", "total", "final")


def marks_csv(marks: ClassMarks) -> Iterator[str]:
    """The table as RFC 4180 text, row by row, by student and, in each, in the order of the course.

    `mark` is `checks` + `written` + `adjustment`. Where there is no number, the cell is empty; it is no zero. Every
    field is quoted, and no text can act as a formula.
    """
    ordered = (student.marks[name] for student in _by_name(marks) for name in marks.assignments)
    return quoted_pieces(chain([MARK_COLUMNS], map(_mark_row, ordered)))


def totals_csv(marks: ClassMarks) -> Iterator[str]:
    """The course totals as RFC 4180 text, row by row, in percent; empty where nothing counts so far."""
    return quoted_pieces(chain([TOTAL_COLUMNS], map(_total_row, _by_name(marks))))


def _by_name(marks: ClassMarks) -> list[StudentMarks]:
    return sorted(marks.students, key=lambda student: student.member.name)


def _mark_row(mark: Mark) -> list[str]:
    return [
        for_csv(mark.student),
        for_csv(mark.assignment),
        mark.status.value,
        _cell(mark.checks),
        _cell(mark.written),
        "" if mark.mark is None else number(mark.adjustment),
        _cell(mark.mark),
        number(mark.possible),
        for_csv(messages.BETWEEN_REASONS.join(mark.reasons)),
    ]


def _total_row(student: StudentMarks) -> list[str]:
    return [
        for_csv(student.member.name),
        for_csv(student.member.section),
        "" if student.total is None else f"{student.total:.2f}",
        messages.FINAL if student.is_final else messages.NOT_FINAL,
    ]


def _cell(points: float | None) -> str:
    return "" if points is None else number(points)
