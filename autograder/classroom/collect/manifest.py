"""What has been collected, from where and when, and what got no place: kept where no student can set it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.classroom.collect import messages
from autograder.classroom.collect.account import AccountLine, Placement
from autograder.errors import UserError
from autograder.grading.files import write_atomically
from autograder.report.ungraded import UngradedFile

FILE = ".collected.json"
SCHEMA = 1
Key = tuple[str, str]  # student, assignment


@dataclass(frozen=True)
class Attempt:
    """What was handed in at once. `files` has a hash of each.

    `handed_in` is when, in ISO 8601, as the system said; with `is_claim` it is the student's own word, as that of a
    commit is, and awaits a person where it would decide. So does an `unread_time`, which cannot be read. `order` is
    what the system counts attempts by, a time or a number. `folder` is where one lies that does not count; one without
    has the files of the one behind it.
    """

    source: str
    system: str
    files: Mapping[str, str]
    order: float | None = None
    handed_in: str = ""
    is_claim: bool = False
    unread_time: str | None = None
    is_late: bool | None = None
    commit: str = ""
    folder: str = ""

    def is_same_as(self, other: Attempt) -> bool:
        """Whether both are one, as far as can be told."""
        orders = {self.order, other.order} if self.system == other.system else set()
        return self.files == other.files and (None in orders or len(orders) < 2)

    def tells_more_than(self, other: Attempt) -> bool:
        """Of one that is the same: what a system says later counts, but nobody else's word takes the place of it."""
        silent = other.order is None and other.is_late is None and not other.handed_in
        return self.system == other.system or (silent and not self.is_claim)

    def is_older_than(self, other: Attempt) -> bool:
        """Whether the system that both are from says so."""
        both = self.order is not None and other.order is not None and self.system == other.system
        return both and (self.order or 0) < (other.order or 0)


@dataclass(frozen=True)
class DownloadName:
    """What a person's work was called in the download of a system: their name and number there, and Canvas' of the
    upload. `hashes` are those of the files that were in it.
    """

    system: str
    member: str  # whose: a person's name
    name: str
    id: str
    upload: int | None = None
    hashes: tuple[str, ...] = ()


@dataclass
class CollectedWork:
    """Somebody's attempts at an assignment: the one that counts, and those that do not, in the order of coming in.

    `names` are those of the newest download; a manifest of an earlier version has none.
    """

    counts: Attempt | None = None
    others: list[Attempt] = field(default_factory=list)
    names: list[DownloadName] = field(default_factory=list)


@dataclass(frozen=True)
class Unplaced:
    """What got no place of a source, and the assignments that something in it was for."""

    source: str
    assignments: frozenset[str]
    files: tuple[UngradedFile, ...]

    def is_told_anew_by(self, other: Unplaced) -> bool:
        """Whether this is an earlier word on the same: downloads of two assignments may have one name."""
        return self.source == other.source and self.assignments <= other.assignments


class Manifest:
    """The records of a folder of submissions, by student and assignment; and what got no place there."""

    def __init__(self, into: Path) -> None:
        """Raises UserError where the file is not one of ours."""
        self._path = into / FILE
        self.records: dict[Key, CollectedWork] = {}
        self._unplaced: list[Unplaced] = []
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            if data["schema"] != SCHEMA:
                raise ValueError(f"schema {data['schema']!r}")
            for student, works in data["work"].items():
                for assignment, record in works.items():
                    others = [_read(each) for each in record["others"]]
                    names = [_read_name(each) for each in record.get("names", ())]
                    self.records[student, assignment] = CollectedWork(_read(record["counts"]), others, names)
            self._unplaced = [_read_unplaced(each) for each in data.get("unplaced", ())]
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise UserError(messages.broken_manifest(self._path)) from None

    @property
    def unplaced(self) -> list[UngradedFile]:
        """All that got no place, each once, whenever it was collected."""
        return sorted({file for each in self._unplaced for file in each.files})

    def take_account(self, sources: Iterable[str], account: Iterable[AccountLine], assignment: str = "") -> None:
        """Keep what got no place of the sources that a run has read. `assignment` is what all of it was said to be for.

        It takes the place of what an earlier run said of a source of that name, if that was of no other assignments.
        """
        lines: dict[str, list[AccountLine]] = {source: [] for source in sources}
        for line in account:
            if line.source in lines:
                lines[line.source].append(line)
        for source, of_it in lines.items():
            names = frozenset({assignment, *(line.assignment for line in of_it)} - {""})
            files = tuple(
                UngradedFile(line.student, line.assignment, line.file, line.reason, source)
                for line in of_it
                if line.placement is Placement.NOT_PLACED
            )
            fresh = Unplaced(source, names, files)
            self._unplaced = [each for each in self._unplaced if not each.is_told_anew_by(fresh)]
            self._unplaced += [fresh] if files else []

    def save(self) -> None:
        work: dict[str, dict[str, object]] = {}
        for (student, assignment), record in sorted(self.records.items()):
            if record.counts:
                work.setdefault(student, {})[assignment] = asdict(record)
        unplaced = [
            {
                "source": each.source,
                "assignments": sorted(each.assignments),
                "files": [[file.student, file.assignment, file.file, file.reason] for file in each.files],
            }
            for each in self._unplaced
        ]
        write_atomically(
            self._path, json.dumps({"schema": SCHEMA, "work": work, "unplaced": unplaced}, indent=1) + "\n"
        )


def _read(record: dict[str, Any]) -> Attempt:
    """Raises TypeError, ValueError or AttributeError where it is none."""
    attempt = Attempt(**record)
    if attempt.handed_in and datetime.fromisoformat(attempt.handed_in).utcoffset() is None:
        raise ValueError(attempt.handed_in)
    if attempt.folder and not attempt.folder.isdecimal():
        raise ValueError(attempt.folder)
    if not isinstance(attempt.unread_time, str | None) or not isinstance(attempt.is_late, bool | None):
        raise TypeError(record)
    if attempt.order is not None and not isinstance(attempt.order, int | float):
        raise TypeError(attempt.order)
    return replace(attempt, files=dict(attempt.files))


def _read_unplaced(record: dict[str, Any]) -> Unplaced:
    """Raises TypeError, ValueError or KeyError where it is none."""
    source, names = record["source"], record["assignments"]
    files = [(*map(str, each), source) for each in record["files"]]
    if not (isinstance(source, str) and isinstance(names, list) and all(len(each) == 5 for each in files)):
        raise TypeError(record)
    return Unplaced(source, frozenset(map(str, names)), tuple(UngradedFile(*each) for each in files))


def _read_name(record: dict[str, Any]) -> DownloadName:
    """Raises TypeError where it is none."""
    name = replace(DownloadName(**record), hashes=tuple(record["hashes"]))
    texts = (name.system, name.member, name.name, name.id, *name.hashes)
    if not all(isinstance(text, str) for text in texts) or not isinstance(name.upload, int | None):
        raise TypeError(record)
    return name
