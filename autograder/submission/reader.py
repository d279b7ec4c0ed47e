"""What a student handed in: any file in, cells of source or one clear line out.

Only JSON is parsed here. Python source is not even parsed on the grader's side: it goes to the worker as text, where
`sandbox.statements` finds the answers by the names of their functions.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import stat
import tokenize
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.errors import UserError
from autograder.sandbox.loader import Cell

MAX_FILE = 20 << 20  # a notebook with many pictures in its outputs
MAX_SOURCE = 1 << 20  # all code of it
MAX_CELLS = 10_000
# No link is followed, no pipe waited for; where a system lacks a flag, it lacks the thing as well.
OPEN_FLAGS = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
    OPEN_FLAGS |= getattr(os, _flag, 0)


class UnreadableError(UserError):
    """The submission cannot be read; the message tells the student what is wrong and what to do."""


@dataclass(frozen=True)
class Submission:
    """The code that a student handed in. `digest` identifies the file's content; `notes` tell what was decided."""

    file: str
    cells: tuple[Cell, ...]
    digest: str
    notes: tuple[str, ...] = ()

    @property
    def earlier_cells(self) -> tuple[Cell, ...]:
        """The cells as part of another assignment's submission: the label says from which file each is."""
        return tuple(
            cell if cell.label == self.file else replace(cell, label=f"{self.file}, {cell.label}")
            for cell in self.cells
        )


def read_submission(folder: Path, assignment: str) -> Submission:
    """Read `<assignment>.ipynb`, or else `<assignment>.py`, in a student's folder. Raises UnreadableError.

    Where both are there, the notebook counts: it is what was handed out.
    """
    present = [name for name in (f"{assignment}.ipynb", f"{assignment}.py") if os.path.lexists(folder / name)]
    if not present:
        raise UnreadableError(_nothing_there(folder, assignment))
    content = read_regular_file(folder / present[0])
    notes = (f"{present[0]} was graded, {present[1]} was not.",) if len(present) > 1 else ()
    cells = notebook_cells(content) if present[0].endswith(".ipynb") else script_cells(content, present[0])
    if len(cells) > MAX_CELLS:
        raise UnreadableError(f"{present[0]} holds more than {MAX_CELLS:,} code cells: hand in your answers only.")
    if sum(len(cell.source) for cell in cells) > MAX_SOURCE:
        raise UnreadableError(f"{present[0]} holds more than {MAX_SOURCE >> 20} MB of code: hand in your answers only.")
    if not any(cell.source.strip() for cell in cells):
        raise UnreadableError(f"{present[0]} holds no code: save your notebook, then hand it in again.")
    return Submission(present[0], cells, hashlib.sha256(content).hexdigest(), notes)


def _nothing_there(folder: Path, assignment: str) -> str:
    try:
        others = sorted(entry.name for entry in folder.iterdir() if entry.suffix in (".ipynb", ".py"))
    except OSError:
        others = []
    found = f" The folder holds {', '.join(others[:3])}: rename your file." if others else ""
    return f"There is no {assignment}.ipynb and no {assignment}.py.{found}"


def read_regular_file(path: Path) -> bytes:
    """The content of a file that a stranger put there: no link is followed, no pipe or device waited for."""
    try:
        descriptor = os.open(path, OPEN_FLAGS)
    except OSError as error:
        reason = "is a link; hand in the file itself" if path.is_symlink() else f"cannot be opened ({error.strerror})"
        raise UnreadableError(f"{path.name} {reason}.") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):  # `open` would raise for a folder
        os.close(descriptor)
        raise UnreadableError(f"{path.name} is not a file; hand in the notebook itself.")
    with open(descriptor, "rb") as file:
        if status.st_size > MAX_FILE:
            raise UnreadableError(
                f"{path.name} has {status.st_size >> 20} MB, more than the {MAX_FILE >> 20} MB that are read: "
                "clear its outputs (Edit, Clear Outputs of All Cells), save, and hand it in again."
            )
        return file.read(MAX_FILE + 1)


def notebook_cells(content: bytes) -> tuple[Cell, ...]:
    """The code cells of a notebook of any format version. Raises UnreadableError."""
    code = [cell for cell in all_cells(content) if cell.get("cell_type") == "code"]
    return tuple(Cell(f"code cell {number}", source_text(cell)) for number, cell in enumerate(code, 1))


def all_cells(content: bytes) -> list[dict[str, Any]]:
    """Every cell of a notebook of any format version, as a stranger wrote it. Raises UnreadableError."""
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
            raise UnreadableError("The file is JSON but no notebook: it has no cells. Hand in the notebook itself.")
    return [cell for cell in cells if isinstance(cell, dict)]


def script_cells(content: bytes, name: str) -> tuple[Cell, ...]:
    """A .py file as one cell: its declared encoding, else UTF-8, else Latin-1, which never fails."""
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
    where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
    return UnreadableError(
        f"The file is not a notebook: its JSON cannot be read{where}. Open it in Jupyter, save it, hand it in again."
    )


def _dig(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _list(value: Any, key: str) -> list[Any]:
    found = _dig(value, key)
    return found if isinstance(found, list) else []


def source_text(cell: dict[str, Any]) -> str:
    """The text of a cell: a string or a list of lines, under `source` or, in format 3, `input`."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
