"""How grading processes start on Linux: the first by itself, all others as forks of a process that has imported all.

A fork has to wait until there is such a process. Who has one submission to grade need not, and no class waits to begin.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess, SpawnProcess
from typing import Any


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C is the run's own: a process that is started here, and its forks, never hear of it."""
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def start_server() -> None:
    """Let the process begin that others are forks of, before one is wanted."""
    with _without_interrupts():
        forkserver.ensure_running()


class _ByItself(SpawnProcess):
    def start(self) -> None:
        with _without_interrupts():
            super().start()


class _Forked(ForkServerProcess):
    def start(self) -> None:
        with _without_interrupts():
            super().start()


class FirstByItself(ForkServerContext):
    """For the processes of one pool."""

    def __init__(self, imported: str) -> None:
        """`imported` is the module that forks find imported."""
        super().__init__()
        self.set_forkserver_preload([imported])
        self._is_first = True

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess | ForkServerProcess:  # type: ignore[override]  # noqa: N802
        kind: type[_ByItself | _Forked] = _ByItself if self._is_first else _Forked
        self._is_first = False
        return kind(*args, **kwargs)
