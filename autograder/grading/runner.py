"""Grades a class in a pool of processes; each report is written as it is finished, and one that stands is kept."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from autograder.course.loader import Course
from autograder.errors import UserError
from autograder.grading.grader import grade_one
from autograder.grading.job import Handed, Job, read_jobs
from autograder.grading.store import keep_former, kept_report, report_path, sole_writer, write_atomically
from autograder.report.diff import Change, compare
from autograder.report.model import Report
from autograder.sandbox.kernel.confinement import address_space

AHEAD = 4  # submissions read ahead of each grading process
MEMORY = 2 << 30  # bytes that a grading process may take beyond what it begins with


class GradingError(UserError):
    """A run cannot go on; the message says why and what to do."""


def grade_class(
    course: Course,
    handed: Sequence[Handed],
    out: Path,
    *,
    jobs: int,
    confined: bool = True,
    executor: Executor | None = None,
    progress: Callable[[Report, bool], None] = lambda _report, _fresh: None,
    changed: Callable[[Change], None] = lambda _change: None,
) -> list[Report]:
    """Grade `handed`, write the reports into `out`, and return them in the order of `handed`.

    A report in `out` that rests on the same submission, checks, settings and grader is kept. `executor` takes the
    place of the pool of `jobs` processes. `progress` is called with each report, and whether it is fresh; `changed`
    where a mark or an outcome is no longer that of the former report, which is kept in the folder `history.FOLDER`.
    Raises GradingError, ReportFileError.
    """
    with sole_writer(out):
        tasks = read_jobs(course, handed, confined)
        results: dict[tuple[str, str], Report] = {}
        pool = executor or start_pool(jobs)
        try:
            for report, page in _run(pool, tasks, out, AHEAD * jobs):
                if page is not None:
                    path = report_path(out, report.student, report.assignment)
                    former = kept_report(out, report.student, report.assignment)
                    if change := former and compare(former, report):
                        keep_former(out, path, change.before)
                        changed(change)
                    write_atomically(path.with_suffix(".html"), page)
                    write_atomically(path, report.to_json())
                results[report.student, report.assignment] = report
                progress(report, page is not None)
        except BrokenProcessPool:
            raise GradingError(
                f"a grading process was killed (is there enough memory for {jobs} of them?); "
                f"{len(results)} of {len(handed)} reports are kept: run the same command again to go on"
            ) from None
        finally:
            if executor is None:
                pool.shutdown(cancel_futures=True)
        return [results[each.student, each.assignment] for each in handed]


def _run(pool: Executor, tasks: Iterator[Job], out: Path, ahead: int) -> Iterator[tuple[Report, str | None]]:
    """Yield each report with its page; without one where an earlier report stands."""
    running: set[Future[tuple[Report, str]]] = set()
    for job in tasks:
        kept = kept_report(out, job.student, job.assignment)
        if kept and kept.fingerprint == job.fingerprint and not kept.has_grader_error:
            yield kept, None
            continue
        running.add(pool.submit(grade_one, job))
        if len(running) >= ahead:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


def start_pool(jobs: int) -> ProcessPoolExecutor:
    """Processes for `grade_one`, which end when this one does."""
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_start_process)


def _start_process() -> None:
    """A grading process leaves Ctrl-C to the run that it belongs to, and ends when that run is killed.

    Where its memory can be bounded, a check that takes too much of it for a strange answer fails, and nothing else.
    """
    if held := address_space():
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = held + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = multiprocessing.parent_process()
    assert run is not None

    def follow() -> None:
        run.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
