"""For a mail merge: the pages as they lie among the reports, and a table of who gets which."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from autograder.classroom.csv_file import quoted_rows
from autograder.classroom.marks.model import Member
from autograder.classroom.person import NAMES, SECTION, Person
from autograder.classroom.roster import Roster
from autograder.publish.feedback import messages
from autograder.publish.feedback.handout import HandedOut, OwnPage
from autograder.publish.feedback.packed import PackedPages, PageInZip
from autograder.publish.feedback.people import People
from autograder.text import for_csv

TABLE, PAGES = "feedback.csv", PurePosixPath("pages")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")  # no folder bears such a name on Windows


def pack_for_mail(handout: HandedOut, people: People, assignments: Sequence[str], root: Path) -> PackedPages:
    """Every page, and a row for each person with one: the columns of the roster that say who it is, and their files.

    Who is not in the roster has a row without them; is one given, their pages are told of as well. `root` is where the
    pages lie.
    """
    folders = _portable({page.file.relative_to(root).parent.as_posix() for page in handout.pages})
    places = [PageInZip(page, _name(page, root, folders), page.member.name) for page in handout.pages]
    columns = _columns(people.roster)
    rows: list[tuple[str, ...]] = [("student", *columns, *assignments)]
    files = {(each.person, each.page.assignment): each.name for each in places}
    with_page = dict.fromkeys(page.member.name for page in handout.pages)
    for member in (handout.members[name] for name in with_page):
        own = [files.get((member.name, name), "") for name in assignments]
        rows += [(for_csv(member.name), *ids, *own) for ids in _ids(people, member, columns)]
    nowhere = [(page, messages.NOT_IN_ROSTER) for page in handout.pages if not people.of(page.member)]
    return PackedPages(tuple(places), tuple(nowhere), (TABLE, quoted_rows(rows).encode()))


def _name(page: OwnPage, root: Path, folders: Mapping[str, str]) -> str:
    file = page.file.relative_to(root)
    return (PAGES / folders[file.parent.as_posix()] / file.name).as_posix()


def _portable(folders: Iterable[str]) -> dict[str, str]:
    """By their names among the reports, names that stay apart and as they are wherever the zip is unpacked.

    Windows and macOS take `Ana` for `ana`, and one page would lie in the place of another's; Windows drops dots at
    ends, and has names that no folder can bear.
    """
    keys = {folder: folder.casefold().rstrip(".") for folder in folders}
    count = Counter(keys.values())
    names = {}
    for folder, key in keys.items():
        is_portable = count[key] == 1 and not folder.endswith(".") and not _RESERVED.fullmatch(key)
        names[folder] = folder if is_portable else f"{key}~{hashlib.sha256(folder.encode()).hexdigest()[:12]}"
    return names


def _columns(roster: Roster) -> list[str]:
    """Ids, names and the section; what else an LMS keeps of people, marks for one, is nobody's business here."""
    shown = {*(name.casefold() for name in roster.id_columns), *NAMES, SECTION.casefold()}
    return [name for name in roster.columns if name.casefold() in shown]


def _ids(people: People, member: Member, columns: Sequence[str]) -> Iterator[list[str]]:
    """Of each person whose page it is, the cells of the roster, which are no formulas there either."""
    found: list[Person] = people.of(member)
    if not found:
        yield [""] * len(columns)
    for person in found:
        yield [person.get(column) for column in columns]
