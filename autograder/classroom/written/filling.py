"""Makes the sheet, or brings one up to date: new answers come in, and nothing that a person wrote goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from autograder.classroom.csv_file import BOM, CsvFile
from autograder.classroom.written import messages
from autograder.classroom.written.answers import ClassAnswers, DistinctAnswer
from autograder.classroom.written.sheet import (
    ANSWER,
    ANSWER_ID,
    ASSIGNMENT,
    COLUMNS,
    NAMES,
    POSSIBLE,
    QUESTION,
    STUDENTS,
    Sheet,
    SheetRow,
    plain_name,
)
from autograder.report.model import number
from autograder.text import for_csv, lines_for_csv

MAX_CELL_CHARS = 16_000  # Excel takes twice as many, and counts some signs as two


def filled_sheet(answers: ClassAnswers, former: Sheet | None, *, with_names: bool) -> str:
    """The sheet as text, to be written as UTF-8 with newline="": a row for each answer, in their order.

    What stands in the `former` one stays: all that was filled in, columns that people added, its dialect, and, at the
    end, the filled rows whose answer nobody has any more. A new one is as spreadsheets read it best, with a mark of its
    encoding. With names, there is a column that says who gave each answer.
    """
    file = former.file if former else CsvFile(COLUMNS, (), bom=BOM)
    header = (*file.header, NAMES) if with_names and file.column(NAMES) is None else file.header
    rows_of: dict[str, list[SheetRow]] = defaultdict(list)
    kept = [row for row in former.rows if row.answer_id in answers.by_id or former.is_filled(row)] if former else []
    for row in kept:
        rows_of[row.answer_id].append(row)
    rows = []
    for answer in answers.answers:
        new = _names(answer) if with_names else {}
        if there := rows_of.pop(answer.id, []):
            rows += [_updated(header, row.cells, _of_today(row, answer) | new) for row in there]
        else:
            rows.append(_updated(header, (), _new(answer) | new))
    rows += [_updated(header, row.cells, {STUDENTS: "0"}) for gone in rows_of.values() for row in gone]
    return CsvFile(header, (), file.delimiter, file.line_end, file.bom).text(rows)


def answer_cell(answer: DistinctAnswer) -> str:
    """An answer as it stands in the sheet: whole, unless no spreadsheet takes a cell of that length."""
    text = answer.text
    if len(text) > MAX_CELL_CHARS:
        text = messages.answer_goes_on(text[:MAX_CELL_CHARS])
    return lines_for_csv(text) if text else messages.NOT_FOUND


def _new(answer: DistinctAnswer) -> dict[str, str]:
    return {
        ASSIGNMENT: for_csv(answer.assignment),
        QUESTION: for_csv(answer.question),
        ANSWER_ID: answer.id,
        STUDENTS: str(len(answer.students)),
        ANSWER: answer_cell(answer),
        POSSIBLE: number(answer.possible),
    }


def _of_today(row: SheetRow, answer: DistinctAnswer) -> dict[str, str]:
    """What is written anew into a row that is there: points that a person gave stay beside what they are out of."""
    new = {STUDENTS: str(len(answer.students))}
    return new if row.points is not None else {**new, POSSIBLE: number(answer.possible)}


def _names(answer: DistinctAnswer) -> dict[str, str]:
    return {NAMES: for_csv(", ".join(answer.students))}


def _updated(header: Sequence[str], cells: Sequence[str], new: Mapping[str, str]) -> list[str]:
    """A row of the header's width: its cells, and what is new in them."""
    padded = [*cells, *[""] * (len(header) - len(cells))]
    return [new.get(plain_name(name), cell) for name, cell in zip(header, padded, strict=True)]
