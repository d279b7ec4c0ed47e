"""A student's own assignments/ folder: its settings, the files in it, and the functions that are in those. Portable."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from autograder import settings
from autograder.checking.collection import ChecksError, functions_handed, questions_called
from autograder.sandbox.loader import load
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import Part
from autograder.settings import PublicSettings, SettingsError, read_public_settings
from autograder.student import messages
from autograder.submission.errors import UnreadableError
from autograder.submission.reader import nothing_there, read_file
from autograder.submission.which_file import VISIBLE_CHECKS, find_work, is_work


@dataclass(frozen=True)
class Fetched:
    """What `previous` has handed out: the answer to a question, and all that came with it."""

    name: str
    space: Namespace


FETCHED: WeakKeyDictionary[Callable[..., Any], Fetched] = WeakKeyDictionary()


@dataclass(frozen=True)
class Workspace:
    """The course as a student has it."""

    folder: Path
    settings: PublicSettings

    @property
    def names(self) -> tuple[str, ...]:
        """The assignments, in the order in which they are taught."""
        return self.settings.assignments

    @property
    def imports(self) -> frozenset[str]:
        return frozenset(self.settings.imports)

    def file(self, name: str) -> Path | None:
        """The student's work on one assignment, by the rule of grading: what counts, be it readable or not."""
        return next(iter(find_work(self.folder / name, name)), None)

    def misnamed(self, name: str) -> str:
        """What is wrong where the work on an assignment lies in its folder under another name; else nothing."""
        folder = self.folder / name
        if self.file(name) or not (folder.is_dir() and any(is_work(file) for file in folder.iterdir())):
            return ""
        return str(nothing_there(folder, name).for_own_file(name))

    def asked(self, name: str) -> tuple[str, ...]:
        """The questions of one assignment; none where its visible checks are not there, or cannot be read."""
        with suppress(ChecksError, OSError):
            return questions(self.checks(name))
        return ()

    def checks(self, name: str) -> Path:
        return self.folder / name / VISIBLE_CHECKS

    @property
    def former_folders(self) -> list[str]:
        """A line for each folder that is of an assignment of an earlier edition."""
        return [
            messages.former_folder(name, ", ".join(today))
            for name, today in self.settings.former.items()
            if name not in self.names and (self.folder / name).is_dir()
        ]

    def load(self, name: str, file: Path | None = None) -> Namespace:
        """The functions of one assignment (in `file`, if that is not where they should be) and of those before it.

        They are loaded into this process. Raises UnreadableError where `file` cannot be read.
        """
        return load(self.parts(name, file), self.imports, self.settings.limits.cpu_seconds)

    def parts(self, name: str, file: Path | None = None) -> list[Part]:
        """What is written for one assignment and for those before it.

        A file before it that cannot be read gives nothing, as in grading. Raises UnreadableError where `file` cannot.
        """
        last = file or self.file(name)
        return [*self.parts_before(name), _part(last) if last else Part(())]

    def parts_before(self, name: str) -> list[Part]:
        """What is written for the assignments before one, as far as it can be read."""
        names = self.names[: self.names.index(name)]
        return [part for earlier in map(self.file, names) if earlier and (part := _part_if_readable(earlier))]


def find_workspace(start: Path) -> Workspace:
    """The workspace that `start` is in or beneath. Raises ChecksError."""
    for folder in (start, *start.parents):
        if (folder / settings.FILE).is_file():
            try:
                return Workspace(folder, read_public_settings(folder / settings.FILE))
            except SettingsError as error:
                raise ChecksError(messages.settings_broken(str(error))) from error
    raise ChecksError(messages.no_settings(settings.FILE, start))


def course_around(checks: Path) -> Workspace | None:
    """The course in which a file of checks lies where it should; None where it lies by itself."""
    try:
        course = find_workspace(checks.parent)
    except ChecksError:
        return None
    return course if checks.parent.parent == course.folder and checks.parent.name in course.names else None


def questions(checks: Path) -> tuple[str, ...]:
    """The questions that a file of checks is about, in the order in which they first stand in it. Raises ChecksError.

    A student may have changed the file, or saved over it.
    """
    try:
        called = questions_called(checks)
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise ChecksError(
            messages.checks_broken_from_line(checks, line) if line else messages.checks_broken(checks)
        ) from None
    return tuple(dict.fromkeys(name for names in called.values() for name in names))


_fetched: dict[str, Namespace] = {}  # by their assignments


def fetched() -> tuple[Namespace, ...]:
    """What `previous` has loaded in this process: why a name is not there, is known there."""
    return tuple(each for space in _fetched.values() for each in (*space.earlier, space))


def previous(name: str) -> Callable[..., Any]:
    """Your own function `name`, from the notebook of an earlier assignment, as it is saved there.

    Where it is not written yet, calling it raises NotImplementedError, which says where to write it.
    """
    course, here = _this_assignment()
    home = _asked_before(name, course, here).parent.name
    space = course.load(home)
    function = space.values.get(name)
    missing = messages.not_written_yet(name, home)

    def own(*args: Any, **kwargs: Any) -> Any:
        if not callable(function):
            raise NotImplementedError(missing)
        try:
            return function(*args, **kwargs)
        except NotImplementedError:
            raise NotImplementedError(missing) from None

    made = functools.wraps(function)(own) if callable(function) else own
    made.__name__ = name
    FETCHED[made] = Fetched(name, space)
    return made


def checks_of(name: str) -> Path:
    """The visible checks of a function: those of this assignment, else of the earlier one that asks for it.

    Raises ChecksError.
    """
    here = Path.cwd() / VISIBLE_CHECKS
    if not here.is_file():
        raise ChecksError(messages.no_checks(here.name, here.parent))
    if name in questions(here):
        return here
    course, assignment = _this_assignment()
    return _asked_before(name, course, assignment)


def _asked_before(name: str, course: Workspace, here: str) -> Path:
    """The visible checks of the first assignment before this one that asks for a function. Raises ChecksError."""
    checks = [course.folder / each / VISIBLE_CHECKS for each in course.names[: course.names.index(here)]]
    found = next((file for file in checks if file.is_file() and name in questions(file)), None)
    if found is None:
        if lost := next((file for file in checks if not file.is_file()), None):
            raise ChecksError(messages.no_checks(lost.name, lost.parent))
        raise ChecksError(messages.not_asked_before(here, name))
    return found


def previous_data(name: str) -> Path:
    """The data file `name` of this assignment or an earlier one, in whose folder it lies once."""
    course, here = _this_assignment()
    names = course.names[: course.names.index(here) + 1]
    files = (course.folder / each / "data" / name for each in reversed(names))
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise ChecksError(messages.no_data(name, here))
    return file


def _this_assignment() -> tuple[Workspace, str]:
    """The course that a notebook runs in, and its assignment. Raises ChecksError."""
    here = Path.cwd()
    course = find_workspace(here)
    if here.name not in course.names:
        raise ChecksError(messages.not_in_an_assignment(here, ", ".join(course.names)))
    return course, here.name


def _part(file: Path) -> Part:
    checks = file.with_name(VISIBLE_CHECKS)
    try:
        cells = read_file(file).cells
    except UnreadableError as error:
        raise error.for_own_file(file.name) from None
    return Part(cells, questions(checks), functions_handed(checks)) if checks.is_file() else Part(cells)


def _part_if_readable(file: Path) -> Part | None:
    try:
        return _part(file)
    except UnreadableError:
        return None
