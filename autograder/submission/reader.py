"""Reads what a student handed in: any file in, cells of source or one clear line out.

Only JSON is parsed here. Python source is not even parsed on the grader's side: it goes to the worker as text, where
`sandbox.loader` finds the answers by the names of their functions. Portable.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import json
import os
import stat
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.errors import UserError
from autograder.sandbox.protocol import Cell, Place
from autograder.submission import messages
from autograder.submission.messages import Problem
from autograder.submission.model import Submission
from autograder.submission.which_file import find_work, is_work
from autograder.submission.written import TextCell, written_answers

MAX_FILE_BYTES = 20 << 20  # a notebook with many pictures in its outputs
MAX_SOURCE_CHARS = 1 << 20  # all code of it
MAX_CELLS = 10_000
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MAX_NAMES_SHOWN = 3  # of the files that lie where another is expected
# No link is followed, no pipe waited for; where a system lacks a flag, it lacks the thing as well.
OPEN_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
    OPEN_FLAGS |= getattr(os, _flag, 0)


class UnreadableError(UserError):
    """A file cannot be read. The message speaks to a student who handed it in."""

    def __init__(self, problem: Problem, **fields: object) -> None:
        self._problem = problem
        self._fields = fields
        super().__init__(problem.submitted.format(**fields))

    def for_own_file(self, file: str) -> UnreadableError:
        """The same, in words for a student who still has the file."""
        error = UnreadableError(self._problem, **self._fields)
        error.args = (self._problem.own_file.format(**{**self._fields, "file": file}),)
        return error


def nothing_there(folder: Path, assignment: str) -> UnreadableError:
    """Why there is nothing to read in a folder: perhaps the work lies there under another name."""
    try:
        others = sorted(entry.name for entry in folder.iterdir() if is_work(entry))
    except OSError:
        others = []
    if not others:
        return UnreadableError(Problem.NOTHING_THERE, assignment=assignment)
    return UnreadableError(
        Problem.OTHER_NAMES,
        assignment=assignment,
        others=", ".join(others[:MAX_NAMES_SHOWN]),
        renamed=f"{assignment}{Path(others[0]).suffix}",
    )


def read_submission(folder: Path, assignment: str, written: Mapping[str, str] | None = None) -> Submission:
    """Read what counts in a student's folder, by `find_work`. Raises UnreadableError.

    `written` has the released text of each question that is answered in words, by its name.
    """
    present = find_work(folder, assignment)
    if not present:
        raise nothing_there(folder, assignment)
    submission = read_file(present[0], written)
    return replace(submission, notes=tuple(messages.not_graded(submission.file, other.name) for other in present[1:]))


def read_file(file: Path, written: Mapping[str, str] | None = None) -> Submission:
    """Read a notebook or a script. Raises UnreadableError."""
    content = read_regular_file(file)
    answers: dict[str, str] = {}
    if file.suffix.lower() == ".ipynb":
        cells = all_cells(content)
        code = code_cells(cells)
        if written:
            texts = [TextCell.of(cell, source_text(cell)) for cell in cells if cell.get("cell_type") == "markdown"]
            answers = written_answers(texts, written)
    else:
        code = script_cells(content, file.name)
    return Submission(file.name, _within_limits(code, file.name), hashlib.sha256(content).hexdigest(), answers=answers)


def _within_limits(cells: tuple[Cell, ...], name: str) -> tuple[Cell, ...]:
    """The code cells of a file, if they are not too much and not nothing. Raises UnreadableError."""
    if len(cells) > MAX_CELLS:
        raise UnreadableError(Problem.TOO_MANY_CELLS, file=name, limit=f"{MAX_CELLS:,}")
    if sum(len(cell.source) for cell in cells) > MAX_SOURCE_CHARS:
        raise UnreadableError(Problem.TOO_MUCH_CODE, file=name, limit_mb=MAX_SOURCE_CHARS >> 20)
    if not any(cell.source.strip() for cell in cells):
        raise UnreadableError(Problem.NO_CODE, file=name)
    return cells


def read_regular_file(path: Path) -> bytes:
    """The content of an untrusted file: no link is followed, no pipe or device waited for. Raises UnreadableError."""
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError as error:
        if path.is_symlink():
            raise UnreadableError(Problem.LINK, file=path.name) from None
        raise UnreadableError(Problem.CANNOT_OPEN, file=path.name, reason=error.strerror) from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):  # `open` would raise for a folder
        os.close(descriptor)
        raise UnreadableError(Problem.NOT_A_FILE, file=path.name)
    with open(descriptor, "rb") as file:
        if status.st_size > MAX_FILE_BYTES:
            raise UnreadableError(
                Problem.TOO_LARGE,
                file=path.name,
                size_mb=status.st_size >> 20,
                limit_mb=MAX_FILE_BYTES >> 20,
            )
        return file.read(MAX_FILE_BYTES + 1)


def notebook_cells(content: bytes) -> tuple[Cell, ...]:
    """The code cells of a notebook of any format version. Raises UnreadableError."""
    return code_cells(all_cells(content))


def code_cells(cells: Iterable[dict[str, Any]]) -> tuple[Cell, ...]:
    """The code cells among a notebook's cells, labelled by their number."""
    code = (cell for cell in cells if cell.get("cell_type") == "code")
    return tuple(Cell(messages.code_cell(number), source_text(cell)) for number, cell in enumerate(code, 1))


def all_cells(content: bytes) -> list[dict[str, Any]]:
    """Every cell of a notebook of any format version, untrusted. Raises UnreadableError."""
    try:
        notebook = json.loads(content)
    except UnicodeDecodeError:
        notebook = _json(content.decode("latin-1"))
    except (ValueError, RecursionError) as error:
        raise _not_a_notebook(error) from None
    cells = _dig(notebook, "cells")
    if not isinstance(cells, list):  # format 3 has its cells in worksheets
        sheets = _dig(notebook, "worksheets")
        cells = [cell for sheet in (sheets if isinstance(sheets, list) else []) for cell in _list(sheet, "cells")]
        if not isinstance(sheets, list):
            raise UnreadableError(Problem.NO_CELLS)
    return [cell for cell in cells if isinstance(cell, dict)]


def script_cells(content: bytes, name: str) -> tuple[Cell, ...]:
    """A .py file as one cell: its declared encoding, else UTF-8, else Latin-1, which never fails.

    Raises UnreadableError where it is of another kind that Python does not read.
    """
    if content.startswith(UTF_16_MARKS) or b"\0" in content[:2]:
        raise UnreadableError(Problem.NOT_UTF_8, file=name)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = content.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        text = content.decode("latin-1")
    return (Cell(name, text),)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_a_notebook(error) from None


def _not_a_notebook(error: Exception) -> UnreadableError:
    if isinstance(error, json.JSONDecodeError):
        return UnreadableError(Problem.NO_JSON_FROM_LINE, line=error.lineno)
    return UnreadableError(Problem.NO_JSON)


def _dig(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: Any, key: str) -> list[Any]:
    items = _dig(value, key)
    return items if isinstance(items, list) else []


def source_text(cell: dict[str, Any]) -> str:
    """The text of a cell: a string or a list of lines, under `source` or, in format 3, `input`."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def notes_on_definitions(repeated: Mapping[str, Sequence[Place]]) -> tuple[str, ...]:
    """A note on each question of which there are several definitions."""
    return tuple(
        messages.defined_more_than_once(question, ", ".join(messages.place(*place) for place in places))
        for question, places in repeated.items()
    )
