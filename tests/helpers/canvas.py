"""Canvas, as far as its sources say: what it lets a teacher download, and what it makes of an uploaded gradebook.

lib/content_zipper.rb, lib/gradebook_exporter.rb, lib/gradebook_importer.rb and process_gradebook_upload.js in
https://github.com/instructure/canvas-lms; what is written there of blanks, numbers and titles is what is done here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tests.helpers.collected import zipped

NUMBER = re.compile(r"-?[\d.,]+%?")
TOTALS = re.compile(r"(?:Current|Final) (?:Score|Points|Grade)|Override (?:Score|Grade|Status)")


@dataclass(frozen=True)
class User:
    """Somebody in Canvas: with the name by which it sorts, `Roe, Ana`."""

    id: int
    sortable: str
    login: str
    section: str = "A"


@dataclass(frozen=True)
class Upload:
    """A file that was handed in: `number` is that of the attachment."""

    user: User
    number: int
    file: str
    content: str
    is_late: bool = False

    @property
    def entry(self) -> str:
        """Its name in “Download Submissions”."""
        name = re.sub(r"\W", "", self.user.sortable.lower())
        return f"{name}{'_LATE' if self.is_late else ''}_{self.user.id}_{self.number}_{self.file}"


def download(path: Path, uploads: Iterable[Upload]) -> Path:
    """The zip of an assignment's submissions."""
    return zipped(path, {each.entry: each.content for each in uploads})


@dataclass
class Gradebook:
    """A gradebook: `points` by the titles of columns, which end in Canvas' number of the assignment."""

    users: Sequence[User]
    points: dict[str, str]
    posted_by_hand: Sequence[str] = ()
    scores: dict[tuple[int, str], str] = field(default_factory=dict)

    def export(self) -> str:
        """The file that “Export” gives."""
        target = io.StringIO(newline="")
        writer = csv.writer(target, lineterminator="\n")
        people = ("Student", "ID", "SIS Login ID", "Section")
        writer.writerow([*people, *self.points, "Final Score"])
        posting = ["Manual Posting" if title in self.posted_by_hand else "" for title in self.points]
        writer.writerow([*[""] * len(people), *posting, ""])
        writer.writerow(["    Points Possible", "", "", "", *self.points.values(), "(read only)"])
        for user in self.users:
            cells = [self.scores.get((user.id, title), "") for title in self.points]
            writer.writerow([user.sortable, user.id, user.login, user.section, *cells, ""])
        return target.getvalue()

    def upload(self, text: str) -> list[str]:
        """Take over what a file says. Returns the titles for which Canvas proposes a new assignment."""
        delimiter = next(each for each in ";," if _splits(text.splitlines()[:3], each))
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        assert "Student" in header[0]
        assert "ID" in header[1]
        people = next(row for row in rows if "Points Possible" in row[0])
        students = [row for row in rows if row[1].strip()]
        by_number = {re.findall(r"\((\d+)\)$", title)[0]: title for title in self.points}
        new = []
        for index, title in enumerate(header[header.index("Section") + 1 :], header.index("Section") + 1):
            if TOTALS.search(title) or "read only" in people[index]:
                continue
            number = re.search(r"\((\d+)\)$", title)
            known = by_number.get(number[1]) if number else None
            if known is None:
                new.append(title)
                continue
            self._take({int(row[1]): row[index] for row in students}, known)
        return new

    def _take(self, cells: Mapping[int, str], title: str) -> None:
        """A column: where a cell is blank, the score that is there is deleted."""
        enrolled = {user.id for user in self.users}
        assert cells.keys() <= enrolled, "Canvas asks who that is"
        for user, cell in cells.items():
            self.scores[user, title] = _score(cell)


def _splits(lines: Sequence[str], delimiter: str) -> bool:
    widths = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
    return len(widths) == 1 and widths.pop() > 1


def _score(cell: str) -> str:
    """A cell as it is shown afterwards: two decimals; the last of points and commas is the decimal sign."""
    text = cell.strip()
    if text.casefold() in ("ex", "excused"):
        return "EX"
    if not text or text == "-":
        return ""
    assert NUMBER.fullmatch(text), f"Canvas does not know what {text!r} is"
    *whole, last = re.split(r"[.,]", text)
    number = f"{''.join(whole)}.{last}" if whole else last
    return f"{Decimal(number):.2f}"
