"""What is written into one cell of a file for an LMS: a mark, or nothing; and how numbers are spelled there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from autograder.classroom.marks.model import Mark, MarkStatus

POINTS_DECIMALS = 6  # more than anybody gives, and few enough that 0.1 + 0.2 is 0.3
LEAST_DECIMALS = 2  # to which two marks are compared, as Canvas does
NO_GRADE = "-"  # as Moodle shows it, and Canvas takes it for nothing


class Worth(StrEnum):
    """Which mark a column takes; its maximum tells."""

    FULL = "full"
    WITHOUT_WRITTEN = "without_written"


@dataclass(frozen=True)
class Numbers:
    """How a file writes numbers: its decimal sign, and to how many decimals the system rounds what it shows.

    There is never a sign between thousands: Canvas would read 1,000 as 1.
    """

    sign: str = "."
    decimals: int = 2

    def text(self, points: float) -> str:
        exact = Decimal(str(round(points, POINTS_DECIMALS))) + 0  # and no -0
        return format(exact.normalize(), "f").replace(".", self.sign)

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
    if not re.fullmatch(r"[+-]?[0-9.,]*[0-9][.,]?", digits, re.ASCII):
        return None
    *whole, last = re.split(r"[.,]", digits)
    return Decimal(f"{''.join(whole)}.{last}" if whole else last)


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

    def text(self, excused: str = "", numbers: Numbers = Numbers()) -> str:
        """What we write; empty where there is no mark.

        `excused` is the system's own word for who need not hand in, if it has one.
        """
        if self.mark.status is MarkStatus.EXCUSED:
            return excused
        return "" if self.points is None else numbers.text(self.points)
