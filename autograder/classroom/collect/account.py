"""The account of a collection as CSV: a row for each file that came in."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.classroom.collect.collection import AccountLine
from autograder.classroom.csv_file import quoted_rows
from autograder.text import for_csv

COLUMNS = ("source", "file", "outcome", "student", "assignment", "reason")


def account_csv(account: Sequence[AccountLine]) -> str:
    """The table as RFC 4180 text, in the order in which files came in; write it as UTF-8 with newline=""."""
    rows = [
        [for_csv(cell) for cell in (each.source, each.file, each.placement, each.student, each.assignment, each.reason)]
        for each in account
    ]
    return quoted_rows([COLUMNS, *rows])
