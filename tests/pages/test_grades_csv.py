"""The table of a class: a row a submission, and no cell that a spreadsheet obeys."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import example, given, settings

from autograder.pages.grades_csv import COLUMNS, grades_csv
from autograder.report.model import Outcome, QuestionResult, Report
from tests.helpers.reports import check, report, scores, unreadable
from tests.helpers.untrusted import TEXT

FORMULA_STARTS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


def table(*reports: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(grades_csv(reports), newline=""), strict=True))


def test_the_table_has_a_row_a_submission_and_a_column_a_question() -> None:
    written = table(
        report(*scores(2.5, 10), student="bo", assignment="02"),
        unreadable("cut off", student="bo", assignment="01", questions=scores(0)),
        report(*scores(3), student="ada", assignment="02"),
        report(*reversed(scores(1, 2)), student="cy", assignment="01"),
    )
    assert list(written[0]) == [*COLUMNS, "01.q0", "01.q1", "02.q0", "02.q1"]
    assert [list(row.values()) for row in written] == [
        ["ada", "02", "graded", "3", "10", "", "", "", "3", ""],
        ["bo", "01", "unreadable", "", "10", "cut off", "", "", "", ""],
        ["bo", "02", "graded", "12.5", "20", "", "", "", "2.5", "10"],
        ["cy", "01", "graded", "3", "20", "", "1", "2", "", ""],
    ]


def test_the_table_does_not_depend_on_the_order_of_reports() -> None:
    reports = [report(*scores(1, 2), student=s, assignment=a) for s in ("bo", "ada") for a in ("02", "01")]
    assert grades_csv(reports) == grades_csv(reports[::-1])


def test_the_table_says_which_scores_are_not_final() -> None:
    broken = QuestionResult("softmax", (check(Outcome.GRADER_ERROR),))
    (row,) = table(report(*scores(1), broken))
    assert "not final" in row["error"]
    assert "softmax" in row["error"]


@settings(max_examples=300)
@given(TEXT, TEXT, TEXT)
@example('"\u200b\ufeff=cmd|"', "\uff1dA1", " '=1")
def test_no_cell_is_a_formula_and_every_row_survives(student: str, assignment: str, error: str) -> None:
    text = grades_csv(
        [report(QuestionResult(student, (check(),)), student=student, assignment=assignment, error=error)]
    )
    text.encode("utf-8")
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r'"([^"]|"")*"(,"([^"]|"")*")*', line) for line in lines)
    header, row = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert len(header) == len(row) == len(COLUMNS) + 1
    for cell in (*header, *row):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", cell)
        bare = re.sub("^[\\s\"'\u200b-\u200f\u2060\ufeff]+", "", cell)
        assert cell.startswith("'") or not bare.startswith(tuple(FORMULA_STARTS))


@pytest.mark.parametrize("start", FORMULA_STARTS)
@pytest.mark.parametrize("before", ["", " ", '"', "\u00a0\u200b"])
def test_a_formula_is_disarmed(before: str, start: str) -> None:
    (row,) = table(report(student=f"{before}{start}SUM(A1)"))
    assert row["student"].startswith("'") or (before and start in "\t\r")


@pytest.mark.parametrize("name", ["Zoë O'Brien", "注意 力", "a=b", "3rd", "👩‍🏫", 'the "first"'])
def test_an_ordinary_name_is_left_as_it_is(name: str) -> None:
    assert table(report(student=name))[0]["student"] == name
