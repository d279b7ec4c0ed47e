"""Catalogues as gettext has them: the machine's own lie beside this file, those of an assignment in its folder.

A catalogue is a file LANGUAGE.po, which people write, and LANGUAGE.mo, which is made of it and is all that is read
here. Portable.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import UserError
from autograder.language import messages
from autograder.language.current import ENGLISH, Speech, current
from autograder.language.listing import listed

if TYPE_CHECKING:
    from gettext import GNUTranslations, NullTranslations

LOCALE = "locale"  # the folder of catalogues, in this one and in an assignment's
MACHINE = Path(__file__).parent / LOCALE
COMPILED = ".mo"


class LanguageError(UserError):
    """There is no such language, or its catalogue cannot be read."""


def known_languages(course: Path | None = None) -> list[str]:
    """English, those that the machine has a catalogue of, and those of a course: `course` holds its assignments."""
    files = [*MACHINE.glob(f"*{COMPILED}"), *(course.glob(f"*/{LOCALE}/*{COMPILED}") if course else ())]
    return [ENGLISH, *sorted({file.stem for file in files})]


def require_language(language: str, course: Path | None = None) -> str:
    """The language, if it is known, however it is spelt. Raises LanguageError, which names the known ones."""
    known = known_languages(course)
    if not (found := spelt_as_known(language, known)):
        raise LanguageError(messages.unknown_language(language, listed(known)))
    return found


def spelt_as_known(language: str, known: Iterable[str]) -> str:
    """The one of the `known` that is meant, as `zh-CN` or `ZH_cn` means zh_CN; empty where none is."""
    wanted = language.replace("-", "_").casefold()
    return next((each for each in known if each.casefold() == wanted), "")


def language_of_system() -> str:
    """The one that the environment asks for (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), if it is known; else English."""
    asked = next(filter(None, map(os.environ.get, ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if asked in ("", "C", "POSIX") or asked.startswith(("C.", ENGLISH)):
        return ENGLISH
    known = known_languages()
    for wish in asked.split(":"):
        name = wish.partition(".")[0].partition("@")[0]
        if found := spelt_as_known(name, known):
            return found
        family = name.replace("-", "_").partition("_")[0].casefold()
        if near := next((each for each in known if each.partition("_")[0] == family), ""):
            return near
    return ENGLISH


def sentences() -> bytes:
    """All that the machine says in the language that is spoken: nothing of it for English, which stands in the code."""
    file = MACHINE / f"{current()}{COMPILED}"
    return file.read_bytes() if file.is_file() else b""


def speech(language: str, folder: Path | None) -> Speech:
    """What is said in a language other than English: the machine's sentences, and those of an assignment's folder.

    Where there is no catalogue, it is said in English. Raises LanguageError where one cannot be read.
    """
    own = folder / LOCALE / f"{language}{COMPILED}" if folder else None
    stamp = own.stat().st_mtime_ns if own and own.is_file() else 0
    return _speech(language, own if stamp else None, stamp)


@lru_cache(maxsize=64)
def _speech(language: str, file: Path | None, _stamp: int) -> Speech:
    machine = MACHINE / f"{language}{COMPILED}"
    of_machine = _read(machine if machine.is_file() else None)
    if file is None:
        return Speech(language, of_machine)
    of_assignment = _read(file)
    of_assignment.add_fallback(of_machine)
    # gettext does not tell what a catalogue holds; each is one file of ours, in which every text is a string.
    own = [text for text in vars(of_assignment)["_catalog"] if isinstance(text, str)]
    return Speech(language, of_assignment, own)


def _read(file: Path | None) -> GNUTranslations | NullTranslations:
    """What a file holds; of none, nothing."""
    from gettext import GNUTranslations, NullTranslations  # which English does without

    if file is None:
        return NullTranslations()
    try:
        with file.open("rb") as content:
            return GNUTranslations(content)
    except (OSError, UnicodeDecodeError, ValueError, IndexError, struct.error) as error:
        raise LanguageError(messages.broken_catalogue(file)) from error
