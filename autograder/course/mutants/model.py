"""Mutants and what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from autograder.course.mutants import messages


@dataclass(frozen=True)
class Mutant:
    """What was changed: the kind of the change, and the statement as it was and is now, without its comments.

    Where no statement is changed, but the answer in one region of inputs, `was` says which, and `now` how. `line` is
    that of the statement in lesson.py, or of the question.
    """

    question: str
    kind: str
    was: str
    now: str
    line: int

    @property
    def is_of_region(self) -> bool:
        return self.kind == messages.REGION


@dataclass(frozen=True)
class Recipe:
    """A mutant, and what makes the function or class that it is."""

    mutant: Mutant
    make: Callable[[], Callable[..., Any]] = field(compare=False)


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"  # it loses points whatever is drawn
    ENDED = "ended"  # so does it, by taking too long, taking too much memory or crashing
    EQUIVALENT = "equivalent"  # the course says why it is right
    ALIKE = "alike"  # it answers as the reference does whatever is drawn
    SURVIVING = "surviving"  # it gets all points, and is wrong


@dataclass(frozen=True)
class Tried:
    """A mutant and its fate; for one that survives, a call that shows the difference, and the check that makes it."""

    mutant: Mutant
    fate: Fate
    call: str = ""
    check: str = ""

    @property
    def is_none(self) -> bool:
        """Whether it is no mutant after all: in its region, no answer has anything that can be made wrong."""
        return self.mutant.is_of_region and self.fate is Fate.ALIKE


@dataclass(frozen=True)
class Stale:
    """An entry of the course's list of equivalents that is not, or no longer, true; `problem` says why."""

    was: str
    now: str
    problem: str


@dataclass(frozen=True)
class QuestionTried:
    """All mutants of one question; `left_out` are those that were not tried.

    `never` are regions of inputs that no check draws, `seldom` those that some students' hidden inputs are not of.
    """

    assignment: str
    question: str
    lesson: Path
    equivalents: Path
    tried: Sequence[Tried]
    left_out: int
    never: Sequence[str]
    seldom: Sequence[str]
    stale: Sequence[Stale]

    def of(self, *fates: Fate) -> list[Tried]:
        return [each for each in self.tried if each.fate in fates]
