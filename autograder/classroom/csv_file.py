"""Reads and writes CSV files: rosters and downloads of an LMS, checked strictly and written in their own dialect."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.classroom import messages
from autograder.errors import UserError

BOM = "\ufeff"
DELIMITERS = ",;\t"
csv.field_size_limit(2**28)  # a worksheet has in one cell what somebody wrote online, with pictures in it
SEPARATOR = re.compile(rf'"?sep=([{DELIMITERS}])"?[{DELIMITERS}]*\r?\n', re.IGNORECASE)
BLANK = DELIMITERS + ' "\r\n'


@dataclass(frozen=True)
class CsvFile:
    """A header and rows of its length, and their dialect: delimiter, line end, byte order mark.

    A first line `sep=;`, by which spreadsheets name the delimiter, and rows of blanks are no part of it: an LMS would
    take the one for the header, and passes the others over. `numbers` tell which row of the file each row was read
    from; a spreadsheet counts from 1.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    line_end: str = "\r\n"
    bom: str = ""
    numbers: tuple[int, ...] = ()

    def column(self, *names: str) -> int | None:
        """The index of the first of these columns that is there, whatever its case and the blanks around it."""
        known = [_folded(title) for title in self.header]
        return next((known.index(_folded(name)) for name in names if _folded(name) in known), None)

    def delimited(self, *delimiters: str) -> CsvFile:
        """The same, to be written with one of these: its own, if it is among them, or else the first."""
        return self if self.delimiter in delimiters else replace(self, delimiter=delimiters[0])

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        """These rows under the same header, written in the same way; write it as UTF-8 with newline=""."""
        target = io.StringIO(newline="")
        writer = csv.writer(target, delimiter=self.delimiter, lineterminator=self.line_end)
        writer.writerows([self.header, *rows])
        return self.bom + target.getvalue()


def read_csv_file(path: Path) -> CsvFile:
    """Read a CSV file with a header. Raises UserError."""
    text = _read_text(path)
    bom = BOM if text.startswith(BOM) else ""
    body = text.removeprefix(BOM)
    named = SEPARATOR.match(body)
    body = body[named.end() :] if named else body
    first_line = next((line for line in body.splitlines(keepends=True) if line.strip(BLANK)), "")
    unquoted = re.sub(r'"[^"]*"', "", first_line)
    delimiter = named[1] if named else max(DELIMITERS, key=unquoted.count)
    line_end = "\r\n" if first_line.endswith("\r\n") else "\n"
    (_, header), *rows = _parse_rows(path, body, delimiter, 2 if named else 1)
    numbers, cells = tuple(number for number, _ in rows), tuple(tuple(row) for _, row in rows)
    return CsvFile(tuple(header), cells, delimiter, line_end, bom, numbers)


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UserError(messages.cannot_read(path, error.strerror)) from None
    except UnicodeDecodeError:
        raise UserError(messages.not_utf8(path)) from None


def _parse_rows(path: Path, body: str, delimiter: str, first: int) -> list[tuple[int, list[str]]]:
    """The header and the rows under it, all of its width, each with its number. Raises UserError."""
    try:
        rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UserError(messages.not_csv(path, str(error))) from None
    numbered = [(number, row) for number, row in enumerate(rows, first) if any(cell.strip() for cell in row)]
    if not numbered:
        raise UserError(messages.empty_file(path))
    width = len(numbered[0][1])
    for number, row in numbered:
        if len(row) != width:
            raise UserError(messages.wrong_width(path, number, len(row), width))
    return numbered


def _folded(title: str) -> str:
    return unicodedata.normalize("NFC", title.strip()).casefold()


def quoted_rows(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as RFC 4180 text, every field quoted; write it as UTF-8 with newline=""."""
    return "".join(quoted_pieces(rows))


def quoted_pieces(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The same, row by row."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        yield target.getvalue()
        target.seek(0)
        target.truncate()
