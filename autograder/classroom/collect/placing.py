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
        self._attempts = attempts_of(into) / student

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
            if _hashes(target, newest) != newest.files:
                raise UserError(messages.is_there_already(target))
            work.counts = newest  # as it would have been placed: an earlier run came no further

    def take(
        self, assignment: str, work: CollectedWork, attempt: Attempt, files: Files, *, is_newest: bool
    ) -> Placement:
        """Place an attempt if it is the newest, and keep it otherwise. Raises UserError."""
        target = self._student / assignment
        there = _hashes(target, work.counts, attempt) if os.path.lexists(target) else None
        known = [each for each in (work.counts, *work.others) if each]
        is_current = work.counts is not None and attempt.is_same_as(work.counts)
        if not is_current and (not is_newest or any(map(attempt.is_older_than, known))):
            return self._keep(assignment, work, attempt, files)
        if work.counts and there is not None:
            self._require_untouched(target, there, work.counts, attempt)
        if work.counts and there and attempt.files == work.counts.files:
            return _written_down(target, work, attempt)
        placement = Placement.UPDATED if work.counts and there else Placement.PLACED
        new = _prepared(files, target) if there != attempt.files else None  # else an earlier run came no further
        if work.counts:
            self._move_aside(assignment, work, target if there and new else None)
        if new:
            delete(target)  # there is nothing in it, if it is still there
            _rename(new, target)
        work.counts = attempt
        _write_timestamp(target, attempt, None)
        return placement

    def _require_untouched(self, target: Path, there: Mapping[str, str], counts: Attempt, attempt: Attempt) -> None:
        """Raises UserError where a person has changed what was collected; it may have been emptied."""
        is_empty = (
            not there
            and {*os.listdir(target)} <= {TIMESTAMP}
            and _read_timestamp(target) in ("", timestamp_text(counts))
        )
        if not is_empty and there not in (counts.files, attempt.files):
            raise UserError(messages.was_changed(target))

    def _keep(self, assignment: str, work: CollectedWork, attempt: Attempt, files: Files) -> Placement:
        if any(attempt.is_same_as(other) and self._is_there(assignment, other) for other in work.others):
            return Placement.UNCHANGED
        folder = self._unrecorded(assignment, work, attempt)
        if not folder:
            folder = self._new_folder(assignment)
            _rename(_prepared(files, folder), folder)
        work.others.append(replace(attempt, folder=folder.name))
        return Placement.ATTEMPT

    def _move_aside(self, assignment: str, work: CollectedWork, target: Path | None) -> None:
        """Keep what counted until now; it may be kept already, by an earlier run or as an earlier attempt."""
        assert work.counts
        if any(work.counts.is_same_as(other) and self._is_there(assignment, other) for other in work.others):
            if target:
                delete(target)
            return
        folder = self._unrecorded(assignment, work, work.counts)
        if target and not folder:
            folder = self._new_folder(assignment)
            _rename(target, folder)
        if folder:
            work.others.append(replace(work.counts, folder=folder.name))

    def _is_there(self, assignment: str, other: Attempt) -> bool:
        """Whether a kept attempt is where it was put, as it was."""
        folder = self._attempts / assignment / other.folder
        return bool(other.folder) and folder.is_dir() and _hashes(folder, other) == other.files

    def _unrecorded(self, assignment: str, work: CollectedWork, attempt: Attempt) -> Path | None:
        """The folder of an attempt that was kept by a run which did not come to write that down."""
        parent = self._attempts / assignment
        recorded = {each.folder for each in work.others}
        names = sorted(os.listdir(parent)) if parent.is_dir() else []
        unknown = (parent / name for name in names if name not in recorded and name.isdecimal())
        return next((each for each in unknown if each.is_dir() and _hashes(each, attempt) == attempt.files), None)

    def _new_folder(self, assignment: str) -> Path:
        parent = self._attempts / assignment
        if parent.is_symlink():
            raise UserError(messages.is_no_folder(parent))
        return next(path for number in count(1) if not os.path.lexists(path := parent / str(number)))


def attempts_of(into: Path) -> Path:
    """The folder beside the submissions in which the attempts lie that do not count."""
    place = into if into.name not in ("", "..") else Path(os.path.abspath(into))
    return place.with_name(f"{place.name}.attempts")


def is_as_collected(folder: Path, attempt: Attempt) -> bool:
    """Whether a folder holds the files of an attempt, as they came in, and no others."""
    try:
        return _hashes(folder, attempt) == attempt.files
    except UserError:
        return False


def _written_down(target: Path, work: CollectedWork, attempt: Attempt) -> Placement:
    """The same work again: what the system says of it now, or that it was handed in once more."""
    assert work.counts
    before = work.counts
    if not attempt.is_same_as(before):
        work.others.append(before)  # whose files are those that count
        work.counts = attempt
    elif attempt.tells_more_than(before):
        work.counts = attempt
    _write_timestamp(target, work.counts, before)
    return Placement.UNCHANGED


def content_hash(path: Path) -> str:
    """Raises OSError."""
    with open_file(path) as file:
        return hashlib.sha256(file.read()).hexdigest()


def _hashes(folder: Path, *attempts: Attempt | None) -> dict[str, str]:
    """What lies in a folder, but for what we write ourselves; of what programs leave behind, what attempts have there.

    Raises UserError where it is none that can be read.
    """
    if folder.is_symlink() or not folder.is_dir():
        raise UserError(messages.is_no_folder(folder))
    try:
        paths = {path.as_posix() for path in files_below(folder)} - {TIMESTAMP}
        paths |= {name for each in attempts if each for name in each.files if (folder / name).is_file()}
        return {name: content_hash(folder / name) for name in sorted(paths)}
    except OSError as error:
        raise UserError(messages.cannot_look_at(folder, error.strerror)) from None


def _prepared(files: Files, target: Path) -> Path:
    """A folder of files beside where it is to be. Raises UserError."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        for stale in target.parent.glob(f".{target.name}.[0-9]*"):  # of a run that was killed; no other is at work here
            if stale.suffix[1:].isdecimal() and stale.is_dir():
                delete(stale)
        temporary.mkdir(parents=True)
        for path, place in files.items():
            copy = temporary / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            with open_file(place) as source, copy.open("xb") as file:
                shutil.copyfileobj(source, file)
    except OSError as error:
        delete(temporary)
        raise UserError(messages.cannot_write(target, error.strerror)) from None
    return temporary


def _rename(folder: Path, target: Path) -> None:
    """Raises UserError."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)
    except OSError as error:
        raise UserError(messages.cannot_write(target, error.strerror)) from None


def _write_timestamp(folder: Path, attempt: Attempt, before: Attempt | None) -> None:
    """As nbgrader writes it, where the system said a time. What a person has written there stays. Raises UserError."""
    file, text, there = folder / TIMESTAMP, timestamp_text(attempt), _read_timestamp(folder)
    if there == text or (before and there not in ("", timestamp_text(before))):
        return
    if text:
        write_atomically(file, text)
    else:
        delete(file)


def _read_timestamp(folder: Path) -> str:
    file = folder / TIMESTAMP
    return file.read_text(errors="replace") if file.is_file() else ""


def timestamp_text(attempt: Attempt) -> str:
    """What is written into timestamp.txt: nothing where no system said a time."""
    if not attempt.handed_in or attempt.is_claim:
        return ""
    time = datetime.fromisoformat(attempt.handed_in).astimezone(UTC)
    return f"{time.replace(tzinfo=None).isoformat(' ', 'microseconds')} UTC\n"
