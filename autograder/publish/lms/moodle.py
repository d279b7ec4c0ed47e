"""Scores for Moodle: a file for its gradebook, or an assignment's grading worksheet, downloaded and filled in.

What Moodle takes is what its importers read (grade/import/csv and mod/assign/feedback/offline in
https://github.com/moodle/moodle; for people, https://docs.moodle.org/en/Grade_import and
https://docs.moodle.org/en/Offline_grading_worksheet). Two of their habits shape these files:

- The gradebook's importer gives a row without an id to the student of the row above, and stops at an unknown one: so a
  row is written only for whom there is an id.
- Both take a comment for HTML: so all that a student wrote is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator

from autograder.classroom.csv_file import CsvFile
from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.publish.lms import messages
from autograder.publish.lms.scores import Export, ScoreTable
from autograder.publish.messages import submission_unreadable
from autograder.report.findings import findings
from autograder.report.model import Report, number
from autograder.text import escape_html, for_csv, without_formula

IDS = ("Username", "ID number", "Email address")  # by which Moodle finds a user, in its own words
IDENTIFIER, GRADE, GRADED, MAXIMUM = "Identifier", "Grade", "Last modified (grade)", "Maximum Grade"
STUDENT_TEXTS = ("Full name", "Online text")  # what students write themselves
COMMENTS = "Feedback comments"
NO_GRADE = "-"  # as Moodle's own export has it


def moodle_csv(marks: ScoreTable, roster: Roster) -> Export:
    """A file for Moodle's gradebook. Without a roster, a folder's name is taken for the username. Raises UserError."""
    column = next((name for name in IDS if any(person.get(name) for person in roster.people)), IDS[0])
    if roster.is_given and not any(person.get(column) for person in roster.people):
        raise UserError(messages.no_id_column(", ".join(IDS)))
    table = CsvFile((column, *map(for_csv, marks.assignments)), ())
    rows, placed = [], []
    for person in roster.people:
        if user := (person.get(column) if roster.is_given else person.folder):
            placed.append(person.folder)
            rows.append([user, *(marks.score(person.folder, name) or NO_GRADE for name in marks.assignments)])
    return marks.export(table.text(rows), roster, placed)


def fill_moodle_worksheet(marks: ScoreTable, roster: Roster, template: CsvFile) -> Export:
    """A grading worksheet with scores and comments filled in, and all else as it was. Raises UserError."""
    if len(marks.assignments) != 1:
        raise UserError(messages.several_assignments(", ".join(marks.assignments)))
    (assignment,) = marks.assignments
    identifier, grade, _ = _required_columns(template)
    maximum, comments = template.column(MAXIMUM), template.column(COMMENTS)
    student_texts = [index for name in STUDENT_TEXTS if (index := template.column(name)) is not None]
    ids = {name: index for name in (IDENTIFIER, *IDS) if (index := template.column(name)) is not None}
    rows: list[list[str]] = []
    placed: list[str] = []
    missing: list[str] = []
    for row in template.rows:
        filled = [without_formula(cell) if index in student_texts else cell for index, cell in enumerate(row)]
        rows.append(filled)
        person = roster.find({name: row[index] for name, index in ids.items()})
        if person is None or person.folder not in marks.students:
            missing.append(person.folder if person else row[identifier])
            continue
        placed.append(person.folder)
        if maximum is not None:
            marks.check_worth(assignment, row[maximum], MAXIMUM)
        filled[grade] = marks.score(person.folder, assignment) or row[grade]
        if comments is not None and (comment := _comment(marks.reports[person.folder, assignment])):
            filled[comments] = comment
    return marks.export(template.text(rows), roster, placed, missing)


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


def _comment(report: Report) -> str:
    """The feedback comment, as HTML on one line."""
    if report.error:
        return escape_html(submission_unreadable(report.error))
    return "<br>".join(_lines(report)) if report.is_final else ""


def _lines(report: Report) -> Iterator[str]:
    yield messages.score(number(report.score), number(report.max_score))
    for question in report.questions:
        name = f"<b>{escape_html(question.name)}</b>"
        yield messages.question_score(name, number(question.score), number(question.max_score))
        for finding in findings(question):
            yield f"{escape_html(finding.title)}: {escape_html(finding.plain)}".replace("\n", "<br>")
