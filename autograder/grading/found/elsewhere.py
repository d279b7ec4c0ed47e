"""Which folder was meant, where there is nothing to grade in the one that was named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.course.folder import is_course
from autograder.grading import messages
from autograder.language.listing import listed
from autograder.report.ungraded import UngradedFile
from autograder.settings import Former
from autograder.submission.which_file import NOBODYS_FOLDERS


class Places:
    """The folders in which works were looked for: whether another folder was meant than the one that holds these.

    So it is where what were taken for students are assignments, or each is a whole class. `is_one_there`: of the
    works, at least one lies where it should.
    """

    def __init__(self) -> None:
        self.is_one_there = False
        self._students: dict[Path, None] = {}  # as long as none is there

    def add(self, works: Iterable[Path]) -> None:
        if self.is_one_there:
            return
        for work in works:
            self._students.setdefault(work.parent)
            self.is_one_there = self.is_one_there or os.path.lexists(work)

    def are_elsewhere(self, assignments: Sequence[str]) -> bool:
        if self.is_one_there:
            return False
        are_assignments = any(folder.name in assignments for folder in self._students)
        return are_assignments or all(_holds_work(folder, assignments) for folder in self._students)


def nothing_found(
    submitted: Path,
    assignments: Sequence[str],
    folders: Sequence[str],
    former: Former,
    ungraded: Sequence[UngradedFile],
) -> str:
    """Why there is nothing to grade: perhaps the folder is one above or below, or all is of an earlier edition."""
    expected = submitted / "<student>" / assignments[0] / f"{assignments[0]}.ipynb"
    old = [name for name in former if any(os.path.lexists(submitted / each / name) for each in folders)]
    if old:
        return messages.nothing_but_former(expected, listed(old))
    suggestion = _suggested(submitted, assignments)
    if suggestion:
        return messages.nothing_handed_in_here(expected, suggestion)
    if ungraded:
        return messages.nothing_placed(expected, len(ungraded), ungraded[0].file, ungraded[0].reason)
    return messages.nothing_handed_in(expected)


def _suggested(submitted: Path, assignments: Sequence[str]) -> Path | None:
    """The folder that the user probably meant: one right above or below, with submissions where they belong."""
    above = submitted.parent if submitted.name not in ("", "..") else submitted.resolve().parent
    is_a_students = any(os.path.lexists(submitted / name) for name in assignments)
    near = [above] if is_a_students else [each for each in _folders(submitted) if _holds_work(each, assignments)]
    return next((folder for folder in near if not is_course(folder)), None)


def _holds_work(folder: Path, assignments: Sequence[str]) -> bool:
    return any(os.path.lexists(student / name) for student in _folders(folder) for name in assignments)


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
    return [folder / name for name in names if name not in NOBODYS_FOLDERS]
