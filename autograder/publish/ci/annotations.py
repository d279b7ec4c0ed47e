"""Annotations at the student's own lines: of each question that is not right yet, each cause once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from autograder.report.findings import findings
from autograder.report.model import Outcome, Report, Status
from autograder.sandbox.protocol import CodeLine
from autograder.text import sanitise

UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Location:
    """A line of a file, whose path is relative to the folder that a run was started in."""

    path: str
    line: int


class Locate(Protocol):
    """Finds where a report's file answers a question wrongly; for no question, where it begins. None: no file."""

    def __call__(self, report: Report, question: str, line: CodeLine | None) -> Location | None: ...


@dataclass(frozen=True)
class Annotation:
    """A message at a line. `name` stays the same from one push to the next, while the fault is there."""

    report: Report
    question: str
    name: str
    outcome: Outcome | Status
    title: str
    message: str
    location: Location


def annotations_of(report: Report, locate: Locate) -> Iterator[Annotation]:
    """The annotations of a report, the most telling of each question first. None on a report without a file."""
    if report.status is Status.UNREADABLE:
        if location := locate(report, "", None):
            message = sanitise(report.error)
            yield Annotation(report, "", UNREADABLE, report.status, report.title, message, location)
        return
    for question in report.questions:
        for finding in findings(question):
            if location := locate(report, question.name, finding.line):
                name = f"{question.name}/{finding.misconception or finding.check.name}"
                yield Annotation(report, question.name, name, finding.outcome, finding.title, finding.plain, location)
