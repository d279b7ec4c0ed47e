"""The account of a collection: what became of each file that came in, for people and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from autograder.classroom.csv_file import quoted_rows
from autograder.text import for_csv

FILE = "collected.csv"  # among the students' folders
COLUMNS = ("source", "file", "outcome", "student", "assignment", "reason")


class Placement(StrEnum):
    """What became of a file."""

    PLACED = "placed"
    UNCHANGED = "unchanged"
    ATTEMPT = "kept as an attempt"
    PASSED_OVER = "passed over"
    NOT_PLACED = "not placed"
    NOT_IN_DOWNLOAD = "not in the download"  # of a student, and no file


@dataclass(frozen=True)
class AccountLine:
    """A file, or a student of whom there is none."""

    source: str
    file: str
    placement: Placement
    student: str = ""
    assignment: str = ""
    reason: str = ""

    @property
    def place(self) -> str:
        """What it is about."""
        return ": ".join(filter(None, (self.source, self.file or self.student)))

    @property
    def needs_a_person(self) -> bool:
        """Whether it is not placed, or there is something to look at in what is."""
        silent = Placement.PASSED_OVER, Placement.NOT_IN_DOWNLOAD
        return bool(self.reason) and self.placement not in silent


def account_csv(account: Iterable[AccountLine]) -> str:
    """The table as RFC 4180 text, in the order in which files came in; write it as UTF-8 with newline=""."""
    rows = [
        [for_csv(cell) for cell in (each.source, each.file, each.placement, each.student, each.assignment, each.reason)]
        for each in account
    ]
    return quoted_rows([COLUMNS, *rows])
