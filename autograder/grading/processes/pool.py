"""The processes that grade.

Nothing of the grader is imported here: who starts a pool has NumPy and pytest in its processes alone, and these begin
while all else is imported.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from importlib import import_module
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.sandbox.bounded.memory import bound_memory
from autograder.sandbox.homes import start_ahead

if TYPE_CHECKING:
    from autograder.grading.job import Job
    from autograder.report.model import Report
    from autograder.sandbox.homes import Where

IMPORTED = "autograder.grading.processes.imported"  # all that grades
SANDBOX = "autograder.grading.course_sandbox"  # without pytest and checks
SHORT_TURN_SECONDS = 0.0003  # of the threads of a process that gets ready
MAX_GRADING_BYTES = 2 << 30  # that a grading process may take beyond what it begins with


def start_pool(jobs: int, where: Where | None = None) -> ProcessPoolExecutor:
    """Processes for `grade_one`, which end when this one does. Probably, submissions run in the home `where`."""
    return ProcessPoolExecutor(jobs, _context(), initializer=_start_process, initargs=(where,))


def get_ready(
    pool: Executor, start: Path, submitted: Path, chosen: Sequence[str], wanted: Where | None = None
) -> Future[Where]:
    """Let a process of a pool get ready to grade a class, by the course at or above the folder `start`.

    The result is the home, the first that confines where none is `wanted`; it is there when all is ready. Or it raises
    NotConfinedError, ChecksError, CourseError or SettingsError.
    """
    return pool.submit(_get_ready, start, submitted, chosen, wanted)


def expect_work(submissions: int, jobs: int) -> None:
    """Where more than one process of a pool will have something to grade, let what these others need begin."""
    if min(submissions, jobs) > 1 and sys.platform == "linux":
        from autograder.grading.processes.on_linux import start_server

        start_server()


def _get_ready(start: Path, submitted: Path, chosen: Sequence[str], wanted: Where | None) -> Where:
    from autograder.course.folder import find_course
    from autograder.grading.course_sandbox import CourseSandbox

    usual = sys.getswitchinterval()
    sys.setswitchinterval(SHORT_TURN_SECONDS)  # the sandbox is tried beside all this, with many short questions
    sandbox = CourseSandbox.of(find_course(start), wanted)
    try:
        import_module(IMPORTED)
        from autograder.grading import grader

        names = [name for name in sandbox.course.names if not chosen or name in chosen]
        works = ((submitted / student / name, name) for student in sorted(os.listdir(submitted)) for name in names)
        first = next((name for work, name in works if work.is_dir()), "")
    except BaseException:
        sandbox.close()
        raise
    grader.get_ready(sandbox, first)
    sys.setswitchinterval(usual)
    return sandbox.where


def grade_one(job: Job) -> Report:
    """Grade one submission in this process. The function that executors run; raises what `grader.grade_one` does."""
    from autograder.grading import grader

    return grader.grade_one(job)


def _context() -> BaseContext:
    """How grading processes start."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    from autograder.grading.processes.on_linux import FirstByItself

    return FirstByItself(IMPORTED)


def _start_process(where: Where | None) -> None:
    """A grading process leaves Ctrl-C to the run that it belongs to, and ends when that run is killed.

    Its sandbox begins before it imports anything, and is tried while it imports what it grades with. Where its memory
    can be bounded, a check that takes too much of it for a strange answer fails, and nothing else: that is beyond what
    NumPy takes, of which each core has its share.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _follow_run()
    start_ahead(where)
    import_module(SANDBOX)
    bound_memory(MAX_GRADING_BYTES)


def _follow_run() -> None:
    run = multiprocessing.parent_process()
    assert run is not None

    def follow() -> None:
        run.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
