"""What students get of a translation: the lesson in their language, and the sentences whose English they get."""

from __future__ import annotations

from babel.messages.catalog import Catalog

from autograder.checking.at_home.known import read
from autograder.course.loader import Assignment
from autograder.course.translation.catalogues import SOURCE, HowFar, compiled, counted, read_catalogue
from autograder.course.translation.cells import keep_released, languages_of, lesson_in
from autograder.course.translation.entries import public_texts
from autograder.language.catalogue import COMPILED, LOCALE
from autograder.language.current import ENGLISH


def in_language(assignment: Assignment, language: str) -> Assignment:
    """The assignment with the cells of its lesson in a language; all else is as it is. Raises LanguageError."""
    made = lesson_in(assignment, language)
    if language != ENGLISH and language in languages_of(assignment.folder):
        keep_released(assignment.folder, assignment.cells, language)
    return made


def public_catalogues(assignment: Assignment, mistakes: bytes) -> dict[str, bytes]:
    """For each language, a catalogue of what students get in English anyway, by its path beside the notebook.

    `mistakes` is the file of those that are named at home.
    """
    languages = languages_of(assignment.folder)
    texts = public_texts(assignment, read(mistakes).mistakes) if languages else set()
    catalogues = ((language, _catalogue(assignment, language)) for language in languages)
    return {
        f"{LOCALE}/{language}{COMPILED}": compiled(catalogue, texts)
        for language, catalogue in catalogues
        if counted(catalogue, texts).done
    }


def how_far(assignment: Assignment, language: str, mistakes: bytes) -> HowFar:
    """How much of what students get is translated."""
    texts = public_texts(assignment, read(mistakes).mistakes)
    if language not in languages_of(assignment.folder):
        return HowFar(0, len(texts), 0)
    return counted(_catalogue(assignment, language), texts)


def _catalogue(assignment: Assignment, language: str) -> Catalog:
    return read_catalogue(assignment.folder / LOCALE / f"{language}{SOURCE}", language)
