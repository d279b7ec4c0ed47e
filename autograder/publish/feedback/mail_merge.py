"""For a mail merge: the pages as they lie among the reports, and a table of who gets which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def pack_for_mail(handout: HandedOut, people: People, assignments: Sequence[str], root: Path) -> PackedPages:
    """Every page, and a row for each person with one: the columns of the roster that say who it is, and their files.

    Who is not in the roster has a row without them; is one given, their pages are told of as well. `root` is where the
    pages lie.
    """
    places = [PageInZip(page, _name(page, root), page.member.name) for page in handout.pages]
    columns = _columns(people.roster)
    rows: list[tuple[str, ...]] = [("student", *columns, *assignments)]
    files = {(each.person, each.page.assignment): each.name for each in places}
    with_page = dict.fromkeys(page.member.name for page in handout.pages)
    for member in (handout.members[name] for name in with_page):
        own = [files.get((member.name, name), "") for name in assignments]
        rows += [(for_csv(member.name), *ids, *own) for ids in _ids(people, member, columns)]
    nowhere = [(page, messages.NOT_IN_ROSTER) for page in handout.pages if not people.of(page.member)]
    return PackedPages(tuple(places), tuple(nowhere), (TABLE, quoted_rows(rows).encode()))


def _name(page: OwnPage, root: Path) -> str:
    return (PAGES / page.file.relative_to(root).as_posix()).as_posix()


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
