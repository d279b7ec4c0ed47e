"""Grades one submission: what a grading process does, and what it keeps between submissions."""

from __future__ import annotations

import atexit
import threading
import time
from dataclasses import replace
from pathlib import Path

from autograder.checking.collection import CheckRun, ChecksError
from autograder.checking.follow_through import Rerun
from autograder.checking.session import CheckSession
from autograder.course.lesson import CourseError
from autograder.course.loader import Assignment, load_course
from autograder.grading import messages
from autograder.grading.course_sandbox import CourseSandbox
from autograder.grading.job import Job
from autograder.language.current import speaking, translated
from autograder.report.model import Outcome, QuestionResult, Report, Status
from autograder.sandbox.homes import Where
from autograder.sandbox.protocol import NotConfinedError
from autograder.settings import SettingsError
from autograder.submission.reader import notes_on_definitions


class Grader:
    """What one grading process keeps between submissions: a sandbox, and each assignment's checks."""

    def __init__(self, course_sandbox: CourseSandbox, *, first: str = "") -> None:
        """`first` is the assignment that is probably graded first: its checks are collected while the sandbox starts.

        Raises NotConfinedError where this machine breaks a promise of the sandbox.
        """
        self.course = course_sandbox.course
        self.course_sandbox = course_sandbox
        self._sandbox = course_sandbox.sandbox
        self._sessions: dict[str, CheckSession] = {}
        try:
            if first:
                self._session(self.course.assignment(first))
            course_sandbox.wait()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.course_sandbox.close()
        for session in self._sessions.values():
            session.close()

    def grade(self, job: Job) -> Report:
        """The report on one submission. What goes wrong on our side becomes `grader_error`."""
        with speaking(job.language, self.course.assignment(job.assignment).folder):
            return self._grade(job)

    def _grade(self, job: Job) -> Report:
        started = time.monotonic()
        assignment = self.course.assignment(job.assignment)
        session = self._session(assignment)
        notes: tuple[str, ...] = ()
        if isinstance(job.work, str):
            questions = session.unrun(Outcome.MISSING, messages.UNREADABLE_NOT_RUN)
        else:
            seed = self.course.draw_seed(job.student, job.assignment)
            parts = [*job.before, assignment.part(job.work.cells)]
            with self._sandbox.submission(parts, assignment.parts) as workers:
                rerun = Rerun(workers.student_again, workers.reference)
                questions = session.run(CheckRun(workers.student, seed, assignment.misconceptions, rerun))
                notes = notes_on_definitions(workers.student.repeated)
        report = _report(job, assignment, questions)
        return replace(report, notes=(*report.notes, *notes), seconds=time.monotonic() - started)

    def _session(self, assignment: Assignment) -> CheckSession:
        if assignment.name not in self._sessions:
            for each in (*assignment.earlier, assignment):
                self._sandbox.prepare(each.name)
            self._sessions[assignment.name] = assignment.check_session()
        return self._sessions[assignment.name]


def _report(job: Job, assignment: Assignment, questions: tuple[QuestionResult, ...]) -> Report:
    unreadable = isinstance(job.work, str)
    return Report(
        student=job.student,
        assignment=job.assignment,
        title=translated(assignment.title),
        status=Status.UNREADABLE if unreadable else Status.GRADED,
        questions=questions,
        written=assignment.written,
        error=job.work if isinstance(job.work, str) else "",
        notes=() if isinstance(job.work, str) else job.work.notes,
        confined=job.where.is_confined,
        sandbox=job.where if job.where is Where.WASM else "",
        fingerprint=job.fingerprint,
        provenance=job.provenance,
        language=job.language,
    )


_one_at_a_time = threading.Lock()  # checks, pytest and a sandbox are for one thread
_kept: list[Grader] = []  # at most one: two courses may have modules of the same names


@atexit.register
def _close_grader() -> None:
    """A process that ends leaves no sandbox behind."""
    while _kept:
        _kept.pop().close()


def grade_one(job: Job) -> Report:
    """Grade one submission in this process. The function that executors run.

    Threads of one process take turns. Raises ChecksError, CourseError and SettingsError, for with such a course nobody
    can be graded, and NotConfinedError, for on such a machine nothing may be.
    """
    with _one_at_a_time:
        report = None
        try:
            report = _grader(job.course, job.where, job.edition).grade(job)
        except (
            ChecksError,
            CourseError,
            SettingsError,
            NotConfinedError,
        ):  # nobody can be graded: the run ends, and says why
            raise
        except Exception as error:  # ours, whatever it is: the run goes on, the report says so
            return failed_report(job, error)
        finally:
            # Whatever it was that broke or stopped it (Ctrl-C, in a notebook), the next submission starts afresh.
            if report is None or report.has_grader_error:
                _close_grader()
    return report


def get_ready(sandbox: CourseSandbox, first: str = "") -> None:
    """Let this process be ready for the first job of a course, in this sandbox, probably on the assignment `first`.

    Raises NotConfinedError, ChecksError, CourseError and SettingsError, as `grade_one` does.
    """
    with _one_at_a_time:
        _keep(Grader(sandbox, first=first))


def _grader(course: Path, where: Where, edition: str) -> Grader:
    """The one that is kept, if it is for this course and has read its files as they are now."""
    kept = _kept[0].course_sandbox if _kept else None
    if kept is None or (kept.course.folder, kept.where, kept.edition) != (course, where, edition):
        _close_grader()
        _keep(Grader(CourseSandbox(load_course(course), where, edition)))
    return _kept[0]


def _keep(grader: Grader) -> None:
    _close_grader()
    _kept.append(grader)


def failed_report(job: Job, error: Exception) -> Report:
    """The report on a submission that could not be graded, through a fault of ours."""
    assignment = load_course(job.course).assignment(job.assignment)
    with assignment.check_session() as session, speaking(job.language, assignment.folder):
        detail = messages.grader_failed(type(error).__name__, str(error))
        return _report(job, assignment, session.unrun(Outcome.GRADER_ERROR, detail))
