"""What changed between two runs as CSV: a row for each check of each student, whatever is to read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autograder.classroom.csv_file import quoted_rows
from autograder.classroom.marks.changes import MarkChange
from autograder.classroom.marks.model import Mark
from autograder.report.diff import Change, CheckChange
from autograder.report.model import CheckResult, number
from autograder.text import for_csv

OF_WORK = ("student", "folder", "assignment")
OF_CHECK = ("question", "check", "title")
OF_RESULT = ("outcome_before", "earned_before", "points_before", "outcome_after", "earned_after", "points_after")
OF_MARK = ("mark_before", "mark_after", "mark_by_checks", "mark_by_rules")
COLUMNS = (*OF_WORK, *OF_CHECK, *OF_RESULT, "moves", "because_of", *OF_MARK)
NO_CHECK = ("",) * len((*OF_CHECK, *OF_RESULT, "moves"))


def changes_csv(changes: Iterable[Change], marks: Iterable[MarkChange], people: Mapping[str, Sequence[str]]) -> str:
    """The table as RFC 4180 text; write it with newline="".

    changes: of reports; one in which no check changed, as with a file that could not be read, has one row
    marks: those that moved; they stand in each row of their student and assignment, and in one of their own where no
        report changed
    people: who shares a folder, by the folder; each has rows of their own. Without any, the folder is the student

    Every field is quoted, and no text can act as a formula.
    """
    moved = {(each.either.student, each.either.assignment): each for each in marks}
    rows = []
    for change in changes:
        folder, assignment = change.after.student, change.after.assignment
        for name in people.get(folder) or (folder,):
            of_mark = _of_mark(moved.pop((name, assignment), None))
            cells = [[*_of_check(check)] for check in change.checks] or [[*NO_CHECK]]
            because = for_csv(", ".join(change.changed_inputs))
            rows += [[for_csv(name), for_csv(folder), for_csv(assignment), *each, because, *of_mark] for each in cells]
    folders = {name: folder for folder, names in people.items() for name in names}
    for (name, assignment), mark in moved.items():
        folder = folders.get(name, name)
        rows.append([for_csv(name), for_csv(folder), for_csv(assignment), *NO_CHECK, "", *_of_mark(mark)])
    return quoted_rows([COLUMNS, *rows])


def is_changes_csv(file: Path) -> bool:
    """Whether a file begins as `changes_csv` does, so that it may be written anew."""
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            return opened.readline() == quoted_rows([COLUMNS])
    except (OSError, ValueError):
        return False


def _of_check(change: CheckChange) -> list[str]:
    check = change.check
    return [
        *(for_csv(change.question), for_csv(check.name), for_csv(check.title)),
        *_of_result(change.before),
        *_of_result(change.after),
        number(change.earned),
    ]


def _of_result(check: CheckResult | None) -> tuple[str, str, str]:
    return (check.outcome.value, number(check.earned), number(check.points)) if check else ("", "", "")


def _of_mark(change: MarkChange | None) -> tuple[str, ...]:
    if change is None:
        return ("",) * len(OF_MARK)
    return (
        *(_points(_number(change.before)), _points(_number(change.after))),
        *(_points(change.by_checks), _points(change.by_rules)),
    )


def _number(mark: Mark | None) -> float | None:
    return mark.mark if mark else None


def _points(points: float | None) -> str:
    return "" if points is None else number(points)
