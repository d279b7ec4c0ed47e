"""Marks as plain CSV in long form: a row for each question of each submission, whatever is to read it."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.classroom.csv_file import CsvFile, quoted_rows
from autograder.classroom.marks.model import Mark, MarkStatus, StudentMarks
from autograder.classroom.person import GROUPS, composed
from autograder.classroom.roster import FOLDER, Roster
from autograder.publish.lms.ledger import Export, Ledger
from autograder.publish.lms.overwriting.keeper import Keeper
from autograder.publish.lms.safe_ids import require_safe_names
from autograder.publish.lms.table import MarkTable
from autograder.report.model import Report, Status, number
from autograder.text import for_csv

# Of the person, before the assignment; of a question; and of the mark, the same in each row of an assignment.
OF_PERSON = ("member", "section")
OF_QUESTION = ("status", "question", "score", "max_score", "misconceptions")
OF_MARK = ("mark_status", "mark", "possible")
MISSING = "missing"


def questions_csv(table: MarkTable, roster: Roster) -> Export:
    """Every student of the roster, and of the class, with every assignment that somebody handed in.

    Behind the folder stand the roster's columns, but for `Section` and `Withdrawn`: those who left the class are not in
    it. Where a score or a mark is not the student's, its cell is empty. Raises UserError.
    """
    require_safe_names(roster, FOLDER)
    ledger = Ledger(table, roster, Keeper("csv"))
    columns = [name for name in roster.columns if name.casefold() not in GROUPS]
    rows = [[FOLDER, *map(for_csv, columns), *OF_PERSON, "assignment", *OF_QUESTION, *OF_MARK]]
    for person, student in ledger.people():
        if student:
            ledger.place(student)
        of_person = [for_csv(person.folder), *(person.ids[name] for name in columns)]
        section = person.section or (student.member.section if student else "")
        names = [for_csv(student.member.name if student else person.name), for_csv(section)]
        rows += ([*of_person, *names, *cells] for cells in _rows(table, ledger, student))
    for student in ledger.unplaced():
        member = student.member
        names = [for_csv(member.folder), *("" for _ in columns), for_csv(member.name), for_csv(member.section)]
        rows += ([*names, *cells] for cells in _rows(table, ledger, student))
    return ledger.export(composed(quoted_rows(rows)))


def is_long_csv(file: CsvFile) -> bool:
    """Whether a file has the columns of these."""
    return file.header[:1] == (FOLDER,) and {*OF_PERSON, *OF_QUESTION, *OF_MARK} <= {*file.header}


def _rows(table: MarkTable, ledger: Ledger, student: StudentMarks | None) -> Iterator[list[str]]:
    """The cells of somebody's rows from the assignment on."""
    for assignment in table.assignments:
        name = for_csv(assignment)
        if student is None:
            yield [name, MISSING, "", "", "", "", "", "", ""]
            continue
        mark = student.marks[assignment]
        of_mark = [mark.status.value, ledger.new(student, assignment), number(mark.possible)]
        for cells in _of_questions(mark, table.report(student, assignment)):
            yield [name, *cells, *of_mark]


def _of_questions(mark: Mark, report: Report | None) -> list[list[str]]:
    """The cells of OF_QUESTION for each question, those that checks grade and then those in words."""
    rows = _of_checks(report) if report else []
    is_unreadable = report is not None and report.status is Status.UNREADABLE
    for answer in mark.answers:
        has_points = answer.points is not None
        other = MarkStatus.UNREADABLE if is_unreadable else MarkStatus.AWAITS_HAND_GRADING
        status = MarkStatus.GRADED if has_points else other
        points = number(answer.points) if answer.points is not None else ""
        rows.append([status.value, for_csv(answer.question), points, number(answer.possible), ""])
    return rows or [[MISSING, "", "", "", ""]]


def _of_checks(report: Report) -> list[list[str]]:
    rows = []
    for question in report.questions:
        final = report.status is Status.GRADED and question.is_final
        ours = MarkStatus.GRADER_ERROR if report.status is Status.GRADED else MarkStatus.UNREADABLE
        score = number(question.score) if final else ""
        misconceptions = for_csv(" ".join(question.misconceptions))
        status = MarkStatus.GRADED if final else ours
        rows.append([status.value, for_csv(question.name), score, number(question.max_score), misconceptions])
    return rows
