"""The sheet in which people give points for answers in words, as it was saved by whatever spreadsheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.csv_file import CsvFile, read_csv_file
from autograder.classroom.written import messages
from autograder.classroom.written.answers import ID_DIGITS
from autograder.errors import UserError

FILE = "written.csv"
ASSIGNMENT, QUESTION, ANSWER_ID, STUDENTS = "assignment", "question", "answer_id", "students"
ANSWER, POINTS, POSSIBLE, COMMENT, NAMES = "answer", "points", "possible", "comment", "names"
COLUMNS = (ASSIGNMENT, QUESTION, ANSWER_ID, STUDENTS, ANSWER, POINTS, POSSIBLE, COMMENT)
_ID = re.compile(rf"w[0-9a-f]{{{ID_DIGITS}}}")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)


@dataclass(frozen=True)
class SheetRow:
    """A row: what a person gave for an answer, out of how many points. `number` is that in a spreadsheet.

    `points` is None where nobody has given any, `possible` where the cell is empty.
    """

    number: int
    answer_id: str
    points: float | None
    possible: float | None
    comment: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet whose rows are sound each by itself; `file` has its dialect, and columns that people added."""

    path: Path
    file: CsvFile
    rows: tuple[SheetRow, ...]

    def cell(self, row: SheetRow, column: str) -> str:
        """A cell; empty where there is no such column."""
        index = self.file.column(column)
        return "" if index is None else row.cells[index]

    def is_filled(self, row: SheetRow) -> bool:
        """Whether a person wrote anything into a row: points, a comment, or something in a column of their own."""
        given = (*COLUMNS, NAMES)
        own = [cell for name, cell in zip(self.file.header, row.cells, strict=True) if plain_name(name) not in given]
        return any(cell.strip() for cell in (self.cell(row, POINTS), self.cell(row, COMMENT), *own))


def read_sheet(path: Path) -> Sheet:
    """Read a sheet. Raises UserError where it is none, or where some row cannot be what a person means."""
    file = read_csv_file(path)
    known = [plain_name(name) for name in file.header]
    for column in COLUMNS:
        if column not in known:
            raise UserError((messages.no_column if ANSWER_ID in known else messages.no_sheet)(path, column))
    if twice := next((name for name in (*COLUMNS, NAMES) if known.count(name) > 1), None):
        raise UserError(messages.two_columns(path, twice))
    numbered = zip(file.numbers, file.rows, strict=True)
    sheet = Sheet(path, file, tuple(_row(path, file, number, cells) for number, cells in numbered))
    first: dict[str, SheetRow] = {}
    for row in sheet.rows:
        before = first.setdefault(row.answer_id, row)
        if (before.points, before.comment) != (row.points, row.comment):
            raise UserError(messages.other_points(path, row.number, before.number, row.answer_id))
    return sheet


def plain_name(column: str) -> str:
    """The name of a column, whatever its case and the blanks around it."""
    return column.strip().casefold()


def _row(path: Path, file: CsvFile, number: int, cells: tuple[str, ...]) -> SheetRow:
    def cell(column: str) -> str:
        return cells[file.column(column) or 0].strip()

    answer_id = cell(ANSWER_ID)
    if not answer_id:
        raise UserError(messages.no_id(path, number))
    if not _ID.fullmatch(answer_id):
        raise UserError(messages.no_such_id(path, number, answer_id))
    points, possible = _number(cell(POINTS)), _number(cell(POSSIBLE))
    if points is None and cell(POINTS):
        raise UserError(messages.no_points(path, number, cell(POINTS)))
    if possible is None and cell(POSSIBLE):
        raise UserError(messages.no_maximum(path, number, cell(POSSIBLE)))
    if points is not None and points < 0:
        raise UserError(messages.below_zero(path, number, cell(POINTS)))
    return SheetRow(number, answer_id, points, possible, cell(COMMENT), cells)


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
