"""Reports as CSV: one row a submission, for spreadsheets and registrars."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.classroom.csv_file import quoted_rows
from autograder.pages import messages
from autograder.report.model import Outcome, Report, Status, number
from autograder.report.ungraded import UngradedFile
from autograder.text import for_csv

COLUMNS = ("student", "assignment", "status", "score", "max_score", "error")


NOT_GRADED = "not_graded"  # the status of a file that is part of no report


def grades_csv(reports: Sequence[Report], ungraded: Sequence[UngradedFile] = ()) -> str:
    """The table as RFC 4180 text, sorted by student and assignment; write it as UTF-8 with newline="".

    After `COLUMNS` comes a column for each question, `<assignment>.<question>`, in course order; it is empty where
    a submission has no score for that question. What could not be read has no score at all. Files that were handed in
    and not graded stand in rows of their own at the end. Every field is quoted, and no text can act as a formula.
    """
    ordered = sorted(reports, key=lambda report: (report.student, report.assignment))
    questions = list(
        dict.fromkeys(
            (report.assignment, question.name)
            for report in sorted(ordered, key=lambda report: report.assignment)
            for question in report.questions
        )
    )
    rows = [[*COLUMNS, *(for_csv(f"{assignment}.{name}") for assignment, name in questions)]]
    for report in ordered:
        read = report.status is Status.GRADED
        scores = {(report.assignment, q.name): number(q.score) for q in report.questions if read}
        rows.append(
            [
                for_csv(report.student),
                for_csv(report.assignment),
                report.status.value,
                number(report.score) if read else "",
                number(report.max_score),
                for_csv(_error(report)),
                *(scores.get(question, "") for question in questions),
            ]
        )
    for file in sorted(ungraded):
        told = messages.not_graded(file.file, file.reason)
        names = [for_csv(file.student), for_csv(file.assignment)]
        rows.append([*names, NOT_GRADED, "", "", for_csv(told), *("" for _ in questions)])
    return quoted_rows(rows)


def _error(report: Report) -> str:
    """Why this row has no final score: an unreadable file, or a grader error."""
    broken = [q.name for q in report.questions if any(c.outcome is Outcome.GRADER_ERROR for c in q.checks)]
    reasons = [report.error] if report.error else []
    if broken:
        reasons.append(messages.not_final(", ".join(broken)))
    return "; ".join(reasons)
