"""The source of a running session: the cells that were run, or the file that a function stands in. Portable."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.sandbox.protocol import Cell
from autograder.student.notebook import messages
from autograder.student.notebook.session import shell


def session_source(function: Callable[..., Any]) -> tuple[Cell, ...]:
    """The cells that were run so far, in this order; outside of IPython, the file that `function` is in."""
    running = shell()
    if running is not None:
        ran = enumerate(running.history_manager.input_hist_raw)
        return _last_ones([Cell(messages.cell_of_session(number), source) for number, source in ran if source.strip()])
    file = "" if "<locals>" in getattr(function, "__qualname__", "") else file_of(function)
    source = "".join(linecache.getlines(file)) if file else ""
    return (Cell(Path(file).name, source),) if source else ()


def file_of(function: Any) -> str:
    """The file that a function or a class is in, if it is in one; of a cell, the name that IPython gave it."""
    try:
        file = inspect.getfile(inspect.unwrap(function))
    except (TypeError, OSError, ValueError):  # one of C's; one in no file; one that goes round in circles
        return ""
    return "" if file.startswith("<") and not file.startswith("<ipython") else file  # of `exec`


def _last_ones(cells: list[Cell]) -> tuple[Cell, ...]:
    """Without cells that only define what a later one defines again: they have been mended since."""
    kept: list[Cell] = []
    later: set[str] = set()
    for cell in reversed(cells):
        defined = _only_defined(cell.source)
        if not defined or not defined <= later:
            kept.append(cell)
        later |= defined
    return tuple(reversed(kept))


def _only_defined(source: str) -> set[str]:
    """The functions and classes that some code defines, where it does nothing else."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):  # `%magic`, say
        return set()
    definitions = [each for each in body if isinstance(each, ast.FunctionDef | ast.ClassDef)]
    return {each.name for each in definitions} if len(definitions) == len(body) else set()
