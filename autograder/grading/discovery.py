"""Which submissions there are: the students' folders, and work that lies where the grader does not look."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.course.loader import is_course
from autograder.errors import UserError
from autograder.grading import messages
from autograder.settings import Former
from autograder.submission.which_file import SUFFIXES
from autograder.text import decode_name

SEARCH_DEPTH = 2  # folders below a student's own in which work is looked for
MAX_ENTRIES = 1000  # of a student's folder that are looked at


@dataclass(frozen=True)
class SubmissionFolder:
    """A student's folder for one assignment, or one file in it."""

    student: str
    assignment: str
    folder: Path
    file: Path | None = None  # which one counts, where that is not left to the rule


def find_submissions(
    submitted: Path, assignments: Sequence[str], former: Former | None = None
) -> tuple[list[str], list[SubmissionFolder]]:
    """The students, and what lies in `submitted/<student>/<assignment>/`. Raises UserError where there is nothing.

    `former` names assignments of an earlier edition, and those that hold their questions now.
    """
    if is_course(submitted):
        raise UserError(messages.is_the_course(submitted.resolve()))
    try:
        with os.scandir(submitted) as entries:
            folders = sorted(entry.name for entry in entries if _may_be_a_students(entry))
    except OSError as error:
        raise UserError(messages.cannot_read(submitted, error.strerror)) from None
    submissions = [
        SubmissionFolder(decode_name(student), assignment, submitted / student / assignment)
        for student in folders
        for assignment in assignments
        if os.path.lexists(submitted / student / assignment)
    ]
    if not submissions:
        expected = submitted / "<student>" / assignments[0] / f"{assignments[0]}.ipynb"
        old = [name for name in former or {} if any(os.path.lexists(submitted / each / name) for each in folders)]
        if old:
            raise UserError(messages.nothing_but_former(expected, ", ".join(old)))
        suggestion = suggest_folder(submitted, assignments)
        raise UserError(
            messages.nothing_handed_in_here(expected, suggestion)
            if suggestion
            else messages.nothing_handed_in(expected)
        )
    return [decode_name(student) for student in folders], submissions


def _may_be_a_students(entry: os.DirEntry[str]) -> bool:
    """A folder, or a link, which is turned away with a reason: neither a file beside them nor a hidden one."""
    return entry.name[0] != "." and (entry.is_symlink() or entry.is_dir(follow_symlinks=False))


def suggest_folder(submitted: Path, assignments: Sequence[str]) -> Path | None:
    """The folder that the user probably meant: one right above or below, with submissions where they belong."""
    above = submitted.parent if submitted.name not in ("", "..") else submitted.resolve().parent
    is_a_students = any(os.path.lexists(submitted / name) for name in assignments)
    near = [above] if is_a_students else [each for each in _folders(submitted) if _holds_work(each, assignments)]
    return next((folder for folder in near if not is_course(folder)), None)


def _holds_work(folder: Path, assignments: Sequence[str]) -> bool:
    return any(os.path.lexists(student / name) for student in _folders(folder) for name in assignments)


def find_misplaced(submitted: Path, assignments: Sequence[str], former: Former) -> list[str]:
    """A line for each submission outside `<student>/<assignment>/`, which says where it lies and where to put it.

    `former` names assignments of an earlier edition, and those that hold their questions now.
    """
    return [
        _advice(student.name, entry, assignments, former)
        for student in _folders(submitted)
        for entry in _entries(student, MAX_ENTRIES)
        if entry.name not in assignments and _looks_like_work(entry, SEARCH_DEPTH)
    ]


def _advice(student: str, entry: Path, assignments: Sequence[str], former: Former) -> str:
    is_file = not entry.is_dir()
    if today := former.get(entry.stem if is_file else entry.name):
        return messages.former_work(student, entry.name, ", ".join(today))
    like = _letters(entry.stem if is_file else entry.name)
    near = next((name for name in assignments if _letters(name) == like), None)
    if is_file:
        if near:
            return messages.misplaced_file(student, entry.name, near)
        return messages.misplaced_file_anywhere(student, entry.name, ", ".join(assignments))
    if near:
        return messages.misnamed_folder(student, entry.name, near)
    return messages.unknown_folder(student, entry.name, ", ".join(assignments))


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


def _looks_like_work(entry: Path, depth: int) -> bool:
    if entry.is_symlink():
        return False
    if not entry.is_dir():
        return entry.suffix in SUFFIXES
    return depth > 0 and any(_looks_like_work(each, depth - 1) for each in _entries(entry, MAX_ENTRIES))


def _folders(folder: Path) -> Iterator[Path]:
    return (entry for entry in _entries(folder) if entry.is_dir() and not entry.is_symlink())


def _entries(folder: Path, most: int | None = None) -> list[Path]:
    """What lies in a folder, sorted; nothing hidden, nor what Python leaves behind."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, most)]
    except OSError:
        return []
    return [folder / name for name in sorted(names) if name[0] != "." and name != "__pycache__"]
