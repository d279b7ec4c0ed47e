"""A sheet of answers in words in the hands of people: filled in, and saved by a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.csv_file import BOM
from autograder.classroom.written.answers import ClassAnswers
from autograder.classroom.written.filling import filled_sheet
from autograder.classroom.written.sheet import Sheet, read_sheet

Row = dict[str, str]


@dataclass(frozen=True)
class Dialect:
    """How a spreadsheet saves: Excel in much of Europe, LibreOffice, Google's, Numbers."""

    delimiter: str = ","
    line_end: str = "\r\n"
    bom: str = ""
    quotes_all: bool = False


DIALECTS = {
    "Excel": Dialect(bom=BOM),
    "Excel, where decimals have a comma": Dialect(delimiter=";", bom=BOM),
    "LibreOffice": Dialect(line_end="\n"),
    "LibreOffice, all quoted": Dialect(line_end="\n", quotes_all=True),
    "with tabs": Dialect(delimiter="\t"),
}


def make_sheet(path: Path, answers: ClassAnswers, *, with_names: bool = False) -> Sheet:
    """Write the sheet, as the command does, over the one that is there."""
    former = read_sheet(path) if path.exists() else None
    path.write_text(filled_sheet(answers, former, with_names=with_names), encoding="utf-8", newline="")
    return read_sheet(path)


def rows_of(path: Path) -> list[Row]:
    """The rows as a spreadsheet shows them."""
    text = path.read_bytes().decode("utf-8-sig")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def save_rows(path: Path, rows: list[Row], dialect: Dialect = DIALECTS["Excel"]) -> None:
    target = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if dialect.quotes_all else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(
        target, list(rows[0]), delimiter=dialect.delimiter, lineterminator=dialect.line_end, quoting=quoting
    )
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(dialect.bom + target.getvalue(), encoding="utf-8", newline="")


def fill_in(path: Path, cells: Mapping[str, Row], dialect: Dialect = DIALECTS["Excel"]) -> None:
    """Fill in cells, by the ids of their answers, and save."""
    save_rows(path, list(_filled(rows_of(path), cells)), dialect)


def _filled(rows: list[Row], cells: Mapping[str, Row]) -> Iterator[Row]:
    assert set(cells) <= {row["answer_id"] for row in rows}
    for row in rows:
        yield row | cells.get(row["answer_id"], {})
