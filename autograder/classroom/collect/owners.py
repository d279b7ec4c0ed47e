"""Whose a file is: the folder of the one person whom its origin means. Nobody is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations
from pathlib import Path

from autograder.classroom.collect import messages
from autograder.classroom.collect.systems.origin import ANONYMOUS_ID, IDENTIFIER, Origin, System
from autograder.classroom.csv_file import read_csv_file
from autograder.classroom.person import GROUPS, NAMES, Person, composed
from autograder.classroom.roster import FOLDER, Roster, is_folder_name
from autograder.errors import UserError
from autograder.language.current import translated
from autograder.language.listing import listed
from autograder.text import on_one_line

FULL_NAME, STATUS, EMAIL = "full name", "status", "Email address"  # columns of Moodle's worksheet, in English
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
BLIND_NAME = "Participant"  # Moodle's, in English, where it keeps names from whoever grades
MAX_WORDS = 4  # of a name, in whatever order a system puts them
OF_NO_FORM = {
    System.CANVAS: messages.NO_NAME_OF_CANVAS,
    System.MOODLE: messages.NO_NAME_OF_MOODLE,
    System.NBGRADER: messages.NO_NAME_OF_NBGRADER,
    System.GRADESCOPE: messages.NOT_LISTED,
    System.FOLDERS: messages.NO_NAME,
    System.REPOSITORY: messages.NO_NAME,
}


class UnknownOwnerError(UserError):
    """It is not known whose a file is; the message says why, and what to do."""


@dataclass(frozen=True)
class Participant:
    """A row of Moodle's grading worksheet: the name, and ids by their columns, which are in whatever language."""

    name: str
    ids: Mapping[str, str]
    is_late: bool | None  # as far as its status tells, in English


class Owners:
    """The people of a class, found by what systems call them."""

    def __init__(self, roster: Roster | None = None, worksheets: Sequence[Path] = ()) -> None:
        """`worksheets` are Moodle's, for what was downloaded: they tell whose number is whose. Raises UserError."""
        if worksheets and roster is None:
            raise UserError(messages.WORKSHEET_ALONE)
        self.roster = roster
        self._participants = {number: row for path in worksheets for number, row in _participants(path).items()}

    def people(self, origins: Sequence[Origin]) -> list[Person | UnknownOwnerError]:
        """The person whom each of the files of one source is of, or why that is not known.

        Where several people have one folder, it is the one of them who handed the file in.
        """
        is_blind = _is_blind(origins)
        found = [self._person(origin, is_blind) for origin in origins]
        identities: defaultdict[str, set[str]] = defaultdict(set)
        names: defaultdict[str, set[str]] = defaultdict(set)
        for origin, person in zip(origins, found, strict=True):
            if isinstance(person, Person):
                identities[person.name].update(self._identity(origin))
                if origin.system is System.CANVAS and origin.name:
                    names[person.name].add(origin.name)
        for number, person in enumerate(found):
            if isinstance(person, Person) and len(identities[person.name]) > 1:
                found[number] = UnknownOwnerError(messages.same_name(person.name))
            elif isinstance(person, Person) and len(names[person.name]) > 1:
                found[number] = UnknownOwnerError(messages.two_names(listed(sorted(names[person.name]))))
        return found

    def _identity(self, origin: Origin) -> Iterator[str]:
        """What is another one in each person's work, where only a name says whose it is."""
        if origin.system is System.GRADESCOPE and not origin.ids:
            yield f"a name in {origin.unit}"
        elif origin.system is System.GRADESCOPE and self.roster is None:
            yield f"an id, {origin.ids}"
        elif origin.system is System.MOODLE or (self.roster is None and origin.system is not System.GRADESCOPE):
            yield from origin.ids.values()

    @property
    def has_worksheets(self) -> bool:
        return bool(self._participants)

    def worksheet_is_of_others(self, origins: Iterable[Origin]) -> bool:
        """Whether there is one, and it knows none of the numbers of these."""
        numbers = {origin.ids.get(IDENTIFIER, "") for origin in origins}
        return bool(self._participants) and self._participants.keys().isdisjoint(numbers)

    def is_own_number(self, origin: Origin, name: str) -> bool:
        """Whether Moodle's number is that of the person with this name, as far as can be told: it may be a group's."""
        number, roster = origin.ids.get(IDENTIFIER, ""), self.roster
        if not number or roster is None:
            return bool(number)
        person = next(each for each in roster.people if each.name == name)
        is_told = number in self._participants or self._by_ids(roster, {IDENTIFIER: number}) is person
        return is_told or not _names(person) or _is_called(replace(person, folder=""), origin.name)

    def people_by_number(self) -> dict[str, tuple[str, Person]]:
        """Of each number in the worksheets the full name there, and whose it is, as far as that is known."""
        origins = [
            Origin(System.MOODLE, name=row.name or BLIND_NAME, ids={IDENTIFIER: number})
            for number, row in self._participants.items()
        ]
        found = zip(origins, self.people(origins), strict=True)
        return {each.ids[IDENTIFIER]: (each.name, person) for each, person in found if isinstance(person, Person)}

    def is_late(self, origin: Origin) -> bool | None:
        """Whether the system says that a file was handed in late; None where it says nothing of it."""
        if row := self._participants.get(origin.ids.get(IDENTIFIER, "")):
            return row.is_late
        return origin.is_late

    def _person(self, origin: Origin, is_blind: bool) -> Person | UnknownOwnerError:
        if not origin.ids and not origin.name:
            return UnknownOwnerError(translated(OF_NO_FORM[origin.system]))
        try:
            if self.roster is None:
                name = _by_name_alone(origin, is_blind)
                person = Person(name, name, {})
            else:
                person = self._of_roster(self.roster, origin, is_blind)
        except UnknownOwnerError as error:
            return error
        except UserError as error:  # the ids are those of two people
            return UnknownOwnerError(str(error))
        if is_folder_name(person.folder):
            return person
        return UnknownOwnerError(messages.no_folder_name(on_one_line(person.folder)))

    def _of_roster(self, roster: Roster, origin: Origin, is_blind: bool) -> Person:
        match origin.system:
            case System.CANVAS:  # the name is only a help for people
                return self._by_ids(roster, origin.ids) or _unknown(_unknown_user(roster, origin))
            case System.GRADESCOPE if origin.ids:  # a name can be changed there by whoever has it
                person = self._by_ids(roster, origin.ids) or _unknown(messages.unknown_submitter(_shown_ids(origin)))
                _require_no_other(roster, person, origin)
                return person
            case System.MOODLE:
                return self._of_moodle(roster, origin, is_blind)
            case _:  # a plain name may be any of somebody's ids
                no_id = "" if origin.name.isdecimal() else IDENTIFIER.casefold()
                ids = {column: origin.name for column in roster.id_columns if column.casefold() != no_id}
                same = roster.find({FOLDER: origin.name})
                return same or self._by_ids(roster, ids) or self._by_name(origin.name)

    def _by_ids(self, roster: Roster, ids: Mapping[str, str]) -> Person | None:
        return roster.find({column: value for column, value in ids.items() if value})

    def _of_moodle(self, roster: Roster, origin: Origin, is_blind: bool) -> Person:
        """By the worksheet; else by a number in the roster; else by the name, if it is one person's."""
        number = origin.ids.get(IDENTIFIER, "")
        row = self._participants.get(number)
        if row and not is_blind and not any(_ends_in(origin.name, cell) for cell in (row.name, *row.ids.values())):
            raise UnknownOwnerError(
                messages.other_worksheet(number, on_one_line(row.name or next(filter(None, row.ids.values()), "")))
            )
        person = self._by_ids(roster, {**(row.ids if row else {}), IDENTIFIER: number})
        known = {column.casefold() for column in roster.id_columns}
        told = [cell for column, cell in row.ids.items() if cell and column.casefold() in known] if row else []
        if told and not person:
            raise UnknownOwnerError(messages.unknown_submitter(on_one_line(listed(told))))
        if not person and is_blind:
            raise UnknownOwnerError(messages.BLIND)
        if person and not row and not is_blind and _names(person) and not _is_called(person, origin.name):
            raise UnknownOwnerError(messages.other_worksheet(number, listed(_names(person))))  # a group's, perhaps
        return person or self._by_name(row.name if row and row.name else origin.name, messages.name_of_participants)

    def _by_name(self, name: str, several: Callable[[str, str], str] | None = None) -> Person:
        wanted = _letters(name)
        alike = self._people_by_name.get(wanted, []) if wanted else []
        if not alike:
            raise UnknownOwnerError(messages.unknown_name(on_one_line(name)))
        folders = dict.fromkeys(each.folder for each in alike)
        if len(folders) > 1:
            raise UnknownOwnerError((several or messages.name_of_several)(on_one_line(name), listed(folders)))
        return alike[0]

    @cached_property
    def _people_by_name(self) -> Mapping[str, list[Person]]:
        found: defaultdict[str, list[Person]] = defaultdict(list)
        for person in self.roster.people if self.roster else ():
            for spelled in _spellings(person):
                found[spelled].append(person)
        return found


def _require_no_other(roster: Roster, person: Person, origin: Origin) -> None:
    """Raises UnknownOwnerError where one of several ids is another than the roster has."""
    known = {column.casefold() for column in roster.id_columns}
    for column, told in origin.ids.items():
        own = person.get(column) if column.casefold() in known else ""
        if own and composed(own).casefold() != composed(told).casefold():
            raise UnknownOwnerError(messages.other_id(person.name, column, on_one_line(own), on_one_line(told)))


def _unknown_user(roster: Roster, origin: Origin) -> str:
    (column, user), *_ = origin.ids.items()
    if column.casefold() in (each.casefold() for each in roster.id_columns):
        return messages.unknown_id(column, on_one_line(user))
    return messages.HIDDEN if column == ANONYMOUS_ID else messages.NO_IDS


def _unknown(reason: str) -> Person:
    raise UnknownOwnerError(reason)


def _by_name_alone(origin: Origin, is_blind: bool) -> str:
    """As good as names allow: Canvas' has an id, which is the same in each assignment; Moodle's has none."""
    name = composed(origin.name.strip())
    match origin.system:
        case System.CANVAS:
            return "_".join(filter(None, (name, *origin.ids.values())))
        case System.GRADESCOPE if origin.ids:
            return origin.ids.get("Email") or origin.ids["SID"]
        case System.MOODLE if IDENTIFIER not in origin.ids:
            raise UnknownOwnerError(messages.group_work(on_one_line(name)))
        case System.MOODLE if is_blind:
            return origin.ids[IDENTIFIER]
    return name


def _is_blind(origins: Sequence[Origin]) -> bool:
    """Whether Moodle keeps names from whoever grades: then all are called by one word, in some language."""
    names = {origin.name for origin in origins if origin.system is System.MOODLE}
    numbers = {origin.ids.get(IDENTIFIER) for origin in origins if origin.system is System.MOODLE}
    return names == {BLIND_NAME} or (len(names) == 1 and len(numbers) > 1 and " " not in min(names))


def _shown_ids(origin: Origin) -> str:
    return on_one_line(listed(dict.fromkeys(origin.ids.values())))


def _participants(worksheet: Path) -> dict[str, Participant]:
    """The rows of a grading worksheet by the number at the end of their first column. Raises UserError.

    In any language, the full name is in the second column, where it is shown (mod/assign/gradingtable.php in
    https://github.com/moodle/moodle), and an e-mail address is known by its form.
    """
    table = read_csv_file(worksheet)
    titles = [title.strip().casefold() for title in table.header]
    names = slice(0) if titles[1:2] == [STATUS] else slice(1, 2)
    rows: dict[str, Participant] = {}
    for row in table.rows:
        if number := re.search(r"[0-9]+$", row[0].strip()):
            cells = {title.strip(): value.strip() for title, value in zip(table.header[1:], row[1:], strict=True)}
            known = {title.casefold(): value for title, value in cells.items()}
            status = known.get(STATUS, "")
            is_late = bool(re.search(r"\blate\b", status)) if status.startswith("Submitted for grading") else None
            ids = {title: value for title, value in cells.items() if title.casefold() not in NAMES | GROUPS}
            if EMAIL.casefold() not in known:
                ids[EMAIL] = next(filter(_ADDRESS.fullmatch, ids.values()), "")
            rows[number[0]] = Participant(known.get(FULL_NAME, "".join(row[names]).strip()), ids, is_late)
    if not rows or FOLDER in titles:  # a roster of ours, whose folders may end in numbers
        raise UserError(messages.no_worksheet(worksheet))
    return rows


def _spellings(person: Person) -> set[str]:
    """A person's names without blanks and marks, in all orders of their words."""
    spelled = {_letters(person.folder), *(order for name in _names(person) for order in _orders(name))}
    return spelled - {""}


def _names(person: Person) -> list[str]:
    return [value for column, value in person.ids.items() if column.casefold() in NAMES and value]


def _is_called(person: Person, name: str) -> bool:
    """Whether that is a person's name; some sites write the user name before it."""
    return bool(_spellings(person) & {_letters(name), _letters(name.partition(" ")[2])})


def _ends_in(name: str, full_name: str) -> bool:
    """Whether a name is the full one, or has it behind another word."""
    words, wanted = (list(filter(None, map(_letters, each.split()))) for each in (name, full_name))
    return bool(wanted) and words[-len(wanted) :] == wanted


def _orders(name: str) -> Iterator[str]:
    words = list(filter(None, map(_letters, re.split(r"[\s,;]+", name))))
    if len(words) > MAX_WORDS:
        yield "".join(words)
    else:
        yield from ("".join(order) for order in permutations(words))


def _letters(name: str) -> str:
    """The letters, digits and vowel signs of a name, by which two spellings of it are compared."""
    return "".join(each for each in composed(name).casefold() if unicodedata.category(each)[0] in "LMN")
