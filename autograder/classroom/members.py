"""The members of a class: the people of a roster, alone or in teams, and the folders of those whom it does not name."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.classroom import messages
from autograder.classroom.marks.model import Member
from autograder.classroom.person import SECTION, WITHDRAWN, Person, composed
from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.language.catalogue import known_languages, spelt_as_known


def members(roster: Roster, folders: Iterable[str]) -> tuple[Member, ...]:
    """The people of a roster in its order, and beyond them each folder that no row of it names.

    `folders` are those that there is work in, or was. Raises UserError where one beyond the roster is called as a
    member of a team is: it would be two people with one name; and as somebody of the roster is, but for its case: the
    work would be somebody else's.
    """
    people = [person for person in roster.people if person.name]
    named = {person.folder or person.name for person in people}
    spelled = {name.casefold(): name for name in named}
    called = {person.name.casefold(): person for person in people}
    known = known_languages() if any(person.language for person in people) else []
    found = [
        Member(
            person.name,
            person.folder or person.name,
            person.section,
            person.is_withdrawn,
            spelt_as_known(person.language, known),
        )
        for person in people
    ]
    there = dict.fromkeys(map(composed, folders))
    for folder in there:
        if folder in named:
            continue
        other, own = called.get(folder.casefold()), spelled.get(folder.casefold())
        if other and own is None:
            raise UserError(messages.member_and_folder(other.name, other.folder))
        if own and own not in there:
            raise UserError(messages.folder_in_another_case(folder, own))
        found.append(Member(folder, folder))
    return tuple(found)


def roster_of_members(found: Iterable[Member]) -> Roster:
    """The roster where no file is given: those in the class, known by their names alone."""
    return Roster(
        tuple(
            Person(
                member.name,
                composed(member.folder),
                {SECTION: member.section, WITHDRAWN: "yes" if member.is_withdrawn else ""},
            )
            for member in found
        )
    )
