"""What a proof of `certify` says when it fails, or where something counts for nothing, for the course's author."""

from __future__ import annotations

LOSES_NO_POINT = "loses no point"
WORTH_NOTHING = "worth nothing: all of its checks have @points(0)"
CAUGHT_FOR_NOTHING = "loses no point: only checks with @points(0) fail"
NAMED_NOTHING = "named as nothing"
NO_MISCONCEPTION = "no misconception is known for this question"


def check_at_fault(check: str, message: str) -> str:
    return f"{check}: {message}"


def wrong_score(score: str, wanted: str) -> str:
    return f"earns {score} instead of {wanted}"


def nonsense_earns(what: str, check: str) -> str:
    return f"a function that returns {what} passes {check}"


def named_otherwise(names: str) -> str:
    return f"named as {names}"


def too_close(tolerances: str) -> str:
    return f"differs by only {tolerances} times the tolerance"
