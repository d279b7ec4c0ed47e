"""Sentences that reports say of themselves, in any format."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

OUR_FAULT = "This check itself failed: the grader's fault, not yours. It is mended and graded again."
# What mistakes are called that every course may meet, beside the misconceptions of its own: their names in words.
NAMES = (
    *("another order", "argument returned", "axes of length 1", "constant added", "constant factor", "example only"),
    *("exactly one batch axis", "nearly right", "other places", "other shape", "rounded", "short axes only"),
    *("sign turned", "single precision", "transposed", "wrong in float32", "wrong with a mask"),
    *("one axis only", "two axes only", "three axes only", "four axes only"),
    *("at most one axis", "at most two axes", "at most three axes", "at most four axes"),
)


def same_as(title: str) -> str:
    """In the place of what another check says already."""
    return f"The same as for “{title}”."


def known_mix_up(name: str) -> str:
    """The heading of a misconception."""
    return f"Known mix-up: {name}"
