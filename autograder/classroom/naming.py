"""Names in a line: those of many, kept short, and the one that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from autograder.classroom import messages
from autograder.language.listing import listed

MAX_NAMES = 3


def few(names: Sequence[str], most: int = MAX_NAMES) -> str:
    """The first of the names, and how many there are beside."""
    first = listed(names[:most])
    return first if len(names) <= most else messages.and_more(first, len(names) - most)


def nearest(name: str, known: Collection[str], cutoff: float = 0.6) -> str | None:
    """The one that was probably meant, whatever its case; None where all are too different.

    `cutoff` is how alike the two must be, from 0 to 1.
    """
    by_letters = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(name.casefold(), by_letters, 1, cutoff)
    return by_letters[near[0]] if near else None
