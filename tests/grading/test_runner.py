"""A run over a class: killed, stopped, started twice, in any executor and any order."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.helpers.command_line import AUTOGRADER, autograder, environment, one_line
from tests.helpers.course import HANGING_SUMS, RIGHT_SUMS, WRONG_SUMS, edit, hand_in, write_course
from tests.helpers.grading import (
    ALL_GRADED,
    count_kept,
    grade_confined,
    grade_in_process,
    grade_unconfined,
    load_reports,
    read_files,
)
from tests.helpers.waiting import until

pytestmark = pytest.mark.slow

# Killed, stopped, started twice


ENOUGH = 40  # reports that must be there before a run of the large class is killed
HANGS = 80  # the student of the large class who keeps the run from being over before that


@pytest.fixture(scope="module")
def large_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course and 120 students, most of them copies of each other."""
    folder = write_course(tmp_path_factory.mktemp("large"))
    kinds = [RIGHT_SUMS, WRONG_SUMS, "def total(X:\n", "import numpy as np\n\ntotal = np.sum\n", ""]
    for number in range(120):
        source = HANGING_SUMS if number == HANGS else kinds[number % len(kinds)]
        hand_in(folder / "class", f"student{number:03}", "01_sums", source)
    return folder


@pytest.fixture(scope="module")
def undisturbed(large_class: Path) -> dict[str, Any]:
    """The reports on the large class from a run that nothing interrupts."""
    assert grade_confined(large_class, "--out", "undisturbed", "--jobs", "2").returncode == 0
    return load_reports(large_class / "undisturbed")


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A confined run in the background, in a process group of its own, as a shell starts it."""
    run = subprocess.Popen(
        [str(AUTOGRADER), "grade", "class", "--jobs", "1", *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with run:
        try:
            yield run
        finally:
            run.kill()


def read_new(out: Path, seen: dict[str, Any]) -> dict[str, Any]:
    """Add to `seen` the reports that are not in it yet. Raises ValueError where one is not whole."""
    for path in out.glob("[!.]*/*.json"):
        if path.parent.name not in seen:
            seen[path.parent.name] = json.loads(path.read_text())
    return seen


def test_a_killed_run_goes_on_where_it_was(large_class: Path, undisturbed: dict[str, Any], tmp_path: Path) -> None:
    out, seen = tmp_path / "out", {}
    with running(large_class, "--out", str(out)) as run:
        until(lambda: len(read_new(out, seen)) >= ENOUGH, f"{ENOUGH} reports")
        processes = psutil.Process(run.pid).children(recursive=True)
        run.kill()
    assert processes, "the run had no processes of its own"
    until_all_end(processes)
    before = read_files(out)
    done = len(load_reports(out))
    assert ENOUGH <= done <= HANGS, "the run was over before it was killed"

    completed = grade_confined(large_class, "--out", str(out))
    assert completed.returncode == 0
    assert count_kept(completed) == done
    assert {name: read_files(out)[name] for name in before} == before, "a report was written twice"
    assert load_reports(out) == undisturbed


def until_all_end(processes: list[psutil.Process]) -> None:
    """Wait for the processes of a run to end by themselves. Raises AssertionError, and ends them, when they do not."""
    try:
        until(lambda: not any(map(alive, processes)), "an end of all processes of the run")
    finally:
        for process in filter(alive, processes):
            process.kill()


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_ctrl_c_ends_in_one_line_and_keeps_what_was_graded(large_class: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with running(large_class, "--out", str(out)) as run:
        until(lambda: len(load_reports(out)) >= 5, "a few reports")
        processes = psutil.Process(run.pid).children(recursive=True)
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to every process of the group
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 2
    assert len(errors.strip().splitlines()) == 1, errors
    assert "kept" in errors
    until_all_end(processes)
    before = read_files(out)
    assert 5 <= len(load_reports(out)) <= HANGS
    assert all(name.replace(".html", ".json") in before for name in before), "a page without its report"


def test_a_second_run_into_the_same_folder_is_refused(small_course: Path) -> None:
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    for student in ("bo", "cy", "di"):  # for longer than the second run takes to begin, on a busy machine as well
        hand_in(small_course / "class", student, "01_sums", HANGING_SUMS)
    with running(small_course, "--out", "out") as first:
        until(lambda: len(load_reports(small_course / "out")) == 1, "a first report")
        refused = grade_unconfined(small_course)
        assert first.wait(timeout=60) == 0
    assert "another run" in one_line(refused)
    assert len(load_reports(small_course / "out")) == 4


# Executors and order


def own_processes() -> Executor:
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def a_thread() -> Executor:
    return ThreadPoolExecutor(1)


@pytest.mark.parametrize("make", [a_thread, own_processes])
def test_any_executor_gives_the_same_reports(graded: Path, make: Callable[[], Executor]) -> None:
    progressed = grade_in_process(graded, "again", make())
    assert [fresh for _, fresh in progressed] == [True] * len(ALL_GRADED)
    assert load_reports(graded / "again") == load_reports(graded / "out")


def test_an_executor_that_lives_on_grades_by_the_checks_as_they_are_now(graded: Path) -> None:
    def points() -> set[tuple[str, float]]:
        return {(report.assignment, report.max_score) for report, _ in grade_in_process(graded, "again")}

    assert points() == {("01_sums", 9), ("02_centred", 5)}
    edit(graded / "solutions/02_centred/hidden_checks.py", "points(4)", "points(6)")
    assert points() == {("01_sums", 9), ("02_centred", 7)}


def test_reports_do_not_depend_on_who_is_graded_beside_whom(graded: Path) -> None:
    """The same inputs for cy, graded alone: hidden inputs are drawn for each student by name."""
    (graded / "one/cy").mkdir(parents=True)
    shutil.copytree(graded / "class/cy", graded / "one/cy", dirs_exist_ok=True)
    assert autograder("grade", "one", "--out", "alone", "--jobs", "1", "--unconfined", cwd=graded).returncode == 0
    everyone = load_reports(graded / "out")
    assert load_reports(graded / "alone") == {
        name: report for name, report in everyone.items() if name.startswith("cy/")
    }
