"""Work that lies where the grader does not look: the folder that was meant, and what is named or placed wrongly."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from autograder.course.loader import SETTINGS, SOLUTIONS

SUFFIXES = (".ipynb", ".py")
DEPTH = 2  # folders below a student's own in which work is looked for
MOST_ENTRIES = 1000  # of a student's folder that are looked at


def meant(submitted: Path, assignments: Sequence[str]) -> Path | None:
    """The folder right above or below this one that submissions lie in as they should."""
    above = submitted.parent if submitted.name not in ("", "..") else submitted.resolve().parent
    is_a_students = any(os.path.lexists(submitted / name) for name in assignments)
    near = [above] if is_a_students else [each for each in _folders(submitted) if _holds_work(each, assignments)]
    return next((folder for folder in near if not is_course(folder)), None)


def is_course(folder: Path) -> bool:
    """Whether it is the instructor's project, in which students' folders lie deeper."""
    return (folder / SOLUTIONS / SETTINGS).is_file()


def _holds_work(folder: Path, assignments: Sequence[str]) -> bool:
    return any(os.path.lexists(student / name) for student in _folders(folder) for name in assignments)


def strays(submitted: Path, assignments: Sequence[str]) -> list[str]:
    """A line for each folder or file of a student's that looks like a submission and belongs to no assignment."""
    return [
        f"{student.name}: {_advice(entry, assignments)}"
        for student in _folders(submitted)
        for entry in _entries(student, MOST_ENTRIES)
        if entry.name not in assignments and _looks_like_work(entry, DEPTH)
    ]


def _advice(entry: Path, assignments: Sequence[str]) -> str:
    is_file = not entry.is_dir()
    like = _simple(entry.stem if is_file else entry.name)
    near = next((name for name in assignments if _simple(name) == like), None)
    if is_file:
        place = near or f"the folder of its assignment ({', '.join(assignments)})"
        return f"{entry.name} lies in no assignment's folder: put it into {place}, and grade again"
    known = "" if near else f" ({', '.join(assignments)})"
    to_do = f"rename it to {near}" if near else "rename or move it"
    return f"{entry.name} is no assignment of this course{known}: {to_do}, and grade again"


def _simple(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


def _looks_like_work(entry: Path, depth: int) -> bool:
    if entry.is_symlink():
        return False
    if not entry.is_dir():
        return entry.suffix in SUFFIXES
    return depth > 0 and any(_looks_like_work(each, depth - 1) for each in _entries(entry, MOST_ENTRIES))


def _folders(folder: Path) -> Iterator[Path]:
    return (entry for entry in _entries(folder) if entry.is_dir() and not entry.is_symlink())


def _entries(folder: Path, most: int | None = None) -> list[Path]:
    """What lies in a folder, sorted; nothing hidden, nor what Python leaves behind."""
    try:
        with os.scandir(folder) as found:
            names = [entry.name for entry in islice(found, most)]
    except OSError:
        return []
    return [folder / name for name in sorted(names) if name[0] != "." and name != "__pycache__"]
