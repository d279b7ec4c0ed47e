"""Reports in brief: what a whole class is measured by, with all that they have in common kept once.

A report holds some kilobytes, most of them messages to its student. What figures, marks and the page of a class need of
it are outcomes, points and names, which few submissions have alone.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from autograder.report.model import CheckResult, Outcome, QuestionResult, Report

MAX_MESSAGES = 1000  # different ones of grader errors; they are all that is kept of messages
T = TypeVar("T")


class Briefs:
    """Makes reports in brief, and keeps once what several of them say."""

    def __init__(self) -> None:
        self._known: dict[object, object] = {}
        self._messages: set[str] = set()
        self._said: dict[bytes, Report] = {}

    def of(self, report: Report) -> Report:
        """The report without messages, lines, notes, seconds and hashes. A grader error keeps its message."""
        questions = tuple(
            self._once(QuestionResult(each.name, self._once(tuple(map(self._check, each.checks)))))
            for each in report.questions
        )
        return Report(
            report.student,
            self._once(report.assignment),
            self._once(report.title),
            report.status,
            self._once(questions),
            self._once(report.written),
            self._once(report.error),
            confined=report.confined,
            sandbox=self._once(report.sandbox),
            language=self._once(report.language),
        )

    def said(self, brief: Report) -> tuple[bytes, str]:
        """What a report in brief says, whoever it is about, as JSON text; and a hash of that, by which it is known."""
        text = replace(brief, student="").to_json()
        digest = sha256(text.encode()).digest()
        self._said.setdefault(digest, replace(brief, student=""))
        return digest, text

    def known(self, digest: bytes, student: str) -> Report | None:
        """The report in brief on somebody that says what `said` gave this hash; None where nothing did so far."""
        said = self._said.get(digest)
        return replace(said, student=student) if said else None

    def remember(self, text: str) -> bytes:
        """Take what `said` gave before; returns the hash of it. Raises ValueError where it is something else."""
        digest = sha256(text.encode()).digest()
        if digest not in self._said:
            self._said[digest] = self.of(Report.from_json(text))
        return digest

    def _check(self, check: CheckResult) -> CheckResult:
        message = ""
        if check.outcome is Outcome.GRADER_ERROR and (check.message in self._messages or self._has_room()):
            message = check.message
            self._messages.add(message)
        return self._once(replace(check, message=message, line=None))

    def _has_room(self) -> bool:
        return len(self._messages) < MAX_MESSAGES

    def _once(self, value: T) -> T:
        """The value itself, or an equal one that is there already."""
        known = self._known.setdefault((type(value), value), value)
        assert isinstance(known, type(value))
        return known
