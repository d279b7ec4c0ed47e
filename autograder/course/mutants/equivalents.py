"""The course's own list of mutants that are right, each with the reason: `equivalents.toml` beside a lesson.

    [[total]]
    was = "return X.sum(axis=-1)"
    now = "..."  # or several: ["...", "..."]
    because = "..."

`was` and `now` are the statement, as `certify --mutants` shows it: without comments, and however it is spaced there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course.lesson import CourseError
from autograder.course.loader import EQUIVALENTS, Assignment
from autograder.course.mutants import messages
from autograder.course.mutants.model import Fate, Mutant, Stale, Tried

FIELDS = ("was", "now", "because")


@dataclass(frozen=True)
class Equivalents:
    """The reasons, by question and change."""

    reasons: Mapping[tuple[str, str, str], str]

    def reason(self, mutant: Mutant) -> str:
        """Why a mutant is right; empty where the course says nothing."""
        return self.reasons.get((mutant.question, mutant.was, mutant.now), "")

    def stale(self, question: str, tried: Sequence[Tried]) -> list[Stale]:
        """The entries of a question that do not hold."""
        found = []
        for (about, was, now), reason in self.reasons.items():
            if about != question:
                continue
            fates = {each.fate for each in tried if (each.mutant.was, each.mutant.now) == (was, now)}
            if problem := _problem(reason, fates):
                found.append(Stale(was, now, problem))
        return found


def _problem(reason: str, fates: set[Fate]) -> str:
    if not fates:
        return messages.REASON_STALE
    if Fate.SURVIVING in fates:
        return messages.REASON_WRONG
    if fates <= {Fate.KILLED, Fate.ENDED}:
        return messages.REASON_CAUGHT
    return "" if reason.strip() else messages.REASON_EMPTY


def read_equivalents(assignment: Assignment) -> Equivalents:
    """Raises CourseError, also for a question that there is not, and an entry that lacks something."""
    path = assignment.folder / EQUIVALENTS
    if not path.is_file():
        return Equivalents({})
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(messages.equivalents_broken(path, str(error))) from None
    reasons: dict[tuple[str, str, str], str] = {}
    for question, entries in found.items():
        if question not in assignment.questions:
            raise CourseError(messages.equivalent_of_no_question(path, question))
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
            reasons.update(_read(path, question, number, entry))
    return Equivalents(reasons)


def _read(path: Path, question: str, number: int, entry: object) -> dict[tuple[str, str, str], str]:
    fields = entry if isinstance(entry, dict) else {}
    was, now, because = (fields.get(name) for name in FIELDS)
    several = now if isinstance(now, list) else [now]
    if fields.keys() != set(FIELDS) or not all(isinstance(each, str) for each in (was, because, *several)):
        raise CourseError(messages.equivalent_incomplete(path, question, number))
    return {(question, str(was), str(each)): str(because) for each in several}
