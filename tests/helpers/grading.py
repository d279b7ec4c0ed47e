"""Grading a class, by the command and in this process, and what it leaves."""

from __future__ import annotations

import json
import re
import subprocess
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from autograder.course.loader import load_course
from autograder.grading.discovery import find_submissions
from autograder.grading.runner import Done, grade_class
from autograder.grading.store import FORMER, ReportStore
from autograder.report.diff import Change
from autograder.report.model import Report
from tests.helpers.command_line import autograder
from tests.helpers.course import edit


def grade_unconfined(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Grade the class in a folder into `out`, in one process; confinement is left to the tests that are about it."""
    return autograder("grade", "class", "--out", "out", "--jobs", "1", "--unconfined", *arguments, cwd=folder)


def grade_confined(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return autograder("grade", "class", "--out", "out", "--jobs", "1", *arguments, cwd=folder)


def grade_in_process(folder: Path, out: str = "out", executor: Executor | None = None) -> list[tuple[Report, bool]]:
    """Grade the class without the command line; returns what `progress` is told: each report, is it fresh?"""
    course = load_course(folder / "solutions")
    submissions = find_submissions(folder / "class", course.names).submissions
    progressed: list[tuple[Report, bool]] = []

    def progress(done: Done) -> None:
        progressed.append((done.report, done.is_fresh))

    with executor or ThreadPoolExecutor(1) as pool:
        store = ReportStore(folder / out)
        returned = grade_class(course, submissions, store, jobs=1, confined=False, executor=pool, progress=progress)
    assert [(each.student, each.assignment) for each in returned] == [
        (each.student, each.assignment) for each in submissions
    ]
    return progressed


def regrade(folder: Path, out: str = "graded") -> list[Change]:
    """Grade the class in this process, which takes a tenth of the time; returns what changed."""
    course = load_course(folder / "solutions")
    submissions = find_submissions(folder / "class", course.names).submissions
    changes: list[Change] = []

    def progress(done: Done) -> None:
        changes.extend([done.change] if done.change else [])

    with ThreadPoolExecutor(1) as pool:
        store = ReportStore(folder / out)
        grade_class(course, submissions, store, jobs=1, confined=False, executor=pool, progress=progress)
    return changes


def former_reports(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in (folder / "graded" / FORMER).rglob("*.json"))


def load_reports(out: Path) -> dict[str, Any]:
    """All reports, without what differs from run to run. Raises ValueError where one is not whole."""
    found = {path.relative_to(out).as_posix(): json.loads(path.read_text()) for path in out.glob("[!.]*/*.json")}
    for report in found.values():
        del report["seconds"]
    return found


def read_files(out: Path) -> dict[str, tuple[int, bytes]]:
    """Every report and page, with the time of its last change."""
    found = [*out.glob("[!.]*/*.json"), *out.glob("[!.]*/*.html")]
    return {path.relative_to(out).as_posix(): (path.stat().st_mtime_ns, path.read_bytes()) for path in found}


def count_kept(completed: subprocess.CompletedProcess[str]) -> int:
    """How many reports a run says that it kept."""
    kept = re.search(r"(\d+) kept from an earlier run", completed.stdout)
    return int(kept[1]) if kept else 0


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["outcome"] for question in report["questions"] for check in question["checks"]}


ALL_GRADED = {f"{student}/{assignment}" for student in ("ada", "bo", "cy") for assignment in ("01_sums", "02_centred")}


def one_submission(folder: Path) -> None:
    edit(folder / "class/ada/01_sums/01_sums.py", "np.mean(X", "3 * np.mean(X")


def the_seed(folder: Path) -> None:
    edit(folder / "solutions/course.toml", "a seed", "another seed")
