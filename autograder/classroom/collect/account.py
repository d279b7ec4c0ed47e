"""The account of a collection: what became of each file that came in, for people and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from autograder.classroom.csv_file import quoted_rows
from autograder.text import for_csv

FILE = "collected.csv"  # among the students' folders
COLUMNS = ("source", "file", "outcome", "student", "assignment", "handed in", "late", "reason")


class Placement(StrEnum):
    """What became of a file."""

    PLACED = "placed"
    UPDATED = "updated"  # placed, in the stead of an earlier attempt, which is kept
    UNCHANGED = "unchanged"
    ATTEMPT = "kept as an attempt"
    PASSED_OVER = "passed over"
    NOT_PLACED = "not placed"
    STRANGER = "not in the roster"
    ABSENT = "not in the download"  # of a student, and no file


@dataclass(frozen=True)
class AccountLine:
    """A file, or a student of whom there is none."""

    source: str
    file: str
    placement: Placement
    student: str = ""
    assignment: str = ""
    reason: str = ""
    handed_in: str = ""  # as the system said, in ISO 8601
    is_late: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of COLUMNS."""
        late = {True: "yes", False: "no", None: ""}[self.is_late]
        of_work = (self.student, self.assignment, self.handed_in, late)
        return self.source, self.file, self.placement, *of_work, self.reason

    @property
    def needs_a_person(self) -> bool:
        """Whether it is not placed, or there is something to look at in what is."""
        silent = Placement.PASSED_OVER, Placement.ABSENT
        return bool(self.reason) and self.placement not in silent


def account_csv(account: Iterable[AccountLine]) -> str:
    """The table as RFC 4180 text, in the order in which files came in; write it as UTF-8 with newline=""."""
    rows = [[for_csv(cell) for cell in each.cells] for each in account]
    return quoted_rows([COLUMNS, *rows])
