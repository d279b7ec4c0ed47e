"""Writes reports to nbgrader's database, many in one transaction; what people wrote there is kept.

The rows are those that nbgrader's own `Gradebook.add_submission`, `SaveAutoGrades` and `AssignLatePenalties` make, with
a query and a commit for each cell; here they are read and written in bulk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from nbformat import NotebookNode
from nbgrader import api
from nbgrader.utils import is_grade, is_locked, is_solution
from sqlalchemy import Connection, Table, bindparam, insert, select, update

from autograder.nbgrader.late_work import LateRule, penalty_for, seconds_late

Row = dict[str, Any]
NO_RESPONSE = "No response."  # nbgrader's own text, which its database holds as it is


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
class CellIds:
    """An assignment as the database knows it: the ids of its notebook, and of its graded and answer cells by name."""

    assignment: str
    notebook: str
    graded: Mapping[str, str]
    answers: Mapping[str, str]
    due: datetime | None


def find_cells(connection: Connection, assignment: str) -> CellIds | None:
    """What the database knows of an assignment, with its one notebook of the same name; None if it has none."""
    table, notebook, cell = _table(api.Assignment), _table(api.Notebook), _table(api.BaseCell)
    query = select(table.c.id, table.c.duedate, notebook.c.id.label("notebook")).where(
        table.c.name == assignment, notebook.c.name == assignment, notebook.c.assignment_id == table.c.id
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    cells = connection.execute(select(cell.c.type, cell.c.name, cell.c.id).where(cell.c.notebook_id == row.notebook))
    ids: dict[str, dict[str, str]] = {"GradeCell": {}, "SolutionCell": {}, "TaskCell": {}}
    for cell_type, name, id_ in cells:
        ids[cell_type][name] = id_
    return CellIds(row.id, row.notebook, ids["GradeCell"], ids["SolutionCell"], row.duedate)


def assignment_names(connection: Connection) -> list[str]:
    """The names of all assignments that the database knows."""
    return sorted(connection.scalars(select(_table(api.Assignment).c.name)))


def differences(connection: Connection, assignment: str, released: NotebookNode) -> list[str]:
    """The cells in which the database's version of an assignment is not the released one; all, if it has none."""
    source, grade = _table(api.SourceCell), _table(api.GradeCell)
    in_database: dict[str, tuple[object, ...]] = {}
    if cells := find_cells(connection, assignment):
        names = {id_: name for name, id_ in cells.graded.items()}
        scores = select(grade.c.id, grade.c.max_score).where(grade.c.id.in_(list(names)))
        points = {names[id_]: float(score) for id_, score in connection.execute(scores)}
        sources = select(source.c.name, source.c.locked, source.c.source).where(source.c.notebook_id == cells.notebook)
        in_database = {name: (locked, text, points.get(name)) for name, locked, text in connection.execute(sources)}
    in_release = {
        cell.metadata.nbgrader.grade_id: (
            is_locked(cell),
            cell.source,
            float(cell.metadata.nbgrader.points) if is_grade(cell) else None,
        )
        for cell in released.cells
        if is_grade(cell) or is_solution(cell) or is_locked(cell)  # what nbgrader keeps; students may change the others
    }
    return [name for name in {**in_release, **in_database} if in_database.get(name) != in_release.get(name)]


def write(connection: Connection, cells: Mapping[str, CellIds], entries: Sequence[Entry], rule: LateRule) -> None:
    """Write the entries, in the transaction that `connection` is in; `cells` are by assignment."""
    _add_students(connection, {entry.student for entry in entries})
    submissions = _submissions(connection, cells, entries)
    notebooks = _notebooks(connection, cells, submissions)
    _write_comments(connection, cells, notebooks)
    scores = _write_grades(connection, cells, notebooks)
    _write_penalties(connection, cells, submissions, notebooks, scores, rule)


def _add_students(connection: Connection, names: set[str]) -> None:
    student = _table(api.Student)
    known = set(connection.scalars(select(student.c.id).where(student.c.id.in_(names))))
    _insert(connection, student, [{"id": name} for name in sorted(names - known)])


def _submissions(
    connection: Connection, cells: Mapping[str, CellIds], entries: Sequence[Entry]
) -> list[tuple[Entry, Row]]:
    """Each entry with its submission, made or brought up to date."""
    table = _table(api.SubmittedAssignment)
    columns = (table.c.id, table.c.assignment_id, table.c.student_id, table.c.timestamp, table.c.extension)
    query = select(*columns).where(
        table.c.assignment_id.in_({cells[entry.assignment].assignment for entry in entries}),
        table.c.student_id.in_({entry.student for entry in entries}),
    )
    rows = {(row.assignment_id, row.student_id): dict(row._mapping) for row in connection.execute(query)}
    new, changed, submissions = [], [], []
    for entry in entries:
        key = (cells[entry.assignment].assignment, entry.student)
        if key not in rows:
            rows[key] = {
                "id": uuid4().hex,
                "assignment_id": key[0],
                "student_id": key[1],
                "timestamp": entry.handed_in,
            }
            new.append(dict(rows[key]))
        elif entry.handed_in and entry.handed_in != rows[key]["timestamp"]:
            rows[key]["timestamp"] = entry.handed_in
            changed.append({"row": rows[key]["id"], "timestamp": entry.handed_in})
        submissions.append((entry, rows[key]))
    _insert(connection, table, new)
    _update(connection, table, changed, "timestamp")
    return submissions


def _notebooks(
    connection: Connection, cells: Mapping[str, CellIds], submissions: Sequence[tuple[Entry, Row]]
) -> list[tuple[Entry, Row]]:
    """Each entry with its submitted notebook, made where it is not there."""
    table = _table(api.SubmittedNotebook)
    columns = (table.c.id, table.c.assignment_id, table.c.notebook_id, table.c.late_submission_penalty)
    query = select(*columns).where(table.c.assignment_id.in_([row["id"] for _, row in submissions]))
    rows = {(row.assignment_id, row.notebook_id): dict(row._mapping) for row in connection.execute(query)}
    new, notebooks = [], []
    for entry, submission in submissions:
        key = (submission["id"], cells[entry.assignment].notebook)
        if key not in rows:
            row = {"id": uuid4().hex, "assignment_id": key[0], "notebook_id": key[1], "flagged": False}
            new.append(row)
            rows[key] = {**row, "late_submission_penalty": None}
        notebooks.append((entry, rows[key]))
    _insert(connection, table, new)
    return notebooks


def _write_comments(
    connection: Connection, cells: Mapping[str, CellIds], notebooks: Sequence[tuple[Entry, Row]]
) -> None:
    table = _table(api.Comment)
    query = select(table.c.id, table.c.notebook_id, table.c.cell_id, table.c.auto_comment)
    rows = _by_cell(connection, query.where(table.c.notebook_id.in_([row["id"] for _, row in notebooks])))
    new, changed = [], []
    for entry, notebook in notebooks:
        for name, cell in cells[entry.assignment].answers.items():
            comment = NO_RESPONSE if name in entry.empty else None
            old = rows.get((notebook["id"], cell))
            if old is None:
                new.append(_cell_row(notebook, cell, auto_comment=comment))
            elif old["auto_comment"] != comment:
                changed.append({"row": old["id"], "auto_comment": comment})
    _insert(connection, table, new)
    _update(connection, table, changed, "auto_comment")


def _write_grades(
    connection: Connection, cells: Mapping[str, CellIds], notebooks: Sequence[tuple[Entry, Row]]
) -> list[float]:
    """Write the scores; returns what each submission has in all, points given by hand included."""
    table = _table(api.Grade)
    scores = (table.c.auto_score, table.c.manual_score, table.c.extra_credit)
    query = select(table.c.id, table.c.notebook_id, table.c.cell_id, table.c.needs_manual_grade, *scores)
    rows = _by_cell(connection, query.where(table.c.notebook_id.in_([row["id"] for _, row in notebooks])))
    new, changed, totals = [], [], []
    for entry, notebook in notebooks:
        total = 0.0
        for name, cell in cells[entry.assignment].graded.items():
            score = entry.scores[name]
            old = rows.get((notebook["id"], cell))
            by_hand = old["manual_score"] if old else None
            # As nbgrader has it: what a person scored before is to be looked at again, if there is anything new.
            needs_look = score is None or by_hand is not None
            if old is None:
                new.append(_cell_row(notebook, cell, auto_score=score, needs_manual_grade=needs_look))
            elif entry.changed or old["auto_score"] != score:
                changed.append({"row": old["id"], "auto_score": score, "needs_manual_grade": needs_look})
            points = by_hand if by_hand is not None else score
            if points is not None:  # nbgrader counts no extra credit where there is no score
                total += points + ((old["extra_credit"] if old else None) or 0.0)
        totals.append(total)
    _insert(connection, table, new)
    _update(connection, table, changed, "auto_score", "needs_manual_grade")
    return totals


def _write_penalties(
    connection: Connection,
    cells: Mapping[str, CellIds],
    submissions: Sequence[tuple[Entry, Row]],
    notebooks: Sequence[tuple[Entry, Row]],
    scores: Sequence[float],
    rule: LateRule,
) -> None:
    changed = {}
    for (entry, submission), (_, notebook), score in zip(submissions, notebooks, scores, strict=True):
        late = seconds_late(cells[entry.assignment].due, submission["timestamp"], submission.get("extension"))
        points = penalty_for(rule, entry.student, score, late)
        if points != notebook["late_submission_penalty"]:
            changed[notebook["id"]] = points
    set_penalties(connection, changed)


def set_penalties(connection: Connection, points: Mapping[str, float | None]) -> None:
    """Set what is taken off submitted notebooks, which are named by their ids."""
    rows = [{"row": id_, "late_submission_penalty": taken} for id_, taken in points.items()]
    _update(connection, _table(api.SubmittedNotebook), rows, "late_submission_penalty")


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _by_cell(connection: Connection, query: Any) -> dict[tuple[str, str], Row]:
    return {(row.notebook_id, row.cell_id): dict(row._mapping) for row in connection.execute(query)}


def _cell_row(notebook: Row, cell: str, **values: object) -> Row:
    """A row that belongs to a cell of a submitted notebook."""
    return {"id": uuid4().hex, "notebook_id": notebook["id"], "cell_id": cell, **values}


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _update(connection: Connection, table: Table, rows: Sequence[Row], *columns: str) -> None:
    if rows:
        statement = update(table).where(table.c.id == bindparam("row"))
        connection.execute(statement.values({name: bindparam(name) for name in columns}), rows)
