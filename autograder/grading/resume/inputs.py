"""Whether the files of a submission are what an earlier run has read: by their bytes, which no clock can belie.

A time stamp says when a file was changed to the tick of a clock, which people and networks set. To hash what a student
handed in takes less than to ask a process to read it, by far.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from itertools import islice

from autograder.course.loader import Course
from autograder.grading.files import bytes_of
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.job import MAX_FILES
from autograder.submission.reader import MAX_FILE_BYTES, OPEN_FLAGS
from autograder.submission.which_file import TIMESTAMP


class Inputs:
    """Hashes of what jobs are made of beside the course: the files of a student, by name and content."""

    def __init__(self, course: Course, rests_on: str, language_of: Callable[[str], str]) -> None:
        """`rests_on` is a hash of all else that jobs are made of, but for the language that a student reads."""
        self._language_of = language_of
        self._course, self._rests_on = course, rests_on
        self._earlier: dict[str, list[str]] = {}
        self._student = ""
        self._own: dict[str, bytes | None] = {}
        self._checked: set[str] = set()  # of the student's work, what was the same before it was read and after

    def of(self, submission: SubmissionFolder) -> bytes | None:
        """The hash of all that is read for one submission, those before it included, as it lies there now.

        None where a file cannot be read as it is, or there is none: then only a look at all of it tells what is there.
        """
        if submission.student != self._student:
            self._student, self._own, self._checked = submission.student, {}, set()
        if not submission.files:
            return None
        name, siblings = submission.assignment, submission.siblings
        if name not in self._earlier:
            self._earlier[name] = [each.name for each in self._course.assignment(name).earlier]
        digest = hashlib.sha256(f"{self._rests_on} {self._language_of(submission.student)}".encode())
        for each in (submission, *(siblings[earlier] for earlier in self._earlier[name] if earlier in siblings)):
            if each.files:
                own = self._once(each)
                if own is None:
                    return None
                digest.update(own)
        return digest.digest()

    def again(self, submission: SubmissionFolder) -> bytes | None:
        """The same, of the files as they lie there now that all of them were read; each is asked once a student."""
        self._own = {name: digest for name, digest in self._own.items() if name in self._checked}
        digest = self.of(submission)
        self._checked.update(self._own)
        return digest

    def _once(self, submission: SubmissionFolder) -> bytes | None:
        name = submission.assignment
        if name not in self._own:
            self._own[name] = _digest(submission)
        return self._own[name]


def _digest(submission: SubmissionFolder) -> bytes | None:
    """A hash of all that a job depends on in a submission; None where a file is none that can be read."""
    paths = [list(map(os.fspath, each)) for each in (submission.files, submission.others, submission.documents)]
    about = submission.student, submission.assignment, submission.note, submission.is_given
    lies_as = sorted((os.fspath(place), os.fspath(each)) for place, each in submission.lies_as.items())
    folder = os.fspath(submission.folder)
    digest = hashlib.sha256(repr((about, folder, lies_as, paths)).encode())
    files, others, _ = paths
    for file in (*files[:MAX_FILES], *others[:MAX_FILES]):
        content = bytes_of(file, OPEN_FLAGS, MAX_FILE_BYTES)
        if content is None:
            return None
        digest.update(len(content).to_bytes(8))
        digest.update(content)
    folders = dict.fromkeys((folder, *map(os.path.dirname, files)))
    for each in islice(folders, MAX_FILES):
        timestamp = bytes_of(os.path.join(each, TIMESTAMP), OPEN_FLAGS, MAX_FILE_BYTES) or b""
        digest.update(len(timestamp).to_bytes(8) + timestamp)
    return digest.digest()
