"""The roster of a class: for each student, the folder of their work and the ids by which an LMS knows them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path

from autograder.classroom import messages
from autograder.classroom.csv_file import read_csv_file
from autograder.classroom.person import GROUPS, LANGUAGE, NAMES, WITHDRAWN, Person, composed, with_names
from autograder.errors import UserError
from autograder.language.catalogue import known_languages, spelt_as_known
from autograder.language.listing import listed
from autograder.text import DANGEROUS, is_safe_in_csv, on_one_line

FOLDER = "folder"
MAX_NAME_BYTES = 255  # what file systems take
# Ids in the forms of Canvas, Moodle and Gradescope; and what stands beside them in a gradebook.
IDS = {
    *("id", "sis user id", "sis login id", "integration id", "username", "id number", "email address", "email"),
    *("identifier", "anonymous id", "sid"),
}
_MARKS = re.compile(r".*\([0-9]+\)|.*\b(?:score|points|grade)", re.IGNORECASE)  # as Canvas heads their columns


@dataclass(frozen=True)
class Roster:
    """All people of a class. Without a roster file there are only names, and `is_given` is False."""

    people: tuple[Person, ...]
    columns: tuple[str, ...] = ()
    is_given: bool = False

    @cached_property
    def id_columns(self) -> tuple[str, ...]:
        """Those that tell people apart: no names, no marks, and nothing that two of them share."""
        return _id_columns(self.columns, self.people)

    def has_any(self, *columns: str) -> bool:
        """Whether people can be found by one of these columns, whatever its case."""
        return not {each.casefold() for each in self.id_columns}.isdisjoint(each.strip().casefold() for each in columns)

    def find(self, row: Mapping[str, str]) -> Person | None:
        """The person that a row of an LMS is about, by any id that both know. Raises UserError where ids disagree.

        By the folder of a team, it is the first of its members. Without a roster, a person's name is compared with
        every id of the row.
        """
        keys = [self._key(column, value) for column, value in row.items()]
        people = list({id(self._index[key]): self._index[key] for key in keys if key in self._index}.values())
        if len(people) > 1:
            names = reduce(messages.and_one_more, (person.name for person in people))
            raise UserError(messages.ambiguous_ids(listed(row.values()), names))
        return people[0] if people else None

    def find_without_zeros(self, row: Mapping[str, str]) -> Person | None:
        """Who alone it would be, had ids lost the zeros at their front, as spreadsheets take them away."""
        keys = (self._key(column, value) for column, value in row.items())
        found = [
            person
            for column, value in keys
            if value.isdecimal()
            for person in self._index_without_zeros.get((column, value.lstrip("0")), ())
        ]
        return found[0] if len({id(person) for person in found}) == 1 else None

    def _key(self, column: str, value: str) -> tuple[str, str]:
        return column.casefold() if self.is_given else FOLDER, _normal(column, value)

    @cached_property
    def _index_without_zeros(self) -> dict[tuple[str, str], list[Person]]:
        index: dict[tuple[str, str], list[Person]] = {}
        for (column, value), person in self._index.items():
            if value.isdecimal():
                index.setdefault((column, value.lstrip("0")), []).append(person)
        return index

    @cached_property
    def _index(self) -> dict[tuple[str, str], Person]:
        if not self.is_given:
            names = [(composed(each.name).casefold(), each) for each in self.people]
            alike = Counter(name for name, _ in names)  # of `Ana` and `ana`, no id tells which is meant
            return {(FOLDER, name): each for name, each in names if alike[name] == 1}
        keyed = [((FOLDER, each.folder.casefold()), each) for each in reversed(self.people)]
        keyed += [
            ((column.casefold(), _normal(column, each.ids[column])), each)
            for each in self.people
            for column in self.id_columns
        ]
        return {key: person for key, person in keyed if key[1]}


def _normal(column: str, value: str) -> str:
    """An id as it is compared. Moodle's worksheet writes `Participant 123`, in the language of whoever loaded it."""
    if column.casefold() == "identifier" and (number := re.search(r"\d+$", value.strip())):
        return number[0]
    return composed(value.strip()).casefold()


def _id_columns(columns: Iterable[str], people: Sequence[Person]) -> tuple[str, ...]:
    return tuple(
        column
        for column in columns
        if not (column.casefold() in NAMES | GROUPS or _MARKS.fullmatch(column))
        and not _first_duplicate(_normal(column, person.ids[column]) for person in people)
    )


def is_folder_name(name: str) -> bool:
    """Whether a folder may be called so: one plain part of a path, not hidden, and nothing that a terminal obeys."""
    is_plain = re.fullmatch(rf"(?!\.)[^/\\\t\n{DANGEROUS}]+", name) is not None
    return is_plain and len(name.encode()) <= MAX_NAME_BYTES


def read_roster(path: Path) -> Roster:
    """A CSV file with a column `folder`; all others are named as the LMS names them. Raises UserError."""
    table = read_csv_file(path)
    index = table.column(FOLDER)
    if index is None:
        raise UserError(messages.no_folder_column(path, FOLDER))
    columns = [composed(name.strip()) for name in table.header]
    if twice := _first_duplicate(name.casefold() for name in columns):
        raise UserError(messages.column_twice(path, twice))
    people = []
    for row in table.rows:
        ids = {
            name: composed(value.strip()) for name, value in zip(columns, row, strict=True) if name != columns[index]
        }
        _require_no_formula(path, ids)
        folder = composed(row[index].strip())
        if folder and not is_folder_name(folder):
            raise UserError(messages.no_folder_name(path, on_one_line(folder)))
        people.append(person := Person("", folder, ids))
        if not person.is_clear:
            raise UserError(messages.is_withdrawn_unclear(path, WITHDRAWN, on_one_line(person.get(WITHDRAWN))))
        if person.language and not spelt_as_known(person.language, known_languages()):
            known = listed(known_languages())
            raise UserError(messages.unknown_language(path, LANGUAGE, on_one_line(person.language), known))
    others = tuple(name for name in columns if name != columns[index])
    _require_no_row_twice(path, people)
    for name in others:
        _require_unique(path, name, (person.ids[name] for person in people))
    return Roster(with_names(path, people, _id_columns(others, people)), others, is_given=True)


def _require_no_row_twice(path: Path, people: Sequence[Person]) -> None:
    """Several rows of one folder are a team; but not a row that was pasted twice, or written in two ways."""
    rows: set[tuple[str, ...]] = set()
    spelled: dict[str, str] = {}
    for person in people:
        row = (person.folder, *person.ids.values())
        if person.folder and row in rows:
            raise UserError(messages.row_twice(path, person.folder))
        rows.add(row)
        first = spelled.setdefault(person.folder.casefold(), person.folder)
        if first != person.folder:
            raise UserError(messages.folder_in_two_cases(path, first, person.folder))


def _require_no_formula(path: Path, ids: Mapping[str, str]) -> None:
    for name, value in ids.items():
        if not is_safe_in_csv(value):
            raise UserError(messages.formula_in_roster(path, name, value))


def _require_unique(path: Path, column: str, values: Iterable[str]) -> None:
    duplicate = _first_duplicate(composed(value).casefold() for value in values)
    if duplicate and column.casefold() in IDS:
        raise UserError(messages.duplicate_id(path, column, duplicate))


def roster_of(folders: Iterable[str]) -> Roster:
    """The roster where there is none: the folders, and nothing more."""
    return Roster(tuple(Person(folder, folder, {}) for folder in dict.fromkeys(map(composed, folders))))


def _first_duplicate(values: Iterable[str]) -> str:
    seen: set[str] = set()
    for value in values:
        if value and value in seen:
            return value
        seen.add(value)
    return ""
