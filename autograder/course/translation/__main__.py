"""`python -m autograder.course.translation [LANGUAGE…]`: extracts, updates, compiles and reports, for translators.

Here and now that is the course whose solutions/ are at or above the current folder, and, from a checkout of the
machine, the machine's own catalogues. Without a language, it is all that there are catalogues of.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.course.folder import find_course
from autograder.course.loader import Assignment, Course, load_course
from autograder.course.translation import messages
from autograder.course.translation.catalogues import SOURCE, TranslationError, require_code, update
from autograder.course.translation.cells import keep_released
from autograder.course.translation.entries import SourceText, entries_of
from autograder.course.translation.machine import PACKAGE, entries_of_machine
from autograder.errors import UserError
from autograder.language.catalogue import LOCALE, MACHINE


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code: 1 where a catalogue is refused, 2 where there is no course."""
    try:
        course = load_course(find_course(Path.cwd()))
        for language in arguments:
            require_code(language)
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201  (this is a program's entry)
        return 2
    languages = list(arguments) or sorted({file.stem for file in _catalogues(course)})
    is_refused = False
    for file in _of_nothing(course):
        print(messages.no_assignment(file.relative_to(course.folder.parent)), file=sys.stderr)  # noqa: T201
    for language in languages:
        for folder, entries, assignment in _sources(course):
            try:
                counts = update(folder / f"{language}{SOURCE}", language, entries)
            except TranslationError as error:
                print(error, file=sys.stderr)  # noqa: T201
                is_refused = True
                continue
            if assignment:
                keep_released(assignment.folder, assignment.cells, language)
            place = (folder / f"{language}{SOURCE}").relative_to(course.folder.parent)
            print(messages.counts(place, counts.done, counts.all, counts.fuzzy))  # noqa: T201
    return int(is_refused)


def _sources(course: Course) -> Iterator[tuple[Path, Sequence[SourceText], Assignment | None]]:
    """Each folder of catalogues, and what is in them."""
    if PACKAGE.parent == course.folder.parent:
        yield MACHINE, entries_of_machine(), None
    for assignment in course.assignments:
        yield assignment.folder / LOCALE, entries_of(assignment), assignment


def _catalogues(course: Course) -> list[Path]:
    folders = [MACHINE, *(each.folder / LOCALE for each in course.assignments)]
    return [file for folder in folders for file in folder.glob(f"*{SOURCE}")]


def _of_nothing(course: Course) -> list[Path]:
    """The catalogues beside those of the course's assignments."""
    known = set(course.names)
    return sorted(file for file in course.folder.glob(f"*/{LOCALE}/*{SOURCE}") if file.parents[1].name not in known)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
