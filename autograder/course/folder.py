"""The folder of a course: where it is, and which of its files are public."""

from __future__ import annotations

from pathlib import Path

from autograder import settings
from autograder.course import messages
from autograder.course.lesson import CourseError

SOLUTIONS = "solutions"


def is_course(folder: Path) -> bool:
    """Whether it is the instructor's project, in which students' folders lie deeper."""
    return (folder / SOLUTIONS / settings.FILE).is_file()


def find_course(start: Path) -> Path:
    """The solutions/ folder at or above `start`. Raises CourseError."""
    for folder in (start, *start.parents):
        if is_course(folder):
            return folder / SOLUTIONS
    raise CourseError(messages.no_course(f"{SOLUTIONS}/{settings.FILE}", start))


def require_public(file: Path, data: Path) -> None:
    """Raises CourseError where a file that answers may read is none that students get with its assignment."""
    if not file.exists():
        raise CourseError(messages.read_not_there(settings.FILE, file))
    if not file.is_file():
        raise CourseError(messages.read_not_a_file(settings.FILE, file))
    if not file.resolve().is_relative_to(data.resolve()):
        raise CourseError(messages.read_leads_out(settings.FILE, file, data))
