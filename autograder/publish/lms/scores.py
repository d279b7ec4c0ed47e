"""A class's scores as every LMS takes them: by student and assignment, and empty where no score is the student's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.report.model import Report, number


@dataclass(frozen=True)
class Export:
    """A file for an LMS, and what its reader must know besides.

    unknown: students with reports whom the roster or template does not know. missing: students whom it knows, with
    no report. not_final: reports whose score was not written, because it is not the student's.
    """

    text: str
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    not_final: tuple[Report, ...]


@dataclass(frozen=True)
class ScoreTable:
    """The reports of a class, by student and assignment."""

    reports: Mapping[tuple[str, str], Report]

    @cached_property
    def students(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(student for student, _ in self.reports))

    @cached_property
    def assignments(self) -> tuple[str, ...]:
        return tuple(sorted({assignment for _, assignment in self.reports}))

    @cached_property
    def not_final(self) -> tuple[Report, ...]:
        """What could not be read, or where the grader failed: a score of 0 would be no mark."""
        return tuple(report for report in self.reports.values() if not report.is_final)

    def export(self, text: str, roster: Roster, known: Iterable[str], missing: Iterable[str] = ()) -> Export:
        """A file in which the students `known` have their place; `missing` are those of a template without a report."""
        placed = set(known)
        unknown = tuple(student for student in self.students if student not in placed)
        handed_in = set(self.students)
        absent = (person.folder for person in roster.people if person.folder not in handed_in)
        return Export(text, unknown, tuple(dict.fromkeys([*missing, *absent])), self.not_final)

    def score(self, student: str, assignment: str) -> str:
        """A score as a cell; empty where there is none."""
        report = self.reports.get((student, assignment))
        return number(report.score) if report and report.is_final else ""

    def title(self, assignment: str) -> str:
        return next(report.title for (_, name), report in self.reports.items() if name == assignment)

    def possible(self, assignment: str) -> float:
        """What an assignment is worth, without what people grade. Raises UserError where reports disagree."""
        return self._one(assignment, (report.max_score for report in self._of(assignment)))

    def written(self, assignment: str) -> float:
        """What the answers are worth that people grade."""
        return self._one(assignment, (sum(each.max_score for each in r.written) for r in self._of(assignment)))

    def check_worth(self, assignment: str, worth: str, where: str) -> None:
        """Raises UserError where an LMS has another maximum than the reports, so that every score would be wrong."""
        try:
            theirs = float(worth.replace(",", "."))
        except ValueError:
            raise UserError(f"{where}: {worth!r} is no number of points for {assignment}") from None
        ours = self.possible(assignment)
        if not any(math.isclose(theirs, each) for each in (ours, ours + self.written(assignment))):
            raise UserError(
                f"{where}: {assignment} is worth {number(theirs)} there and {number(ours)} here: "
                f"set it to {number(ours + self.written(assignment))} in the LMS, and download the file again"
            )

    def _of(self, assignment: str) -> Iterable[Report]:
        return (report for (_, name), report in self.reports.items() if name == assignment)

    def _one(self, assignment: str, values: Iterable[float]) -> float:
        found = sorted(set(values))
        if len(found) > 1:
            worth = " and ".join(map(number, found))
            raise UserError(f"the reports on {assignment} are worth {worth} points: grade them all again")
        return found[0]
