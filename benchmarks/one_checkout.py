"""Grades in one checkout what `grading.py` asks for, and says how long it took: a line of JSON for each line of JSON.

Run with that checkout's own Python. What it uses of the grader is what all editions of it have, so that a former one is
measured as well, in the same run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from autograder.checking.collection import CheckRun
from autograder.checking.session import CheckSession
from autograder.course.loader import Assignment, Course, load_course
from autograder.course.release import released_notebook
from autograder.grading.discovery import find_submissions
from autograder.grading.grader import Grader
from autograder.grading.job import Job, read_jobs
from autograder.grading.runner import grade_class, start_pool
from autograder.grading.store import ReportStore
from autograder.pages.writer import write_submission_page
from autograder.report.model import Report
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.exchange.deadline import Clock
from autograder.sandbox.exchange.process import WorkerProcess

try:
    from autograder.course.folder import find_course
    from autograder.grading.course_sandbox import CourseSandbox
    from autograder.sandbox.homes import Where

    def confined_grader(course: Course) -> Grader:
        return Grader(CourseSandbox(course, Where.KERNEL))

except ImportError:  # a former edition
    try:
        from autograder.course.folder import find_course
        from autograder.sandbox.homes import Where

        CONFINED: dict[str, Any] = {"where": Where.KERNEL}
    except ImportError:  # a still older one
        from autograder.course.loader import find_course  # type: ignore[attr-defined, no-redef]

        CONFINED = {"confined": True}

    def confined_grader(course: Course) -> Grader:
        return Grader(course, **CONFINED)


PLAIN_PYTEST = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}, {course!r}]  # checks may share modules of the course
import pytest
from autograder.course.loader import load_course

assignment = load_course(Path({course!r})).assignment({assignment!r})

@pytest.fixture(scope="session")
def _student():
    from autograder.checking.student import Student
    return Student.of(assignment.checks)

@pytest.fixture
def student(_student):
    _student.begin(assignment.reference, assignment.misconceptions)
    return _student

@pytest.fixture(scope="session")
def reference():
    from types import SimpleNamespace
    return SimpleNamespace(**assignment.checks.right_functions)

@pytest.fixture
def rng():
    import numpy as np
    return np.random.default_rng(0)

def pytest_configure(config):
    config.addinivalue_line("markers", "points(worth): what a check is worth")
"""


def filled_in(assignment: Assignment) -> str:
    """The notebook as a student hands it in who knows all the answers: the released one, each question in its cell."""
    notebook = released_notebook(assignment)
    answers = {cell.name: cell.source for cell in assignment.cells if cell.is_question}
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return nbformat.writes(notebook)


class Clocks:
    """Seconds that went into each thing since the last look."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name] += time.perf_counter() - started

    def watch(self, owner: type, method: str, name: Callable[..., str]) -> None:
        """From now on, what a method takes is put down to what `name` makes of its arguments."""
        made = getattr(owner, method)

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.on(name(*args, **kwargs)):
                return made(*args, **kwargs)

        setattr(owner, method, timed)

    @contextmanager
    def on_all(self, grader: Grader) -> Iterator[None]:
        """On a whole submission: what passes, and what this process, the zygote and the workers compute meanwhile."""
        sandbox = grader._sandbox
        zygote = Clock(getattr(sandbox, "home", sandbox)._zygote.pid)
        ours, theirs = time.process_time(), zygote.computed
        with self.on("all"):
            yield
        self._seconds["computing"] += time.process_time() - ours + zygote.computed - theirs
        zygote.close()

    def watch_ends(self) -> None:
        """From now on, what a worker has computed is counted when it ends."""
        close = Worker.close

        def counted(worker: Worker) -> None:
            if worker._process:
                self._seconds["computing"] += worker._process._clock.computed
            close(worker)

        Worker.close = counted  # type: ignore[method-assign]

    def look(self) -> dict[str, float]:
        found, self._seconds = dict(self._seconds), defaultdict(float)
        return found


def _of_exchange(_process: WorkerProcess, message: dict[str, Any], *_: Any, **__: Any) -> str:
    return "load" if "parts" in message else "calls"


class Measured:
    """The course of one checkout, a student who knows all, and what grades them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._course = load_course(find_course(Path.cwd()))
        self._grader = confined_grader(self._course)
        if prepare := getattr(self._grader._sandbox, "prepare", None):  # what a former edition does when it starts
            for name in self._course.names:
                prepare(name)
        self._sessions: dict[str, CheckSession] = {}
        self._jobs: dict[str, Job] = {}
        self._pools: dict[int, Executor] = {}
        self._notebooks = self._folder / "notebooks"
        for each in self._course.assignments:
            place = self._notebooks / each.name / f"{each.name}.ipynb"
            place.parent.mkdir(parents=True)
            place.write_text(filled_in(each), encoding="utf-8")
        self._clocks = Clocks()
        self._clocks.watch_ends()

    def close(self) -> None:
        self._grader.close()
        for session in self._sessions.values():
            session.close()
        for pool in self._pools.values():
            pool.shutdown()

    def floor(self, name: str, student: str) -> dict[str, float]:
        """The same checks, collected once, on functions in this very process."""
        assignment = self._course.assignment(name)
        if name not in self._sessions:
            self._sessions[name] = assignment.check_session()
        run = CheckRun(assignment.reference, self._course.draw_seed(student, name), assignment.misconceptions)
        with self._clocks.on_all(self._grader):
            questions = self._sessions[name].run(run)
        assert all(check.earned == check.points for question in questions for check in question.checks)
        return self._clocks.look()

    def confined(self, name: str, student: str) -> dict[str, float]:
        """The grader's own way: a fresh confined process, checks collected once."""
        job = replace(self._job(name), student=student)
        with self._clocks.on_all(self._grader):
            report = self._grader.grade(job)
        _require_all(report)
        return self._clocks.look()

    def parts(self, name: str, student: str) -> dict[str, float]:
        """The same, and what comes before and after it in a run; each by itself."""
        submitted = self._hand_in(name, [student])
        found = find_submissions(submitted, self._course.names, {}, [name]).submissions
        jobs = read_jobs(self._course, found, True)
        with self._clocks.on("reading"):
            job = next(jobs)
        before = Sandbox.spawn, WorkerProcess.exchange, CheckSession.run, Worker.close
        self._clocks.watch(Sandbox, "spawn", lambda *_: "fork")
        self._clocks.watch(WorkerProcess, "exchange", _of_exchange)
        self._clocks.watch(CheckSession, "run", lambda *_: "checks")
        self._clocks.watch(Worker, "close", lambda *_: "burial")
        try:
            with self._clocks.on("all"):
                report = self._grader.grade(job)
        finally:
            Sandbox.spawn, WorkerProcess.exchange, CheckSession.run, Worker.close = before  # type: ignore[method-assign]
        store = ReportStore(submitted.parent / "out")
        with store.writing(), self._clocks.on("report"):
            store.save(report, job.submission)
        with self._clocks.on("page"):
            write_submission_page(store, report)
        shutil.rmtree(submitted.parent)
        taken = self._clocks.look()
        within = sum(taken[part] for part in ("fork", "load", "calls"))
        taken["our side"] = taken.pop("checks") - within
        taken["the rest"] = taken["all"] - within - taken["our side"] - taken["burial"]
        return taken

    def grade(self, name: str, student: str, processes: int, submissions: int) -> dict[str, float]:
        """Seconds a submission of a run that is under way: reading, reports and pages included."""
        students = [f"{student}.{number}" for number in range(submissions)]
        submitted = self._hand_in(name, students)
        found = find_submissions(submitted, self._course.names, {}, [name]).submissions
        store = ReportStore(submitted.parent / "out")
        if processes not in self._pools:
            self._pools[processes] = start_pool(processes)
        with self._clocks.on("all"):
            reports = grade_class(self._course, found, store, jobs=processes, executor=self._pools[processes])
            for report in reports:
                write_submission_page(store, report)
        for report in reports:
            _require_all(report)
        shutil.rmtree(submitted.parent)
        return {"all": self._clocks.look()["all"] / submissions}

    def pytest(self, name: str, _student: str) -> dict[str, float]:
        """What graders built on pytest do: one process a submission, results as JUnit XML. No isolation."""
        folder = self._folder / "pytest"
        folder.mkdir()
        files = {}
        assignment = self._course.assignment(name)
        for file in (assignment.folder / "visible_checks.py", assignment.folder / "hidden_checks.py"):
            files[f"test_{file.name}"] = file.read_text(encoding="utf-8")
        files["conftest.py"] = PLAIN_PYTEST.format(
            tests=str(folder), course=str(self._course.folder), assignment=assignment.name
        )
        for file_name, text in files.items():
            Path(folder, file_name).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={folder}/out.xml"]
        with self._clocks.on("all"):
            subprocess.run([*command, str(folder)], check=True, capture_output=True, cwd=folder)
        shutil.rmtree(folder)
        return self._clocks.look()

    def _job(self, name: str) -> Job:
        if name not in self._jobs:
            found = find_submissions(self._hand_in(name, ["one"]), self._course.names, {}, [name]).submissions
            (self._jobs[name],) = read_jobs(self._course, found, True)
        return self._jobs[name]

    def _hand_in(self, name: str, students: list[str]) -> Path:
        """A folder with the notebooks of some students up to an assignment."""
        submitted = Path(tempfile.mkdtemp(dir=self._folder)) / "submitted"
        assignment = self._course.assignment(name)
        for student in students:
            for each in (*assignment.earlier, assignment):
                place = submitted / student / each.name
                place.mkdir(parents=True)
                os.link(self._notebooks / each.name / f"{each.name}.ipynb", place / f"{each.name}.ipynb")
        return submitted


def _require_all(report: Report) -> None:
    assert report.score == report.max_score, (report.student, report.assignment, report.score)


def main() -> None:
    with ExitStack() as stack:
        measured = Measured(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(measured.close)
        for line in sys.stdin:
            how, *what = json.loads(line)
            print(json.dumps(getattr(measured, how)(*what)), flush=True)


if __name__ == "__main__":
    main()
