"""A third language, made by a machine: every sentence in brackets. What stands outside of them has escaped."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import write_po

from autograder.course.loader import Assignment, Course, load_course
from autograder.course.translation.catalogues import read_catalogue, update
from autograder.course.translation.entries import SourceText, entries_of
from autograder.course.translation.machine import entries_of_machine
from autograder.language.catalogue import LOCALE
from tests.helpers.paths import ROOT

LANGUAGE = "eo"  # any that Babel knows, and nobody has translated to
OPEN, CLOSE = "⟦", "⟧"
INNERMOST = re.compile(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
CODE = re.compile(r"```.*?```|</?[a-z][^>]*>|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}")


def in_brackets(text: str) -> str:
    return f"{OPEN}{text}{CLOSE}"


def write_catalogue(folder: Path, entries: Iterable[SourceText]) -> None:
    """A catalogue in which all is translated."""
    file, sources = folder / f"{LANGUAGE}.po", list(entries)
    update(file, LANGUAGE, sources)
    catalogue = read_catalogue(file, LANGUAGE)
    for message in catalogue:
        if message.id:
            several = isinstance(message.id, tuple)
            message.string = tuple(map(in_brackets, message.id)) if several else in_brackets(str(message.id))
    with file.open("wb") as content:
        write_po(content, catalogue)
    update(file, LANGUAGE, sources)


def write_machine(folder: Path) -> Path:
    """The machine's catalogue, in a folder that can take the place of its own."""
    write_catalogue(folder, entries_of_machine())
    return folder


def bracketed_course(folder: Path) -> Course:
    """A copy of the course, with a catalogue in each assignment."""
    shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=shutil.ignore_patterns(LOCALE, "__pycache__"))
    course = load_course(folder / "solutions")
    for assignment in course.assignments:
        translate(assignment)
    return load_course(folder / "solutions")


def translate(assignment: Assignment) -> None:
    write_catalogue(assignment.folder / LOCALE, entries_of(assignment))


def outside(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """The words of a text that stand in no brackets, code and formulas left out, and what is `allowed`."""
    text = CODE.sub(" ", text)
    while INNERMOST.search(text):
        text = INNERMOST.sub(" ", text)
    for each in sorted(allowed, key=len, reverse=True):
        text = text.replace(each, " ")
    return WORD.findall(text)
