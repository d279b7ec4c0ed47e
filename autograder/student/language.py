"""In which language a student is spoken to: that of their course, or else of their system. Portable."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from autograder.checking.collection import ChecksError
from autograder.language.catalogue import language_of_system, require_language
from autograder.language.current import ENGLISH, speak
from autograder.settings import FILE
from autograder.student.workspace import find_workspace


def speak_in(start: Path, asked: str = "") -> None:
    """Let this process speak the language that is asked for; else that of the course around a folder.

    Where nothing is asked for, and the course is an English one, it is the language of the system, if it is known here.
    Raises LanguageError.
    """
    speak(require_language(asked, start if (start / FILE).is_file() else start.parent) if asked else _around(start))


@cache
def _around(start: Path) -> str:
    try:
        of_course = find_workspace(start).settings.language
    except ChecksError:
        of_course = ENGLISH
    return of_course if of_course != ENGLISH else language_of_system()
