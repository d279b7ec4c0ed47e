"""Moodle, as far as its sources say: what it lets a teacher download, and what it makes of an uploaded worksheet.

mod/assign/classes/downloader.php, mod/assign/gradingtable.php and mod/assign/feedback/offline in
https://github.com/moodle/moodle; what is written there of blanks, numbers, words and dates is what is done here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers.collected import zipped

TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Participant:
    """Somebody in one assignment: `number` is another one in each."""

    number: int
    name: str
    email: str
    status: str = "Submitted for grading"


@dataclass(frozen=True)
class Language:
    """The words of a worksheet in one language, and its decimal sign."""

    participant: str
    titles: tuple[str, ...]  # in the order of the columns
    sign: str


ENGLISH = Language(
    "Participant ",
    (
        *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade", "Grade can be changed"),
        *("Last modified (submission)", "Last modified (grade)", "Feedback comments"),
    ),
    ".",
)
GERMAN = Language(
    "Teilnehmer/in ",
    (
        *("ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung"),
        *("Bewertung kann geändert werden", "Zuletzt geändert (Abgabe)", "Zuletzt geändert (Bewertung)"),
        "Feedback als Kommentar",
    ),
    ",",
)
IDENTIFIER, GRADE, GRADED, COMMENT = 0, 4, 8, 9


@dataclass
class Worksheet:
    """The grades of one assignment. `has_tags`: comments are downloaded with their tags, as before version 4.0."""

    people: Sequence[Participant]
    maximum: float
    language: Language = ENGLISH
    has_tags: bool = True
    grades: dict[int, float] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)

    def download(self) -> str:
        target = io.StringIO(newline="")
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(self.language.titles)
        for each in self.people:
            comment = self.comments.get(each.number, "")
            who = (f"{self.language.participant}{each.number}", each.name, each.email, each.status)
            grade = self.shown(self.grades[each.number]) if each.number in self.grades else ""
            shown = comment if self.has_tags else TAG.sub("", comment)
            dates = ("Monday, 5 October 2026, 9:14 AM", self._date(each.number))
            writer.writerow([*who, grade, self.shown(self.maximum), "Yes", *dates, shown])
        return target.getvalue()

    def write(self, number: int, grade: float | None = None, comment: str | None = None) -> None:
        """What a person does in Moodle itself."""
        if grade is not None:
            self.grades[number] = grade
        if comment is not None:
            self.comments[number] = comment
        self.changed[number] = self.changed.get(number, 0) + 1

    def upload(self, text: str, *, updates_newer: bool = False) -> None:
        """Take over what a worksheet says; `updates_newer`: the box for records that were modified more recently."""
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        columns = {title: header.index(title) for title in self.language.titles}
        of = [columns[title] for title in self.language.titles]
        numbers = {each.number for each in self.people}
        for row in rows:
            identifier = row[of[IDENTIFIER]]
            number = int(identifier[len(self.language.participant) :])
            if number not in numbers:
                continue
            dated = self.language is ENGLISH  # a date in another language cannot be read: the grade counts as older
            is_stale = number in self.changed and not (dated and row[of[GRADED]] == self._date(number))
            if is_stale and not updates_newer:
                continue
            is_new = self._take_grade(number, row[of[GRADE]])
            if row[of[COMMENT]] != self.comments.get(number, ""):
                self.comments[number] = row[of[COMMENT]]  # a blank one erases, and without tags it stays without
                is_new = True
            if is_new:
                self.changed[number] = self.changed.get(number, 0) + 1

    def shown(self, grade: float) -> str:
        return f"{grade:.2f}".replace(".", self.language.sign)

    def _take_grade(self, number: int, cell: str) -> bool:
        text = "".join(cell.split()).replace(self.language.sign, ".")
        if not text:
            return False
        digits = re.match(r"-?\d+(?:\.\d*)?", text)
        grade = float(digits[0]) if digits else 0.0  # a plain cast: 17,5 in English is 17, and a word is 0
        if not 0 <= grade <= self.maximum or grade == self.grades.get(number):
            return False
        self.grades[number] = grade
        return True

    def _date(self, number: int) -> str:
        """When the grade was changed: a minute for each time."""
        times = self.changed.get(number, 0)
        return f"Tuesday, 6 October 2026, 9:{times:02} AM" if times else "-"


def download(path: Path, work: Iterable[tuple[Participant, str, str]]) -> Path:
    """The zip of all submissions, in folders: a participant, a file's name and its content each."""
    return zipped(
        path, {f"{who.name}_{who.number}_assignsubmission_file/{file}": content for who, file, content in work}
    )
