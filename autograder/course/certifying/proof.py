"""One proof of `certify`, and what its author is told where it fails: which check, what it says, in which line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.checking import messages
from autograder.checking.collection import Check
from autograder.report.model import CheckResult, Outcome

REFERENCE, STUB, NONSENSE, NOTHING = "reference", "stub", "nonsense", "-"


@dataclass(frozen=True)
class Because:
    """Where a fault lies: a line of a file of the course, and the check in which it shows, with what that says."""

    file: Path
    line: int
    check: str = ""
    message: str = ""


@dataclass(frozen=True)
class Proof:
    """One row of the matrix: what was handed in for a question, and what came of it. No `problem`: all is well.

    `note` is for the author to know, and no fault: what counts for nothing, by `@points(0)`, is not wrong.
    """

    assignment: str
    question: str
    handed_in: str
    score: float
    max_score: float
    caught_by: int
    checks: int
    margin: float
    problem: str
    note: str = ""
    because: Because | None = None

    @property
    def is_misconception(self) -> bool:
        return self.handed_in not in (REFERENCE, STUB, NONSENSE, NOTHING)


def because_of(result: CheckResult, checks: Iterable[Check]) -> Because:
    """What a check said, and where it stands."""
    check = next(each for each in checks if each.name == result.name)
    said = " ".join(result.message.split())
    if result.outcome is Outcome.GRADER_ERROR:  # which is the author's own fault, so that the detail is for them
        said = said.removeprefix(f"{messages.GRADER_ERROR} (").removesuffix(")")
    return Because(check.file, check.line, check.name, said)
