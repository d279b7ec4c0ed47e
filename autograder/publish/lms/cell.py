"""What is written into one cell of a file for an LMS: a mark, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from autograder.classroom.marks.model import Mark, MarkStatus
from autograder.report.model import number


class Worth(StrEnum):
    """Which mark a column takes; its maximum tells."""

    FULL = "full"
    WITHOUT_WRITTEN = "without_written"


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
        return self.points is not None and round(self.points - self.possible, 6) > 0

    def text(self, there: str = "", excused: str = "") -> str:
        """What is to stand in a cell in which `there` stands: where there is no mark, all stays.

        `excused` is the system's own word for who need not hand in, if it has one. Where it stands already, it stays.
        """
        if excused and there.strip().casefold() == excused.casefold():
            return there
        if self.mark.status is MarkStatus.EXCUSED:
            return excused or there
        return there if self.points is None else number(self.points)
