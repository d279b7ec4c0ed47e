"""Sentences about marks: for their students, who read how each came about, and for the instructor."""

from __future__ import annotations

from pathlib import Path

# The marks that are kept


def no_marks(folder: Path) -> str:
    return f"{folder} holds no marks yet: run `autograder marks {folder}`"


def marks_are_old(folder: Path, file: str) -> str:
    return f"{file} has changed since the marks in {folder} were made: run `autograder marks {folder}`"
