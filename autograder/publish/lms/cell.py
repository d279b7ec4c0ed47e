"""What is written into one cell of a file for an LMS: a mark, or nothing; and how numbers are spelled there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from autograder.classroom.marks.model import Mark, MarkStatus
from autograder.report.model import number

POINTS_DECIMALS = 6  # to which points are compared: of 0.1 + 0.2 and 0.3, neither is more
LEAST_DECIMALS = 2  # to which two marks are compared, as Canvas does
MOST_DIGITS = 20  # of a number of points
NO_GRADE = "-"  # as Moodle shows it, and Canvas takes it for nothing
EXCUSED = {"ex", "excused"}  # what Canvas takes for an excuse, in any case


class Worth(StrEnum):
    """Which mark a column takes; its maximum tells."""

    FULL = "full"
    WITHOUT_WRITTEN = "without_written"


@dataclass(frozen=True)
class Numbers:
    """How a file writes numbers: its decimal sign, and to how many decimals the system rounds what it shows.

    `knows_both`: whether the system reads points and commas alike.
    There is never a sign between thousands: Canvas would read 1,000 as 1.
    """

    sign: str = "."
    decimals: int = 2
    knows_both: bool = True

    def text(self, points: float) -> str:
        return number(points).replace(".", self.sign)

    def taken(self, text: str) -> Decimal | None:
        """What the system takes a text for.

        Moodle knows one sign: it takes as much as is a number in its language, or 0 (`unformat_float` in
        lib/moodlelib.php).
        """
        if self.knows_both:
            return read_number(text)
        digits = "".join(text.split()).replace(self.sign, ".")
        found = re.match(r"[+-]?(\d+\.?\d*|\.\d+)", digits, re.ASCII)
        return Decimal(found[0]) if found else Decimal(0)

    def is_misread(self, text: str) -> bool:
        """Whether the system takes a cell for something else than people do, as Moodle does `17,5` for 17."""
        return bool(text.strip()) and self.taken(text) != read_number(text)

    def are_equal(self, one: str, other: str) -> bool:
        """Whether two texts say the same: as numbers, however they are spelled, or as words."""
        return self._agree(one, other, max(self.decimals, LEAST_DECIMALS))

    def shows(self, shown: str, written: str) -> bool:
        """Whether the system shows what was written so; it may have rounded it."""
        return self.are_equal(shown, written) or self._agree(shown, written, self.decimals)

    def _agree(self, one: str, other: str, decimals: int) -> bool:
        first, second = read_number(one), read_number(other)
        if first is None or second is None:
            return one.strip().casefold() == other.strip().casefold()
        return rounded(first, decimals) == rounded(second, decimals)


def read_number(text: str) -> Decimal | None:
    """A number as the importer of Canvas reads it: the last of its points and commas is the decimal sign."""
    digits = "".join(text.split())
    if len(digits) > MOST_DIGITS or not re.fullmatch(r"[+-]?[0-9.,]*[0-9][.,]?", digits, re.ASCII):
        return None
    *whole, last = re.split(r"[.,]", digits)
    return Decimal(f"{''.join(whole)}.{last}" if whole else last)


def is_excused(text: str) -> bool:
    return text.strip().casefold() in EXCUSED


def rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def is_empty(text: str) -> bool:
    """Whether a cell of a gradebook holds nothing that a person wrote."""
    return text.strip() in ("", NO_GRADE)


@dataclass(frozen=True)
class MarkCell:
    """A mark, and what the column in which it is to stand is worth."""

    mark: Mark
    worth: Worth = Worth.FULL

    @property
    def points(self) -> float | None:
        return self.mark.mark if self.worth is Worth.FULL else self.mark.mark_without_written

    @property
    def possible(self) -> float:
        return self.mark.possible if self.worth is Worth.FULL else self.mark.possible_without_written

    @property
    def is_above(self) -> bool:
        return self.points is not None and round(self.points - self.possible, POINTS_DECIMALS) > 0

    @property
    def is_excused(self) -> bool:
        return self.mark.status is MarkStatus.EXCUSED

    def stands_in(self, text: str, numbers: Numbers) -> bool:
        """Whether a cell holds our mark, however it is spelled."""
        return self.points is not None and numbers.are_equal(text, numbers.text(self.points))

    def text(self, excused: str = "", numbers: Numbers = Numbers()) -> str:
        """What we write; empty where there is no mark.

        `excused` is the system's own word for who need not hand in, if it has one.
        """
        if self.is_excused:
            return excused
        return "" if self.points is None else numbers.text(self.points)
