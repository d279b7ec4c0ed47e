"""When the work that was graded was handed in: as the record of its collection says, else timestamp.txt beside it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.classroom.attempts import messages
from autograder.classroom.attempts.choice import NEWEST, AttemptChoice
from autograder.classroom.attempts.records import (
    CollectionRecord,
    Deadline,
    is_by_a_person,
    records_of,
    told_of,
    written_texts,
)
from autograder.classroom.attempts.timestamp import read_timestamp
from autograder.classroom.collect.manifest import Attempt, Manifest
from autograder.classroom.naming import few
from autograder.grading.found.submissions import SubmissionFolder
from autograder.report.diff import Key
from autograder.report.handed_in import HandedIn
from autograder.submission.model import Submission, SubmissionBrief
from autograder.submission.reader import timestamp_in


@dataclass(frozen=True)
class ClassTimes:
    """When each piece of work was handed in, as far as anything is known of it; and lines for the instructor on what a
    person has to look at.
    """

    handed_in: Mapping[Key, HandedIn]
    warnings: tuple[str, ...]


Work = Submission | SubmissionBrief
NOTHING = HandedIn()


class TimesOfWork:
    """When each piece of work was handed in, found as it is graded.

    What was collected is known by what is in it: the time is that of the attempt which holds the file that was graded,
    wherever it lies now. Where none does, a person has changed it, and no record speaks of it: timestamp.txt does, and
    whoever has a deadline is named. A time that a person wrote there counts in any case.
    """

    def __init__(self, manifest: Manifest, deadline: Deadline, choice: AttemptChoice = NEWEST) -> None:
        self._records = records_of(manifest)
        self._deadline, self._choice = deadline, choice
        self._found: dict[Key, HandedIn] = {}
        self._changed: defaultdict[str, list[str]] = defaultdict(list)
        self._known: dict[object, HandedIn] = {}  # much comes in at no known time, or at one

    def add(self, key: Key, each: SubmissionFolder, work: Work | None) -> None:
        """Take a submission, by student and assignment, and what was read of it, None where it could not be read."""
        own, timestamp = self._records.get(each.student, []), _timestamp(each, work)
        written = written_texts(own) if own else frozenset[str]()
        attempt = _attempt(each, work, own, self._choice) if own else None
        told = told_of(attempt, timestamp, written) if attempt else read_timestamp(timestamp)
        if told != NOTHING:
            is_same = told, told.time and told.time.utcoffset()  # two times of one moment may name other hours
            self._found[key] = self._known.setdefault(is_same, told)
        if not own:
            return
        was_collected = any(record.assignment == each.assignment for record in own)
        is_put_right = attempt or is_by_a_person(timestamp, written)
        if was_collected and not is_put_right and self._deadline(each.student, each.assignment):
            self._changed[each.assignment].append(each.student)

    def times(self) -> ClassTimes:
        changed = sorted(self._changed.items())
        lines = (messages.time_of_other_files(name, few(sorted(students))) for name, students in changed)
        return ClassTimes(self._found, tuple(lines))


def times_of(
    manifest: Manifest,
    graded: Iterable[tuple[SubmissionFolder, Work | None]],
    deadline: Deadline,
    choice: AttemptChoice = NEWEST,
) -> ClassTimes:
    """What `TimesOfWork` says of all of them, and that nothing is known of the others."""
    times, keys = TimesOfWork(manifest, deadline, choice), list[Key]()
    for each, work in graded:
        keys.append((each.student, each.assignment))
        times.add(keys[-1], each, work)
    found = times.times()
    return replace(found, handed_in=dict.fromkeys(keys, NOTHING) | dict(found.handed_in))


def _attempt(
    each: SubmissionFolder, work: Work | None, records: Sequence[CollectionRecord], choice: AttemptChoice
) -> Attempt | None:
    """The attempt that holds the file which was graded; of work that could not be read, the one that counts."""
    own = [record for record in records if record.assignment == each.assignment]
    chosen = [choice.attempts[record.key] for record in own if record.key in choice.attempts]
    attempts = (*chosen, *(attempt for record in own for attempt in record.attempts))
    if work is None:
        return next(iter(attempts), None)
    elsewhere = (attempt for record in records if record not in own for attempt in record.attempts)
    return next((attempt for attempt in (*attempts, *elsewhere) if work.digest in attempt.files.values()), None)


def _timestamp(each: SubmissionFolder, work: Work | None) -> str:
    """What timestamp.txt says beside the file that was graded, else in the folder that it should be in."""
    if work and work.handed_in:
        return work.handed_in
    folder = os.fspath(each.folder)
    if work and all(os.path.dirname(file) == folder for file in each.files):
        return ""  # there it was looked for when the work was read
    file = each.find(work.file) if work else None
    return "" if file and not file.is_relative_to(each.folder) else timestamp_in(each.folder)
