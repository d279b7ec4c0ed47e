"""The processes that grade. Imports nothing of the grader itself, so that they can begin to while this one does. Linux:
forks of one process that has imported all; elsewhere, each by itself."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver

from autograder.sandbox.bounded.memory import bound_memory

GRADER = "autograder.grading.grader"  # what they import
SERVED = "forkserver"  # as multiprocessing calls it
MAX_GRADING_BYTES = 2 << 30  # that a grading process may take beyond what it begins with


def start_pool(jobs: int) -> ProcessPoolExecutor:
    """Processes for `grade_one`, which end when this one does."""
    warm_up()
    return ProcessPoolExecutor(jobs, _context(), initializer=_start_process)


def warm_up() -> None:
    """Let what grading processes need be imported already, beside this process, which has much to do before."""
    if _context().get_start_method() == SERVED:
        with _without_interrupts():
            forkserver.ensure_running()


def _context() -> multiprocessing.context.BaseContext:
    """How grading processes start: on Linux as forks of one that has imported all, elsewhere each by itself."""
    context = multiprocessing.get_context(SERVED if sys.platform == "linux" else "spawn")
    context.set_forkserver_preload([GRADER])
    return context


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C is the run's own: a process that is started here, and its forks, never hear of it."""
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _start_process() -> None:
    """A grading process leaves Ctrl-C to the run that it belongs to, and ends when that run is killed.

    Where its memory can be bounded, a check that takes too much of it for a strange answer fails, and nothing else.
    """
    bound_memory(MAX_GRADING_BYTES)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = multiprocessing.parent_process()
    assert run is not None

    def follow() -> None:
        run.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
