"""The names that a policy may use: the students of a class, and its course's assignments, questions and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownNames:
    """`assignments` are in the order of the course, each with its questions, those in words among them.

    `checks` has the names of the checks of each assignment that there are reports on.
    """

    students: tuple[str, ...]
    assignments: Mapping[str, tuple[str, ...]]
    checks: Mapping[str, frozenset[str]]
