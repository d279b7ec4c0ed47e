"""Reports in nbgrader's database: a whole batch in one transaction, with nothing lost of what people wrote there.

The rows are those that nbgrader's own `Gradebook.add_submission`, `SaveAutoGrades` and `AssignLatePenalties` would make,
one commit a cell; here they are read and written in bulk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Iterator
from uuid import uuid4

from nbgrader import api
from nbgrader.utils import is_grade, is_locked, is_solution
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Connection, Engine

Json = dict[str, Any]
Row = dict[str, Any]
NO_RESPONSE = "No response."
# (student, score, seconds late) → points taken off, or None: nbgrader's plugin for late submissions.
Penalty = Callable[[str, float, float], float | None]


@dataclass(frozen=True)
class Entry:
    """One submission for the gradebook: the scores of its graded cells, None for those that a person grades.

    `empty` names the answers that are as they were released. `changed` tells whether there is anything that the people
    who graded this submission have not seen.
    """

    student: str
    assignment: str
    scores: Mapping[str, float | None]
    empty: frozenset[str]
    handed_in: datetime | None
    changed: bool


@dataclass(frozen=True)
class Cells:
    """An assignment as the database knows it: the ids of its notebook, and of its graded and answer cells by name."""

    assignment: str
    notebook: str
    graded: Mapping[str, str]
    answers: Mapping[str, str]
    due: datetime | None


def find_cells(connection: Connection, assignment: str) -> Cells:
    """An assignment that is in the database, with its one notebook of the same name."""
    home, book, cell = api.Assignment.__table__, api.Notebook.__table__, api.BaseCell.__table__
    of_it = (home.c.name == assignment, book.c.name == assignment, book.c.assignment_id == home.c.id)
    assignment_id, due, notebook_id = connection.execute(select(home.c.id, home.c.duedate, book.c.id).where(*of_it)).one()
    found = connection.execute(select(cell.c.name, cell.c.type, cell.c.id).where(cell.c.notebook_id == notebook_id)).all()
    by_type = {kind: {name: id_ for name, type_, id_ in found if type_ == kind} for kind in ("GradeCell", "SolutionCell")}
    return Cells(assignment_id, notebook_id, by_type["GradeCell"], by_type["SolutionCell"], due)


def differences(connection: Connection, assignment: str, released: Json) -> list[str]:
    """The cells in which the database's version of an assignment is not the released one; all, if it has none."""
    home, book, cell = api.Assignment.__table__, api.Notebook.__table__, api.SourceCell.__table__
    base, grade = api.BaseCell.__table__, api.GradeCell.__table__
    of_it = (home.c.name == assignment, book.c.name == assignment, book.c.assignment_id == home.c.id)
    known = select(cell.c.name, cell.c.locked, cell.c.source).where(*of_it, cell.c.notebook_id == book.c.id)
    worth = select(base.c.name, grade.c.max_score).where(*of_it, base.c.notebook_id == book.c.id, base.c.id == grade.c.id)
    points = {name: float(score) for name, score in connection.execute(worth)}
    has = {name: (bool(locked), source, points.get(name)) for name, locked, source in connection.execute(known)}
    wants = {
        str(each["metadata"]["nbgrader"]["grade_id"]): (
            bool(is_locked(each)),
            str(each["source"]),
            float(each["metadata"]["nbgrader"]["points"]) if is_grade(each) else None,
        )
        for each in released["cells"]
        if is_grade(each) or is_solution(each) or is_locked(each)
    }
    return [name for name in {**wants, **has} if has.get(name) != wants.get(name)]
