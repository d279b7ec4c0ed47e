"""Waiting for what another process brings about."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(reached: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Look again and again. Raises AssertionError when the deadline passes."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.005)
