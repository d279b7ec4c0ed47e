"""For Moodle's "Upload multiple feedback files in a zip": files with the participant numbers of one assignment.

What its importer accepts (mod/assign/feedback/file/importziplib.php in https://github.com/moodle/moodle,
is_valid_filename_for_import): `<name>_<participant>_<plugin type>_<plugin>_<file>`, split at the first four `_`; a name
that begins with `.` or `~` is passed over, and so is a number of no participant. Folders may take the place of the
fourth `_`, but not in every version. The number is another one in each assignment, and that in the name of a group's
work is the group's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from autograder.classroom.collect.manifest import DownloadName
from autograder.classroom.collect.owners import BLIND_NAME
from autograder.classroom.collect.systems.origin import IDENTIFIER, System
from autograder.classroom.marks.model import Member
from autograder.classroom.person import Person
from autograder.publish.feedback import messages
from autograder.publish.feedback.handout import HandedOut, OwnPage
from autograder.publish.feedback.packed import PackedPages, PageInZip
from autograder.publish.feedback.people import People, folder_of, is_about
from autograder.text import DANGEROUS

PLUGIN = "assignsubmission_file"
NOT_IN_A_NAME = re.compile(rf"""[&<>"`|':\\/\t\n{DANGEROUS}]""")  # what Moodle takes out of names, and what harms
NUMBER = re.compile(r"[0-9]+$")  # of `Participant 31877`, in whatever language
MAX_NAME = 60  # characters of a name, which only people read


@dataclass(frozen=True)
class Participants:
    """Where the numbers of an assignment are known from.

    worksheet: by number, the full name there, and whose it is; None where there is no worksheet. names: those of the
    downloads, by the folder of the work.
    """

    worksheet: Mapping[str, tuple[str, Person]] | None = None
    names: Mapping[str, Sequence[DownloadName]] = field(default_factory=dict)

    def of(self, member: Member, people: People, *, is_alone: bool) -> list[tuple[str, str]]:
        """The numbers of somebody, each with the name beside it: as the worksheet says, if there is one.

        Else as the download does, for who works alone; else the roster's.
        """
        if self.worksheet is not None:
            return [row[:2] for row in self._rows.get(folder_of(member), ()) if is_about(row[2], member)]
        own = [each for each in self.names.get(folder_of(member), ()) if each.system == System.MOODLE]
        if is_alone and own:
            return list(dict.fromkeys((each.id, each.name) for each in own))
        numbers = [(NUMBER.search(person.get(IDENTIFIER).strip()), person.name) for person in people.of(member)]
        return [(number[0], name) for number, name in numbers if number]

    @cached_property
    def _rows(self) -> Mapping[str, list[tuple[str, str, Person]]]:
        found: dict[str, list[tuple[str, str, Person]]] = {}
        for number, (name, person) in (self.worksheet or {}).items():
            found.setdefault(folder_of(person), []).append((number, name, person))
        return found


def pack_for_moodle(handout: HandedOut, people: People, participants: Participants) -> PackedPages:
    """The pages of one assignment."""
    sizes = Counter(member.folder for member in handout.members.values())
    places: list[PageInZip] = []
    unplaced: list[tuple[OwnPage, str]] = []
    for page in handout.pages:
        is_alone = sizes[page.member.folder] == 1
        found = participants.of(page.member, people, is_alone=is_alone)
        if not found:
            unplaced.append((page, _reason(participants, is_alone=is_alone)))
        for number, name in found:
            places.append(PageInZip(page, file_name(name, number, page.assignment), number))
    return PackedPages.of(places, unplaced)


def _reason(participants: Participants, *, is_alone: bool) -> str:
    if participants.worksheet is not None:
        return messages.NOT_IN_WORKSHEET
    return messages.NO_NUMBER if is_alone else messages.NO_NUMBER_OF_TEAM


def file_name(name: str, number: str, assignment: str) -> str:
    """The name in the zip. That of the student is for people, and must not hold a `_`."""
    shown = NOT_IN_A_NAME.sub("", name.replace("_", " "))[:MAX_NAME].strip().lstrip(".~ ")
    return f"{shown or BLIND_NAME}_{number}_{PLUGIN}_{assignment}.html"
