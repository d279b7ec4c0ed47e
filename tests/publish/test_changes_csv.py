"""What changed between two runs, as a table for machines."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.classroom.marks.changes import MarkChange
from autograder.publish.changes_csv import COLUMNS, changes_csv, is_changes_csv
from autograder.report.diff import compare
from autograder.report.model import Outcome, Report, Status
from tests.helpers.given_marks import given_mark
from tests.helpers.reports import check, with_checks

BEFORE = with_checks(
    check(Outcome.FAILED, name="test_rows", title="=1+1", points=2.5),
    check(name="test_gone", title="It goes.", points=1),
    student="team",
    provenance={"hidden_checks.py": "1", "course.toml": "1"},
)
AFTER = with_checks(
    check(name="test_rows", title="=1+1", points=2.5),
    student="team",
    provenance={"hidden_checks.py": "2", "course.toml": "2"},
)


def rows(before: Report, after: Report, marks: list[MarkChange], **people: list[str]) -> list[dict[str, str]]:
    change = compare(before, after)
    return list(csv.DictReader(io.StringIO(changes_csv([change] if change else [], marks, people), newline="")))


def mark_of(student: str, before: float, after: float, by_checks: float | None) -> MarkChange:
    return MarkChange(given_mark(checks=before, student=student), given_mark(checks=after, student=student), by_checks)


def test_there_is_a_row_for_each_student_and_check_with_the_mark_in_each() -> None:
    found = rows(BEFORE, AFTER, [mark_of("bo", 10, 12.5, 1.5), mark_of("eve", 5, 4, 0)], team=["bo", "cy"], eve=["eve"])
    assert [(row["student"], row["folder"], row["check"], row["moves"]) for row in found] == [
        ("bo", "team", "test_rows", "2.5"),
        ("bo", "team", "test_gone", "-1"),
        ("cy", "team", "test_rows", "2.5"),
        ("cy", "team", "test_gone", "-1"),
        ("eve", "eve", "", ""),
    ]
    first, gone, of_cy, _, by_rules = found
    assert list(first.values()) == [
        *("bo", "team", "03_softmax", "softmax", "test_rows", "'=1+1"),
        *("failed", "0", "2.5", "passed", "2.5", "2.5"),
        *("2.5", "hidden_checks.py, course.toml"),
        *("10", "12.5", "1.5", "1"),
    ]
    assert (gone["outcome_before"], gone["outcome_after"], gone["points_after"]) == ("passed", "", "")
    assert of_cy["mark_before"] == ""
    assert [by_rules[name] for name in COLUMNS[-4:]] == ["5", "4", "0", "-1"]


def test_a_file_that_can_be_read_at_last_has_one_row() -> None:
    (row,) = rows(replace(BEFORE, status=Status.UNREADABLE), BEFORE, [])
    assert (row["student"], row["folder"], row["check"], row["because_of"]) == ("team", "team", "", "")


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "@SUM(1)", "-2+3"])
def test_no_name_acts_as_a_formula(name: str) -> None:
    found = rows(
        replace(BEFORE, student=name), replace(AFTER, student=name), [mark_of(name, 1, 2, 1)], **{name: [name]}
    )
    assert {(row["student"], row["folder"]) for row in found} == {(f"'{name}", f"'{name}")}


def test_only_such_a_table_is_taken_for_one(tmp_path: Path) -> None:
    ours, other = tmp_path / "ours.csv", tmp_path / "roster.csv"
    ours.write_text(changes_csv([], [], {}), encoding="utf-8", newline="")
    other.write_text("student,folder\n")
    assert is_changes_csv(ours)
    assert not is_changes_csv(other)
    assert not is_changes_csv(tmp_path / "none.csv")
