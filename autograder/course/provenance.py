"""All that a score rests on beside the submission: a hash of each thing, by name, so that a change can be told."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
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
    "grading/course_sandbox.py",
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
    files, packages = _Files(course.folder), _versions(course.imports)
    return {each.name: _provenance_of(course, each, files, packages) for each in course.assignments}


def provenance_of(course: Course, assignment: Assignment) -> dict[str, str]:
    """A SHA-256 of each part that can move a score, by name; and the versions of Python, NumPy and other packages."""
    return _provenance_of(course, assignment, _Files(course.folder), _versions(course.imports))


def _provenance_of(
    course: Course, assignment: Assignment, files: _Files, packages: Mapping[str, str]
) -> dict[str, str]:
    return {
        settings.FILE: _digest_text(repr(_settings_of(course, assignment))),
        **{name: files.digest(assignment.sources(name)) for name in FILES},
        "data": files.digest(path for each in (*assignment.earlier, assignment) for path in each.data),
        "other files": files.digest(_other_files(course, assignment, files)),
        "earlier lessons": files.digest(each.folder / LESSON for each in assignment.earlier),
        "the grader": _machine(),
        **packages,
        "Python": platform.python_version(),
    }


class _Files:
    """The files of a folder, each of which is read once, and found once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, bytes] = {}

    @cached_property
    def all(self) -> list[tuple[Path, tuple[str, ...]]]:
        """Each with the names of which its path in the folder is made."""
        return [(path, path.relative_to(self._folder).parts) for path in find_files(self._folder)]

    def digest(self, files: Iterable[Path]) -> str:
        """One hash of some of them: of their paths in the folder, and what they hold. Raises CourseError."""
        digest = hashlib.sha256()
        for path in files:
            digest.update(self._read.get(path) or self._named(path))
        return digest.hexdigest()

    def _named(self, path: Path) -> bytes:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CourseError(messages.cannot_read(path, str(error.strerror))) from None
        name = path.relative_to(self._folder).as_posix()
        self._read[path] = f"{name}:{len(content)}:".encode("utf-8", "surrogateescape") + content
        return self._read[path]


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


def _other_files(course: Course, assignment: Assignment, files: _Files) -> Iterator[Path]:
    """What checks may import, read or be set up by: conftest.py, shared modules, tables of numbers.

    That is all that the course shares, for it lies in no assignment's folder, and what lies in the folders of this
    assignment and of those before it and is not told by a name of its own, or by none, as the checks of those before.
    """
    own = (*assignment.earlier, assignment)
    named = {path for each in own for name in FILES for path in each.sources(name)}
    named |= {path for each in own for path in (*each.data, each.folder / EQUIVALENTS)}
    elsewhere = {settings.FILE, HANDOUT, MUTANTS, *course.names} - {each.name for each in own}
    for path, parts in files.all:
        if parts[0] not in elsewhere and path not in named and LOCALE not in parts[1:-1]:
            yield path


def _versions(imports: Iterable[str]) -> dict[str, str]:
    """NumPy's version, and those of the other packages that answers may import; Python's own modules have none."""
    names = {name.partition(".")[0] for name in imports} - sys.stdlib_module_names - {"numpy"}
    distributions = _distributions() if names else {}
    others = (each for name in names for each in sorted(set(distributions.get(name, ()))))
    return {"NumPy": metadata.version("numpy"), **{each: metadata.version(each) for each in others}}


@cache
def _distributions() -> Mapping[str, list[str]]:
    """By the name of each package that can be imported; it takes a look into all that is installed."""
    return metadata.packages_distributions()


@cache
def _machine() -> str:
    places = [PACKAGE / name for name in SCORING]
    files = (path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*.py"))))
    return _Files(PACKAGE).digest(files)


def _digest_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
