"""Where the attacks take place: a copy of the course full of secrets, and grading processes that can be looked at."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from autograder.course.loader import Course, load_course
from autograder.grading.discovery import find_submissions
from autograder.grading.runner import grade_class, start_pool
from autograder.grading.store import ReportStore
from autograder.report.model import Report
from tests.conftest import copy_course
from tests.hostile.attack import NEIGHBOURS

NAME = "03_softmax"
SECRET = "TOP-SECRET"  # every secret begins with it, and nothing else holds it
MARK = "left-by-an-attack"  # in the name of every file that an attack tries to leave
ANSWER_MB = 4
LIMITS = {"cpu_seconds": 0.15, "memory_mb": 128, "answer_mb": ANSWER_MB}  # small, so that an endless loop is short
TALLY = "what came of an attack"
ROUNDS = 20  # within which both grading processes have had work


@dataclass
class Arena:
    """A course, what it must not lose, and a pool of two grading processes."""

    folder: Path
    course: Course
    pool: ProcessPoolExecutor
    gradebook: Path
    neighbour: Path
    words: Mapping[str, str]
    rounds: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def fill(self, source: str) -> str:
        """An attack's source, with the places that it aims at."""
        for word, value in self.words.items():
            source = source.replace(f"@{word}@", value)
        assert not re.search("@[A-Z_]+@", source), source
        return source

    def classroom(self) -> Path:
        """A new, empty folder of submissions."""
        made = self.folder / f"round{next(self.rounds)}" / "class"
        made.mkdir(parents=True)
        return made

    def grade(self, classroom: Path, confined: bool = True, pool: ProcessPoolExecutor | None = None) -> list[Report]:
        """Grade a class; reports are written beside it."""
        _, handed = find_submissions(classroom, [NAME])
        out = classroom.with_name("graded" if confined else "unconfined")
        return grade_class(self.course, handed, ReportStore(out), jobs=2, confined=confined, executor=pool or self.pool)

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


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Takes down what came of one attack, for the last line of the run."""

    def take_down(*, forged: bool, secret: bool, stopped: bool) -> None:
        record_property(TALLY, {"attacks": 1, "forged": forged, "secrets": secret, "stopped": stopped})

    return take_down


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [each for outcome in ("passed", "failed") for each in terminalreporter.stats.get(outcome, [])]
    total = Counter[str]()
    for report in reports:
        total.update(dict(report.user_properties).get(TALLY, {}))
    if total:
        terminalreporter.write_line(
            f"attacks tried: {total['attacks']}, marks forged: {total['forged']}, "
            f"secrets seen: {total['secrets']}, runs stopped: {total['stopped']}"
        )


@pytest.fixture(scope="package")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    folder = tmp_path_factory.mktemp("arena")
    solutions = copy_course(folder, ["01_projection", "02_scaled_scores", NAME]) / "solutions"
    for file in sorted(solutions.glob("*/*.py")):
        with file.open("a") as end:
            end.write(f"\n# {SECRET} of {file.name}\n")
    settings = re.sub('seed = ".*"', f'seed = "{SECRET} key"', (solutions / "course.toml").read_text())
    for name, value in LIMITS.items():
        settings = re.sub(f"{name} = [0-9.]+", f"{name} = {value}", settings)
    (solutions / "course.toml").write_text(settings)
    gradebook, link = folder / "gradebook.db", folder / "link"
    gradebook.write_text(f"{SECRET} of the gradebook\n")
    (folder / "spare").touch()
    link.symlink_to(f"{SECRET} link")
    neighbour = hand_in(folder / "elsewhere", "neighbour", f"# {SECRET} of a neighbour\n{NEIGHBOURS['both']}")
    places = {name: folder / name for name in ("cwd", "home", "tmp")}
    for place in places.values():
        place.mkdir()
    words = {
        **{name.upper(): str(place) for name, place in places.items()},
        "SHM": "/dev/shm",
        "SOLUTIONS": str(solutions),
        "GRADEBOOK": str(gradebook),
        "SPARE": str(folder / "spare"),
        "NEIGHBOUR": str(neighbour),
        "CLASS": str(folder / "elsewhere"),
        "LINK": str(link),
        "MARK": MARK,
        "ANSWER_MB": str(ANSWER_MB),
        "GRADER": str(psutil.Process().pid),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_TEST", f"{SECRET} of the environment")
        patch.setenv("HOME", str(places["home"]))
        patch.setenv("TMPDIR", str(places["tmp"]))
        patch.chdir(places["cwd"])
        with start_pool(2) as pool:
            yield Arena(folder, load_course(solutions), pool, gradebook, neighbour, words)
