"""Grades a class in a pool of processes; each report is written as it is finished, and one that stands is kept."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver

from autograder.course.loader import Course
from autograder.errors import UserError
from autograder.grading import messages
from autograder.grading.discovery import SubmissionFolder
from autograder.grading.grader import grade_one
from autograder.grading.job import Job, read_jobs
from autograder.grading.store import ReportStore
from autograder.report.diff import Change, Key
from autograder.report.model import Report
from autograder.sandbox.memory import bound_memory

SERVED = "forkserver"  # as multiprocessing calls it
PREFETCH_PER_PROCESS = 4  # submissions read ahead of each grading process
Progress = Callable[[Job, Report, bool, Change | None], None]
MAX_GRADING_BYTES = 2 << 30  # that a grading process may take beyond what it begins with


def grade_class(
    course: Course,
    submissions: Sequence[SubmissionFolder],
    store: ReportStore,
    *,
    jobs: int,
    confined: bool = True,
    executor: Executor | None = None,
    progress: Progress = lambda _job, _report, _is_fresh, _change: None,
) -> list[Report]:
    """Grade `submissions`, save the reports in `store`, and return them in the order of `submissions`.

    A report is kept where nothing that can move its score has changed. `executor` takes the place of the pool of `jobs`
    processes: any of the kind of `concurrent.futures`, Dask's for one (the extra `cluster`). `progress` is called with
    each job that is done, its report, whether that is fresh, and what it changed in a former one. Raises UserError.
    """
    with store.writing():
        results: dict[Key, Report] = {}
        pool = executor or start_pool(jobs)
        try:
            for job, report, is_fresh in _run(pool, read_jobs(course, submissions, confined), store, jobs):
                change = None
                if is_fresh:
                    change = store.save(report, job.submission)
                else:
                    store.keep(report, job.submission)
                results[report.student, report.assignment] = report
                progress(job, report, is_fresh, change)
        except BrokenProcessPool:
            raise UserError(messages.process_killed(jobs, len(results), len(submissions))) from None
        finally:
            if executor is None:
                pool.shutdown(cancel_futures=True)
        return [results[each.student, each.assignment] for each in submissions]


def _run(pool: Executor, tasks: Iterator[Job], store: ReportStore, jobs: int) -> Iterator[tuple[Job, Report, bool]]:
    """Yield each job with its report, and whether that is fresh: else an earlier one stands."""
    running: dict[Future[Report], Job] = {}

    def finished() -> Iterator[tuple[Job, Report, bool]]:
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield running.pop(future), future.result(), True

    try:
        for job in tasks:
            kept = store.load(job.student, job.assignment)
            if kept and kept.fingerprint == job.fingerprint and not kept.has_grader_error:
                yield job, kept, False
                continue
            running[pool.submit(grade_one, job)] = job
            if len(running) >= PREFETCH_PER_PROCESS * jobs:
                yield from finished()
        while running:
            yield from finished()
    finally:  # of a run that ends early: a caller's executor lives on
        for future in running:
            future.cancel()


def start_pool(jobs: int) -> ProcessPoolExecutor:
    """Processes for `grade_one`, which end when this one does."""
    warm_up()
    return ProcessPoolExecutor(jobs, _context(), initializer=_start_process)


def warm_up() -> None:
    """Let what grading processes need be imported already, beside this process, which has a class to read."""
    if _context().get_start_method() == SERVED:
        with _without_interrupts():
            forkserver.ensure_running()


def _context() -> multiprocessing.context.BaseContext:
    """How grading processes start: on Linux as forks of one that has imported all, elsewhere each by itself."""
    context = multiprocessing.get_context(SERVED if sys.platform == "linux" else "spawn")
    context.set_forkserver_preload([grade_one.__module__])
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
