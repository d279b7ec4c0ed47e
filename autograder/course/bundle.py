"""What students receive, as one zip: assignments/, a README, a licence, what they install, and what does that."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from autograder import settings
from autograder.course import messages
from autograder.course.archive import Member, read_tree, zipped
from autograder.course.lesson import CourseError
from autograder.course.loader import ASSIGNMENTS, HANDOUT, Course
from autograder.course.machine import DEFAULTS, REQUIREMENTS, read_own, student_members
from autograder.course.translation.code import program_in
from autograder.course.translation.prose import prose_in
from autograder.language.current import ENGLISH, looked_up, speaking
from autograder.language.listing import listed

TOP = "course"  # the folder that the zip unpacks to
README, LICENSE = "README.md", "LICENSE"
START = "start.py"  # sets up and starts the course, with nothing but Python
VS_CODE = "vscode"  # settings that are in .vscode for students


def write_bundle(course: Course, target: Path, language: str = ENGLISH) -> None:
    """Write the zip. Raises CourseError when a part of it is missing or `target` cannot be written.

    What of it is not the course's own, how to begin and the program that does, is in `language`.
    """
    with _writing(target), speaking(language):
        _write(target, dict([*_of_course(course), *student_members(course)]))


def write_worked_bundle(course: Course, worked: Path, target: Path) -> None:
    """Write a zip of worked notebooks alone: unpacked where the other was, it touches nothing. Raises CourseError."""
    with _writing(target):
        license_text = read_own(course.folder.with_name(LICENSE))
        members = dict(read_tree(worked, f"{worked.name}/"))
        _write(target, members | ({} if license_text is None else {f"{worked.name}/{LICENSE}": license_text}))


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CourseError(messages.bundle_not_written(error.filename or target, error.strerror)) from error


def _write(target: Path, members: Mapping[str, bytes]) -> None:
    target.write_bytes(zipped((f"{TOP}/{name}", content) for name, content in sorted(members.items())))


def _of_course(course: Course) -> Iterator[Member]:
    """The course's own: its assignments, its licence, what lies in its handout/; and a README and a start of ours."""
    license_text = read_own(course.folder.with_name(LICENSE))
    yield README, general_readme(course.title, course.names[0], course.imports, course.reads).encode()
    yield START, program_in((DEFAULTS / START).read_text(encoding="utf-8"), looked_up).encode()
    yield from read_tree(DEFAULTS / VS_CODE, f".{VS_CODE}/")
    if license_text is not None:
        yield LICENSE, license_text
    handout = course.folder / HANDOUT
    if os.path.lexists(handout) and not handout.is_dir():
        raise CourseError(messages.not_a_folder(handout))
    for name in (README, LICENSE, REQUIREMENTS):
        read_own(handout / name)
    yield from (member for member in read_tree(handout) if member[0] != REQUIREMENTS)
    yield from released_members(course, course.names)


def released_members(course: Course, names: Iterable[str]) -> list[Member]:
    """What students have of some assignments, and of the settings; nothing else that lies there. Raises CourseError."""
    members = []
    for name in (settings.FILE, *names):
        place = course.released / name
        if not place.exists():
            raise CourseError(messages.not_there(place))
        members += (
            read_tree(place, f"{ASSIGNMENTS}/{name}/")
            if place.is_dir()
            else [(f"{ASSIGNMENTS}/{name}", place.read_bytes())]
        )
    return members


def general_readme(
    title: str, first: str, answers_may_import: Iterable[str], answers_may_read: Iterable[str] = ()
) -> str:
    """What a student of any course has to know, for one that brings no README; `first` is its first assignment."""
    text = prose_in((DEFAULTS / README).read_text(encoding="utf-8"), looked_up)
    imports = listed(f"`{name}`" for name in answers_may_import) or messages.NOTHING
    files = listed(f"`{name}`" for name in answers_may_read)
    reads = messages.and_read(files) if files else ""
    return text.format(title=title, first=first, imports=imports, reads=reads)
