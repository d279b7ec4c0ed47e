"""What a grader is here, and this one: how a class is laid out and graded, and where its marks stand."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import nbformat
from nbformat import NotebookNode

from autograder import __version__
from autograder.course.loader import Assignment
from benchmarks.against.assertions import Compared
from benchmarks.against.handed_in import script_of

Command = Sequence[str | Path]


class Grader(ABC):
    """One of them. `prepare` is done once; `lay` makes the folder of one run, and says the command that grades it."""

    name: ClassVar[str]
    runs: ClassVar[str]  # where a student's code does
    variables: Mapping[str, str] = MappingProxyType({})  # of the environment, beside those that all get
    reserves: ClassVar[bool] = False  # more addresses than it uses

    def __init__(self, assignment: Assignment, checks: list[Compared], home: Path, python: Path, version: str) -> None:
        self.assignment, self.checks, self.home, self.python, self.version = assignment, checks, home, python, version
        home.mkdir(parents=True)
        self.prepare()

    @abstractmethod
    def prepare(self) -> None: ...

    @abstractmethod
    def lay(self, folder: Path, handed_in: Mapping[str, NotebookNode]) -> Command: ...

    @abstractmethod
    def mark(self, folder: Path, student: str) -> float | None:
        """What a student has got; None where there is no mark."""

    def seems_passed(self, folder: Path, student: str) -> bool:
        """Whether a student without a mark would have all, to those who look at the exit status only."""
        return False

    @abstractmethod
    def tests(self, folder: Path) -> Path:
        """The file with what answers are compared with."""

    def worth(self, passed: Iterable[str]) -> float:
        names = set(passed)
        return sum(each.points for each in self.checks if each.name in names)

    def hand_in_notebooks(self, folder: Path, handed_in: Mapping[str, NotebookNode]) -> None:
        name = self.assignment.name
        for student, notebook in handed_in.items():
            place = folder / "submitted" / student / name
            place.mkdir(parents=True)
            nbformat.write(notebook, place / f"{name}.ipynb")

    def hand_in_scripts(self, folder: Path, handed_in: Mapping[str, NotebookNode]) -> None:
        """Each in a copy of the tests' folder, under the name that they import."""
        for student, notebook in handed_in.items():
            place = folder / "work" / student
            shutil.copytree(self.home, place)
            (place / "submission.py").write_text(script_of(notebook))


class ThisGrader(Grader):
    """The project, with the assertions that all are given."""

    name = "this grader"
    runs = "a confined process of its own, in which no test and no answer is"

    def prepare(self) -> None:
        shutil.copytree(self.assignment.folder.parent, self.home / "solutions")
        folder = self.home / "solutions" / self.assignment.name
        (folder / "visible_checks.py").write_text('"""None of these is shown."""\n')
        tests = (
            f'@points({each.points})\ndef test_{each.name.removeprefix("test_")}(student):\n    """{each.title}"""\n'
            f"{each.body(f'student.{each.question}')}"
            for each in self.checks
        )
        header = '"""What all graders compare."""\n\nfrom autograder.checking import points\n\n\n'
        (folder / "hidden_checks.py").write_text(header + "\n\n".join(tests))

    def lay(self, folder: Path, handed_in: Mapping[str, NotebookNode]) -> Command:
        shutil.copytree(self.home, folder, dirs_exist_ok=True)
        self.hand_in_notebooks(folder, handed_in)
        return [self.python, "-m", "autograder", "grade", "submitted", "--out", "graded", "--jobs", "1"]

    def mark(self, folder: Path, student: str) -> float | None:
        table = folder / "graded" / "marks.csv"
        if not table.exists():
            return None
        with table.open(newline="") as file:
            marks = {row["student"]: row for row in csv.DictReader(file)}
        row = marks.get(student, {})
        return float(row["checks"]) if row.get("status") == "graded" else None

    def tests(self, folder: Path) -> Path:
        return folder / "solutions" / self.assignment.name / "lesson.py"


class ThisGraderAsItIs(ThisGrader):
    """The project, with the checks of the course."""

    name = "this grader, own checks"

    def prepare(self) -> None:
        shutil.copytree(self.assignment.folder.parent, self.home / "solutions")


OURS = (Path(sys.executable), __version__)


def loop(places: str, body: str) -> Command:
    """What a teacher writes around a command that grades one student."""
    return ["sh", "-c", f"for each in {places}; do {body}; done"]


def activated(python: Path) -> str:
    """PATH, as it is when the environment of this Python has been activated."""
    return os.pathsep.join((str(python.parent), os.environ.get("PATH", os.defpath)))


def settled(command: Command, folder: Path, python: Path) -> None:
    """Run what must work."""
    environment = {**os.environ, "PATH": activated(python)}
    words = list(map(str, command))
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} in {folder}:\n{done.stderr}{done.stdout}")
