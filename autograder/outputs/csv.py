"""Reports as CSV: one row a submission, for spreadsheets and registrars."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from autograder.report import Outcome, Report, number

COLUMNS = ("student", "assignment", "status", "score", "max_score", "error")
NOT_FINAL = "score not final, the grader failed in: {questions}"

# Line ends, control characters, reversed reading order, halves of a character: none has a place in a cell.
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
# What a spreadsheet may take for a formula, also behind blanks, quotes and characters that have no width.
_AHEAD = "\\s\"'`\u00ad\u2018-\u201f\u200b-\u200f\u2060\ufeff\uff02\uff07"
_FORMULA = re.compile(f"[{_AHEAD}]*[=+\\-@\u2212\uff0b\uff0d\uff1d\uff20]")


def grades_csv(reports: Sequence[Report]) -> str:
    """The table as RFC 4180 text, sorted by student and assignment; write it as UTF-8 with newline="".

    After `COLUMNS` comes a column for each question, `<assignment>.<question>`, in course order; it is empty where
    a submission has no score for that question. Every field is quoted, and no text can act as a formula.
    """
    ordered = sorted(reports, key=lambda report: (report.student, report.assignment))
    questions = list(
        dict.fromkeys(
            (report.assignment, question.name)
            for report in sorted(ordered, key=lambda report: report.assignment)
            for question in report.questions
        )
    )
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(_text(f"{assignment}.{name}") for assignment, name in questions)])
    for report in ordered:
        scores = {(report.assignment, question.name): number(question.score) for question in report.questions}
        writer.writerow(
            [
                _text(report.student),
                _text(report.assignment),
                report.status.value,
                number(report.score),
                number(report.max_score),
                _text(_error(report)),
                *(scores.get(question, "") for question in questions),
            ]
        )
    return table.getvalue()


def _error(report: Report) -> str:
    """What keeps this row from being a plain score: an unreadable file, or a check of ours that broke."""
    broken = [q.name for q in report.questions if any(c.outcome is Outcome.GRADER_ERROR for c in q.checks)]
    reasons = [report.error] if report.error else []
    if broken:
        reasons.append(NOT_FINAL.format(questions=", ".join(broken)))
    return "; ".join(reasons)


def _text(text: str) -> str:
    """The text as one line that no spreadsheet takes for a formula."""
    line = _HARMFUL.sub(" ", text)
    return f"'{line}" if _FORMULA.match(line) or text.startswith(("\t", "\r")) else line
