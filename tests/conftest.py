"""What tests in several folders share: the real course, a small one, graded classes, a sandbox."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from autograder.checking.at_home.known import KNOWN_MISTAKES
from autograder.course.known_mistakes import known_mistakes_file
from autograder.course.loader import Course, load_course
from autograder.sandbox.client import Sandbox, Worker
from autograder.sandbox.homes import first_that_confines
from autograder.sandbox.protocol import Cell, Part
from autograder.settings import Limits
from tests.helpers.course import (
    PUBLIC_COURSE_TOML,
    RIGHT_CENTRED,
    RIGHT_SUMS,
    SMALL_COURSE,
    WRONG_SUMS,
    hand_in,
    write_course,
)
from tests.helpers.grading import grade_unconfined, regrade
from tests.helpers.paths import ROOT

SLOW_MODULE = re.compile(r"^pytestmark = (\[[^]]*)?pytest\.mark\.slow", re.MULTILINE)

# How long an example takes is no test's matter: machines are busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def course() -> Course:
    """The real course."""
    return load_course(ROOT / "solutions")


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    """A course of two assignments, in a folder that the test may change; `solutions/` lies in it."""
    return write_course(tmp_path / "course")


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all tests that call a function in it."""
    limits = Limits(cpu_seconds=1.0, memory_mb=256, answer_mb=4, submission_seconds=600)
    with Sandbox(limits, ("numpy", "math"), where=first_that_confines()) as sandbox:
        yield sandbox


@pytest.fixture
def answers(sandbox: Sandbox) -> Iterator[Callable[[str], Worker]]:
    """Makes a submission's functions, in a confined worker, from its source."""
    workers = []

    def make(source: str) -> Worker:
        workers.append(Worker(sandbox, [Part((Cell("code cell 1", source),))]))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()


@pytest.fixture
def two_students(small_course: Path) -> Path:
    """A course with two right submissions, not graded yet."""
    for student in ("ada", "bo"):
        hand_in(small_course / "class", student, "01_sums", RIGHT_SUMS)
    return small_course


@pytest.fixture(scope="session")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with three students, graded into `out`. Not to be changed: `graded` gives each test a copy."""
    folder = write_course(tmp_path_factory.mktemp("graded"))
    for student, sums in (("ada", RIGHT_SUMS), ("bo", WRONG_SUMS), ("cy", RIGHT_SUMS)):
        hand_in(folder / "class", student, "01_sums", sums)
        hand_in(folder / "class", student, "02_centred", RIGHT_CENTRED)
    completed = grade_unconfined(folder)
    assert completed.returncode == 0, completed
    return folder


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path) -> Path:
    """Three students in a course that the test may change, graded into `out`."""
    return shutil.copytree(graded_once, tmp_path / "graded")


@pytest.fixture(scope="session")
def ada_and_bo_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which ada's right and bo's wrong sums are graded into `graded`. Not to be changed, as above."""
    folder = write_course(tmp_path_factory.mktemp("history"))
    hand_in(folder / "class", "ada", "01_sums", RIGHT_SUMS)
    hand_in(folder / "class", "bo", "01_sums", WRONG_SUMS)
    assert regrade(folder) == []
    return folder


@pytest.fixture
def ada_and_bo(ada_and_bo_once: Path, tmp_path: Path) -> Path:
    """ada and bo in a course that the test may change, graded into `graded`."""
    return shutil.copytree(ada_and_bo_once, tmp_path / "course")


@pytest.fixture(scope="session")
def known_to_students(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """For each assignment of the small course, what students' own machines know of mistakes."""
    course = load_course(write_course(tmp_path_factory.mktemp("course")) / "solutions")
    return {assignment.name: known_mistakes_file(assignment) for assignment in course.assignments}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known_to_students: dict[str, bytes]) -> Path:
    """A student's assignments/ folder, without work of theirs yet; the test runs in its second assignment."""
    folder = tmp_path / "assignments"
    for name, files in SMALL_COURSE.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "visible_checks.py").write_text(files["visible_checks.py"])
        (folder / name / KNOWN_MISTAKES).write_bytes(known_to_students[name])
    (folder / "course.toml").write_text(PUBLIC_COURSE_TOML)
    monkeypatch.chdir(folder / "02_centred")
    return folder


@pytest.fixture(scope="module")
def new_environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a virtual environment that has the packages of this one, but not this project; returns its Python."""

    def make() -> Path:
        folder = tmp_path_factory.mktemp("environment")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        paths = {"base": str(folder), "platbase": str(folder)}
        packages = Path(sysconfig.get_path("purelib", vars=paths)) / "packages.pth"
        ours = [path for path in sys.path if path.endswith("-packages")]
        packages.write_text("".join(f"{path}\n" for path in ours))  # no .pth file in them counts, so not our own
        return folder / "bin" / "python"

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no worker ends with it alone."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A module of which no test is wanted is not even imported.

    That is, with `-m portable`, what holds on Linux alone, and with `-m "not slow"`, what is slow as a whole.
    """
    wanted = config.getoption("markexpr")
    if wanted == "not slow" and collection_path.name.startswith("test_") and collection_path.is_file():
        return True if SLOW_MODULE.search(collection_path.read_text(encoding="utf-8")) else None
    if wanted != "portable":
        return None
    files = collection_path.rglob("test_*.py") if collection_path.is_dir() else [collection_path]
    return None if any("mark.portable" in file.read_text(encoding="utf-8") for file in files) else True
