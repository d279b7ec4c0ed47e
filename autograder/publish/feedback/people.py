"""Whose a page is, in the words of a roster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from autograder.classroom.marks.model import Member
from autograder.classroom.person import Person, composed
from autograder.classroom.roster import Roster


@dataclass(frozen=True)
class People:
    """The people of a roster, found by those of a class."""

    roster: Roster

    def of(self, member: Member) -> list[Person]:
        """Who is meant: one person, or each of a team that the class does not know as one; nobody of another roster."""
        return [person for person in self._by_folder.get(folder_of(member), ()) if is_about(person, member)]

    @cached_property
    def _by_folder(self) -> Mapping[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for person in self.roster.people:
            found.setdefault(folder_of(person), []).append(person)
        return found


def folder_of(person: Person | Member) -> str:
    """Where their work lies, or would lie."""
    return composed(person.folder or person.name)


def is_about(person: Person, member: Member) -> bool:
    """Of two with one folder, whether they are the same, or the member stands for all of it."""
    return member.name == member.folder or composed(person.name) == composed(member.name)
