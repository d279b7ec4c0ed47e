"""How each submission stands in the gradebook: its score as nbgrader adds it up, what is taken off, how late it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from nbgrader.api import Assignment, Grade, Notebook, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Connection, func, select

from autograder.classroom.person import composed
from autograder.nbgrader.late_work import seconds_late
from autograder.report.diff import Key


@dataclass(frozen=True)
class SubmittedScore:
    """A submission. `score` is the sum of its cells, and nbgrader's export takes `penalty` off it.

    Times are in UTC, without a zone. `notebook` is the id of the row that holds the penalty. The student's name is as
    nbgrader took it from a folder, whose letters may have their accents apart.
    """

    student: str
    assignment: str
    notebook: str
    score: float
    penalty: float
    due: datetime | None
    handed_in: datetime | None
    extension: timedelta | None

    @property
    def key(self) -> Key:
        return composed(self.student), self.assignment

    @property
    def seconds_late(self) -> float:
        return seconds_late(self.due, self.handed_in, self.extension)


def submitted_scores(connection: Connection) -> dict[Key, SubmittedScore]:
    """Every submission that the gradebook holds, by student and assignment."""
    totals = select(Grade.notebook_id, func.sum(Grade.score).label("score")).group_by(Grade.notebook_id).subquery()
    query = (
        select(
            SubmittedAssignment.student_id,
            Assignment.name,
            SubmittedNotebook.id,
            func.coalesce(totals.c.score, 0.0),
            func.coalesce(SubmittedNotebook.late_submission_penalty, 0.0),
            Assignment.duedate,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
        )
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .outerjoin(totals, totals.c.notebook_id == SubmittedNotebook.id)
        .where(Notebook.name == Assignment.name)
    )
    return {each.key: each for each in (SubmittedScore(*row) for row in connection.execute(query))}


def exported_students(connection: Connection) -> frozenset[str]:
    """Whom nbgrader's export has rows for, one an assignment: everybody who ever handed in, or was added."""
    return frozenset(map(composed, connection.scalars(select(Student.id))))


def due_dates(connection: Connection) -> dict[str, datetime]:
    """The due date of each assignment that has one, in UTC, without a zone."""
    query = select(Assignment.name, Assignment.duedate).where(Assignment.duedate.is_not(None))
    return {row.name: row.duedate for row in connection.execute(query)}
