"""Reports in brief: what a whole class is measured by, with all that they have in common kept once.

A report holds some kilobytes, most of them messages to its student. What figures, marks and the page of a class need of
it are outcomes, points and names, which few submissions have alone.
"""

from __future__ import annotations

from dataclasses import fields, replace
from hashlib import sha256
from typing import TypeVar

from autograder.report.model import CheckResult, Outcome, QuestionResult, Report

MAX_MESSAGES = 1000  # different ones of grader errors; they are all that is kept of messages
_CHECK = tuple(each.name for each in fields(CheckResult))
_MESSAGE, _LINE = _CHECK.index("message"), _CHECK.index("line")
T = TypeVar("T")


class Briefs:
    """Makes reports in brief, and keeps once what several of them say."""

    def __init__(self) -> None:
        self._known: dict[object, object] = {}
        self._messages: set[str] = set()
        self._said: dict[bytes, Report] = {}
        self._hashes: dict[tuple[object, ...], bytes] = {}

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
        """What a report in brief says, whoever it is about: a hash by which it is known, and JSON text.

        `brief` is of this maker. The text is empty where this was asked before of a report that says the same.
        """
        parts = _parts(brief)
        if digest := self._hashes.get(parts):
            return digest, ""
        text = replace(brief, student="").to_json()
        digest = self._hashes[parts] = sha256(text.encode()).digest()
        self._said.setdefault(digest, brief)
        return digest, text

    def known(self, digest: bytes, student: str) -> Report | None:
        """The report in brief on somebody that says what `said` gave this hash; None where nothing did so far."""
        said = self._said.get(digest)
        return _about(student, said) if said else None

    def remember(self, text: str) -> bytes:
        """Take what `said` gave before; returns the hash of it. Raises ValueError where it is something else."""
        digest = sha256(text.encode()).digest()
        if digest not in self._said:
            brief = self._said[digest] = self.of(Report.from_json(text))
            self._hashes.setdefault(_parts(brief), digest)
        return digest

    def _check(self, check: CheckResult) -> CheckResult:
        message = ""
        if check.outcome is Outcome.GRADER_ERROR and (check.message in self._messages or self._has_room()):
            message = check.message
            self._messages.add(message)
        said = [getattr(check, name) for name in _CHECK]  # `replace` would take three times as long
        said[_MESSAGE], said[_LINE] = message, None
        return self._once(CheckResult(*said))

    def _has_room(self) -> bool:
        return len(self._messages) < MAX_MESSAGES

    def _once(self, value: T) -> T:
        """The value itself, or an equal one that is there already."""
        known = self._known.setdefault((type(value), value), value)
        assert isinstance(known, type(value))
        return known


def _parts(brief: Report) -> tuple[object, ...]:
    """All that a report in brief says, but for whom it is about; what is kept once is known by its place in memory."""
    kept = id(brief.questions), id(brief.written)
    return (
        *(brief.assignment, brief.title, brief.status, *kept, brief.error),
        *(brief.confined, brief.sandbox, brief.language),
    )


def _about(student: str, said: Report) -> Report:
    """The same about another student; `replace` would take five times as long."""
    return Report(
        student,
        said.assignment,
        said.title,
        said.status,
        said.questions,
        said.written,
        said.error,
        confined=said.confined,
        sandbox=said.sandbox,
        language=said.language,
    )
