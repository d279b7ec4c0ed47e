"""Grades a class in a pool of processes; each report is written as it is finished, and one that stands is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool

from autograder.course.loader import Course
from autograder.errors import UserError
from autograder.grading import messages
from autograder.grading.discovery import SubmissionFolder
from autograder.grading.grader import grade_one
from autograder.grading.job import Job, read_jobs
from autograder.grading.pool import start_pool
from autograder.grading.store import ReportStore
from autograder.language.current import ENGLISH
from autograder.report.diff import Change, Key
from autograder.report.model import Report

PREFETCH_PER_PROCESS = 4  # submissions read ahead of each grading process
Progress = Callable[[Job, Report, bool, Change | None], None]


def grade_class(
    course: Course,
    submissions: Sequence[SubmissionFolder],
    store: ReportStore,
    *,
    jobs: int,
    confined: bool = True,
    executor: Executor | None = None,
    progress: Progress = lambda _job, _report, _is_fresh, _change: None,
    language_of: Callable[[str], str] = lambda _student: ENGLISH,
) -> list[Report]:
    """Grade `submissions`, save the reports in `store`, and return them in the order of `submissions`.

    A report is kept where nothing that can move its score has changed. `executor` takes the place of the pool of `jobs`
    processes: any of the kind of `concurrent.futures`, Dask's for one (the extra `cluster`). `progress` is called with
    each job that is done, its report, whether that is fresh, and what it changed in a former one. A report is in the
    `language_of` its student. Raises UserError.
    """
    with store.writing():
        results: dict[Key, Report] = {}
        pool = executor or start_pool(jobs)
        try:
            for job, report, is_fresh in _run(pool, read_jobs(course, submissions, confined, language_of), store, jobs):
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
