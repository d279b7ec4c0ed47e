"""Files that were handed in and did not count: nothing that came in goes without a word."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class UngradedFile:
    """A file, as a path below the folder of all submissions, and why it was not graded: a sentence, with what to do.

    `student` and `assignment` are empty where it is not known whose it is, or what for. `source` is the download (or
    whatever was collected) that it came in with and got no place from; `file` is then a path in it, empty where all of
    it is meant.
    """

    student: str
    assignment: str
    file: str
    reason: str
    source: str = ""
