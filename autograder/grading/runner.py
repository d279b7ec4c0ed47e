"""Grades a class in a pool of processes; each report is written as it is finished, and one that stands is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass

from autograder.course.loader import Course
from autograder.errors import UserError
from autograder.grading import messages
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.job import Job, JobReader
from autograder.grading.processes.pool import grade_one, start_pool
from autograder.grading.resume.index import Index, IndexEntry
from autograder.grading.resume.inputs import Inputs
from autograder.grading.store import ReportStore
from autograder.language.current import ENGLISH
from autograder.report.brief import Briefs
from autograder.report.diff import Change, Key
from autograder.report.model import Report
from autograder.report.ungraded import UngradedFile
from autograder.sandbox.homes import Where
from autograder.submission.model import SubmissionBrief

PREFETCH_PER_PROCESS = 4  # submissions read ahead of each grading process


@dataclass(frozen=True, slots=True)
class Done:
    """A submission whose report is there. Of the report and of what was read, it holds what a class needs to know.

    `work` is None where nothing could be read. `ungraded` are other files that may hold work. `content` is that of the
    report in the store. `is_fresh`: it was not kept from an earlier run; `change` is what it changed in that one's.
    """

    submission: SubmissionFolder
    report: Report
    work: SubmissionBrief | None
    ungraded: tuple[UngradedFile, ...]
    content: bytes | None
    is_fresh: bool
    change: Change | None = None

    @property
    def key(self) -> Key:
        return self.report.student, self.report.assignment


def grade_class(
    course: Course,
    submissions: Sequence[SubmissionFolder],
    store: ReportStore,
    *,
    jobs: int | Callable[[], int],
    confined: bool = True,
    where: Where | None = None,
    executor: Executor | None = None,
    language_of: Callable[[str], str] = lambda _student: ENGLISH,
    progress: Callable[[Done], None] = lambda _done: None,
) -> list[Report]:
    """Grade `submissions`, save the reports in `store`, and return them, whole, in the order of `submissions`.

    For a class of any size, take `grade_each`. `progress` is called with each that is done. Raises UserError.
    """
    for done in grade_each(
        course,
        submissions,
        store,
        jobs=jobs,
        confined=confined,
        where=where,
        executor=executor,
        language_of=language_of,
    ):
        progress(done)
    return store.load_all((each.student, each.assignment) for each in submissions)


def grade_each(
    course: Course,
    submissions: Sequence[SubmissionFolder],
    store: ReportStore,
    *,
    jobs: int | Callable[[], int],
    confined: bool = True,
    where: Where | None = None,
    executor: Executor | None = None,
    language_of: Callable[[str], str] = lambda _student: ENGLISH,
) -> Iterator[Done]:
    """Grade `submissions`, save the reports in `store`, and yield each as it is done, in any order.

    A report is kept where nothing that can move its score has changed. `executor` takes the place of the pool of `jobs`
    processes: any of the kind of `concurrent.futures`. Where it has now more of them and now fewer, as a cluster does,
    `jobs` tells how many there are. A report is in the `language_of` its student. What is held here does not grow with
    the class, but for what no two reports have in common. Raises UserError.
    """
    with store.writing():
        count = 0
        now = jobs if callable(jobs) else lambda: jobs
        pool = executor or start_pool(now(), where if confined else Where.NONE)
        try:
            with closing(_Run(store, JobReader(course, confined, where, language_of), course)) as run:
                for done in run.over(submissions, pool, lambda: PREFETCH_PER_PROCESS * now()):
                    yield done
                    count += 1
        except BrokenProcessPool:
            raise UserError(messages.process_killed(now(), count, len(submissions))) from None
        finally:
            if executor is None:
                pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Read:
    """A submission that was read to be graded. `inputs`: a hash of what it was made of, where that can be told."""

    submission: SubmissionFolder
    job: Job
    inputs: bytes | None


class _Run:
    """One run over a class: what it knows of the course and of earlier reports."""

    def __init__(self, store: ReportStore, reader: JobReader, course: Course) -> None:
        self._reader = reader
        self._inputs = Inputs(course, reader.rests_on, reader.language_of)
        self._store = store
        self._briefs = Briefs()
        self._index = Index(store.index_file, self._briefs)

    def close(self) -> None:
        self._index.close()
        if self._index.problem:
            self._store.problems.append(messages.index_not_kept(self._store.index_file, self._index.problem))

    def over(self, submissions: Sequence[SubmissionFolder], pool: Executor, most: Callable[[], int]) -> Iterator[Done]:
        """Yield each submission when its report is there; at most so many are with the pool at a time."""
        running: dict[Future[Report], _Read] = {}

        def finished() -> Iterator[Done]:
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield self._save(running.pop(future), future.result())

        try:
            for submission in submissions:
                inputs = self._inputs.of(submission)
                if kept := self._known(submission, inputs):
                    yield kept
                    continue
                read = self._read(submission, inputs)
                if kept := self._kept(read):
                    yield kept
                    continue
                running[pool.submit(grade_one, read.job)] = read
                if len(running) >= most():
                    yield from finished()
            while running:
                yield from finished()
        finally:  # of a run that ends early: a caller's executor lives on
            for future in running:
                future.cancel()

    def _known(self, submission: SubmissionFolder, inputs: bytes | None) -> Done | None:
        """A report that stands, by the index, which need not be right: by the bytes of all that it speaks of."""
        key = submission.student, submission.assignment
        entry = self._index.get(key) if inputs else None
        if entry is None or entry.inputs != inputs or entry.content != self._store.content(*key):
            return None
        ungraded = tuple(UngradedFile(*key, path, reason) for path, reason in entry.ungraded)
        return Done(submission, entry.report, entry.work, ungraded, entry.content, is_fresh=False)

    def _read(self, submission: SubmissionFolder, inputs: bytes | None) -> _Read:
        """Read a submission; its hash counts if the files were the same before and after."""
        job = self._reader.read(submission)
        return _Read(submission, job, inputs if inputs and inputs == self._inputs.again(submission) else None)

    def _kept(self, read: _Read) -> Done | None:
        """A report that stands, by what was read."""
        job = read.job
        kept = self._store.load(job.student, job.assignment)
        if not kept or kept.fingerprint != job.fingerprint or kept.has_grader_error:
            return None
        self._store.keep(kept, job.submission)
        return self._done(read, kept, self._store.content(job.student, job.assignment), is_fresh=False)

    def _save(self, read: _Read, report: Report) -> Done:
        change, content = self._store.save(report, read.job.submission)
        return self._done(read, report, content, is_fresh=True, change=change)

    def _done(
        self, read: _Read, report: Report, content: bytes | None, *, is_fresh: bool, change: Change | None = None
    ) -> Done:
        job, brief = read.job, self._briefs.of(report)
        work = job.submission.brief if job.submission else None
        done = Done(read.submission, brief, work, job.ungraded, content, is_fresh, change)
        if read.inputs and content and not report.has_grader_error:
            ungraded = tuple((each.file, each.reason) for each in job.ungraded)
            self._index.put(done.key, IndexEntry(read.inputs, content, brief, work, ungraded))
        return done
