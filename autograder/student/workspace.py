"""A student's own assignments/ folder: its settings, the files in it, and the functions that are in those. Portable."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.checking.collection import ChecksError, questions_called
from autograder.sandbox.loader import Part, load
from autograder.sandbox.namespace import Namespace
from autograder.settings import Settings, SettingsError
from autograder.submission.reader import UnreadableError, notebook_cells, read_regular_file, script_cells

CHECKS = "visible_checks.py"
SETTINGS = "course.toml"
SUFFIXES = (".ipynb", ".py")  # of the file that is read: the first that is there


@dataclass(frozen=True)
class Assignments:
    """The course as a student has it: `names` in the order in which they are taught, `imports` that answers may use."""

    folder: Path
    title: str
    names: tuple[str, ...]
    imports: frozenset[str]

    def file(self, name: str) -> Path | None:
        """The student's work on one assignment: the notebook, or else the .py file."""
        files = (self.folder / name / f"{name}{suffix}" for suffix in SUFFIXES)
        return next((file for file in files if file.is_file()), None)

    def misnamed(self, name: str) -> str:
        """What is wrong where the work on an assignment lies in its folder under another name; else nothing."""
        others = sorted(file.name for file in (self.folder / name).glob("*.*") if is_work(file))
        if self.file(name) or not others:
            return ""
        renamed = f"{name}{Path(others[0]).suffix}"
        return f"{name} holds {', '.join(others[:3])}, and no {renamed}: rename your file to {renamed}."

    def load(self, name: str, file: Path | None = None) -> Namespace:
        """The functions of one assignment (in `file`, if that is not where they should be) and of those before it.

        A file before it that cannot be read gives none, as in grading. Raises UnreadableError where `file` cannot.
        """
        names = self.names[: self.names.index(name)]
        parts = [part for found in map(self.file, names) if found and (part := _part_if_readable(found))]
        last = file or self.file(name)
        return load([*parts, _part(last) if last else Part(())], self.imports)


def find_assignments(start: Path) -> Assignments:
    """The course that `start` is in or beneath. Raises ChecksError."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            return _read_settings(folder)
    raise ChecksError(f"there is no {SETTINGS} in {start} or above it: keep it where you got it, in assignments/")


def _read_settings(folder: Path) -> Assignments:
    try:
        settings = Settings(folder / SETTINGS)
        names, imports = settings.texts("assignments"), frozenset(settings.texts("imports"))
        title = settings.text("title")
    except SettingsError as error:
        raise ChecksError(f"{error}; take the file from your course again") from error
    if not names:
        raise ChecksError(f"{folder / SETTINGS} names no assignments; take the file from your course again")
    return Assignments(folder, title, names, imports)


def is_work(file: Path) -> bool:
    """Whether a file may be a student's own: a notebook or a .py file, by its name, and not the checks."""
    return file.suffix in SUFFIXES and file.name != CHECKS and not file.name.startswith(".")


def questions(checks: Path) -> tuple[str, ...]:
    """The questions that a file of checks is about, in the order in which they first stand in it. Raises ChecksError.

    A student may have changed the file, or saved over it.
    """
    try:
        called = questions_called(checks)
    except (SyntaxError, ValueError) as error:
        line = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        raise ChecksError(f"{checks} is no Python{line}: take the file from your course again") from None
    return tuple(dict.fromkeys(name for names in called.values() for name in names))


def previous(name: str) -> Callable[..., Any]:
    """Your own function `name`, from the notebook of an earlier assignment, as it is saved there.

    Where it is not written yet, calling it raises NotImplementedError, which says where to write it.
    """
    here = Path.cwd()
    course = find_assignments(here)
    if here.name not in course.names:
        raise ChecksError(f"{here} is none of the assignments {', '.join(course.names)}: start Jupyter there")
    earlier = course.names[: course.names.index(here.name)]
    home = next((each for each in earlier if name in questions(course.folder / each / CHECKS)), None)
    if home is None:
        raise ChecksError(f"no assignment before {here.name} asks for a function `{name}`")
    function = course.load(home).values.get(name)
    missing = f"Your `{name}` is not written yet. It belongs into {home}: write it there and save, then go on here."

    def own(*args: Any, **kwargs: Any) -> Any:
        if not callable(function):
            raise NotImplementedError(missing)
        try:
            return function(*args, **kwargs)
        except NotImplementedError:
            raise NotImplementedError(missing) from None

    return functools.wraps(function)(own) if callable(function) else own


def _part(file: Path) -> Part:
    try:
        content = read_regular_file(file)
        cells = notebook_cells(content) if file.suffix == ".ipynb" else script_cells(content, file.name)
    except UnreadableError as error:
        raise UnreadableError(_own_words(file.name, str(error))) from None
    checks = file.with_name(CHECKS)
    return Part(cells, questions(checks) if checks.is_file() else ())


def _part_if_readable(file: Path) -> Part | None:
    try:
        return _part(file)
    except UnreadableError:
        return None


def _own_words(name: str, said: str) -> str:
    """What is said of a submission, for a file that nobody has handed in yet: which it is, and what to do with it."""
    said = re.sub(r",( and)? hand it in again", "", said)
    said = said.replace("hand in the", "use the").replace("Hand in the", "Use the")
    return said.replace("The file", name, 1)
