"""Marks for Moodle: a file for its gradebook, or an assignment's grading worksheet, downloaded and filled in.

What Moodle takes is what its importers read (grade/import/csv and mod/assign/feedback/offline in
https://github.com/moodle/moodle; for people, https://docs.moodle.org/en/Grade_import and
https://docs.moodle.org/en/Offline_grading_worksheet). Some of their habits shape these files:

- The gradebook's importer gives a row without an id to the student of the row above, and stops at an unknown one: so a
  row is written only for whom there is an id.
- It takes a blank and `-` for no grade: one that is there is cleared, and overridden, so that none comes after it from
  the assignment. So who has no mark at all has no row, and blanks beside marks are named.
- Both take a comment for HTML: so all that a student wrote is escaped.
- The worksheet's importer takes a blank comment for one that is to be erased, a word in the place of a grade for 0, and
  a number only as far as it is one in the language of whoever uploads it: none of these is written.
- It passes over grades that are locked or overridden, without a word.
"""

from __future__ import annotations

from dataclasses import replace

from autograder.classroom.csv_file import CsvFile
from autograder.classroom.marks.model import Mark
from autograder.classroom.person import composed
from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.language.listing import listed
from autograder.publish.lms import messages
from autograder.publish.lms.cell import NO_GRADE, is_empty, read_number
from autograder.publish.lms.ledger import Export, Ledger
from autograder.publish.lms.overwriting.keeper import Keeper
from autograder.publish.lms.safe_ids import require_safe_cells, require_safe_names
from autograder.publish.lms.table import MarkTable
from autograder.publish.lms.worksheet import IDS, is_worksheet, read_worksheet
from autograder.text import for_csv, without_formula


def moodle_csv(table: MarkTable, roster: Roster, keeper: Keeper | None = None) -> Export:
    """A file for Moodle's gradebook. Without a roster, a person's name is taken for the username. Raises UserError."""
    column = next((name for name in IDS if any(person.get(name) for person in roster.people)), IDS[0])
    if roster.is_given and not any(person.get(column) for person in roster.people):
        raise UserError(messages.no_id_column(listed(IDS)))
    require_safe_names(roster, column)
    ledger = Ledger(table, roster, keeper or Keeper("moodle"))
    file = CsvFile((column, *map(for_csv, table.assignments)), ())
    rows: list[list[str]] = []
    blanks: list[Mark] = []
    for person, student in ledger.people():
        user = person.get(column) if roster.is_given else for_csv(person.name)
        if not (user and student):
            continue
        cells = [ledger.new(student, name) for name in table.assignments]
        ledger.place(student)
        if any(cells):
            rows.append([user, *(cell or NO_GRADE for cell in cells)])
            blanks += [student.marks[name] for name, cell in zip(table.assignments, cells, strict=True) if not cell]
    return replace(ledger.export(composed(file.text(rows))), blanks=tuple(blanks))


def is_for_moodle(file: CsvFile) -> bool:
    """Whether a file has the form of these: a worksheet, or ids and behind them nothing but grades."""
    if is_worksheet(file):
        return True
    if file.header[0] not in IDS or len(file.header) == 1:
        return False
    grades = (cell for row in file.rows for cell in row[1:])
    return all(is_empty(cell) or read_number(cell) is not None for cell in grades)


def fill_moodle_worksheet(table: MarkTable, roster: Roster, template: CsvFile, keeper: Keeper | None = None) -> Export:
    """A grading worksheet with marks and comments filled in, and all else as it was. Raises UserError."""
    if len(table.assignments) != 1:
        raise UserError(messages.several_assignments(listed(table.assignments)))
    (assignment,) = table.assignments
    maxima = table.possible(assignment), table.possible_without_written(assignment)
    template = template.delimited(",", ";")
    sheet = read_worksheet(template, maxima, roster.id_columns)
    require_safe_cells(template, sheet.ids)
    own = {sheet.grade, sheet.maximum, sheet.comments, *sheet.ids.values()}
    ledger = Ledger(table, roster, keeper or Keeper("moodle"))
    rows: list[list[str]] = []
    misread: list[tuple[str, str, str]] = []
    for row in template.rows:
        filled = [cell if index in own or is_empty(cell) else without_formula(cell) for index, cell in enumerate(row)]
        rows.append(filled)
        shown = row[sheet.identifier]
        student = ledger.of_row({name: row[index] for name, index in sheet.ids.items()}, shown)
        if student:
            worth = table.worth(assignment, row[sheet.maximum], template.header[sheet.maximum])
            is_closed = sheet.is_locked(row)
            filled[sheet.grade] = ledger.filled(
                student, assignment, worth, row[sheet.grade], sheet.numbers, is_closed=is_closed
            )
            if sheet.comments is not None:
                filled[sheet.comments] = ledger.comment(
                    student, assignment, worth, row[sheet.comments], filled[sheet.grade], sheet.numbers
                )
        if sheet.numbers.is_misread(grade := filled[sheet.grade]):
            misread.append((shown, grade.strip(), str(sheet.numbers.taken(grade))))
    export = ledger.export(template.text(rows))
    return replace(export, misread=tuple(misread), has_comments=sheet.comments is not None)
