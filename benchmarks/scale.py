"""What a class of any size costs: time a submission, memory of the main process, a run over it again, the page.

Few different answers, many students: the assignments of examples/other_course, handed in as in its sample class. In the
first row, all submissions are graded as `autograder grade` does it, in confined processes. In the others, everything is
done as there, to find, read, save and show them, but for the grading itself: for it stands in a report on the same
answer, from the first row. So what it takes to grade one is told by the first row, and what all else takes by each.

Milliseconds pass for each submission; in brackets, what the main process computes of them, which others who use the
machine change less. A page opens in so many seconds; in brackets, what the browser's main thread computes.

    python -m benchmarks.scale [--graded 1000] [NUMBER ...]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from autograder.cli.shared.class_run import find_class, run_class
from autograder.cli.shared.runs.graders import Graders
from autograder.course.loader import load_course
from autograder.grading.job import Job
from autograder.grading.processes.pool import get_ready, start_pool
from autograder.grading.store import ReportStore
from autograder.report.model import Report
from autograder.sandbox.homes import Where
from tests.helpers.browser import chromium

HERE = Path(__file__).resolve().parent
OTHER_COURSE = HERE.parent / "examples" / "other_course"
ASSIGNMENTS = ("01_signals", "02_words", "03_numbers", "04_learning")
ANSWERS = ("ada", "bo", "cy")  # who answered each of them in another way
NUMBERS = (1_000, 10_000, 100_000)
JOBS = 2
OPENINGS = 3  # of a page; the median counts
THREAD_TIME = {"timeDomain": "threadTicks"}


class KnownAnswers(Executor):
    """Gives the report on the same answer, made before; for each student, their own."""

    def __init__(self, store: ReportStore) -> None:
        self._reports: dict[tuple[str, str], Report] = {}
        for report in store:
            if work := store.load_work(report):
                self._reports.setdefault((report.assignment, work.digest), report)

    def submit(self, _grade: Callable[..., Any], /, job: Job, *_: Any, **__: Any) -> Future[Report]:
        assert job.submission
        known = self._reports[job.assignment, job.submission.digest]
        done: Future[Report] = Future()
        done.set_result(replace(known, student=job.student, fingerprint=job.fingerprint, provenance=job.provenance))
        return done


class Nobody(Executor):
    """Grades nothing: all of it stands."""


def hand_in(submitted: Path, number: int) -> None:
    """So many submissions, of students who each hand in all assignments."""
    for count in range(number):
        place, assignment = divmod(count, len(ASSIGNMENTS))
        source = OTHER_COURSE / "class" / ANSWERS[place % len(ANSWERS)] / ASSIGNMENTS[assignment]
        folder = submitted / f"student{place:06}" / ASSIGNMENTS[assignment]
        folder.mkdir(parents=True)
        for file in source.glob(f"{ASSIGNMENTS[assignment]}.*"):
            shutil.copyfile(file, folder / file.name)


def run(folder: Path, known: Path | None) -> dict[str, float]:
    """One run over a class in this process: seconds that pass, seconds that it computes, and its memory at most.

    What is not `known` in another folder of reports is graded; in this one, nothing is left to do.
    """
    began, computed = time.perf_counter(), time.process_time()
    course = load_course(folder / "solutions")
    plan = find_class(course, folder / "submitted", folder / "graded", chosen=(), class_file=None, gradebook=None)
    if known:
        answers = Nobody() if known == folder / "graded" else KnownAnswers(ReportStore(known))
        made = run_class(Console(quiet=True), plan, graders(answers), Where.KERNEL)
    else:
        with start_pool(JOBS) as pool:
            get_ready(pool, folder, folder / "submitted", ASSIGNMENTS, Where.KERNEL).result()
            made = run_class(Console(quiet=True), plan, graders(pool), Where.KERNEL)
    return {
        "fresh": made.graded.fresh,
        "passed": time.perf_counter() - began,
        "computed": time.process_time() - computed,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def graders(executor: Executor) -> Graders:
    return Graders(executor, lambda: JOBS, lambda: Where.KERNEL)


def in_own_process(folder: Path, known: Path | None) -> dict[str, float]:
    """The same, in a process that has done nothing before."""
    command = [sys.executable, "-m", "benchmarks.scale", "--one", str(folder), *([str(known)] if known else [])]
    done = subprocess.run(command, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def opening(page: Path) -> tuple[float, float]:
    """Seconds until a page can be used, and of computing in it; medians."""
    passed, computed = [], []
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 1400, "height": 900})
        session = tab.context.new_cdp_session(tab)
        session.send("Performance.enable", THREAD_TIME)
        for _ in range(OPENINGS):
            began, before = time.perf_counter(), _task_seconds(session)
            tab.goto(page.as_uri())
            tab.evaluate("document.querySelector('.grid tbody tr').offsetHeight")
            passed.append(time.perf_counter() - began)
            after = _task_seconds(session)
            computed.append(after - before if after >= before else after)  # it may be another process
    return sorted(passed)[OPENINGS // 2], sorted(computed)[OPENINGS // 2]


def _task_seconds(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, default=list(NUMBERS))
    parser.add_argument("--graded", type=int, default=NUMBERS[0], help="submissions that are really graded")
    parser.add_argument("--one", nargs="+", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run(options.one[0], options.one[1] if len(options.one) > 1 else None)))
        return
    print(f"{'submissions':>11}  graded  {'ms each':>18}  {'memory':>7}  {'again, ms each':>18}  {'memory':>7}  page")
    with tempfile.TemporaryDirectory() as name:
        known = None
        for number in dict.fromkeys([options.graded, *options.numbers]):
            folder = Path(name, str(number))
            shutil.copytree(OTHER_COURSE / "solutions", folder / "solutions")
            hand_in(folder / "submitted", number)
            first = in_own_process(folder, known)
            os.sync()  # what it wrote is not the next one's to wait for
            again = in_own_process(folder, folder / "graded")
            index = folder / "graded" / "index.html"
            _row(number, "all" if known is None else "none", first, again, index.stat().st_size, opening(index))
            if known is None:
                known = folder / "graded"
            else:
                shutil.rmtree(folder)


def _row(
    number: int, graded: str, first: dict[str, float], again: dict[str, float], size: int, opened: tuple[float, float]
) -> None:
    if again["fresh"] or first["fresh"] != number:
        raise SystemExit(f"of {number}, {first['fresh']} were graded at first and {again['fresh']} again")
    each = [f"{1000 * run['passed'] / number:8.2f} ({1000 * run['computed'] / number:6.2f})" for run in (first, again)]
    print(
        f"{number:11,}  {graded:6}  {each[0]:>18}  {first['memory']:4.0f} MB  {each[1]:>18}  {again['memory']:4.0f} MB"
        f"  {size / 1e6:.1f} MB, open in {opened[0]:.2f} s ({opened[1]:.2f})",
        flush=True,
    )


if __name__ == "__main__":
    main()
