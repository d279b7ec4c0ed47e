"""What a running notebook remembers: which cells were run, which of them failed, and which run gave a name its meaning.

Jupyter sends a kernel the cells that are run, and nothing of those that are only edited. Portable, and nothing at all
outside of IPython.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any

from autograder.sandbox.protocol import Cell
from autograder.sandbox.toplevel.parsing import ParsedCell
from autograder.sandbox.toplevel.statement import Statement

IN_NOTEBOOKS = "__main__"  # the module that everything is of which is defined in a cell


@dataclass(frozen=True)
class Run:
    """One run of a cell. `cell` is the cell's id, where Jupyter tells it; `ended` is in seconds since the epoch."""

    number: int
    cell: str
    source: str
    failed: bool
    ended: float

    def definition(self, name: str) -> Statement | None:
        """The statement in it that gives a name its meaning, the last one if there are several."""
        return last_definition(name, statements_of(self.source))


@lru_cache(maxsize=2000)
def statements_of(source: str) -> tuple[Statement, ...]:
    """The statements at the top level of a cell, read as grading reads them."""
    return tuple(ParsedCell(Cell("", source)).statements)


def last_definition(name: str, statements: Sequence[Statement]) -> Statement | None:
    return next((each for each in reversed(statements) if name in each.deeds.binds), None)


class Session:
    """The runs of one kernel so far, from the one in which `check` was imported; the one that goes on is not there."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        """`names` are those of the notebook, as they change."""
        self.names = names
        self.runs: list[Run] = []
        self._bound: dict[str, tuple[object, Run]] = {}

    def ended(self, result: Any) -> None:
        """Called by IPython after each run of a cell."""
        info = result.info
        if not info.store_history:  # what a program asks the kernel in between is no cell
            return
        cell = getattr(info, "cell_id", None) or ""
        run = Run(len(self.runs), cell, info.raw_cell or "", not result.success, time.time())
        self.runs.append(run)
        for name, value in list(self.names.items()):
            if is_own(value) and self._value(name) is not value:
                self._bound[name] = (value, run)

    def defined_in(self, name: str) -> Run | None:
        """The run in which a function or class got its name, if it is still called so, and the run is known."""
        value, run = self._bound.get(name, (None, None))
        return run if run and value is self.names.get(name) and run.definition(name) else None

    def since(self, run: Run) -> list[Run]:
        return self.runs[run.number + 1 :]

    def _value(self, name: str) -> object:
        return self._bound.get(name, (None,))[0]


def is_own(value: object) -> bool:
    """Whether something is a function or a class of the notebook's own."""
    return isinstance(value, FunctionType | type) and value.__module__ == IN_NOTEBOOKS


_sessions: dict[int, Session] = {}  # by the shell: there is one, and in tests of IPython's there may be several


def watch() -> None:
    """From now on, remember what is run in this notebook; nothing happens where this is none."""
    running = shell()
    if running is not None and id(running) not in _sessions:
        session = Session(running.user_ns)
        _sessions[id(running)] = session
        running.events.register("post_run_cell", session.ended)


def current() -> Session | None:
    """What is remembered of this notebook; None outside of one."""
    return _sessions.get(id(shell()))


def shell() -> Any:
    """IPython's shell. Where IPython is not loaded, none of its shells runs this."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
