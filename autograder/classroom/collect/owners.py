"""Whose a file is: the folder of the one person whom its origin means. Nobody is guessed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import permutations
from pathlib import Path

from autograder.classroom.collect import messages
from autograder.classroom.collect.origin import CANVAS, MOODLE, Origin
from autograder.classroom.csv_file import read_csv_file
from autograder.classroom.roster import NAMES, Person, Roster, composed
from autograder.errors import UserError

IDENTIFIER = "Identifier"  # Moodle's number of a participant, another one in each assignment
MAX_WORDS = 4  # of a name, in whatever order a system puts them


class UnknownOwnerError(UserError):
    """It is not known whose a file is; the message says why, and what to do."""


class Owners:
    """The people of a class, found by what systems call them."""

    def __init__(self, roster: Roster | None = None, worksheet: Path | None = None) -> None:
        """`worksheet` is Moodle's, for the assignment that was downloaded: it tells whose number is whose."""
        self._roster = roster
        self._rows = _rows_by_number(worksheet) if worksheet else {}
        self._numbers: defaultdict[str, set[str]] = defaultdict(set)

    def folder(self, origin: Origin) -> str:
        """The name of the folder for somebody's work. Raises UnknownOwnerError."""
        if self._roster is None:
            return self._by_name_alone(origin)
        ids = dict(origin.ids)
        if number := ids.pop(IDENTIFIER, ""):
            ids |= self._rows.get(number, {IDENTIFIER: number})
        if origin.system not in (CANVAS, MOODLE):  # a plain name may be any of somebody's ids
            ids |= {column: origin.name for column in self._roster.columns if column.casefold() not in NAMES}
        try:
            person = self._roster.find({name: value for name, value in ids.items() if value})
        except UserError as error:
            raise UnknownOwnerError(str(error)) from None
        if person is None and origin.system == CANVAS and any(each.get("ID") for each in self._roster.people):
            raise UnknownOwnerError(messages.unknown_id(ids.get("ID", "")))  # the name is only a help for people
        return (person or self._by_name(origin)).folder

    def _by_name(self, origin: Origin) -> Person:
        assert self._roster is not None
        wanted = _letters(origin.name or origin.file.stem)
        alike = [each for each in self._roster.people if wanted and wanted in _spellings(each)]
        if not alike:
            raise UnknownOwnerError(messages.unknown_name(origin.name or origin.file.name))
        if len(alike) > 1:
            raise UnknownOwnerError(messages.name_of_several(origin.name, ", ".join(each.folder for each in alike)))
        return alike[0]

    def _by_name_alone(self, origin: Origin) -> str:
        """As good as names allow: Canvas' has an id, which is the same in each assignment; Moodle's has none."""
        name = composed(origin.name.strip())
        if origin.system == CANVAS:
            return "_".join(filter(None, (name, *origin.ids.values())))
        if not name:
            raise UnknownOwnerError(messages.NO_NAME)
        if number := origin.ids.get(IDENTIFIER):
            self._numbers[name].add(number)
            if len(self._numbers[name]) > 1:
                raise UnknownOwnerError(messages.same_name(name))
        return name


def _rows_by_number(worksheet: Path) -> dict[str, Mapping[str, str]]:
    """The rows of a grading worksheet by the number at the end of their first column. Raises UserError."""
    table = read_csv_file(worksheet)
    rows: dict[str, Mapping[str, str]] = {}
    for row in table.rows:
        if number := re.search(r"\d+$", row[0].strip()):
            cells = dict(zip(table.header[1:], row[1:], strict=True))
            rows[number[0]] = {name: value for name, value in cells.items() if name.strip().casefold() not in NAMES}
    if not rows:
        raise UserError(messages.no_worksheet(worksheet))
    return rows


def _spellings(person: Person) -> set[str]:
    """A person's names without blanks and marks, in all orders of their words."""
    names = [value for column, value in person.ids.items() if column.casefold() in NAMES - {"section"}]
    return {_letters(person.folder), *(spelled for name in names for spelled in _orders(name))}


def _orders(name: str) -> Iterator[str]:
    words = re.findall(r"[^\W_]+", composed(name).casefold())
    if len(words) > MAX_WORDS:
        yield "".join(words)
    else:
        yield from ("".join(order) for order in permutations(words))


def _letters(name: str) -> str:
    return "".join(re.findall(r"[^\W_]", composed(name).casefold()))
