"""Sentences of what is published: to instructors who make archives, and to students in the forms of other systems."""

from __future__ import annotations


def archive_not_written(path: object, reason: str | None) -> str:
    return f"the archive cannot be written: {path}: {reason}"
