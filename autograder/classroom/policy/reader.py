"""Reads a class.toml; whatever is wrong in it is said in one line, with the line of the file and what to do."""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.policy.known import KnownNames
from autograder.classroom.policy.model import Policy

FILE = "class.toml"


def find_policy(submitted: Path, named: Path | None) -> Path | None:
    """The file that was named, or the one in the parent folder of the submissions; None where there is none."""
    raise NotImplementedError


def read_policy(path: Path | None, known: KnownNames) -> Policy:
    """The rules in a file; the usual ones where there is none. Raises UserError."""
    raise NotImplementedError
