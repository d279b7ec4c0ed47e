"""Where a student's work lies: what counts in `submitted/`, the rest beside it; nothing is overwritten."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path, PurePosixPath

from autograder.classroom.collect import messages
from autograder.classroom.collect.account import FILE, Placement
from autograder.classroom.collect.archives.kinds import open_file
from autograder.classroom.collect.manifest import Attempt, CollectedWork
from autograder.errors import UserError
from autograder.grading.files import delete, write_atomically
from autograder.submission.which_file import TIMESTAMP, files_below

Files = Mapping[PurePosixPath, Path]  # where each is now, by its path below the assignment's folder


class StudentFolder:
    """A student's folder among the submissions, and that of their other attempts beside these."""

    def __init__(self, into: Path, student: str) -> None:
        self._student = into / student
        self._attempts = into.with_name(f"{into.name}.attempts") / student

    def make(self) -> None:
        """Raises UserError."""
        if self._student.name.casefold() == FILE:
            raise UserError(messages.no_folder_name(FILE))
        for folder in (self._student, self._attempts, self._attempts.parent):
            if folder.is_symlink() or (os.path.lexists(folder) and not folder.is_dir()):
                raise UserError(messages.is_no_folder(folder))
        try:
            self._student.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(messages.cannot_write(self._student, error.strerror)) from None

    def check(self, assignment: str, work: CollectedWork, newest: Attempt) -> None:
        """Raises UserError where something is in the place of what is to come that was not collected."""
        target = self._student / assignment
        self.make()
        if not work.counts and os.path.lexists(target):
            if _hashes(target) != newest.files:
                raise UserError(messages.is_there_already(target))
            work.counts = newest  # as it would have been placed: an earlier run came no further

    def take(
        self, assignment: str, work: CollectedWork, attempt: Attempt, files: Files, *, is_newest: bool
    ) -> Placement:
        """Place an attempt if it is the newest, and keep it otherwise. Raises UserError."""
        target = self._student / assignment
        there = _hashes(target) if os.path.lexists(target) else None
        is_current = work.counts is not None and attempt.is_same_as(work.counts)
        is_older = work.counts is not None and attempt.is_older_than(work.counts)
        if not is_current and (is_older or not is_newest):
            return self._keep(assignment, work, attempt, files)
        if work.counts and there and there != work.counts.files:
            raise UserError(messages.was_changed(target))
        if is_current and there:
            work.counts = attempt
            _write_timestamp(target, attempt)
            return Placement.UNCHANGED
        placement = Placement.PLACED
        if work.counts and there:
            placement = Placement.UPDATED
            folder = self._new_folder(assignment)
            _move(target, folder)
            work.others.append(replace(work.counts, folder=folder.name))
        elif there is not None:  # somebody emptied it
            delete(target)
        _write(files, target)
        work.counts = attempt
        _write_timestamp(target, attempt)
        return placement

    def _keep(self, assignment: str, work: CollectedWork, attempt: Attempt, files: Files) -> Placement:
        if any(attempt.is_same_as(other) for other in work.others):
            return Placement.UNCHANGED
        folder = self._new_folder(assignment)
        _write(files, folder)
        work.others.append(replace(attempt, folder=folder.name))
        return Placement.ATTEMPT

    def _new_folder(self, assignment: str) -> Path:
        parent = self._attempts / assignment
        return next(path for number in count(1) if not os.path.lexists(path := parent / str(number)))


def content_hash(path: Path) -> str:
    """Raises OSError."""
    with open_file(path) as file:
        return hashlib.sha256(file.read()).hexdigest()


def _hashes(folder: Path) -> dict[str, str]:
    """What lies in a folder, but for what we write ourselves. Raises UserError where it is none that can be read."""
    if folder.is_symlink() or not folder.is_dir():
        raise UserError(messages.is_no_folder(folder))
    try:
        return {path.as_posix(): content_hash(folder / path) for path in files_below(folder) if str(path) != TIMESTAMP}
    except OSError as error:
        raise UserError(messages.cannot_look_at(folder, error.strerror)) from None


def _write(files: Files, target: Path) -> None:
    """Make a folder of files, whole or not at all. Raises UserError."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    delete(temporary)
    try:
        for path, place in files.items():
            copy = temporary / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            with open_file(place) as source, copy.open("xb") as file:
                shutil.copyfileobj(source, file)
        temporary.rename(target)
    except OSError as error:
        delete(temporary)
        raise UserError(messages.cannot_write(target, error.strerror)) from None


def _move(folder: Path, target: Path) -> None:
    """Raises UserError."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)
    except OSError as error:
        raise UserError(messages.cannot_write(target, error.strerror)) from None


def _write_timestamp(folder: Path, attempt: Attempt) -> None:
    """As nbgrader writes it, where the system said a time; no other is left there. Raises UserError."""
    if attempt.handed_in and not attempt.is_claim:
        time = datetime.fromisoformat(attempt.handed_in).astimezone(UTC)
        text = f"{time.replace(tzinfo=None).isoformat(' ', 'microseconds')} UTC\n"
        if not (folder / TIMESTAMP).is_file() or (folder / TIMESTAMP).read_bytes() != text.encode():
            write_atomically(folder / TIMESTAMP, text)
    else:
        delete(folder / TIMESTAMP)
