"""The source of a running session: the cells that were run, or the file that a function stands in. Portable."""

from __future__ import annotations

import inspect
import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.sandbox.protocol import Cell
from autograder.student.notebook import messages


def session_source(function: Callable[..., Any]) -> tuple[Cell, ...]:
    """The cells that were run so far, in this order; outside of IPython, the file that `function` is in."""
    shell = _shell()
    if shell is not None:
        ran = enumerate(shell.history_manager.input_hist_raw)
        return tuple(Cell(messages.cell_of_session(number), source) for number, source in ran if source.strip())
    file = "" if "<locals>" in getattr(function, "__qualname__", "") else file_of(function)
    source = "".join(linecache.getlines(file)) if file else ""
    return (Cell(Path(file).name, source),) if source else ()


def file_of(function: Any) -> str:
    """The file that a function or a class is in, if it is in one; of a cell, the name that IPython gave it."""
    try:
        return inspect.getfile(inspect.unwrap(function))
    except (TypeError, OSError, ValueError):  # one of C's; one in no file; one that goes round in circles
        return ""


def _shell() -> Any:
    """The IPython that runs here, if one does; what has not been loaded does not."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
