"""What was handed in together, as one attempt; and which of several is the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from autograder.classroom.collect.account import AccountLine, Placement
from autograder.classroom.collect.manifest import Attempt
from autograder.classroom.collect.owners import Owners
from autograder.classroom.collect.sources import Incoming, SourceContents


@dataclass(frozen=True)
class OwnedFile:
    """A file that is somebody's, for an assignment."""

    source: SourceContents
    incoming: Incoming
    member: str  # whose: a person's name
    place: Path
    hash: str

    def line(self, placement: Placement, student: str, assignment: str, reason: str = "") -> AccountLine:
        return AccountLine(self.source.name, self.incoming.shown, placement, student, assignment, reason)


@dataclass
class Together:
    """Files that were handed in together, by the paths that the student had them under."""

    number: int  # of the source: those that are named later are newer
    member: str  # who handed them in, of those who share a folder
    files: dict[PurePosixPath, OwnedFile] = field(default_factory=dict)
    folders: set[PurePosixPath] = field(default_factory=set)

    def take(self, path: PurePosixPath, file: OwnedFile) -> bool:
        """Whether there is a place for a file of that path."""
        if path in self.files or path in self.folders or any(parent in self.files for parent in path.parents):
            return False
        self.files[path] = file
        self.folders.update(path.parents)
        return True

    def attempt(self, owners: Owners) -> Attempt:
        """What is known of them."""
        origins = [each.incoming.origin for each in self.files.values()]
        first, *_ = origins
        late = {owners.is_late(origin) for origin in origins} - {None}
        uploads = [origin.upload for origin in origins if origin.upload is not None]
        time = first.handed_in.timestamp() if first.handed_in and not first.is_claim else None
        return Attempt(
            next(iter(self.files.values())).source.name,
            first.system,
            {str(path): each.hash for path, each in sorted(self.files.items())},
            max(uploads, default=time),
            first.handed_in.isoformat() if first.handed_in else "",
            first.is_claim,
            first.unread_time,
            any(late) if late else None,
            first.commit,
        )


def oldest_first(attempts: Sequence[tuple[Together, Attempt]]) -> list[tuple[Together, Attempt]]:
    """By what the system counts them by, if it is one; else those of later sources are newer.

    Of several systems, the newest is the last one than which its own system tells no newer one.
    """
    orders = [attempt.order for _, attempt in attempts]
    of_one_system = len({attempt.system for _, attempt in attempts}) == 1 and None not in orders
    by_number = sorted(attempts, key=lambda each: (each[0].number, each[1].order or 0))
    if of_one_system:
        return sorted(by_number, key=lambda each: each[1].order or 0)
    newest = next(
        each for each in reversed(by_number) if not any(each[1].is_older_than(other) for _, other in attempts)
    )
    return [*(each for each in by_number if each is not newest), newest]


def rivals_of_newest(oldest_first: Sequence[tuple[Together, Attempt]]) -> list[str]:
    """Who else of a team handed in something in the same source, where nothing tells that the newest is newer."""
    *others, (newest, attempt) = oldest_first
    return sorted(
        {
            each.member
            for each, other in others
            if each.number == newest.number
            and each.member != newest.member
            and not other.is_older_than(attempt)
            and not other.is_same_as(attempt)
        }
    )


def own_path(file: PurePosixPath, assignment: str) -> PurePosixPath:
    """A student's path of a file, below the assignment's folder where they had one."""
    parts = file.parts
    if assignment in parts[:-1]:
        parts = parts[parts.index(assignment) + 1 :]
    return PurePosixPath(*parts)
