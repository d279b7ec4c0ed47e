"""Grades a class: finds the submissions, grades each in a pool of processes, writes each report as it is finished."""

from __future__ import annotations

import fcntl
import hashlib
import multiprocessing
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.checking.plugin import ChecksError, Run
from autograder.checking.session import CheckSession
from autograder.course import Assignment, Course, CourseError, load_course, rests_on
from autograder.errors import UserError
from autograder.history import Change, compare, former_paths, next_former_path
from autograder.outputs.csv import grades_csv
from autograder.outputs.html import class_page, submission_page
from autograder.report import Outcome, QuestionResult, Report, Status
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.statements import Part
from autograder.submission import Submission, UnreadableError, read_submission

SAFE_NAME = re.compile(r"[A-Za-z0-9_@+-][A-Za-z0-9._@+-]{0,99}")
CLASS_FILES = ("grades.csv", "index.html")  # they stand beside the students' folders
AHEAD = 4  # submissions read ahead of each grading process


class GradingError(UserError):
    """Nothing can be graded, or a run cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Handed:
    """A student's folder for one assignment."""

    student: str
    assignment: str
    folder: Path


@dataclass(frozen=True)
class Job:
    """All that a grading process needs to grade one submission, wherever it runs."""

    course: Path
    student: str
    assignment: str
    work: Submission | str  # the code, or the reason why there is none
    before: tuple[Part, ...]  # the student's own work for the assignments before this one
    confined: bool
    edition: str  # of the assignment: a grading process that outlives an edit reads the course again
    fingerprint: str
    rests_on: Mapping[str, str]


class Grader:
    """What one grading process keeps between submissions: a sandbox, and each assignment's checks."""

    def __init__(self, course: Course, *, confined: bool) -> None:
        self._course = course
        self._sandbox = Sandbox(course.limits, course.imports, confined=confined)
        self._sessions: dict[str, CheckSession] = {}
        self._right: dict[str, Worker] = {}

    def close(self) -> None:
        for worker in self._right.values():
            worker.close()
        self._sandbox.close()
        for session in self._sessions.values():
            session.close()

    def grade(self, job: Job) -> Report:
        """The report on one submission. What goes wrong on our side becomes `grader_error`."""
        started = time.monotonic()
        assignment = self._course.assignment(job.assignment)
        session = self._session(assignment)
        if isinstance(job.work, str):
            questions = session.unrun(Outcome.MISSING, "Not run: the submission could not be read.")
        else:
            seed = f"{self._course.seed}:{job.student}:{job.assignment}"
            right = self._right[assignment.name]
            with Worker(self._sandbox, [*job.before, assignment.part(job.work.cells)]) as worker:
                questions = session.run(Run(worker, seed, assignment.misconceptions, right))
        return replace(_report(job, assignment, questions), seconds=time.monotonic() - started)

    def _session(self, assignment: Assignment) -> CheckSession:
        if assignment.name not in self._sessions:
            self._sessions[assignment.name] = assignment.check_session()
            # It runs no student's code, but is asked with arguments that a student's code made: so it is confined too.
            self._right[assignment.name] = Worker(self._sandbox, assignment.parts)
        return self._sessions[assignment.name]


def _report(job: Job, assignment: Assignment, questions: tuple[QuestionResult, ...]) -> Report:
    unreadable = isinstance(job.work, str)
    return Report(
        student=job.student,
        assignment=job.assignment,
        title=assignment.title,
        status=Status.UNREADABLE if unreadable else Status.GRADED,
        questions=questions,
        written=assignment.written,
        error=job.work if isinstance(job.work, str) else "",
        notes=() if isinstance(job.work, str) else job.work.notes,
        confined=job.confined,
        fingerprint=job.fingerprint,
        rests_on=job.rests_on,
    )


_graders: dict[tuple[Path, bool, str], Grader] = {}


def grade_one(job: Job) -> tuple[Report, str]:
    """Grade one submission in this process; returns its report and its page. The function that executors run."""
    key = (job.course, job.confined, job.edition)
    if key not in _graders:
        _graders[key] = Grader(load_course(job.course), confined=job.confined)
    try:
        report = _graders[key].grade(job)
        if report.has_grader_error:
            _graders.pop(key).close()  # whatever it was that broke, the next submission starts afresh
    except (ChecksError, CourseError):  # nobody can be graded: the run ends, and says why
        raise
    except Exception as error:  # ours, whatever it is: the run goes on, the report says so, a fresh grader takes over
        broken = _graders.pop(key)
        assignment = load_course(job.course).assignment(job.assignment)
        with assignment.check_session() as session:
            detail = f"The grader failed: {type(error).__name__}: {error}"
            report = _report(job, assignment, session.unrun(Outcome.GRADER_ERROR, detail))
        broken.close()
    return report, submission_page(report)


def _may_be_a_students(entry: os.DirEntry[str]) -> bool:
    """A folder, or a link, which is turned away with a reason: neither a file beside them nor a hidden one."""
    return entry.name[0] != "." and (entry.is_symlink() or entry.is_dir(follow_symlinks=False))


def find_submissions(submitted: Path, assignments: Sequence[str]) -> tuple[list[str], list[Handed]]:
    """The students, and what they handed in, in `submitted/<student>/<assignment>/`. Raises GradingError if nothing."""
    try:
        with os.scandir(submitted) as entries:
            folders = sorted(entry.name for entry in entries if _may_be_a_students(entry))
    except OSError as error:
        raise GradingError(f"{submitted} cannot be read: {error.strerror}") from None
    handed = [
        Handed(_printable(student), assignment, submitted / student / assignment)
        for student in folders
        for assignment in assignments
        if os.path.lexists(submitted / student / assignment)
    ]
    if not handed:
        looked_for = submitted / "<student>" / assignments[0] / f"{assignments[0]}.ipynb"
        raise GradingError(f"nothing is handed in: there is no {looked_for} (or .py)")
    return [_printable(student) for student in folders], handed


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
    Raises GradingError.
    """
    with _sole_writer(out):
        tasks = _tasks(course, handed, confined)
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


def read_job(course: Course, each: Handed, *, confined: bool = True) -> Job:
    """The job of grading one submission as it lies there now."""
    return next(_tasks(course, [each], confined))


def write_class_files(course: Course, reports: Sequence[Report], out: Path, students: Sequence[str] = ()) -> None:
    """The files on the whole class, `grades.csv` and `index.html`; `students` are all, also those without a report."""
    write_atomically(out / "grades.csv", grades_csv(reports))
    link = {id(report): report_path(Path(), report.student, report.assignment) for report in reports}
    page = class_page(reports, lambda report: link[id(report)].with_suffix(".html").as_posix(), course.title, students)
    write_atomically(out / "index.html", page)


def earlier_reports(course: Course, out: Path, students: Iterable[str], besides: Iterable[str]) -> list[Report]:
    """The reports that lie in `out` on `students`, for all assignments `besides` the ones named."""
    others = [each.name for each in course.assignments if each.name not in besides]
    found = (kept_report(out, student, assignment) for student in students for assignment in others)
    return [report for report in found if report is not None]


def report_path(out: Path, student: str, assignment: str) -> Path:
    """Where a report lies. The folder's name is the student's where that is harmless, else made from it."""
    if SAFE_NAME.fullmatch(student) and student.casefold() not in CLASS_FILES:
        return out / student / f"{assignment}.json"
    readable = re.sub(r"[^A-Za-z0-9]+", "-", student).strip("-")[:40]
    return out / f"{readable}~{hashlib.sha256(student.encode()).hexdigest()[:12]}" / f"{assignment}.json"


def kept_report(out: Path, student: str, assignment: str) -> Report | None:
    """The report that an earlier run left, if it can be read."""
    try:
        return Report.from_json(report_path(out, student, assignment).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def keep_former(out: Path, path: Path, former: Report) -> None:
    """Keep a report that is about to be replaced; once only, if the run is then killed before it can replace it.

    Raises GradingError.
    """
    text = former.to_json()
    try:
        kept = former_paths(out, path.relative_to(out))
        if kept and kept[-1].read_bytes() == text.encode():
            return
    except OSError as error:
        raise GradingError(f"{error.filename} cannot be read: {error.strerror}") from None
    write_atomically(next_former_path(out, path.relative_to(out)), text)


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all. Raises GradingError where it cannot be written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8", newline="")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise GradingError(f"{path} cannot be written: {error.strerror}") from None


def _tasks(course: Course, handed: Sequence[Handed], confined: bool) -> Iterator[Job]:
    """Read the submissions, one by one, as they are needed."""
    parts = {name: rests_on(course, course.assignment(name)) for name in {each.assignment for each in handed}}
    edition = _digest(repr(sorted((name, sorted(of_it.items())) for name, of_it in parts.items())))
    for each in handed:
        work = _read(each)
        before = _before(course.assignment(each.assignment), each)
        own = {
            "the submission": work if isinstance(work, str) else f"{work.file}:{work.digest}:{work.notes}",
            "earlier submissions": repr(before),
            "confinement": str(confined),
        }
        all_parts = {name: _digest(content) for name, content in own.items()} | parts[each.assignment]
        yield Job(
            course.folder,
            each.student,
            each.assignment,
            work,
            before,
            confined,
            edition,
            _digest(f"{each.student}:{all_parts}"),
            all_parts,
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _read(each: Handed) -> Submission | str:
    if each.folder.is_symlink() or each.folder.parent.is_symlink() or not each.folder.is_dir():
        return (
            f"{each.assignment} is a link or a file where a folder is expected: hand in a folder with your file in it."
        )
    try:
        return read_submission(each.folder, each.assignment)
    except UnreadableError as error:
        return _printable(str(error))


def _before(assignment: Assignment, each: Handed) -> tuple[Part, ...]:
    """What the student handed in for earlier assignments; what is not there or not readable gives them nothing."""
    works = ((earlier, _read(_handed(each, earlier))) for earlier in assignment.earlier)
    return tuple(earlier.part(work.cells) for earlier, work in works if isinstance(work, Submission))


def _handed(each: Handed, assignment: Assignment) -> Handed:
    return replace(each, assignment=assignment.name, folder=each.folder.with_name(assignment.name))


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
    """A grading process leaves Ctrl-C to the run that it belongs to, and ends when that run is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = multiprocessing.parent_process()
    assert run is not None

    def follow() -> None:
        run.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


@contextmanager
def _sole_writer(out: Path) -> Iterator[None]:
    """Keep a second run from writing into the same folder."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = open(out / ".lock", "w")  # noqa: SIM115  (closed by the `with` below)
    except OSError as error:
        raise GradingError(f"{out} cannot be written to: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise GradingError(f"another run is writing to {out}: wait for it, or choose another --out") from None
        yield


def _printable(text: str) -> str:
    """A name or a sentence that may hold bytes that are no text, as text; different names stay different."""
    if text.isascii() and "\\" not in text:
        return text
    return text.replace("\\", "\\\\").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
