"""Sentences that several of the formats share: for instructors who make archives, and for students.

Those of one format stand in its own folder: lms/, ci/, gradescope/, classroom50/.
"""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

SUBMISSION_CAN_BE_READ = "The submission can be read"  # the name of a test


def submission_unreadable(reason: str) -> str:
    return f"Your submission could not be read. {reason}"


def archive_not_written(path: object, reason: str | None) -> str:
    return f"the archive cannot be written: {path}: {reason}"
