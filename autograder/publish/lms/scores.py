"""The table of scores that every LMS export is made of; a score that is not final, or that is not there, is empty."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce

from autograder.classroom.messages import and_one_more
from autograder.classroom.roster import Roster
from autograder.errors import UserError
from autograder.publish.lms import messages
from autograder.report.model import Report, number


@dataclass(frozen=True)
class Export:
    """The text of a file for an LMS, and the students and reports that it leaves out.

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
        """A file with rows for the students `known`; `missing` are those of a template without a report."""
        with_row = set(known)
        unknown = tuple(student for student in self.students if student not in with_row)
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

    def check_worth(self, assignment: str, worth: str, column: str) -> None:
        """Raises UserError where an LMS has another maximum than the reports, so that every score would be wrong."""
        try:
            lms_points = float(worth.replace(",", "."))
        except ValueError:
            raise UserError(messages.not_a_number(column, worth, assignment)) from None
        points = self.possible(assignment)
        all_points = points + self.written(assignment)
        if not any(math.isclose(lms_points, each) for each in (points, all_points)):
            shown = (number(lms_points), number(points), number(all_points))
            raise UserError(messages.other_maximum(column, assignment, *shown))

    def _of(self, assignment: str) -> Iterable[Report]:
        return (report for (_, name), report in self.reports.items() if name == assignment)

    def _one(self, assignment: str, values: Iterable[float]) -> float:
        distinct = sorted(set(values))
        if len(distinct) > 1:
            raise UserError(messages.reports_disagree(assignment, reduce(and_one_more, map(number, distinct))))
        return distinct[0]
