"""Which attempts count where the policy takes the last one by the deadline, and not the newest."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from pathlib import Path

from autograder.classroom.attempts import messages
from autograder.classroom.attempts.records import CollectionRecord, Deadline, records_of, told_of, written_texts
from autograder.classroom.collect.manifest import Attempt, Manifest
from autograder.classroom.collect.placing import attempts_of, is_as_collected
from autograder.classroom.naming import few
from autograder.grading.discovery import FolderKey, KeptAttempt
from autograder.report.handed_in import HandedIn
from autograder.submission.reader import timestamp_in

Sentence = Callable[[str, str], str]
TIME = "%Y-%m-%d %H:%M %Z"  # as students are told it, where the deadline is told


@dataclass(frozen=True)
class AttemptChoice:
    """The attempts that count in the place of the newest, by the names of the student's folder and the assignment.

    `folders` are for `find_submissions`; an attempt whose files are those of the newest needs none. `warnings` are
    lines for the instructor: whose earlier attempt counts, and where a person has to decide.
    """

    folders: Mapping[FolderKey, KeptAttempt] = field(default_factory=dict)
    attempts: Mapping[FolderKey, Attempt] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


NEWEST = AttemptChoice()


@dataclass(frozen=True)
class TimedAttempt:
    """An attempt, where its files lie, and when it was handed in; `is_in_time` is None where nobody but its student
    says.
    """

    attempt: Attempt
    folder: Path
    told: HandedIn
    is_in_time: bool | None

    def came_before(self, other: TimedAttempt) -> bool:
        """Whether it is older, as far as is known."""
        if self.told.time and other.told.time and not (self.told.is_claim or other.told.is_claim):
            return self.told.time < other.told.time
        return self.attempt.is_older_than(other.attempt)


def last_before_deadline(
    submitted: Path, manifest: Manifest, students: Collection[str], assignments: Collection[str], deadline: Deadline
) -> AttemptChoice:
    """For all that was collected, the newest attempt that was handed in by the deadline, if there is one.

    The newest of all counts where there is none, where no deadline is, where only a student's word would decide, and
    where a person has changed what lies among the submissions. A system's word that something is late, or is not,
    counts where it tells no time. `students` are those who are in `submitted`, by their names as they are shown.
    """
    folders: dict[FolderKey, KeptAttempt] = {}
    counted: dict[FolderKey, Attempt] = {}
    told: defaultdict[tuple[str, Sentence], list[str]] = defaultdict(list)
    for student, records in sorted(records_of(manifest).items()):
        written = written_texts(records)
        for record in records:
            if student not in students or record.assignment not in assignments or not record.work.others:
                continue
            due = deadline(student, record.assignment)
            if due is None:
                continue
            newest, *earlier = (_timed(each, record, submitted, written, due) for each in record.attempts)
            chosen = _last_in_time(newest, earlier)
            if chosen is None:
                sentence = messages.newest_counts
            elif chosen is newest or not os.path.lexists(newest.folder):
                continue
            elif not is_as_collected(newest.folder, newest.attempt):
                if is_as_collected(newest.folder, chosen.attempt):  # a person has put it there already
                    continue
                sentence = messages.changed_counts
            elif not is_as_collected(chosen.folder, chosen.attempt):
                sentence = messages.attempt_gone
            else:
                counted[record.key] = chosen.attempt
                if chosen.folder == newest.folder:  # the same work, handed in again
                    continue
                folders[record.key] = KeptAttempt(chosen.folder, _note(chosen, newest, due))
                sentence = messages.earlier_counts if newest.told.time else messages.earlier_counts_by_word
            told[record.assignment, sentence].append(student)
    lines = [sentence(name, few(told[name, sentence])) for name, sentence in sorted(told, key=_by_assignment)]
    return AttemptChoice(folders, counted, tuple(lines))


def _by_assignment(item: tuple[str, Sentence]) -> tuple[str, str]:
    return item[0], item[1].__name__


def _timed(
    attempt: Attempt, record: CollectionRecord, submitted: Path, written: Collection[str], due: datetime
) -> TimedAttempt:
    folder = _folder(attempt, record, submitted)
    has_its_own = attempt is record.work.counts or attempt.folder
    told = told_of(attempt, timestamp_in(folder) if has_its_own else "", written)
    if told.time and not told.is_claim:
        return TimedAttempt(attempt, folder, told, told.time <= due)
    return TimedAttempt(attempt, folder, told, None if told.is_late is None else not told.is_late)


def _folder(attempt: Attempt, record: CollectionRecord, submitted: Path) -> Path:
    """Where the files of an attempt lie, or lay: one without a folder has those of another one."""
    counts, others = record.work.counts, record.work.others
    if counts and attempt.files == counts.files:
        return submitted / record.folder / record.assignment
    alike = [each.folder for each in (attempt, *others) if each.folder and each.files == attempt.files]
    return attempts_of(submitted) / record.folder / record.assignment / next(iter(alike), "")


def _last_in_time(newest: TimedAttempt, earlier: Sequence[TimedAttempt]) -> TimedAttempt | None:
    """The newest of all, if it came in time or none did; else the newest that did. None where a person must decide."""
    in_time = [each for each in earlier if each.is_in_time]
    unknown = [each for each in earlier if each.is_in_time is None]
    if newest.is_in_time or not (in_time or unknown):
        return newest
    if newest.is_in_time is None or not in_time:
        return None
    return reduce(lambda last, each: last if each.came_before(last) else each, reversed(in_time))


def _note(chosen: TimedAttempt, newest: TimedAttempt, due: datetime) -> str:
    """For the student, in the time zone of the deadline."""
    if not chosen.told.time or not newest.told.time:
        return messages.NOTE_WITHOUT_TIMES
    times = [each.told.time.astimezone(due.tzinfo).strftime(TIME) for each in (chosen, newest) if each.told.time]
    return messages.note_of_earlier(*times)
