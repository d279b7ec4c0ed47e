"""Marks for Canvas' gradebook, as a new file or filled into one that Canvas exported.

What Canvas takes is what its importer reads (lib/gradebook_importer.rb in https://github.com/instructure/canvas-lms):
one of two layouts of columns, a row `Points Possible`, `EX` for who is excused. It finds students by ID, then by SIS
ids, then by name; an assignment by the number in brackets behind its title, then by its title. Three of its habits
shape these files:

- A blank cell in a column in which anything changes deletes the score that is there. So who has no mark at all has no
  row in a new file, and blanks beside marks are named.
- Of a title that holds words like `Final Grade`, and of a column whose points are read only, it takes nothing.
- 1,000 is 1.000, and so is 1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.classroom.csv_file import CsvFile
from autograder.classroom.marks.model import Mark, StudentMarks
from autograder.classroom.person import composed
from autograder.classroom.roster import FOLDER, Roster
from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.publish.lms import messages
from autograder.publish.lms.cell import Numbers, Worth
from autograder.publish.lms.ledger import Export, Ledger
from autograder.publish.lms.overwriting.keeper import Keeper
from autograder.publish.lms.safe_ids import require_safe_cells, require_safe_names
from autograder.publish.lms.table import MarkTable
from autograder.text import for_csv, without_formula

STUDENT, LOGIN, SECTION = "Student", "SIS Login ID", "Section"
COLUMNS = (STUDENT, "ID", "SIS User ID", LOGIN, SECTION)
LAST_NAME, FIRST_NAME = "LastName", "FirstName"  # of the other layout
IDS = ("ID", "SIS User ID", LOGIN, "Integration ID")
POINTS = "Points Possible"
EXCUSED = "EX"
NUMBERS = Numbers(".", 2)  # it shows two decimals, and reads a point whatever its locale
NUMBERED = re.compile(r"(.*?)\s*\(\d+\)")  # a title, and the number by which Canvas knows the assignment
NO_ASSIGNMENT = re.compile(r"(?:Current|Final) (?:Score|Points|Grade)|Override (?:Score|Grade|Status)")
NOT_ASSIGNED = "n/a"  # or it is anonymous and not posted: Canvas ignores what is written there
READ_ONLY = re.compile(r"read\s+only")


def canvas_csv(table: MarkTable, roster: Roster, keeper: Keeper | None = None) -> Export:
    """A gradebook of its own. Without a roster, a person's name is taken for the SIS Login ID. Raises UserError.

    Those whom the roster does not know are in the file by name only: Canvas asks who they are.
    """
    require_safe_names(roster, LOGIN)
    for name in table.assignments:
        _require_assignment(name, name)
    ledger = Ledger(table, roster, keeper or Keeper("canvas"))
    file = CsvFile((*COLUMNS, *map(for_csv, table.assignments)), ())
    rows = [[f"    {POINTS}", "", "", "", "", *(NUMBERS.text(table.possible(name)) for name in table.assignments)]]
    blanks: list[Mark] = []
    for person, student in ledger.people():
        cells = _cells(ledger, student, table, blanks)
        if student:
            ledger.place(student)
        login = {} if roster.is_given else {LOGIN: for_csv(person.name)}
        ids = {name: person.get(name) for name in COLUMNS[1:]} | login
        rows += [_row(person.get(STUDENT) or person.name, ids, cells)] if any(cells) else []
    for student in ledger.unplaced():
        cells = _cells(ledger, student, table, blanks)
        rows += [_row(student.member.name, {}, cells)] if any(cells) else []
    return replace(ledger.export(composed(file.text(rows))), blanks=tuple(blanks))


def _cells(ledger: Ledger, student: StudentMarks | None, table: MarkTable, blanks: list[Mark]) -> list[str]:
    """What stands in somebody's columns; blanks beside marks are added to those that Canvas could act on."""
    cells = [ledger.new(student, name, excused=EXCUSED) for name in table.assignments]
    if student and any(cells):
        blanks += [student.marks[name] for name, cell in zip(table.assignments, cells, strict=True) if not cell]
    return cells


def _row(name: str, ids: Mapping[str, str], cells: Sequence[str]) -> list[str]:
    return [for_csv(name), *(ids.get(column, "") for column in COLUMNS[1:]), *cells]


def fill_canvas_csv(
    table: MarkTable,
    roster: Roster,
    template: CsvFile,
    titles: Mapping[str, str],
    keeper: Keeper | None = None,
) -> Export:
    """An export of Canvas with the marks filled in, and all else as it was.

    `titles` has the title in Canvas of each assignment for which it is neither its name nor its title here. Raises
    UserError.
    """
    template = template.delimited(",", ";")
    names = _name_columns(template)
    columns = _mark_columns(table, template, titles)
    worth = _worth(table, template, columns)
    ids = {name: index for name in IDS if (index := template.column(name)) is not None}
    require_safe_cells(template, ids)
    ledger = Ledger(table, roster, keeper or Keeper("canvas"))
    rows: list[list[str]] = []
    for row in template.rows:
        filled = [without_formula(cell) if index in names else cell for index, cell in enumerate(row)]
        rows.append(filled)
        if not any(row[index].strip() for index in ids.values()):
            continue
        shown = listed(row[index].strip() for index in names)
        student = ledger.of_row({name: row[index] for name, index in ids.items()}, shown)
        if student is None:
            continue
        for assignment, column in columns.items():
            there = row[column]
            is_closed = there.strip().casefold() == NOT_ASSIGNED
            filled[column] = ledger.filled(
                student, assignment, worth[assignment], there, NUMBERS, excused=EXCUSED, is_closed=is_closed
            )
    # In the second layout, Canvas compares the first title with `LastName`, which a byte order mark would hide.
    return ledger.export((replace(template, bom="") if len(names) > 1 else template).text(rows))


def is_gradebook(file: CsvFile) -> bool:
    """Whether a file has the form of these; a roster, made from one, has a column for folders beside."""
    try:
        _name_columns(file)
    except UserError:
        return False
    return file.column(FOLDER) is None and any(POINTS in row[0] for row in file.rows)


def _name_columns(template: CsvFile) -> tuple[int, ...]:
    """Where the names stand, in either layout. Raises UserError."""
    header = [title.strip() for title in (*template.header[:3], "", "", "")]
    if STUDENT in header[0] and "ID" in header[1]:
        return (0,)
    if header[:2] == [LAST_NAME, FIRST_NAME] and "ID" in header[2]:
        return (0, 1)
    raise UserError(messages.not_canvas_column(STUDENT, LAST_NAME, FIRST_NAME))


def _worth(table: MarkTable, template: CsvFile, columns: Mapping[str, int]) -> dict[str, Worth]:
    """Which mark goes into each column. Raises UserError where Canvas has another maximum than any, or takes none."""
    points = next((row for row in template.rows if POINTS in row[0]), None)
    if points is None:
        raise UserError(messages.not_canvas_row(POINTS))
    for name, column in columns.items():
        _require_assignment(template.header[column], name)
        if READ_ONLY.search(points[column]):
            raise UserError(messages.read_only_column(template.header[column], name))
    return {name: table.worth(name, points[column], template.header[column]) for name, column in columns.items()}


def _require_assignment(title: str, assignment: str) -> None:
    """Raises UserError where Canvas takes a column of this title for a total, and drops it without a word."""
    if words := NO_ASSIGNMENT.search(title):
        raise UserError(messages.dropped_column(title, words[0], assignment))


def _mark_columns(table: MarkTable, template: CsvFile, titles: Mapping[str, str]) -> dict[str, int]:
    """The index of each assignment's column. Raises UserError where two share one, or Canvas cannot tell it."""
    columns: dict[str, int] = {}
    for name in table.assignments:
        column = _mark_column(table, template, name, titles.get(name))
        title = template.header[column]
        if other := next((each for each, index in columns.items() if index == column), None):
            raise UserError(messages.one_column_for_two(title, other, name))
        columns[name] = column
    return columns


def _mark_column(table: MarkTable, template: CsvFile, assignment: str, title: str | None) -> int:
    """The index of an assignment's column. Raises UserError."""
    names = {title} if title else {assignment, table.title(assignment)}
    folded = {_folded(name) for name in names}
    columns = []
    for index, header in enumerate(template.header):
        numbered = NUMBERED.fullmatch(header.strip())
        if {_folded(header), _folded(numbered[1]) if numbered else ""} & folded:
            columns.append(index)
    if len(columns) == 1:
        return columns[0]
    if len({template.header[column] for column in columns}) == 1:
        raise UserError(messages.title_twice(template.header[columns[0]], assignment))
    section = template.column(SECTION) or 0
    shown = listed(repr(each) for each in template.header[section + 1 :])
    message = messages.several_columns_for if columns else messages.no_column_for
    raise UserError(message(assignment, shown))


def _folded(title: str) -> str:
    return composed(title.strip()).casefold()
