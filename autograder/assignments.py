"""A student's own assignments/ folder: its settings, the files in it, and the functions that are in those. Portable."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.checking.plugin import ChecksError, questions_called
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.statements import Part, load
from autograder.submission import notebook_cells, read_regular_file, script_cells

CHECKS = "visible_checks.py"
SETTINGS = "course.toml"


@dataclass(frozen=True)
class Assignments:
    """The course as a student has it: `names` in the order in which they are taught, `imports` that answers may use."""

    folder: Path
    title: str
    names: tuple[str, ...]
    imports: frozenset[str]

    def file(self, name: str) -> Path | None:
        """The student's work on one assignment: the notebook, or else the .py file."""
        files = (self.folder / name / f"{name}{suffix}" for suffix in (".ipynb", ".py"))
        return next((file for file in files if file.is_file()), None)

    def load(self, name: str, file: Path | None = None) -> Namespace:
        """The functions of one assignment (in `file`, if that is not where they should be) and of those before it."""
        names = self.names[: self.names.index(name)]
        files = [found for found in map(self.file, names) if found]
        last = file or self.file(name)
        parts = [_part(found) for found in (*files, *([last] if last else []))]
        return load(parts or [Part(())], self.imports)


def find_assignments(start: Path) -> Assignments:
    """The course that `start` is in or beneath. Raises ChecksError."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            settings = tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8"))
            names, imports = tuple(settings["assignments"]), frozenset(settings["imports"])
            return Assignments(folder, settings["title"], names, imports)
    raise ChecksError(f"there is no {SETTINGS} in {start} or above it: keep it where you got it, in assignments/")


def questions(checks: Path) -> tuple[str, ...]:
    """The questions that a file of checks is about, in the order in which they first stand in it."""
    return tuple(dict.fromkeys(name for called in questions_called(checks).values() for name in called))


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
    content = read_regular_file(file)
    cells = notebook_cells(content) if file.suffix == ".ipynb" else script_cells(content, file.name)
    checks = file.with_name(CHECKS)
    return Part(cells, questions(checks) if checks.is_file() else ())
