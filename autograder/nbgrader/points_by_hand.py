"""What people gave in the gradebook: points, extra credit, comments, and which of it they are to look at again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Connection, or_, select

from autograder.classroom.marks.model import ByHand, HandPoints
from autograder.classroom.person import composed
from autograder.nbgrader import messages
from autograder.nbgrader.feedback import CHECK
from autograder.report.diff import Key

Answer = tuple[str, str, str]  # folder, assignment, question


def points_by_hand(connection: Connection, students: Collection[str], penalties: Mapping[Key, float]) -> ByHand:
    """All that people gave these students; comments stand with the points, or alone where there are none.

    `penalties` are what nbgrader's own rule takes off, by student and assignment.
    """
    comments = _comments(connection)
    by_kind: dict[str, dict[Answer, tuple[HandPoints, ...]]] = {"code": {}, "markdown": {}}
    extra: dict[Answer, float] = {}
    awaits = set()
    query = _submitted(
        Grade,
        GradeCell,
        GradeCell.cell_type,
        Grade.manual_score,
        Grade.extra_credit,
        Grade.needs_manual_grade,
    ).where(or_(Grade.manual_score.is_not(None), Grade.extra_credit.is_not(None)))
    for student, assignment, cell, kind, points, more, needs_look in connection.execute(query):
        if composed(student) not in students:
            continue
        question = cell.removeprefix(CHECK) if kind == "code" else cell
        answer = (composed(student), assignment, question)
        if points is not None:
            comment = comments.get(answer, "")
            by_kind[kind][answer] = (HandPoints(points, comment, messages.GRADEBOOK),)
            if needs_look:
                awaits.add(answer)
        if more:
            extra[answer] = more
    with_points = by_kind["markdown"].keys() | by_kind["code"].keys()
    alone = {key: text for key, text in comments.items() if key[0] in students and key not in with_points}
    return ByHand(by_kind["markdown"], by_kind["code"], frozenset(awaits), extra, penalties, alone)


def _comments(connection: Connection) -> dict[Answer, str]:
    """What people wrote, by the answer that they wrote it about."""
    query = _submitted(Comment, SolutionCell, Comment.manual_comment).where(Comment.manual_comment != "")
    found = connection.execute(query)
    return {(composed(student), assignment, cell): text for student, assignment, cell, text in found}


def _submitted(row: Any, cell: Any, *columns: Any) -> Any:
    """A query for rows of submissions that belong to cells: student, assignment, name of the cell, and `columns`."""
    return (
        select(SubmittedAssignment.student_id, Assignment.name, cell.name, *columns)
        .join(SubmittedNotebook, row.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(cell, row.cell_id == cell.id)
        .where(Notebook.name == Assignment.name)
    )
