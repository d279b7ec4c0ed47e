"""How long a submission takes: this grader, the same checks without isolation, one pytest process a submission.

All in one run on one machine, on the same submission and the same checks: the reference of one assignment, handed in.

    python benchmarks/grading.py [ASSIGNMENT] [--submissions N]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from autograder.checking.collection import CheckRun
from autograder.course.loader import Assignment, Course, find_course, load_course
from autograder.grading.discovery import find_submissions
from autograder.grading.runner import grade_class
from autograder.grading.store import ReportStore
from autograder.sandbox.client import Sandbox, Worker

PLAIN_PYTEST = """
import sys
sys.path[:0] = [{tests!r}, {course!r}]  # checks may share modules of the course
from pathlib import Path
import pytest
from autograder.checking.collection import CheckRun
from autograder.course.loader import load_course

course = load_course(Path({course!r}))
assignment = course.assignment({assignment!r})

@pytest.fixture(scope="session")
def student():
    from autograder.checking.student import Student
    made = Student(assignment.parameters)
    made.begin(assignment.reference, assignment.misconceptions)
    return made

@pytest.fixture(scope="session")
def reference():
    from types import SimpleNamespace
    return SimpleNamespace(**assignment.functions)

@pytest.fixture
def rng():
    import numpy as np
    return np.random.default_rng(0)

def pytest_configure(config):
    config.addinivalue_line("markers", "points(worth): what a check is worth")
"""


def each(run: Callable[[int], object], times: int) -> float:
    """Median seconds of one run, after one to warm up."""
    run(0)
    taken = []
    for number in range(times):
        started = time.perf_counter()
        run(number)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def confined(course: Course, assignment: Assignment, times: int) -> float:
    """The grader's own way, one core: a fresh confined process a submission, checks collected once."""
    with Sandbox(course.limits, course.imports) as sandbox, assignment.check_session() as session:

        def grade(number: int) -> None:
            with Worker(sandbox, assignment.parts) as worker:
                session.run(CheckRun(worker, str(number), assignment.misconceptions))

        return each(grade, times)


def in_process(assignment: Assignment, times: int) -> float:
    """The floor: the same checks, collected once, on functions in this very process."""
    with assignment.check_session() as session:
        return each(
            lambda number: session.run(CheckRun(assignment.reference, str(number), assignment.misconceptions)), times
        )


def pytest_process(course: Course, assignment: Assignment, times: int) -> float:
    """What graders built on pytest do: one process a submission, results as JUnit XML. No isolation."""
    with tempfile.TemporaryDirectory() as folder:
        conftest = PLAIN_PYTEST.format(tests=folder, course=str(course.folder), assignment=assignment.name)
        Path(folder, "conftest.py").write_text(conftest)
        files = [str(assignment.folder / name) for name in ("visible_checks.py", "hidden_checks.py")]
        for file in files:
            Path(folder, f"test_{Path(file).name}").write_text(Path(file).read_text())

        def grade(_number: int) -> None:
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={folder}/out.xml"]
            subprocess.run([*command, folder], check=True, capture_output=True, cwd=folder)

        return each(grade, times)


def whole_class(course: Course, assignment: Assignment, submissions: int, jobs: int) -> float:
    """Seconds a submission of a whole `autograder grade`, process start, reading and reports included."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(submissions):
            place = Path(folder, "submitted", f"student{number:04}", assignment.name)
            place.mkdir(parents=True)
            (place / f"{assignment.name}.py").write_text(assignment.lesson)
        handed = find_submissions(Path(folder, "submitted"), [assignment.name]).submissions
        started = time.perf_counter()
        reports = grade_class(course, handed, ReportStore(Path(folder, "out")), jobs=jobs)
        taken = time.perf_counter() - started
        assert all(report.score == report.max_score for report in reports)
        return taken / submissions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assignment", nargs="?", default="03_softmax")
    parser.add_argument("--submissions", type=int, default=400, help="in the whole class")
    options = parser.parse_args()
    course = load_course(find_course(Path.cwd()))
    assignment = course.assignment(options.assignment)
    with assignment.check_session() as session:
        checks = len(session.checks)
    cores = os.cpu_count() or 1
    floor = in_process(assignment, 100)
    rows = [
        ("the same checks in this process, no isolation", floor),
        ("confined worker, one core", confined(course, assignment, 100)),
        (
            f"autograder grade, {options.submissions} submissions, 1 process",
            whole_class(course, assignment, options.submissions, 1),
        ),
        (
            f"autograder grade, {options.submissions} submissions, {cores} processes",
            whole_class(course, assignment, options.submissions, cores),
        ),
        ("pytest process a submission, JUnit XML, no isolation", pytest_process(course, assignment, 10)),
    ]
    print(f"{assignment.name}, {checks} checks; milliseconds a submission, and how many times the floor")
    for name, seconds in rows:
        print(f"  {name:62} {1000 * seconds:8.1f} ms {seconds / floor:8.1f}")


if __name__ == "__main__":
    main()
