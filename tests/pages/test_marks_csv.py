"""The tables of marks: a row for each mark or total, no zero where there is no number, no formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings

from autograder.classroom.marks.model import ClassMarks, MarkStatus, Member, StudentMarks
from autograder.pages.marks_csv import MARK_COLUMNS, TOTAL_COLUMNS, marks_csv, totals_csv
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.reports import report, scores, unreadable
from tests.helpers.untrusted import TEXT

pytestmark = pytest.mark.portable

FORMULA_STARTS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


def table(text: Iterable[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(text), newline=""), strict=True))


def test_the_table_has_a_row_for_each_mark_and_no_zero_where_there_is_none() -> None:
    late = {"Two days late.": -4.0, "The question `q` was dropped.": 0.0}
    marks = class_of_marks(
        report(*scores(2.5, 10), student="bo", assignment="02"),
        unreadable("cut off", student="bo", assignment="01", questions=scores(0)),
        given=[
            given_mark(checks=12, written=3.5, of=24, adjust=late, student="ada", assignment="02"),
            given_mark(MarkStatus.AWAITS_HAND_GRADING, checks=7, of=24, student="cy", assignment="01"),
            given_mark(MarkStatus.EXCUSED, adjust={"Ill.": 0}, of=10, student="cy", assignment="02"),
        ],
    )
    rows = table(marks_csv(marks))
    assert list(rows[0]) == list(MARK_COLUMNS)
    assert ",".join(MARK_COLUMNS) == "student,assignment,status,checks,written,adjustment,mark,possible,reasons"
    assert [list(row.values()) for row in rows] == [
        ["ada", "01", "missing", "", "", "", "", "20", ""],
        ["ada", "02", "graded", "12", "3.5", "-4", "11.5", "24", "Two days late. | The question `q` was dropped."],
        ["bo", "01", "unreadable", "", "", "", "", "10", ""],
        ["bo", "02", "graded", "12.5", "", "0", "12.5", "20", ""],
        ["cy", "01", "awaits_hand_grading", "7", "", "", "", "24", ""],
        ["cy", "02", "excused", "", "", "", "", "10", "Ill."],
    ]


def test_totals_are_percents_with_two_decimals_and_say_whether_something_is_to_come() -> None:
    people = (
        StudentMarks(Member("cy", "team"), {}, None, is_final=True),
        StudentMarks(Member("ada", "team", section="Monday"), {}, 200 / 3, is_final=False),
        StudentMarks(Member("bo", "bo"), {}, 100.0, is_final=True),
    )
    rows = table(totals_csv(ClassMarks((), people)))
    assert list(rows[0]) == list(TOTAL_COLUMNS) == ["student", "section", "total", "final"]
    assert [list(row.values()) for row in rows] == [
        ["ada", "Monday", "66.67", "no"],
        ["bo", "", "100.00", "yes"],
        ["cy", "", "", "yes"],
    ]


def test_the_tables_do_not_depend_on_the_order_of_students() -> None:
    marks = class_of_marks(*(report(*scores(1, 2), student=s, assignment=a) for s in ("bo", "ada") for a in ("2", "1")))
    turned = ClassMarks(marks.assignments, marks.students[::-1])
    assert list(marks_csv(marks)) == list(marks_csv(turned))
    assert list(totals_csv(marks)) == list(totals_csv(turned))


@settings(max_examples=300)
@given(TEXT, TEXT, TEXT)
@example('"\u200b\ufeff=cmd|"', "\uff1dA1", " '=1")
def test_no_cell_is_a_formula_and_every_row_survives(student: str, assignment: str, reason: str) -> None:
    mark = given_mark(checks=3, adjust={reason: -1}, student=student, assignment=assignment)
    marks = class_of_marks(given=[mark], members=[Member(student, "x", section=reason)])
    for pieces, columns in ((marks_csv(marks), MARK_COLUMNS), (totals_csv(marks), TOTAL_COLUMNS)):
        text = "".join(pieces)
        text.encode("utf-8")
        lines = text.split("\r\n")
        assert lines.pop() == ""
        assert all(re.fullmatch(r'"([^"]|"")*"(,"([^"]|"")*")*', line) for line in lines)
        header, row = csv.reader(io.StringIO(text, newline=""), strict=True)
        assert len(header) == len(row) == len(columns)
        for cell in (*header, *row):
            assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", cell)
            bare = re.sub("^[\\s\"'\u200b-\u200f\u2060\ufeff]+", "", cell)
            is_number = re.fullmatch(r"-?[0-9.]+", cell)
            assert is_number or cell.startswith("'") or not bare.startswith(tuple(FORMULA_STARTS))


@pytest.mark.parametrize("start", FORMULA_STARTS)
@pytest.mark.parametrize("before", ["", " ", '"', "\u00a0\u200b"])
def test_a_formula_is_disarmed(before: str, start: str) -> None:
    (row,) = table(marks_csv(class_of_marks(report(student=f"{before}{start}SUM(A1)"))))
    assert row["student"].startswith("'") or (before and start in "\t\r")


@pytest.mark.parametrize("name", ["Zoë O'Brien", "注意 力", "a=b", "3rd", "👩‍🏫", 'the "first"'])
def test_an_ordinary_name_is_left_as_it_is(name: str) -> None:
    assert table(marks_csv(class_of_marks(report(student=name))))[0]["student"] == name
