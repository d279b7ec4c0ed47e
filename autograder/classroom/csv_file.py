"""CSV files from elsewhere, rosters and what an LMS lets one download: read strictly, written as they came."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError

BOM = "\ufeff"
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class CsvFile:
    """A header and rows of its length, and how they were written."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    line_end: str = "\r\n"
    bom: str = ""

    def column(self, *names: str) -> int | None:
        """The index of the first of these columns that is there, whatever its case and the blanks around it."""
        known = [title.strip().casefold() for title in self.header]
        return next((known.index(name.casefold()) for name in names if name.casefold() in known), None)

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        """These rows under the same header, written in the same way; write it as UTF-8 with newline=""."""
        target = io.StringIO(newline="")
        writer = csv.writer(target, delimiter=self.delimiter, lineterminator=self.line_end)
        writer.writerows([self.header, *rows])
        return self.bom + target.getvalue()


def read_csv_file(path: Path) -> CsvFile:
    """Read a CSV file with a header. Raises UserError."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is not UTF-8: save it as CSV in UTF-8") from None
    bom = BOM if text.startswith(BOM) else ""
    body = text.removeprefix(BOM)
    first = body.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UserError(f"{path} is not a CSV file: {error}") from None
    rows = [row for row in lines if row]
    if not rows:
        raise UserError(f"{path} is empty")
    header = rows[0]
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise UserError(f"{path}, row {number}: {len(row)} cells under a header of {len(header)}")
    return CsvFile(tuple(header), tuple(map(tuple, rows[1:])), delimiter, "\r\n" if first.endswith("\r") else "\n", bom)


def quoted_rows(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as RFC 4180 text, every field quoted; write it as UTF-8 with newline=""."""
    target = io.StringIO(newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return target.getvalue()
