"""Several things in one sentence, one after the other, with the sign that the language puts between them. Portable."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from autograder.language import messages
from autograder.language.current import ENGLISH, current

BETWEEN = ", "


def listed(texts: Iterable[str]) -> str:
    """All of them, in the language that is spoken; empty where there is none."""
    if current() == ENGLISH:
        return BETWEEN.join(texts)
    return reduce(messages.and_next, list(texts) or [""])
