"""All that a score rests on beside the submission: a hash of each thing, by name, so that a change can be told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from autograder import settings
from autograder.course.loader import FILES, LESSON, Assignment, Course

PACKAGE = Path(__file__).parents[1]


def provenance_of(course: Course, assignment: Assignment) -> dict[str, str]:
    """A SHA-256 of each part: the assignment's files, settings, earlier lessons, the grader; and NumPy's version."""
    return {
        settings.FILE: _digest([course.folder / settings.FILE]),
        **{name: _digest(assignment.sources(name)) for name in FILES},
        "data": _digest(path for each in (*assignment.earlier, assignment) for path in each.data),
        "earlier lessons": _digest(each.folder / LESSON for each in assignment.earlier),
        "the grader": _digest(sorted(PACKAGE.rglob("*.py"))),
        "NumPy": np.__version__,
    }


def fingerprint(course: Course, assignment: Assignment) -> str:
    """One hash of all that."""
    return hashlib.sha256(repr(provenance_of(course, assignment)).encode()).hexdigest()


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}:".encode() + content)
    return digest.hexdigest()
