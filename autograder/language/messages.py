"""Sentences about languages and their catalogues."""

from __future__ import annotations

from pathlib import Path

from autograder.language.current import translatable

translatable(__name__)


def unknown_language(language: str, known: str) -> str:
    return f"there is no language “{language}” here; there are {known}"


def broken_catalogue(file: Path) -> str:
    return f"{file} is damaged, or no catalogue: run make translations, or take the file from your course again"


def and_sentence(before: str, text: str) -> str:
    """Two sentences, one behind the other."""
    return f"{before} {text}"


def and_besides(before: str, text: str) -> str:
    """Two things that are each a sentence, nearly."""
    return f"{before}; {text}"


def and_next(before: str, text: str) -> str:
    """A list that goes on."""
    return f"{before}, {text}"
