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


def fill_canvas_csv(marks: ScoreTable, roster: Roster, template: CsvFile, columns: Mapping[str, str]) -> Export:
    """An export of Canvas with the scores filled in, and all else as it was, every EX too.

    `columns` names the column of an assignment whose title in Canvas is neither its name nor its title here. Raises
    UserError.
    """
    if template.header[0].strip() != STUDENT:
        raise UserError(f"the template is no gradebook of Canvas: its first column is not {STUDENT!r}")
    places = {name: _place(marks, template, name, columns.get(name)) for name in marks.assignments}
    points = next((row for row in template.rows if row[0].strip().startswith(POINTS)), None)
    if points is None:
        raise UserError(f"the template is no gradebook of Canvas: it has no row {POINTS!r}")
    for name, place in places.items():
        marks.check_worth(name, points[place], template.header[place])
    ids = {name: found for name in IDS if (found := template.column(name)) is not None}
    rows: list[list[str]] = []
    placed: list[str] = []
    missing: list[str] = []
    for row in template.rows:
        rows.append([without_formula(row[0]), *row[1:]])
        if not any(row[place].strip() for place in ids.values()):
            continue
        person = roster.find({name: row[place] for name, place in ids.items()})
        if person is None or person.folder not in marks.students:
            missing.append(person.folder if person else row[0])
            continue
        placed.append(person.folder)
        for assignment, place in places.items():
            if row[place].strip().upper() != EXCUSED and (score := marks.score(person.folder, assignment)):
                rows[-1][place] = score
    return marks.export(template.text(rows), roster, placed, missing)


def _place(marks: ScoreTable, template: CsvFile, assignment: str, column: str | None) -> int:
    """Where an assignment's scores stand. Raises UserError."""
    wanted = {column} if column else {assignment, marks.title(assignment)}
    folded = {title.strip().casefold() for title in wanted}
    found = []
    for place, header in enumerate(template.header):
        numbered = NUMBERED.fullmatch(header.strip())
        if {header.strip().casefold(), numbered[1].casefold() if numbered else ""} & folded:
            found.append(place)
    if len(found) != 1:
        first = template.column("Section") or 0
        titles = ", ".join(repr(title) for title in template.header[first + 1 :])
        raise UserError(
            f"{'no column' if not found else 'more than one column'} of the template is for {assignment}: "
            f"say which with --column {assignment}=…, one of {titles}"
        )
    return found[0]
