"""Notebooks of any format version as cells: untrusted JSON in, what is of use in it out. Portable."""

from __future__ import annotations

import json
import json.decoder
import json.scanner
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.sandbox.protocol import lines_of
from autograder.submission import messages
from autograder.submission.broken.diagnosis import what_is_no_json
from autograder.submission.errors import UnreadableError
from autograder.submission.messages import Problem
from autograder.submission.model import CODE, MARKDOWN, RAW, NotebookCell

PICTURES = ("image/png", "image/jpeg", "image/gif")  # of kinds that can only be looked at
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
MAX_CELLS = 10_000
MAX_LOCATED = 300_000  # values of a notebook whose places in it are looked for
MAX_LINES = 20_000  # of code whose places are kept
MAX_ID_CHARS = 100
MAX_PICTURES = 100  # of one cell


def notebook_cells(content: bytes, name: str = "the notebook") -> tuple[NotebookCell, ...]:
    """The cells of a notebook; those that are no objects are passed over. `name` is the file's, for errors.

    Raises UnreadableError.
    """
    text = _decoded(content)
    found = _cells_in(_parsed(text, name))
    if not found:
        raise UnreadableError(Problem.WITHOUT_CELLS, file=name)
    if len(found) > MAX_CELLS:
        raise UnreadableError(Problem.TOO_MANY_CELLS, limit=f"{MAX_CELLS:,}")
    cells = tuple(_cells(found, text))
    if sum(len(cell.lines) for cell in cells) > MAX_LINES:
        return tuple(replace(cell, lines=()) for cell in cells)
    return cells


def cells_of(cells: Iterable[Mapping[str, Any]]) -> tuple[NotebookCell, ...]:
    """Cells that are parsed already."""
    return tuple(_cells(list(cells), ""))


def _decoded(content: bytes) -> str:
    """JSON is UTF-8, UTF-16 or UTF-32; what is none of them is taken for Latin-1, which never fails.

    Of the wider ones, the last letter may be cut in two.
    """
    encoding = json.detect_encoding(content)
    try:
        return content.decode(encoding, "surrogatepass").rstrip("\0")
    except UnicodeDecodeError:
        return content.decode("latin-1") if encoding.startswith("utf-8") else content.decode(encoding, "replace")


def _parsed(text: str, name: str) -> Any:
    """The tree, with the places of its strings where it is not too large or too deep for that."""
    try:
        if text.count(",") <= MAX_LOCATED:
            return _DECODER.decode(text)
    except (ValueError, RecursionError, MemoryError):  # what it is that is wrong, the other says in C
        pass
    try:
        return json.loads(text, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise what_is_no_json(text, error, name) from None
    except (ValueError, RecursionError):
        raise UnreadableError(Problem.NO_JSON) from None


def _whole(digits: str) -> int:
    """A whole number. One of many digits is nothing that we look for, and Python would not read it."""
    return int(digits) if len(digits) < 20 else 0


class _Located(str):
    """A string of a JSON text, and where in it that begins."""

    __slots__ = ("start",)
    start: int


class _Decoder(json.JSONDecoder):
    """Python's decoder, with strings that know where they stand."""

    def __init__(self) -> None:
        super().__init__(strict=True, parse_int=_whole)
        self.parse_string = self._located
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    @staticmethod
    def _located(text: str, begin: int, strict: bool) -> tuple[_Located, int]:
        value, end = json.decoder.scanstring(text, begin, strict)  # type: ignore[attr-defined]
        located = _Located(value)
        located.start = begin
        return located, end


_DECODER = _Decoder()


def _cells_in(tree: Any) -> list[dict[str, Any]]:
    cells = _get(tree, "cells")
    if not isinstance(cells, list):  # format 3 has its cells in worksheets
        sheets = _get(tree, "worksheets")
        if not isinstance(sheets, list):
            raise UnreadableError(Problem.NO_CELLS)
        cells = [cell for sheet in sheets for cell in _list(_get(sheet, "cells"))]
    return [cell for cell in cells if isinstance(cell, dict)]


def _cells(cells: Sequence[Mapping[str, Any]], text: str) -> Iterator[NotebookCell]:
    """The cells; `text` is that of the file, in which lines are counted."""
    lines = _LineCounter(text)
    number = 0
    for cell in cells:
        kind = cell.get("cell_type")
        source = cell.get("source", cell.get("input", ""))  # `input` in format 3
        written = "".join(_strings(source))
        grade_id, own_id = _id(_get(_get(cell.get("metadata"), "nbgrader"), "grade_id")), _id(cell.get("id"))
        if kind == CODE:
            number += 1
            yield NotebookCell(CODE, written, messages.code_cell(number), tuple(lines.of(source)), grade_id, own_id)
            continue
        if kind == "heading":  # of format 3
            level = cell.get("level")
            written = f"{'#' * (level if isinstance(level, int) and 0 < level < 7 else 1)} {written}"
        pictures = _pictures(cell.get("attachments"))
        written = written.encode("utf-8", "replace").decode()  # half a character is none
        yield NotebookCell(RAW if kind == RAW else MARKDOWN, written, "", (), grade_id, own_id, pictures)


class _LineCounter:
    """Finds the line of each string of a JSON text, asked for in their order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._place = 1, 0

    def of(self, source: Any) -> list[int]:
        """For each line of a cell's source, a string or a list of them, the line of the file that it begins in.

        Empty where a string's place is not known.
        """
        lines: list[int] = []
        unfinished = ""  # nbformat also cuts where Python does not end a line, at U+2028 for one
        for part in _strings(source):
            if not isinstance(part, _Located):
                return []
            if not part:
                continue
            line = self._line_at(part.start)
            first = lines.pop() if unfinished else line
            parts = lines_of(unfinished + part)
            lines += [first, *(line for _ in parts[1:])]
            unfinished = parts[-1]
            if not unfinished:
                lines.pop()
        return lines

    def _line_at(self, place: int) -> int:
        if place < self._place:
            self._line, self._place = 1, 0
        self._line += self._text.count("\n", self._place, place)
        self._place = place
        return self._line


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """The pictures attached to a cell, under names that can be written down."""
    pictures: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        kept = {
            kind: str(data)
            for kind, data in (bundle.items() if isinstance(bundle, dict) else ())
            if kind in PICTURES and isinstance(data, str) and BASE64.fullmatch(data)
        }
        if kept and _id(name) and name.encode("utf-8", "replace").decode() == name and len(pictures) < MAX_PICTURES:
            pictures[name] = kept
    return pictures


def _strings(source: Any) -> list[str]:
    """The strings of a cell's source: one, or a list of lines."""
    return [part for part in (source if isinstance(source, list) else [source]) if isinstance(part, str)]


def _id(value: object) -> str:
    return str(value) if isinstance(value, str) and len(value) <= MAX_ID_CHARS else ""


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
