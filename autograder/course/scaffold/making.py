"""Makes the folder of a new course, or of a new assignment in one: all of it, or nothing."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder import settings
from autograder.course.bundle import README, general_readme
from autograder.course.folder import SOLUTIONS
from autograder.course.loader import HANDOUT, Course
from autograder.course.scaffold import messages
from autograder.course.scaffold.entry import with_entry
from autograder.course.scaffold.names import question_of, require_course_name, require_new
from autograder.course.scaffold.templates import ASSIGNMENT, CLASS, COURSE, SETTINGS, filled, purpose
from autograder.errors import UserError

FIRST = "01_center"  # a new course's assignment
SUBMITTED = "submitted"  # the folder of a sample class, which hands it in
IMPORTS = ("numpy",)
HANDOUT_PURPOSE = "<!-- What students read first. Without this file they get a general one, made of course.toml. -->"


@dataclass(frozen=True)
class Made:
    """What was made: each file, with what it is for, in the order in which to look at them."""

    purposes: Mapping[Path, str]


@dataclass(frozen=True)
class MadeAssignment(Made):
    """An assignment that was made; `is_entered` if course.toml lists it now, `has_numpy` if answers may import that.

    It can build on a `question` of the assignment before it, `earlier`.
    """

    is_entered: bool
    has_numpy: bool
    earlier: str
    question: str


def make_course(parent: Path, name: str) -> Made:
    """A new folder with a course of one assignment and a sample class. Raises UserError."""
    require_course_name(name)
    values = {"title": name, "seed": secrets.token_urlsafe(24), "assignment": FIRST, "question": question_of(FIRST)}
    files = dict(filled(COURSE, values))
    files |= _below(PurePosixPath(SOLUTIONS), filled(SETTINGS, values))
    files |= _below(PurePosixPath(SOLUTIONS, FIRST), filled(ASSIGNMENT, values))
    readme = f"{HANDOUT_PURPOSE}\n\n{general_readme(name, FIRST, IMPORTS)}"
    files[PurePosixPath(SOLUTIONS, HANDOUT, README)] = readme
    files |= _below(PurePosixPath(SUBMITTED), filled(CLASS, values))
    return Made(_write(files, parent / name))


def make_assignment(course: Course, name: str) -> MadeAssignment:
    """A new assignment behind the last one of a course, which lists it then. Raises UserError."""
    question = question_of(name)
    require_new(name, question, course)
    file = (course.folder / settings.FILE).resolve()  # a link stays one
    text = file.read_bytes().decode()  # with the ends of its lines as they are
    entered = with_entry(text, name)
    purposes = _write(dict(filled(ASSIGNMENT, {"assignment": name, "question": question})), course.folder / name)
    if entered is not None:
        try:
            _replace(file, entered)
        except UserError:
            _delete(purposes)
            raise
    last = course.assignments[-1]
    has_numpy = any(name.partition(".")[0] in IMPORTS for name in course.imports)
    return MadeAssignment(purposes, entered is not None, has_numpy, last.name, last.questions[-1])


def _below(folder: PurePosixPath, files: Iterable[tuple[PurePosixPath, str]]) -> dict[PurePosixPath, str]:
    return {folder / place: text for place, text in files}


def _write(files: Mapping[PurePosixPath, str], target: Path) -> Mapping[Path, str]:
    """Write a new folder, which is there whole or not at all. Returns its files with their purposes."""
    if os.path.lexists(target):
        raise UserError(messages.is_there(target))
    with _telling(target), tempfile.TemporaryDirectory(prefix=".new-", dir=target.parent) as beside:
        folder = Path(beside, target.name)
        for place, text in files.items():
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        folder.rename(target)
    return {target / place: purpose(text) for place, text in files.items()}


def _replace(file: Path, text: str) -> None:
    with _telling(file):
        beside = file.with_name(f".{file.name}.new")
        try:
            beside.write_text(text, encoding="utf-8", newline="")
            beside.chmod(file.stat().st_mode)
            beside.replace(file)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def _delete(files: Iterable[Path]) -> None:
    """Take a new folder away again, with what was put there and nothing else."""
    for file in files:
        file.unlink(missing_ok=True)
        with suppress(OSError):  # others lie in it
            file.parent.rmdir()


@contextmanager
def _telling(place: Path) -> Iterator[None]:
    """Raises UserError where something cannot be written."""
    try:
        yield
    except OSError as error:
        raise UserError(messages.not_written(place, error.strerror or str(error))) from None
