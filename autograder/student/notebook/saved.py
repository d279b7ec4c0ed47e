"""The notebook that runs here, as it was saved last: it may be older than what the browser shows. Portable."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import localtime, strftime
from typing import Any

from autograder.sandbox.toplevel.statement import Statement
from autograder.student.notebook.session import last_definition, statements_of
from autograder.submission.errors import UnreadableError
from autograder.submission.reader import read_file

# Where Jupyter's server and VS Code tell a kernel which notebook it was started for.
OF_JUPYTER, OF_VS_CODE = "JPY_SESSION_NAME", "__vsc_ipynb_file__"


@dataclass(frozen=True)
class SavedNotebook:
    """A notebook on the disk: its name, when it was saved, and the statements of its cells."""

    name: str
    at: float  # in seconds since the epoch
    statements: tuple[Statement, ...]

    @property
    def clock(self) -> str:
        return strftime("%H:%M", localtime(self.at))

    def definition(self, name: str) -> Statement | None:
        """The last statement that gives a name its meaning, which is the one that counts."""
        return last_definition(name, self.statements)

    def definitions(self, name: str) -> list[Statement]:
        return [each for each in self.statements if name in each.deeds.binds]

    @property
    def may_bind_anything(self) -> bool:
        return any(each.may_bind_anything for each in self.statements)


def saved_notebook(names: Mapping[str, Any]) -> SavedNotebook | None:
    """The notebook that runs here; None where it is not known, or cannot be read. `names` are those of the notebook."""
    try:
        file = _file(names)
        status = file.stat()
        return _read(file, status.st_mtime, status.st_size)
    except (OSError, UnreadableError):
        return None


def _file(names: Mapping[str, Any]) -> Path:
    """The file that this kernel was started for; else the one that is called as its folder, as in a course."""
    told = names.get(OF_VS_CODE) or os.environ.get(OF_JUPYTER, "")
    here = Path.cwd()
    if isinstance(told, str) and told.endswith(".ipynb") and (here / Path(told).name).is_file():
        return here / Path(told).name
    return here / f"{here.name}.ipynb"


@lru_cache(maxsize=2)
def _read(file: Path, at: float, size: int) -> SavedNotebook:
    """Read once for as long as it is not saved again: that is what `at` and `size` are for."""
    statements = (each for cell in read_file(file).cells for each in statements_of(cell.source))
    return SavedNotebook(file.name, at, tuple(statements))
