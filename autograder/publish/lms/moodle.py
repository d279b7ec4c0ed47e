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
from html import escape

from autograder.classroom.csv_file import CsvFile
from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.publish.lms.scores import Export, ScoreTable
from autograder.report.findings import findings
from autograder.report.model import Report, number
from autograder.text import for_csv, sanitise, without_formula

IDS = ("Username", "ID number", "Email address")  # by which Moodle finds a user, in its own words
IDENTIFIER, GRADE, GRADED, MAXIMUM = "Identifier", "Grade", "Last modified (grade)", "Maximum Grade"
OWN_WORDS = ("Full name", "Online text")  # what students write themselves
COMMENTS = "Feedback comments"
NO_GRADE = "-"  # as Moodle's own export has it


def moodle_csv(marks: ScoreTable, roster: Roster) -> Export:
    """A file for Moodle's gradebook. Without a roster, a folder's name is taken for the username. Raises UserError."""
    column = next((name for name in IDS if any(person.get(name) for person in roster.people)), IDS[0])
    if roster.is_given and not any(person.get(column) for person in roster.people):
        raise UserError(f"the roster has none of the columns {', '.join(IDS)}: Moodle needs one to find its users")
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
        raise UserError(
            f"a worksheet is for one assignment: choose with --assignment one of {', '.join(marks.assignments)}"
        )
    (assignment,) = marks.assignments
    places = {name: template.column(name) for name in (IDENTIFIER, GRADE, GRADED)}
    if absent := [name for name, place in places.items() if place is None]:
        raise UserError(
            f"the template is no grading worksheet: it has no column {' and no '.join(absent)} "
            "(Moodle writes them in English where your profile's language is English)"
        )
    identifier, grade = template.column(IDENTIFIER) or 0, template.column(GRADE) or 0
    maximum, comments = template.column(MAXIMUM), template.column(COMMENTS)
    own_words = [place for name in OWN_WORDS if (place := template.column(name)) is not None]
    ids = {name: place for name in (IDENTIFIER, *IDS) if (place := template.column(name)) is not None}
    rows: list[list[str]] = []
    found: list[str] = []
    missing: list[str] = []
    for row in template.rows:
        rows.append([without_formula(text) if place in own_words else text for place, text in enumerate(row)])
        person = roster.find({name: row[place] for name, place in ids.items()})
        if person is None or person.folder not in marks.students:
            missing.append(person.folder if person else row[identifier])
            continue
        found.append(person.folder)
        if maximum is not None:
            marks.check_worth(assignment, row[maximum], MAXIMUM)
        rows[-1][grade] = marks.score(person.folder, assignment) or row[grade]
        if comments is not None and (words := _comment(marks.reports[person.folder, assignment])):
            rows[-1][comments] = words
    return marks.export(template.text(rows), roster, found, missing)


def _comment(report: Report) -> str:
    """What a student reads in Moodle, as HTML on one line."""
    if report.error:
        return escape(f"Your submission could not be read. {sanitise(report.error)}")
    return "<br>".join(_lines(report)) if report.is_final else ""


def _lines(report: Report) -> Iterator[str]:
    yield f"Score: {number(report.score)} of {number(report.max_score)}."
    for question in report.questions:
        yield f"<b>{escape(question.name)}</b>: {number(question.score)} of {number(question.max_score)}"
        for finding in findings(question):
            yield f"{escape(sanitise(finding.title))}: {escape(finding.plain)}".replace("\n", "<br>")
