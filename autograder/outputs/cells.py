"""Tables as CSV that a spreadsheet opens without obeying them: what a cell may hold, and how rows are written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# Line ends, control characters, reversed reading order, halves of a character: none has a place in a cell.
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
# What a spreadsheet may take for a formula, also behind blanks, quotes and characters that have no width.
_AHEAD = "\\s\"'`\u00ad\u2018-\u201f\u200b-\u200f\u2060\ufeff\uff02\uff07"
_FORMULA = re.compile(f"[{_AHEAD}]*[=+\\-@\u2212\uff0b\uff0d\uff1d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def cell(text: str) -> str:
    """The text as one line that no spreadsheet takes for a formula."""
    line = _HARMFUL.sub(" ", text)
    return f"'{line}" if _FORMULA.match(line) or text.startswith(("\t", "\r")) else line


def defused(text: str) -> str:
    """The text as it is, but that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def is_harmless(text: str) -> bool:
    """Whether a text can stand in a cell as it is: a number, or what `cell` does not change."""
    return _NUMBER.fullmatch(text) is not None or cell(text) == text


def write_rows(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as RFC 4180 text, every field quoted; write it as UTF-8 with newline=""."""
    table = io.StringIO(newline="")
    csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return table.getvalue()
