"""Marks for Moodle: a file for its gradebook, or an assignment's grading worksheet, downloaded and filled in.

What Moodle takes is what its importers read (grade/import/csv and mod/assign/feedback/offline in
https://github.com/moodle/moodle; for people, https://docs.moodle.org/en/Grade_import and
https://docs.moodle.org/en/Offline_grading_worksheet). Two of their habits shape these files:

- The gradebook's importer gives a row without an id to the student of the row above, and stops at an unknown one: so a
  row is written only for whom there is an id.
- Both take a comment for HTML: so all that a student wrote is escaped.
"""

from __future__ import annotations

from autograder.classroom.csv_file import CsvFile
from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.publish.lms import messages
from autograder.publish.lms.cell import MarkCell, Worth
from autograder.publish.lms.comment import comment_html
from autograder.publish.lms.ledger import Export, Ledger
from autograder.publish.lms.table import MarkTable
from autograder.text import for_csv, without_formula

IDS = ("Username", "ID number", "Email address")  # by which Moodle finds a user, in its own words
IDENTIFIER, GRADE, GRADED, MAXIMUM = "Identifier", "Grade", "Last modified (grade)", "Maximum Grade"
STUDENT_TEXTS = ("Full name", "Online text")  # what students write themselves
COMMENTS = "Feedback comments"
NO_GRADE = "-"  # as Moodle's own export has it


def moodle_csv(table: MarkTable, roster: Roster) -> Export:
    """A file for Moodle's gradebook. Without a roster, a person's name is taken for the username. Raises UserError."""
    column = next((name for name in IDS if any(person.get(name) for person in roster.people)), IDS[0])
    if roster.is_given and not any(person.get(column) for person in roster.people):
        raise UserError(messages.no_id_column(", ".join(IDS)))
    ledger = Ledger(table, roster)
    file = CsvFile((column, *map(for_csv, table.assignments)), ())
    rows = []
    for person, student in ledger.people():
        if user := (person.get(column) if roster.is_given else for_csv(person.name)):
            if student:
                ledger.place(student)
            rows.append([user, *(ledger.cell(student, name, there=NO_GRADE) for name in table.assignments)])
    return ledger.export(file.text(rows))


def fill_moodle_worksheet(table: MarkTable, roster: Roster, template: CsvFile) -> Export:
    """A grading worksheet with marks and comments filled in, and all else as it was. Raises UserError."""
    if len(table.assignments) != 1:
        raise UserError(messages.several_assignments(", ".join(table.assignments)))
    (assignment,) = table.assignments
    identifier, grade, _ = _required_columns(template)
    maximum, comments = template.column(MAXIMUM), template.column(COMMENTS)
    student_texts = [index for name in STUDENT_TEXTS if (index := template.column(name)) is not None]
    ids = {name: index for name in (IDENTIFIER, *IDS) if (index := template.column(name)) is not None}
    ledger = Ledger(table, roster)
    rows: list[list[str]] = []
    for row in template.rows:
        filled = [without_formula(cell) if index in student_texts else cell for index, cell in enumerate(row)]
        rows.append(filled)
        student = ledger.of_row(roster.find({name: row[index] for name, index in ids.items()}), row[identifier])
        if student is None:
            continue
        worth = Worth.FULL if maximum is None else table.worth(assignment, row[maximum], MAXIMUM)
        filled[grade] = ledger.cell(student, assignment, worth, there=row[grade])
        cell = MarkCell(student.marks[assignment], worth)
        if comments is not None and (comment := comment_html(cell, table.report(student, assignment))):
            filled[comments] = without_formula(comment)
    return ledger.export(template.text(rows))


def _required_columns(template: CsvFile) -> list[int]:
    """The indices of the columns that every grading worksheet has. Raises UserError."""
    columns = {name: template.column(name) for name in (IDENTIFIER, GRADE, GRADED)}
    match [name for name, index in columns.items() if index is None]:
        case [first]:
            raise UserError(messages.lacks_column(first))
        case [first, second]:
            raise UserError(messages.lacks_two_columns(first, second))
        case [first, second, third]:
            raise UserError(messages.lacks_three_columns(first, second, third))
    return [index for index in columns.values() if index is not None]
