"""Imports what an author writes beside a lesson, with the lesson's own functions in reach."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from types import ModuleType

from autograder.checking.session import forget_modules
from autograder.course import messages
from autograder.course.lesson import CourseError
from autograder.sandbox.namespace import Namespace


def import_beside(reference: Namespace, path: Path, course: Path) -> ModuleType:
    """Import a file, in which `lesson` is the reference, and modules in the course's folder are found.

    Raises CourseError.
    """
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    with _importable(reference, course):
        try:
            exec(compile(path.read_bytes(), path, "exec"), vars(module))
        except (Exception, SystemExit) as error:
            name, line = type(error).__name__, _line(error, path)
            raise CourseError(
                messages.cannot_import_line(path, line, name, str(error))
                if line
                else messages.cannot_import(path, name, str(error))
            ) from error
    return module


def _line(error: BaseException, path: Path) -> int | None:
    """The line of a file in which it went wrong."""
    if isinstance(error, SyntaxError):
        return error.lineno
    frames = (each for each in extract_tb(error.__traceback__) if each.filename == str(path))
    return next((each.lineno for each in frames), None)


@contextmanager
def _importable(reference: Namespace, folder: Path) -> Iterator[None]:
    module = ModuleType("lesson")
    vars(module).update({name: value for name, value in reference.values.items() if not name.startswith("__")})
    sys.modules["lesson"] = module
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        del sys.modules["lesson"]
        forget_modules(f"{folder}{os.sep}")
