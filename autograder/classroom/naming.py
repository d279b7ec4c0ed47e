"""The names of many, in a line that stays short."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.classroom import messages

MAX_NAMES = 3


def few(names: Sequence[str], most: int = MAX_NAMES) -> str:
    """The first of the names, and how many there are beside."""
    listed = ", ".join(names[:most])
    return listed if len(names) <= most else messages.and_more(listed, len(names) - most)
