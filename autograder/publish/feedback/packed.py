"""Pages with the names that they have in a zip, and the zip: each name is of one person's page, or of nobody's."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from autograder.course.archive import Member, write_zip
from autograder.publish.feedback import messages
from autograder.publish.feedback.handout import OwnPage

COMMENT = b"autograder feedback"  # of the zips that may be written over


@dataclass(frozen=True)
class PageInZip:
    """A page and its name in the zip. `person` is by what the system knows whose it is."""

    page: OwnPage
    name: str
    person: str


@dataclass(frozen=True)
class PackedPages:
    """What is in a zip, beside it a table; and the pages that have no place there, each with the reason."""

    places: tuple[PageInZip, ...]
    unplaced: tuple[tuple[OwnPage, str], ...]
    table: Member | None = None

    @classmethod
    def of(cls, places: Iterable[PageInZip], unplaced: Iterable[tuple[OwnPage, str]]) -> PackedPages:
        """What a system would give to one person and is of two goes to neither."""
        found = list(places)
        owners: defaultdict[str, set[str]] = defaultdict(set)
        for each in found:
            owners[each.person].add(each.page.member.name)
        twice = [each for each in found if len(owners[each.person]) > 1]
        pages = {each.page: (each.page, messages.number_of_two(each.person)) for each in twice}
        return cls(tuple(each for each in found if each not in twice), (*unplaced, *pages.values()))

    def write(self, zip_file: IO[bytes]) -> None:
        """Write the zip, the same every time for the same pages. Raises OSError where one cannot be read."""
        write_zip(zip_file, self._members(), comment=COMMENT)

    def _members(self) -> Iterator[Member]:
        if self.table:
            yield self.table
        for each in sorted(self.places, key=lambda place: place.name):
            yield each.name, each.page.file.read_bytes()


def is_feedback(path: Path) -> bool:
    """Whether a file is a zip that was written here."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment == COMMENT
    except (OSError, zipfile.BadZipFile):
        return False
