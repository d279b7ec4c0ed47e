"""Scores as plain CSV in long form: a row for each question of each submission, whatever is to read it."""

from __future__ import annotations

from autograder.classroom.csv_file import quoted_rows
from autograder.classroom.roster import FOLDER, Roster
from autograder.publish.lms.scores import Export, ScoreTable
from autograder.report.model import Report, Status, number
from autograder.text import for_csv

COLUMNS = ("assignment", "status", "question", "score", "max_score", "misconceptions")
GRADED, GRADER_ERROR, MISSING = "graded", "grader_error", "missing"


def questions_csv(marks: ScoreTable, roster: Roster) -> Export:
    """Every student of the roster, and of the reports, with every assignment that somebody handed in.

    The roster's columns come before `COLUMNS`. Where a score is not the student's, its cell is empty.
    """
    known = {person.folder: person for person in roster.people}
    rows = [[FOLDER, *map(for_csv, roster.columns), *COLUMNS]]
    for folder in dict.fromkeys([*known, *marks.students]):
        ids = [known[folder].ids[column] if folder in known else "" for column in roster.columns]
        for assignment in marks.assignments:
            report = marks.reports.get((folder, assignment))
            for cells in _question_cells(report) if report else [[MISSING, "", "", "", ""]]:
                rows.append([for_csv(folder), *ids, for_csv(assignment), *cells])
    return marks.export(quoted_rows(rows), roster, known)


def _question_cells(report: Report) -> list[list[str]]:
    """The cells of each question's row, those of `COLUMNS` but the first."""
    rows = []
    for question in report.questions:
        final = report.status is Status.GRADED and question.is_final
        status = GRADED if final else GRADER_ERROR if report.status is Status.GRADED else Status.UNREADABLE.value
        score = number(question.score) if final else ""
        misconceptions = for_csv(" ".join(question.misconceptions))
        rows.append([status, for_csv(question.name), score, number(question.max_score), misconceptions])
    return rows
