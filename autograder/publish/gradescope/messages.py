"""Sentences of results.json, for the student who reads them in Gradescope."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

NOT_GRADED = (
    "Your submission was not graded, and this is not your fault: the autograder could not run. "
    "Nothing that you hand in will change that; tell your instructor, who will run it again."
)
REASON_IN_OUTPUT = "The reason is in the autograder's own output, which instructors see."
CHECKS_FAILED = "Some checks failed by themselves: the grader's fault, not yours. You will be graded again."


def cannot_confine(reason: str) -> str:
    return f"This machine cannot keep a submission from what it must not see: {reason}"


def written_answers(points: str) -> str:
    return f"Your written answers, worth {points} points, are graded by a person."
