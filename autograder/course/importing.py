"""Imports what an author writes beside a lesson, with the lesson's own functions in reach."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from autograder import settings
from autograder.checking.session import forget_modules
from autograder.checking.source import FUNCTIONS_OF, broken
from autograder.course import messages
from autograder.course.archive import find_files
from autograder.course.lesson import CourseError
from autograder.sandbox.namespace import Namespace

FROM_LESSON = re.compile(r"\bfrom\s+lesson\s+import\b((?:[^\n\\(]|\\\n|\([^)]*\))*)")
WHOLE = re.compile(r"\bimport\s+(?:[\w., ]+,\s*)?lesson\b|\bfrom\s+lesson\s+import\s*\*|[\"']lesson[\"']")
OF_FIXTURE = re.compile(rf"\b(?:{'|'.join(FUNCTIONS_OF)})\.(\w+)")


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
            raise CourseError(broken(path, error)) from error
    return module


def names_taken(lesson: Path) -> set[str]:
    """The names that files beside a lesson may ask it for: those of its own folder, and those of no lesson.

    Raises CourseError.
    """
    course, names = lesson.parents[1], set[str]()
    for path in find_files(course):
        top = course / path.relative_to(course).parts[0]
        if path.suffix == ".py" and path != lesson and (top == lesson.parent or not (top / lesson.name).exists()):
            try:
                names |= _names_taken(path.read_text(encoding="utf-8", errors="replace"))
            except OSError as error:
                raise CourseError(messages.cannot_read(path, str(error.strerror))) from None
    return names


def _names_taken(text: str) -> set[str]:
    """What is imported from the lesson or asked of a fixture; all that is mentioned, where the lesson is imported."""
    if WHOLE.search(text):
        return set(re.findall(r"\w+", text))
    imported = " ".join(FROM_LESSON.findall(text))
    return {*re.findall(r"\w+", imported), *OF_FIXTURE.findall(text)}


def require_installed(course: Path, imports: Sequence[str]) -> None:
    """Raises CourseError where a module that answers may import is not installed here."""
    file = course / settings.FILE
    for name in imports:
        if not _is_installed(name):
            lines = file.read_text(encoding="utf-8").splitlines()
            named = (number for number, line in enumerate(lines, 1) if re.search(rf"[\"']{re.escape(name)}[\"']", line))
            raise CourseError(messages.not_importable(file, next(named, 1), name))


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # the package of a submodule is not there, or is no package
        return False


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
