"""Sentences that reports say of themselves, in any format."""

from __future__ import annotations

from autograder.language.current import translatable

translatable(__name__)

OUR_FAULT = "This check itself failed: the grader's fault, not yours. It is mended and graded again."


def same_as(title: str) -> str:
    """In the place of what another check says already."""
    return f"The same as for “{title}”."


def known_mix_up(name: str) -> str:
    """The heading of a misconception."""
    return f"Known mix-up: {name}"
