"""From files that came in to `submitted/<student>/<assignment>/`: the newest attempt counts, each file has a line."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from autograder.classroom.collect import messages
from autograder.classroom.collect.manifest import CollectedWork, Key, Manifest
from autograder.classroom.collect.owners import Owners, UnknownOwnerError
from autograder.classroom.collect.sources import Incoming, Lost
from autograder.errors import UserError
from autograder.grading.files import delete, write_atomically
from autograder.submission.reader import MAX_FILE_BYTES
from autograder.submission.which_file import TIMESTAMP, assignment_of
from autograder.text import on_one_line

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Placement(StrEnum):
    """What became of a file."""

    PLACED = "placed"
    UNCHANGED = "unchanged"
    ATTEMPT = "kept as an attempt"
    PASSED_OVER = "passed over"
    NOT_PLACED = "not placed"


@dataclass(frozen=True)
class AccountLine:
    """One file of the account."""

    source: str
    file: str
    placement: Placement
    student: str = ""
    assignment: str = ""
    reason: str = ""


@dataclass(frozen=True)
class _Attempt:
    """Files that were handed in together, by the paths that the student had them under."""

    files: dict[PurePosixPath, Incoming]
    number: int
    handed_in: datetime | None

    @property
    def age(self) -> tuple[int, datetime]:
        """Later sources are newer, and in one of them, later times."""
        return self.number, self.handed_in or LONG_AGO

    @property
    def first(self) -> Incoming:
        return next(iter(self.files.values()))

    def record(self) -> CollectedWork:
        hashes = {str(path): _hash(each.path) for path, each in sorted(self.files.items())}
        late = [each.origin.is_late for each in self.files.values() if each.origin.is_late is not None]
        time = self.handed_in.isoformat() if self.handed_in else ""
        first = self.first
        return CollectedWork(
            first.source, first.origin.system, hashes, time, first.is_claim, any(late) if late else None
        )


class Collection:
    """Places files in a folder of submissions, and accounts for each."""

    def __init__(self, into: Path, assignments: Sequence[str], owners: Owners, assignment: str = "") -> None:
        """`assignment` is what files are for whose names do not tell. Raises UserError."""
        self._into = into
        self._attempts_folder = into.with_name(f"{into.name}.attempts")
        self._assignments = assignments
        self._owners = owners
        self._default = assignment
        self._manifest = Manifest(into)
        self.account: list[AccountLine] = []

    def add(self, incoming: Iterable[Incoming | Lost]) -> None:
        """Place all files of some sources, and write down what has been collected. Raises UserError."""
        works: defaultdict[Key, dict[tuple[int, str], dict[PurePosixPath, Incoming]]] = defaultdict(dict)
        for each, student, assignment in self._assigned(incoming):
            time = each.origin.handed_in
            files = works[student, assignment].setdefault((each.number, time.isoformat() if time else ""), {})
            own = _own_path(each.origin.file, assignment)
            if own in files:
                self._account(each, Placement.NOT_PLACED, student, assignment, messages.another_of_its_name(own))
            else:
                files[own] = each
        for (student, assignment), found in sorted(works.items()):
            attempts = [
                _Attempt(files, number, next(iter(files.values())).origin.handed_in)
                for (number, _), files in found.items()
            ]
            self._place(student, assignment, sorted(attempts, key=lambda attempt: attempt.age))
        self._manifest.save()

    # What is whose, and for what

    def _assigned(self, incoming: Iterable[Incoming | Lost]) -> Iterable[tuple[Incoming, str, str]]:
        """The files with their student and assignment; those without are accounted for."""
        owned: defaultdict[tuple[int, str], list[Incoming]] = defaultdict(list)
        for each in incoming:
            if isinstance(each, Lost):
                reason = each.reason
                self.account.append(
                    AccountLine(each.source, each.shown, Placement.NOT_PLACED, each.student, "", reason)
                )
                if each.student:  # of whom there is nothing: they belong to the class nevertheless
                    (self._into / each.student).mkdir(parents=True, exist_ok=True)
                continue
            if each.origin.file.name == TIMESTAMP or each.path.stat().st_size > MAX_FILE_BYTES:
                self._turn_away(each)
                continue
            try:
                owned[each.number, self._owners.folder(each.origin)].append(each)
            except UnknownOwnerError as error:
                self._account(each, Placement.NOT_PLACED, reason=str(error))
        for (_, student), files in owned.items():
            told = [self._told(each) for each in files]
            known = set(filter(None, told))
            for each, name in zip(files, told, strict=True):
                name = name or self._default or (next(iter(known)) if len(known) == 1 else "")
                if name in self._assignments:
                    yield each, student, name
                else:
                    reason = messages.for_no_assignment(", ".join(self._assignments))
                    self._account(each, Placement.NOT_PLACED, student, reason=reason)

    def _told(self, each: Incoming) -> str:
        """The assignment that the system says, or the student's own names of files and folders."""
        return each.origin.assignment or assignment_of(Path(each.origin.file), self._assignments)

    def _turn_away(self, each: Incoming) -> None:
        if each.origin.file.name == TIMESTAMP:
            self._account(each, Placement.PASSED_OVER, reason=messages.OWN_TIME)
        else:
            self._account(each, Placement.NOT_PLACED, reason=messages.file_too_large(MAX_FILE_BYTES >> 20))

    # Where it goes

    def _place(self, student: str, assignment: str, attempts: Sequence[_Attempt]) -> None:
        *earlier, newest = attempts
        target, known = self._into / student / assignment, self._manifest.records.get((student, assignment))
        if os.path.lexists(target) and not known:
            for each in newest.files.values():
                self._account(each, Placement.NOT_PLACED, student, assignment, messages.is_there_already(target))
            return
        for attempt in earlier:
            self._keep_attempt(student, assignment, attempt)
        record = newest.record()
        if known and known.files == record.files and target.is_dir():
            self._manifest.records[student, assignment] = record
            self._account_all(newest, Placement.UNCHANGED, student, assignment)
        elif known and known.time and newest.handed_in and newest.handed_in < known.time:
            self._keep_attempt(student, assignment, newest)
        else:
            if known and target.is_dir():
                _move(target, self._attempt_folder(student, assignment, known.handed_in))
            _write(newest, target)
            if newest.handed_in and not record.is_claim:
                _write_timestamp(target, newest.handed_in)
            self._manifest.records[student, assignment] = record
            self._account_all(newest, Placement.PLACED, student, assignment)

    def _keep_attempt(self, student: str, assignment: str, attempt: _Attempt) -> None:
        folder = self._attempt_folder(student, assignment, attempt.record().handed_in)
        _write(attempt, folder)
        self._account_all(attempt, Placement.ATTEMPT, student, assignment)

    def _attempt_folder(self, student: str, assignment: str, handed_in: str) -> Path:
        """A folder that is not there yet, or the one of that time."""
        parent = self._attempts_folder / student / assignment
        if handed_in:
            return parent / handed_in.replace(":", "")
        taken = len(list(parent.iterdir())) if parent.is_dir() else 0
        return parent / str(taken + 1)

    def _account_all(self, attempt: _Attempt, placement: Placement, student: str, assignment: str) -> None:
        for each in attempt.files.values():
            unread = each.origin.unread_time
            reason = messages.time_not_read(on_one_line(unread)) if unread else ""
            self._account(each, placement, student, assignment, reason)

    def _account(
        self, each: Incoming, placement: Placement, student: str = "", assignment: str = "", reason: str = ""
    ) -> None:
        self.account.append(AccountLine(each.source, each.shown, placement, student, assignment, reason))


def _own_path(file: PurePosixPath, assignment: str) -> PurePosixPath:
    """A student's path of a file, below the assignment's folder where they had one."""
    parts = file.parts
    if assignment in parts[:-1]:
        parts = parts[parts.index(assignment) + 1 :]
    return PurePosixPath(*parts)


def _write(attempt: _Attempt, target: Path) -> None:
    """Make a folder of an attempt's files, whole or not at all. Raises UserError."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    delete(temporary)
    try:
        for path, each in attempt.files.items():
            copy = temporary / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(each.path, copy, follow_symlinks=False)
        delete(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.rename(target)
    except OSError as error:
        delete(temporary)
        raise UserError(messages.cannot_write(target, error.strerror)) from None


def _move(folder: Path, target: Path) -> None:
    delete(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, target)
    except OSError as error:
        raise UserError(messages.cannot_write(target, error.strerror)) from None


def _write_timestamp(folder: Path, handed_in: datetime) -> None:
    """As nbgrader writes it."""
    write_atomically(folder / TIMESTAMP, handed_in.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC\n"))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
