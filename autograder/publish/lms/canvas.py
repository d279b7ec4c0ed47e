"""Scores for Canvas' gradebook, as a new file or filled into one that Canvas exported.

What Canvas takes is what its importer reads (lib/gradebook_importer.rb in https://github.com/instructure/canvas-lms):
five columns in this order, a row `Points Possible`, `EX` for who is excused. It finds students by ID, then by SIS ids,
then by name; an assignment by the number in brackets behind its title, then by its title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.classroom.csv_file import CsvFile
from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.publish.lms import messages
from autograder.publish.lms.scores import Export, ScoreTable
from autograder.report.model import number
from autograder.text import for_csv, without_formula

STUDENT, LOGIN = "Student", "SIS Login ID"
COLUMNS = (STUDENT, "ID", "SIS User ID", LOGIN, "Section")
IDS = ("ID", "SIS User ID", LOGIN, "Integration ID")
POINTS = "Points Possible"
EXCUSED = "EX"
NUMBERED = re.compile(r"(.*?)\s*\(\d+\)")  # a title, and the number by which Canvas knows the assignment


def canvas_csv(marks: ScoreTable, roster: Roster) -> Export:
    """A gradebook of its own. Without a roster, a folder's name is taken for the SIS Login ID.

    Those whom the roster does not know are in the file by name only: Canvas asks who they are.
    """
    table = CsvFile((*COLUMNS, *map(for_csv, marks.assignments)), ())
    rows = [[f"    {POINTS}", "", "", "", "", *(number(marks.possible(name)) for name in marks.assignments)]]
    for person in roster.people:
        ids = {name: person.get(name) for name in COLUMNS[1:]} if roster.is_given else {LOGIN: person.folder}
        scores = [marks.score(person.folder, name) for name in marks.assignments]
        rows.append(_row(person.get(STUDENT) or person.folder, ids, scores))
    known = {person.folder for person in roster.people}
    for student in marks.students:
        if student not in known:
            rows.append(_row(student, {}, [marks.score(student, name) for name in marks.assignments]))
    return marks.export(table.text(rows), roster, known)


def _row(name: str, ids: Mapping[str, str], scores: Sequence[str]) -> list[str]:
    return [for_csv(name), *(ids.get(column, "") for column in COLUMNS[1:]), *scores]


def fill_canvas_csv(marks: ScoreTable, roster: Roster, template: CsvFile, titles: Mapping[str, str]) -> Export:
    """An export of Canvas with the scores filled in, and all else as it was, every EX too.

    `titles` has the title in Canvas of each assignment for which it is neither its name nor its title here. Raises
    UserError.
    """
    if template.header[0].strip() != STUDENT:
        raise UserError(messages.not_canvas_column(STUDENT))
    columns = {name: _score_column(marks, template, name, titles.get(name)) for name in marks.assignments}
    _check_points_possible(marks, template, columns)
    ids = {name: index for name in IDS if (index := template.column(name)) is not None}
    rows: list[list[str]] = []
    placed: list[str] = []
    missing: list[str] = []
    for row in template.rows:
        filled = [without_formula(row[0]), *row[1:]]
        rows.append(filled)
        if not any(row[index].strip() for index in ids.values()):
            continue
        person = roster.find({name: row[index] for name, index in ids.items()})
        if person is None or person.folder not in marks.students:
            missing.append(person.folder if person else row[0])
            continue
        placed.append(person.folder)
        _fill_scores(filled, marks, person.folder, columns)
    return marks.export(template.text(rows), roster, placed, missing)


def _check_points_possible(marks: ScoreTable, template: CsvFile, columns: Mapping[str, int]) -> None:
    """Raises UserError where Canvas has another maximum than the reports."""
    points = next((row for row in template.rows if row[0].strip().startswith(POINTS)), None)
    if points is None:
        raise UserError(messages.not_canvas_row(POINTS))
    for assignment, column in columns.items():
        marks.check_worth(assignment, points[column], template.header[column])


def _fill_scores(row: list[str], marks: ScoreTable, student: str, columns: Mapping[str, int]) -> None:
    for assignment, column in columns.items():
        if row[column].strip().upper() != EXCUSED and (score := marks.score(student, assignment)):
            row[column] = score


def _score_column(marks: ScoreTable, template: CsvFile, assignment: str, title: str | None) -> int:
    """The index of an assignment's column. Raises UserError."""
    names = {title} if title else {assignment, marks.title(assignment)}
    folded = {name.strip().casefold() for name in names}
    columns = []
    for index, header in enumerate(template.header):
        numbered = NUMBERED.fullmatch(header.strip())
        if {header.strip().casefold(), numbered[1].casefold() if numbered else ""} & folded:
            columns.append(index)
    if len(columns) == 1:
        return columns[0]
    section = template.column("Section") or 0
    titles = ", ".join(repr(each) for each in template.header[section + 1 :])
    message = messages.several_columns_for if columns else messages.no_column_for
    raise UserError(message(assignment, titles))
