"""The processes that grade. Linux: forks of one process that has imported all; elsewhere, each by itself.

Nothing of the grader is imported here: who starts a pool has NumPy and pytest in its processes alone, and these begin
while all else is imported.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.sandbox.bounded.memory import bound_memory

if TYPE_CHECKING:
    from autograder.grading.job import Job
    from autograder.report.model import Report
    from autograder.sandbox.homes import Where

IMPORTED = "autograder.grading.processes.served"  # once, for all of them
SERVED = "forkserver"  # as multiprocessing calls it
MAX_GRADING_BYTES = 2 << 30  # that a grading process may take beyond what it begins with


def start_pool(jobs: int) -> ProcessPoolExecutor:
    """Processes for `grade_one`, which end when this one does."""
    _warm_up()
    return ProcessPoolExecutor(jobs, _context(), initializer=_start_process)


def get_ready(
    pool: Executor, start: Path, submitted: Path, chosen: Sequence[str], wanted: Where | None = None
) -> Where:
    """Let a process of a pool be ready to grade a class, by the course at or above the folder `start`.

    Returns the home, the first that confines where none is `wanted`, when all is ready. Raises NotConfinedError,
    ChecksError, CourseError and SettingsError.
    """
    return pool.submit(_get_ready, start, submitted, chosen, wanted).result()


def _get_ready(start: Path, submitted: Path, chosen: Sequence[str], wanted: Where | None) -> Where:
    from autograder.course.folder import find_course
    from autograder.course.loader import load_course
    from autograder.grading import grader

    folder = find_course(start)
    names = [name for name in load_course(folder).names if not chosen or name in chosen]
    works = ((submitted / student / name, name) for student in sorted(os.listdir(submitted)) for name in names)
    first = next((name for work, name in works if work.is_dir()), "")
    return grader.get_ready(folder, wanted, first)


def grade_one(job: Job) -> Report:
    """Grade one submission in this process. The function that executors run; raises what `grader.grade_one` does."""
    from autograder.grading import grader

    return grader.grade_one(job)


def _warm_up() -> None:
    """Let what grading processes need be imported already, beside this process, which has much to do before."""
    if _context().get_start_method() == SERVED:
        with _without_interrupts():
            forkserver.ensure_running()


def _context() -> multiprocessing.context.BaseContext:
    """How grading processes start: on Linux as forks of one that has imported all, elsewhere each by itself."""
    context = multiprocessing.get_context(SERVED if sys.platform == "linux" else "spawn")
    context.set_forkserver_preload([IMPORTED])
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
