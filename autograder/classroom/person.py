"""A person of a roster: the folder of their work, their ids, and the one name by which all outputs call them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.classroom import messages
from autograder.errors import UserError
from autograder.language.listing import listed

SECTION, WITHDRAWN, LANGUAGE = "Section", "Withdrawn", "Language"
NAMES = {"student", "full name"}  # two people may share them
GROUPS = {each.casefold() for each in (SECTION, WITHDRAWN, LANGUAGE)}  # they say something of a person, not who it is
NOT_WITHDRAWN = {"", "no", "n", "0", "false"}
_HAS_WITHDRAWN = re.compile(r"yes|y|x|true|1|withdrawn|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b.*", re.IGNORECASE)  # or when
# What a member of a team is called by: of these columns, the first with an entry that nobody else has there; else any
# column by which people can be found.
CALLED_BY = ("SIS Login ID", "Username", "Email address", "SIS User ID", "ID number", "Student", "Full name")


@dataclass(frozen=True)
class Person:
    """A student: the folder of their work (its name as `composed`), and their cells in the roster, by column.

    Several people of one folder are a team. `name` is that of the folder, or a team member's own; empty in a row of a
    roster that is about nobody.
    """

    name: str
    folder: str
    ids: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell in a column, whatever the case of its name; empty where there is no such column."""
        return next((value for name, value in self.ids.items() if name.casefold() == column.casefold()), "")

    @property
    def section(self) -> str:
        return self.get(SECTION)

    @property
    def language(self) -> str:
        """The one that they read; empty where nobody has said."""
        return self.get(LANGUAGE).strip()

    @property
    def is_withdrawn(self) -> bool:
        return self.get(WITHDRAWN).strip().casefold() not in NOT_WITHDRAWN

    @property
    def is_clear(self) -> bool:
        """Whether it is said in words that are known here that they withdrew, or that they did not."""
        return not self.is_withdrawn or _HAS_WITHDRAWN.fullmatch(self.get(WITHDRAWN).strip()) is not None


def composed(name: str) -> str:
    """A name as names are compared: macOS may write `ë` as two characters (NFD), keyboards write one (NFC)."""
    return unicodedata.normalize("NFC", name)


def with_names(path: Path, people: Sequence[Person], id_columns: Sequence[str]) -> tuple[Person, ...]:
    """The people of a roster, each with their name. Who has no folder is called by an id, for nothing has come in.

    `id_columns` are those by which people can be found. Raises UserError where nothing tells members of a team apart,
    and where one would be called as somebody else is.
    """
    sizes = Counter(person.folder for person in people)
    columns = tuple(dict.fromkeys([*CALLED_BY, *id_columns]))
    entries = Counter((column, _entry(person, column).casefold()) for person in people for column in columns)
    named = []
    for person in people:
        own = [name for name in columns if _entry(person, name) and entries[name, _entry(person, name).casefold()] == 1]
        if not person.folder:
            own = [name for name in own if name.casefold() not in NAMES]  # a row of totals has a name, and no id
        elif sizes[person.folder] == 1:
            named.append(replace(person, name=person.folder))
            continue
        elif not own:
            raise UserError(messages.nothing_tells_apart(path, person.folder, listed(CALLED_BY)))
        named.append(replace(person, name=_entry(person, own[0]) if own else ""))
    _require_own_names(path, named)
    return tuple(named)


def _entry(person: Person, column: str) -> str:
    return composed(person.get(column))


def _require_own_names(path: Path, people: Sequence[Person]) -> None:
    folders = {person.folder.casefold() for person in people}
    names = Counter(person.name.casefold() for person in people)
    for person in people:
        name = person.name.casefold()
        if name and name != person.folder.casefold() and name in folders:
            raise UserError(messages.called_as_a_folder(path, person.name, person.folder))
        if name and names[name] > 1:
            raise UserError(messages.two_of_a_name(path, person.name))
