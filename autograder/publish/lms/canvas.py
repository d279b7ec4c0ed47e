"""Marks for Canvas' gradebook, as a new file or filled into one that Canvas exported.

What Canvas takes is what its importer reads (lib/gradebook_importer.rb in https://github.com/instructure/canvas-lms):
five columns in this order, a row `Points Possible`, `EX` for who is excused. It finds students by ID, then by SIS ids,
then by name; an assignment by the number in brackets behind its title, then by its title.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autograder.classroom.csv_file import CsvFile
from autograder.classroom.marks.model import StudentMarks
from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.publish.lms import messages
from autograder.publish.lms.cell import Worth
from autograder.publish.lms.ledger import Export, Ledger
from autograder.publish.lms.table import MarkTable
from autograder.report.model import number
from autograder.text import for_csv, without_formula

STUDENT, LOGIN = "Student", "SIS Login ID"
COLUMNS = (STUDENT, "ID", "SIS User ID", LOGIN, "Section")
IDS = ("ID", "SIS User ID", LOGIN, "Integration ID")
POINTS = "Points Possible"
EXCUSED = "EX"
NUMBERED = re.compile(r"(.*?)\s*\(\d+\)")  # a title, and the number by which Canvas knows the assignment


def canvas_csv(table: MarkTable, roster: Roster) -> Export:
    """A gradebook of its own. Without a roster, a person's name is taken for the SIS Login ID.

    Those whom the roster does not know are in the file by name only: Canvas asks who they are.
    """
    ledger = Ledger(table, roster)
    file = CsvFile((*COLUMNS, *map(for_csv, table.assignments)), ())
    rows = [[f"    {POINTS}", "", "", "", "", *(number(table.possible(name)) for name in table.assignments)]]
    for person, student in ledger.people():
        if student:
            ledger.place(student)
        login = {} if roster.is_given else {LOGIN: for_csv(person.name)}
        ids = {name: person.get(name) for name in COLUMNS[1:]} | login
        rows.append(_row(person.get(STUDENT) or person.name, ids, _cells(ledger, student, table)))
    for student in ledger.unplaced():
        rows.append(_row(student.member.name, {}, _cells(ledger, student, table)))
    return ledger.export(file.text(rows))


def _cells(ledger: Ledger, student: StudentMarks | None, table: MarkTable) -> list[str]:
    return [ledger.cell(student, name, excused=EXCUSED) for name in table.assignments]


def _row(name: str, ids: Mapping[str, str], cells: Sequence[str]) -> list[str]:
    return [for_csv(name), *(ids.get(column, "") for column in COLUMNS[1:]), *cells]


def fill_canvas_csv(table: MarkTable, roster: Roster, template: CsvFile, titles: Mapping[str, str]) -> Export:
    """An export of Canvas with the marks filled in, and all else as it was, every EX too.

    `titles` has the title in Canvas of each assignment for which it is neither its name nor its title here. Raises
    UserError.
    """
    if template.header[0].strip() != STUDENT:
        raise UserError(messages.not_canvas_column(STUDENT))
    columns = {name: _mark_column(table, template, name, titles.get(name)) for name in table.assignments}
    worth = _worth(table, template, columns)
    ids = {name: index for name in IDS if (index := template.column(name)) is not None}
    ledger = Ledger(table, roster)
    rows: list[list[str]] = []
    for row in template.rows:
        filled = [without_formula(row[0]), *row[1:]]
        rows.append(filled)
        if not any(row[index].strip() for index in ids.values()):
            continue
        student = ledger.of_row(roster.find({name: row[index] for name, index in ids.items()}), row[0])
        for assignment, column in columns.items():
            filled[column] = ledger.cell(student, assignment, worth[assignment], there=row[column], excused=EXCUSED)
    return ledger.export(template.text(rows))


def _worth(table: MarkTable, template: CsvFile, columns: Mapping[str, int]) -> dict[str, Worth]:
    """Which mark goes into each column. Raises UserError where Canvas has another maximum than any."""
    points = next((row for row in template.rows if row[0].strip().startswith(POINTS)), None)
    if points is None:
        raise UserError(messages.not_canvas_row(POINTS))
    return {name: table.worth(name, points[column], template.header[column]) for name, column in columns.items()}


def _mark_column(table: MarkTable, template: CsvFile, assignment: str, title: str | None) -> int:
    """The index of an assignment's column. Raises UserError."""
    names = {title} if title else {assignment, table.title(assignment)}
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
