"""What a notebook takes from the student's earlier ones: functions as they are saved there, and data. Portable."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from autograder.checking.collection import ChecksError
from autograder.language.listing import listed
from autograder.sandbox.namespace import Namespace
from autograder.student import messages
from autograder.student.language import speak_in
from autograder.student.workspace import Workspace, find_workspace, questions
from autograder.submission.which_file import VISIBLE_CHECKS


@dataclass(frozen=True)
class Fetched:
    """What `previous` has handed out: the answer to a question, and all that came with it."""

    name: str
    space: Namespace


FETCHED: WeakKeyDictionary[Callable[..., Any], Fetched] = WeakKeyDictionary()


def fetched() -> tuple[Namespace, ...]:
    """What `previous` has loaded in this process: why a name is not there, is known there."""
    spaces = {id(each.space): each.space for each in FETCHED.values()}
    return tuple(each for space in spaces.values() for each in (*space.earlier, space))


def previous(name: str) -> Callable[..., Any]:
    """Your own function `name`, from the notebook of an earlier assignment, as it is saved there.

    Where it is not written yet, calling it raises NotImplementedError, which says where to write it.
    Raises ChecksError, and UnreadableError where that notebook cannot be read.
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
    speak_in(here)
    course = find_workspace(here)
    if here.name not in course.names:
        raise ChecksError(messages.not_in_an_assignment(here, listed(course.names)))
    return course, here.name
