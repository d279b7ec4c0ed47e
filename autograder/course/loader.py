"""What solutions/ says: the course, its assignments, their questions, references, checks and misconceptions."""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from autograder.checking.collection import AssignmentChecks
from autograder.checking.misconceptions import Misconception, collect
from autograder.checking.session import CheckSession
from autograder.errors import UserError
from autograder.report.model import WrittenAnswer
from autograder.sandbox.loader import Cell, Part, load
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import Limits
from autograder.settings import Settings, SettingsError
from autograder.submission.reader import script_cells

SOLUTIONS = "solutions"
SETTINGS = "course.toml"
FILES = ("lesson.py", "visible_checks.py", "hidden_checks.py", "misconceptions.py")
MARKER = re.compile(r"^# %%(?: (?P<name>[A-Za-z_]\w*))?(?: \[(?P<kind>\w+)\])?(?P<options>(?: \w+=\S+)*)\s*$", re.M)


class CourseError(UserError):
    """The course itself is not in order; the message says which file, what, and what to do."""


@dataclass(frozen=True)
class Course:
    """A folder of assignments and the settings that they share."""

    folder: Path
    title: str
    seed: str = field(repr=False)
    imports: tuple[str, ...]
    limits: Limits
    assignments: tuple[Assignment, ...]

    def assignment(self, name: str) -> Assignment:
        """Raises CourseError when there is none of that name."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        known = ", ".join(assignment.name for assignment in self.assignments)
        raise CourseError(f"there is no assignment {name!r} in this course; it has {known}")


@dataclass(frozen=True)
class Assignment:
    """One folder of solutions/. What costs time to load is loaded when first asked for."""

    folder: Path
    imports: tuple[str, ...]
    earlier: tuple[Assignment, ...] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def lesson(self) -> str:
        return (self.folder / "lesson.py").read_text(encoding="utf-8")

    @cached_property
    def title(self) -> str:
        """The lesson's first heading."""
        heading = re.search(r"^# # (.+)$", self.lesson, re.M)
        if heading is None:
            raise CourseError(f"{self.folder / 'lesson.py'}: no cell begins with a heading (`# # Title`)")
        return heading[1].strip()

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The functions to fill in, in the lesson's order: the names of its code cells' markers."""
        return tuple(m["name"] for m in MARKER.finditer(self.lesson) if m["name"] and not m["kind"])

    @cached_property
    def written(self) -> tuple[WrittenAnswer, ...]:
        """The answers that a person grades: markdown cells whose marker has a name and points."""
        return tuple(
            WrittenAnswer(m["name"], float(m["options"].partition("points=")[2]))
            for m in MARKER.finditer(self.lesson)
            if m["name"] and m["kind"] == "markdown"
        )

    @property
    def data(self) -> tuple[Path, ...]:
        """The files in the folder data/, which are public: the notebook reads them."""
        return tuple(sorted(path for path in (self.folder / "data").rglob("*") if path.is_file()))

    def part(self, cells: tuple[Cell, ...]) -> Part:
        """A submission for this assignment, as the assignments after it build on it."""
        return Part(cells, self.questions)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The lesson as a submission, behind the lessons that it builds on: the one that earns all points."""
        lessons = (*self.earlier, self)
        return tuple(each.part(script_cells(each.lesson.encode(), f"{each.name}/lesson.py")) for each in lessons)

    @cached_property
    def reference(self) -> Namespace:
        """The lesson's own functions, read by the same rules as a student's."""
        space = load(self.parts, self.imports)
        for question in self.questions:
            if not callable(space.values.get(question)):
                reason = space.problems.get(question, "its cell does not define it")
                raise CourseError(f"{self.folder / 'lesson.py'}: the question `{question}` has no function: {reason}")
        return space

    @property
    def functions(self) -> dict[str, Callable[..., Any]]:
        return {question: self.reference.values[question] for question in self.questions}

    @cached_property
    def parameters(self) -> dict[str, tuple[str, ...]]:
        """Each question's parameters, by name and in order."""
        return {name: tuple(inspect.signature(function).parameters) for name, function in self.functions.items()}

    @cached_property
    def misconceptions(self) -> tuple[Misconception, ...]:
        found = collect(vars(self._import("misconceptions.py")))
        for each in found:
            if each.question not in self.questions:
                raise CourseError(
                    f"{self.folder / 'misconceptions.py'}: `{each.name}` is of {each.question!r}, which is no question"
                )
        return found

    def check_session(self) -> CheckSession:
        """All checks of this assignment, collected. Raises ChecksError."""
        return CheckSession(
            AssignmentChecks(
                self.parameters,
                self.folder / "visible_checks.py",
                self.folder / "hidden_checks.py",
                {name: names for each in self.earlier for name, names in each.parameters.items()},
                self.functions,
                self.reference,
            )
        )

    def _import(self, name: str) -> ModuleType:
        """Import one of the folder's files; in it, `lesson` is the reference."""
        path = self.folder / name
        module = ModuleType(f"{self.name}_{path.stem}")
        module.__file__ = str(path)
        with _lesson(self.reference):
            try:
                exec(compile(path.read_bytes(), path, "exec"), vars(module))
            except Exception as error:
                raise CourseError(f"{path}: {type(error).__name__}: {error}") from error
        return module


@contextmanager
def _lesson(reference: Namespace) -> Iterator[None]:
    module = ModuleType("lesson")
    vars(module).update({name: value for name, value in reference.values.items() if not name.startswith("__")})
    sys.modules["lesson"] = module
    try:
        yield
    finally:
        del sys.modules["lesson"]


def find_course(start: Path) -> Path:
    """The solutions/ folder at or above `start`. Raises CourseError."""
    for folder in (start, *start.parents):
        if (folder / SOLUTIONS / SETTINGS).is_file():
            return folder / SOLUTIONS
    raise CourseError(f"no {SOLUTIONS}/{SETTINGS} in {start} or above it: run this in the course's folder")


def load_course(folder: Path) -> Course:
    """Read a course's settings. Raises CourseError with the file and what is wrong in it."""
    path = folder / SETTINGS
    try:
        settings = Settings(path)
        imports = settings.texts("imports")
        assignments: list[Assignment] = []
        for name in settings.texts("assignments"):
            assignments.append(Assignment(folder / name, imports, tuple(assignments)))
        limits = _limits(path, settings)
        course = Course(folder, settings.text("title"), settings.text("seed"), imports, limits, tuple(assignments))
    except SettingsError as error:
        raise CourseError(str(error)) from error
    if not assignments:
        raise CourseError(f"{path}: the list of assignments is empty")
    for assignment in course.assignments:
        for name in FILES:
            if not (assignment.folder / name).is_file():
                raise CourseError(f"{assignment.folder} has no {name}")
    return course


def _limits(path: Path, settings: Settings) -> Limits:
    numbers = settings.numbers("limits", [each.name for each in fields(Limits)])
    for name, number in numbers.items():
        if name.endswith("_mb") and not isinstance(number, int):
            raise CourseError(f"{path}: {name} in [limits] is to be a whole number")
    return Limits(**numbers)


def fingerprint(course: Course, assignment: Assignment) -> str:
    """A hash of all that a score rests on beside the submission: the assignment, the settings, the grader, NumPy."""
    return hashlib.sha256(repr(rests_on(course, assignment)).encode()).hexdigest()


def rests_on(course: Course, assignment: Assignment) -> dict[str, str]:
    """All that a score rests on beside the submission, by name: a hash of each."""
    return {
        SETTINGS: _digest([course.folder / SETTINGS]),
        **{name: _digest([assignment.folder / name]) for name in FILES},
        "data": _digest(assignment.data),
        "earlier lessons": _digest(each.folder / "lesson.py" for each in assignment.earlier),
        "the grader": _digest(sorted(Path(__file__).parent.rglob("*.py"))),
        "NumPy": np.__version__,
    }


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}:".encode() + content)
    return digest.hexdigest()
