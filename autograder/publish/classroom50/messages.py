"""Sentences of grading in Classroom 50, for the instructor who reads the log of the workflow or makes the archive."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

CHECK_FAILED = "a check failed by itself; this is not the student's result"


def error(problem: str) -> str:
    return f"autograder: {problem}"


def not_in_classroom50(variables: str) -> str:
    return f"{variables} is not set: this runs inside Classroom 50's autograde workflow"


def points_not_whole(points: str) -> str:
    return f"Classroom 50 takes whole points only, and a check is worth {points}"
