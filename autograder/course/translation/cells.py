"""A lesson's cells in another language, and what of them is kept so that grading knows them again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.lesson import LessonCell
from autograder.course.translation.code import code_in
from autograder.course.translation.prose import Say, anchor, anchored, headings_in, prose_in
from autograder.language.catalogue import COMPILED, LOCALE
from autograder.language.current import ENGLISH, looked_up, speaking

if TYPE_CHECKING:
    from autograder.course.loader import Assignment

RELEASED = ".cells.json"  # beside a catalogue: the cells that students get in its language
TO_HEADING = re.compile(r"\]\(#([^)\s]+)\)")


def languages_of(folder: Path) -> list[str]:
    """The languages that an assignment has catalogues of."""
    return sorted(file.stem for file in (folder / LOCALE).glob(f"*{COMPILED}"))


def cell_in(cell: LessonCell, source: str, say: Say) -> str:
    """The source of a cell with each text as `say` has it."""
    return prose_in(source, say) if cell.is_markdown else code_in(source, say)


def cells_in(folder: Path, cells: Iterable[LessonCell], language: str) -> tuple[LessonCell, ...]:
    """The cells of a lesson in a language, as far as the catalogue in its folder goes. Raises LanguageError.

    A heading that a link inside the notebook leads to keeps its English anchor there.
    """
    english = tuple(cells)
    led_to = {target for cell in english if cell.is_markdown for target in TO_HEADING.findall(cell.source)}
    headings = [text for cell in english if cell.is_markdown for text in headings_in(cell.source)]
    with speaking(language, folder):
        anchors = {looked_up(text): anchor(text) for text in headings if anchor(text) in led_to}
        made = [replace(cell, source=cell_in(cell, cell.source, looked_up)) for cell in english]
    return tuple(replace(cell, source=anchored(cell.source, anchors)) if cell.is_markdown else cell for cell in made)


def lesson_in(assignment: Assignment, language: str) -> Assignment:
    """The assignment with the cells of its lesson in a language; all else is as it is. Raises LanguageError."""
    if language == ENGLISH:
        return assignment
    made = replace(assignment)
    # In the place of what is made of the English lesson when it is first asked for.
    vars(made).update(cells=cells_in(assignment.folder, assignment.cells, language), handout=assignment.handout)
    return made


def keep_released(folder: Path, cells: Sequence[LessonCell], language: str) -> None:
    """Keep those that are others than in English, as they are handed out."""
    theirs = [each.released for each in cells_in(folder, cells, language)]
    texts = [text for text, cell in zip(theirs, cells, strict=True) if text != cell.released]
    file = folder / LOCALE / f"{language}{RELEASED}"
    file.write_text(json.dumps(texts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def released_elsewhere(folder: Path) -> tuple[str, ...]:
    """The cells of an assignment as they are handed out in languages other than English."""
    files = sorted((folder / LOCALE).glob(f"*{RELEASED}"))
    return tuple(text for file in files for text in json.loads(file.read_text(encoding="utf-8")))
