"""Whether the files of a submission are what an earlier run has read: by their bytes, which no clock can belie.

A time stamp says when a file was changed to the tick of a clock, which people and networks set. To hash what a student
handed in takes less than to ask a process to read it, by far.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from autograder.course.loader import Course
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.job import MAX_FILES
from autograder.submission.errors import UnreadableError
from autograder.submission.reader import read_regular_file
from autograder.submission.which_file import TIMESTAMP


class Inputs:
    """Hashes of what jobs are made of beside the course: the files of a student, by name and content."""

    def __init__(self, course: Course, rests_on: str, language_of: Callable[[str], str]) -> None:
        """`rests_on` is a hash of all else that jobs are made of, but for the language that a student reads."""
        self._language_of = language_of
        self._course, self._rests_on = course, rests_on.encode()
        self._student = ""
        self._own: dict[str, bytes | None] = {}

    def of(self, submission: SubmissionFolder) -> bytes | None:
        """The hash of all that is read for one submission, those before it included, as it lies there now.

        None where a file cannot be read as it is, or there is none: then only a look at all of it tells what is there.
        """
        if submission.student != self._student:
            self._student, self._own = submission.student, {}
        earlier = [each.name for each in self._course.assignment(submission.assignment).earlier]
        works = [submission, *(submission.siblings[name] for name in earlier if name in submission.siblings)]
        hashes = [self._once(each) for each in works if each.files]
        if None in hashes or not submission.files:
            return None
        return _digest(
            [self._rests_on, self._language_of(submission.student).encode(), *(each for each in hashes if each)]
        )

    def again(self, submission: SubmissionFolder) -> bytes | None:
        """The same, of the files as they lie there by now."""
        self._own = {}
        return self.of(submission)

    def _once(self, submission: SubmissionFolder) -> bytes | None:
        name = submission.assignment
        if name not in self._own:
            try:
                self._own[name] = _digest(_parts(submission))
            except UnreadableError:
                self._own[name] = None
        return self._own[name]


def _parts(submission: SubmissionFolder) -> Iterator[bytes]:
    """All that a job depends on in a submission. Raises UnreadableError where a file is none."""
    yield repr((submission.student, submission.assignment, submission.note, submission.is_given)).encode()
    yield os.fsencode(submission.folder)
    for place, lies_as in sorted(submission.lies_as.items()):
        yield from (os.fsencode(place), os.fsencode(lies_as))
    for paths in (submission.files, submission.others, submission.documents):
        yield str(len(paths)).encode()
        yield from map(os.fsencode, paths)
    for file in (*submission.files[:MAX_FILES], *submission.others[:MAX_FILES]):
        yield read_regular_file(file)
    folders = dict.fromkeys((submission.folder, *(file.parent for file in submission.files)))
    for folder in islice(folders, MAX_FILES):
        yield _timestamp(folder)


def _timestamp(folder: Path) -> bytes:
    try:
        return read_regular_file(folder / TIMESTAMP)
    except UnreadableError:
        return b""


def _digest(parts: Iterable[bytes]) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.digest()
