"""All that a score rests on beside the submission: a hash of each thing, by name, so that a change can be told."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from autograder import settings
from autograder.course.loader import FILES, HANDOUT, LESSON, Assignment, Course

PACKAGE = Path(__file__).parents[1]
# The part of the machine that can move a score. All else shows it, keeps it, or makes what students get.
SCORING = (
    "checking",
    "sandbox",
    "submission",
    "course/lesson.py",
    "course/loader.py",
    "course/messages.py",
    "course/provenance.py",
    "grading/grader.py",
    "grading/job.py",
    "grading/messages.py",
    "report/model.py",
    "errors.py",
    "settings.py",
    "settings_messages.py",
    "text.py",
)


def provenance_of(course: Course, assignment: Assignment) -> dict[str, str]:
    """A SHA-256 of each part that can move a score, by name; and the versions of NumPy and Python."""
    folder = course.folder
    return {
        settings.FILE: _digest_text(repr(_settings_of(course, assignment))),
        **{name: _digest(folder, assignment.sources(name)) for name in FILES},
        "data": _digest(folder, (path for each in (*assignment.earlier, assignment) for path in each.data)),
        "other files": _digest(folder, sorted(_other_files(course, assignment))),
        "earlier lessons": _digest(folder, (each.folder / LESSON for each in assignment.earlier)),
        "the grader": _machine(),
        "NumPy": np.__version__,
        "Python": platform.python_version(),
    }


def fingerprint(course: Course, assignment: Assignment) -> str:
    """One hash of all that."""
    return _digest_text(repr(provenance_of(course, assignment)))


def _settings_of(course: Course, assignment: Assignment) -> tuple[object, ...]:
    """What of the course's settings a report on this assignment depends on."""
    draws = course.draw_seed("", assignment.name)
    return draws, course.imports, course.limits, course.former.get(assignment.name, ())


def _other_files(course: Course, assignment: Assignment) -> Iterator[Path]:
    """What checks may import, read or be set up by: conftest.py, shared modules, tables of numbers.

    That is all that lies in the assignment's folder and is not told by a name of its own, and all that the course
    shares: what is in no assignment's folder.
    """
    named = {*assignment.data, *(path for name in FILES for path in assignment.sources(name))}
    elsewhere = {settings.FILE, HANDOUT, *course.names} - {assignment.name}
    for path in course.folder.rglob("*"):
        parts = path.relative_to(course.folder).parts
        left_behind = any(part == "__pycache__" or part[0] == "." or part[-1] == "~" for part in parts)
        if path.is_file() and parts[0] not in elsewhere and not left_behind and path not in named:
            yield path


@cache
def _machine() -> str:
    places = [PACKAGE / name for name in SCORING]
    files = (path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*.py"))))
    return _digest(PACKAGE, files)


def _digest(folder: Path, files: Iterable[Path]) -> str:
    """One hash of some files in a folder: of their paths in it, and what they hold."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}:{len(content)}:".encode("utf-8", "surrogateescape") + content)
    return digest.hexdigest()


def _digest_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
