"""Sentences of the nbgrader integration: to instructors on its console, and to students in their notebooks."""

from __future__ import annotations

UNCONFINED = "Graded without confinement: the code ran with all the rights of the grader."


def unreadable(reason: str) -> str:
    return f"**This submission could not be read.** {reason}"


def points_of(score: str, max_score: str) -> str:
    return f"{score} of {max_score} points"
