"""The records of what was collected, by student; and when each attempt was handed in, by whoever has the say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from autograder.classroom.attempts.timestamp import of_attempt, read_timestamp
from autograder.classroom.collect.manifest import Attempt, CollectedWork, Manifest
from autograder.classroom.collect.placing import timestamp_text
from autograder.classroom.marks.model import Member
from autograder.grading.discovery import FolderKey
from autograder.report.handed_in import HandedIn
from autograder.text import decode_name

# By when the work in a folder is to be handed in, extension and grace included, by the folder's name and the
# assignment; it knows its zone. None where there is no deadline: then nothing is late.
Deadline = Callable[[str, str], datetime | None]


@dataclass(frozen=True)
class CollectionRecord:
    """What was collected into a student's folder for an assignment. `folder` is its name, as the disk has it."""

    folder: str
    assignment: str
    work: CollectedWork

    @property
    def key(self) -> FolderKey:
        return self.folder, self.assignment

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The one that counts, then the others, those that came in last before."""
        return tuple(each for each in (self.work.counts, *reversed(self.work.others)) if each)


def records_of(manifest: Manifest) -> dict[str, list[CollectionRecord]]:
    """By the student's name as it is shown: of two folders that spell one name, both are theirs."""
    found: defaultdict[str, list[CollectionRecord]] = defaultdict(list)
    for (folder, assignment), work in manifest.records.items():
        found[decode_name(folder)].append(CollectionRecord(folder, assignment, work))
    return found


def written_texts(records: Iterable[CollectionRecord]) -> frozenset[str]:
    """What `collect` has written into timestamp.txt, or would have."""
    return frozenset(timestamp_text(attempt).strip() for record in records for attempt in record.attempts)


def is_by_a_person(timestamp: str, written: Collection[str]) -> bool:
    """Whether somebody has put a time of their own beside what was collected; no student can, for none is taken."""
    return bool(timestamp) and timestamp not in written


def told_of(attempt: Attempt, timestamp: str, written: Collection[str]) -> HandedIn:
    """When an attempt was handed in. A person's word counts before that of the system, and before a claim."""
    return read_timestamp(timestamp) if is_by_a_person(timestamp, written) else of_attempt(attempt)


def for_folders(members: Iterable[Member], deadline: Deadline) -> Deadline:
    """The deadline of the work in a folder, from that of each person: the latest of all who share the folder.

    `deadline` takes the name of a person. A folder that is no member's is a person of its own.
    """
    people: defaultdict[str, list[str]] = defaultdict(list)
    for member in members:
        people[member.folder].append(member.name)

    def of_folder(folder: str, assignment: str) -> datetime | None:
        found = [deadline(name, assignment) for name in people.get(folder, [folder])]
        dues = [each for each in found if each]
        return max(dues, key=_moment) if len(dues) == len(found) else None

    return of_folder


def _moment(time: datetime) -> datetime:
    """Times of one zone are compared by its clock, which shows an hour twice in autumn; those in UTC are not."""
    return time.astimezone(UTC)
