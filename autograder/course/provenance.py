"""All that a score rests on beside the submission: a hash of each thing, by name, so that a change can be told."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from autograder import settings
from autograder.course import messages
from autograder.course.archive import find_files
from autograder.course.lesson import CourseError
from autograder.course.loader import EQUIVALENTS, FILES, HANDOUT, LESSON, MUTANTS, Assignment, Course
from autograder.language.catalogue import LOCALE

PACKAGE = Path(__file__).parents[1]
# The part of the machine that can move a score. All else shows it, keeps it, or makes what students get.
SCORING = (
    "checking",
    "sandbox",
    "submission",
    "course/archive.py",
    "course/folder.py",
    "course/importing.py",
    "course/lesson.py",
    "course/loader.py",
    "course/messages.py",
    "course/provenance.py",
    "course/translation/cells.py",
    "course/translation/code.py",
    "course/translation/prose.py",
    "grading/grader.py",
    "grading/job.py",
    "grading/messages.py",
    "language",  # its code; what catalogues say moves no score, and they are not among what is hashed
    "report/model.py",
    "errors.py",
    "settings.py",
    "settings_messages.py",
    "text.py",
)


def provenances_of(course: Course) -> dict[str, dict[str, str]]:
    """What `provenance_of` says, by assignment."""
    return {each.name: provenance_of(course, each) for each in course.assignments}


def provenance_of(course: Course, assignment: Assignment) -> dict[str, str]:
    """A SHA-256 of each part that can move a score, by name; and the versions of Python, NumPy and other packages."""
    folder = course.folder
    return {
        settings.FILE: _digest_text(repr(_settings_of(course, assignment))),
        **{name: _digest(folder, assignment.sources(name)) for name in FILES},
        "data": _digest(folder, (path for each in (*assignment.earlier, assignment) for path in each.data)),
        "other files": _digest(folder, _other_files(course, assignment)),
        "earlier lessons": _digest(folder, (each.folder / LESSON for each in assignment.earlier)),
        "the grader": _machine(),
        "NumPy": metadata.version("numpy"),
        **_versions(course.imports),
        "Python": platform.python_version(),
    }


def edition_of(provenances: Mapping[str, Mapping[str, str]]) -> str:
    """One hash of a whole course, from what `provenance_of` says of each assignment."""
    return _digest_text(repr(sorted((name, sorted(parts.items())) for name, parts in provenances.items())))


def fingerprint(course: Course, assignment: Assignment) -> str:
    """One hash of all that."""
    return _digest_text(repr(provenance_of(course, assignment)))


def _settings_of(course: Course, assignment: Assignment) -> tuple[object, ...]:
    """What of the course's settings a report on this assignment depends on."""
    draws = course.draw_seed("", assignment.name)
    reads = course.files.known_to(assignment.name)
    return draws, course.imports, course.limits, course.former.get(assignment.name, ()), reads


def _other_files(course: Course, assignment: Assignment) -> Iterator[Path]:
    """What checks may import, read or be set up by: conftest.py, shared modules, tables of numbers.

    That is all that the course shares, for it lies in no assignment's folder, and what lies in the folders of this
    assignment and of those before it and is not told by a name of its own, or by none, as the checks of those before.
    """
    own = (*assignment.earlier, assignment)
    named = {path for each in own for name in FILES for path in each.sources(name)}
    named |= {path for each in own for path in (*each.data, each.folder / EQUIVALENTS)}
    elsewhere = {settings.FILE, HANDOUT, MUTANTS, *course.names} - {each.name for each in own}
    for path in find_files(course.folder):
        parts = path.relative_to(course.folder).parts
        if parts[0] not in elsewhere and path not in named and LOCALE not in parts[1:-1]:
            yield path


def _versions(imports: Iterable[str]) -> dict[str, str]:
    """The versions of the packages that answers may import; Python's own modules have none."""
    names = {name.partition(".")[0] for name in imports} - sys.stdlib_module_names
    distributions = _distributions() if names - {"numpy"} else {}
    return {
        each: metadata.version(each) for name in names - {"numpy"} for each in sorted(set(distributions.get(name, ())))
    }


@cache
def _distributions() -> Mapping[str, list[str]]:
    """By the name of each package that can be imported; it takes a look into all that is installed."""
    return metadata.packages_distributions()


@cache
def _machine() -> str:
    places = [PACKAGE / name for name in SCORING]
    files = (path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*.py"))))
    return _digest(PACKAGE, files)


def _digest(folder: Path, files: Iterable[Path]) -> str:
    """One hash of some files in a folder: of their paths in it, and what they hold. Raises CourseError."""
    digest = hashlib.sha256()
    for path in files:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CourseError(messages.cannot_read(path, str(error.strerror))) from None
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}:{len(content)}:".encode("utf-8", "surrogateescape") + content)
    return digest.hexdigest()


def _digest_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
