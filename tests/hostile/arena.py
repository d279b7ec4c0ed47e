"""Where the attacks take place: a copy of the course full of secrets, and grading processes that can be looked at."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from autograder.course.loader import Course
from autograder.grading.discovery import find_submissions
from autograder.grading.runner import Done, grade_class
from autograder.grading.store import ReportStore
from autograder.pages.writer import write_submission_page
from autograder.report.model import Report
from autograder.sandbox.homes import Where

NAME = "03_softmax"
SECRET = "TOP-SECRET"  # every secret begins with it, and nothing else holds it
MARK = f"left-by-an-attack-on-{os.getpid()}"  # in the name of every file that an attack tries to leave
ANSWER_MB = 4
LIMITS = {"cpu_seconds": 0.15, "memory_mb": 128, "answer_mb": ANSWER_MB}  # small, so that an endless loop is short
TALLY = "what came of an attack"
ROUNDS = 20  # within which both grading processes have had work


@dataclass
class Arena:
    """A course, what it must not lose, a home for submissions, and a pool of two grading processes."""

    folder: Path
    course: Course
    pool: ProcessPoolExecutor
    gradebook: Path
    neighbour: Path
    targets: Mapping[str, str]
    where: Where = Where.KERNEL
    rounds: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def fill(self, source: str) -> str:
        """An attack's source, with the places that it aims at."""
        for name, value in self.targets.items():
            source = source.replace(f"@{name}@", value)
        assert not re.search("@[A-Z_]+@", source), source
        return source

    def classroom(self) -> Path:
        """A new, empty folder of submissions."""
        made = self.folder / f"round{next(self.rounds)}" / "class"
        made.mkdir(parents=True)
        return made

    def grade(
        self,
        classroom: Path,
        confined: bool = True,
        pool: ProcessPoolExecutor | None = None,
    ) -> list[Report]:
        """Grade a class; reports and their pages are written beside it."""
        submissions = find_submissions(classroom, [NAME]).submissions
        store = ReportStore(classroom.with_name("graded" if confined else "unconfined"))

        def progress(done: Done) -> None:
            write_submission_page(store, done.report)

        executor = pool or self.pool
        return grade_class(
            self.course,
            submissions,
            store,
            jobs=2,
            confined=confined,
            where=self.where,
            executor=executor,
            progress=progress,
        )

    def grade_alone(self, source: str, student: str = "mallory", **more: object) -> Report:
        """Grade one submission."""
        classroom = self.classroom()
        hand_in(classroom, student, source)
        (report,) = self.grade(classroom, **more)  # type: ignore[arg-type]  # what `grade` takes
        return report

    def written(self, classroom: Path, student: str) -> str:
        """The report and the page of a student, as they lie in their files."""
        path = ReportStore(classroom.with_name("graded")).path(student, NAME)
        return path.read_text() + path.with_suffix(".html").read_text()

    @property
    def grading_processes(self) -> list[psutil.Process]:
        return sorted((psutil.Process(pid) for pid in self.pool._processes), key=lambda process: process.pid)


def hand_in(classroom: Path, student: str, source: str) -> Path:
    file = classroom / student / NAME / f"{NAME}.ipynb"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"cells": [{"cell_type": "code", "source": source}]}))
    return file
