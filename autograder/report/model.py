"""The outcome of one submission: a frozen data model that every output reads, and nothing else."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from autograder.language.current import ENGLISH, current, translated
from autograder.sandbox.protocol import CodeLine
from autograder.text import in_words

DECIMALS = 4  # of points, as they are shown: more than anybody gives
SCHEMA = 2  # of the JSON form; 1 had no number, and no lines, reasons and lessons at first
MAX_POINTS = 10_000  # of one check, or one answer


def is_worth(points: object) -> bool:
    """Whether something can be worth so many points: a number that a report can hold, and that can be added up."""
    return isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points <= MAX_POINTS


class Outcome(StrEnum):
    """How one check ended. All but `GRADER_ERROR` are the student's; that one is ours."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    MISSING = "missing"
    GRADER_ERROR = "grader_error"


class MissingReason(StrEnum):
    """Why a function is missing."""

    UNDEFINED = "undefined"  # there is none of that name
    NOT_IMPLEMENTED = "not_implemented"  # it is as it was handed out
    NOT_LOADED = "not_loaded"  # it is there, but its code could not be read or run


class Status(StrEnum):
    """Whether a submission could be read at all."""

    GRADED = "graded"
    UNREADABLE = "unreadable"


class NewerReportError(ValueError):
    """A report of a schema that this version does not know."""

    def __init__(self, schema: object) -> None:
        super().__init__(schema)
        self.schema = schema


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one question. `points` is what it is worth, `earned` what the student got.

    `upstream` is the function that this check fails with, and passes with a right one in its place, as it did.
    `line` is where the student's code raised, if it did. `reason` tells why a function is missing. A `message` that
    names a misconception ends with its `lesson`: what the mistake is, and a hint.
    """

    name: str
    title: str
    points: float
    earned: float
    outcome: Outcome
    message: str = ""
    misconception: str | None = None
    visible: bool = False
    line: CodeLine | None = None
    reason: MissingReason | None = None
    lesson: str = ""
    upstream: str = ""
    called: str = ""  # what the misconception is called in the language of the report, where that is not English

    @property
    def is_not_loaded(self) -> bool:
        """Whether the function is there, and it is its code that could not be read or run."""
        return self.reason is MissingReason.NOT_LOADED

    @property
    def mix_up(self) -> str:
        """What the misconception is called, in words; empty where there is none."""
        return self.called or in_words(self.misconception or "")

    def called_in_language(self) -> Self:
        """The same, with what its misconception is called in the language that is spoken."""
        if not self.misconception or current() == ENGLISH:
            return self
        return dataclasses.replace(self, called=translated(in_words(self.misconception)))

    @property
    def detail(self) -> str:
        """The message without its lesson: what was found in this very check."""
        return self.message.removesuffix(self.lesson).rstrip("\n") if self.lesson else self.message

    def to_dict(self) -> dict[str, Any]:
        """What `dataclasses.asdict` would make of it, in a tenth of the time."""
        plain = {name: getattr(self, name) for name in _CHECK}
        return plain if self.line is None else {**plain, "line": dataclasses.asdict(self.line)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` made of a result, now or before it knew of lines, reasons and lessons."""
        line, reason, lesson = data.get("line"), data.get("reason"), data.get("lesson")
        if lesson is None:  # an older report, in which the lesson stood in the message only
            lesson = "\n".join(data["message"].split("\n")[-2:]) if data["misconception"] else ""
        typed = {
            "outcome": Outcome(data["outcome"]),
            "line": CodeLine(**line) if line else None,
            "reason": MissingReason(reason) if reason else None,
            "lesson": lesson,
        }
        return cls(**{**data, **typed})


_CHECK = tuple(each.name for each in dataclasses.fields(CheckResult))


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """All checks of one question (one function to fill in)."""

    name: str
    checks: tuple[CheckResult, ...]

    @property
    def score(self) -> float:
        return sum(check.earned for check in self.checks)

    @property
    def max_score(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def is_final(self) -> bool:
        """Whether the score is the student's: nothing of ours stands in it."""
        return all(check.outcome is not Outcome.GRADER_ERROR for check in self.checks)

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The named mistakes of this question, each once, in the order met."""
        return tuple(dict.fromkeys(c.misconception for c in self.checks if c.misconception))


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """A question that a person grades: its points are not part of the report's score."""

    name: str
    max_score: float


@dataclass(frozen=True, slots=True)
class Report:
    """One student, one assignment. `seconds` is wall time; `fingerprint` is the hash of all that the scores rest on.

    `provenance` has a hash for each part of that, by name: it tells what changed between two reports.
    """

    student: str
    assignment: str
    title: str
    status: Status
    questions: tuple[QuestionResult, ...]
    written: tuple[WrittenAnswer, ...] = ()
    error: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    confined: bool = True
    sandbox: str = ""  # the home that its code ran in, where that is not the usual one
    fingerprint: str = ""
    provenance: Mapping[str, str] = field(default_factory=dict)
    language: str = ENGLISH  # in which all of it is said

    @property
    def score(self) -> float:
        return sum(question.score for question in self.questions)

    @property
    def max_score(self) -> float:
        return sum(question.max_score for question in self.questions)

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        return tuple(check for question in self.questions for check in question.checks)

    @property
    def has_grader_error(self) -> bool:
        return any(check.outcome is Outcome.GRADER_ERROR for check in self.checks)

    @property
    def is_started(self) -> bool:
        return any(check.outcome is not Outcome.MISSING for check in self.checks)

    @property
    def is_final(self) -> bool:
        """Whether the score is the student's: the submission was read, and nothing of ours stands in it."""
        return self.status is Status.GRADED and not self.has_grader_error

    def to_json(self) -> str:
        """The report as JSON text. Valid UTF-8 whatever a student wrote: everything beyond ASCII is escaped."""
        data = {
            "schema": SCHEMA,
            "student": self.student,
            "assignment": self.assignment,
            "title": self.title,
            "status": self.status,
            "error": self.error,
            "notes": self.notes,
            "score": self.score,
            "max_score": self.max_score,
            "seconds": round(self.seconds, 4),
            "confined": self.confined,
            **({"sandbox": self.sandbox} if self.sandbox else {}),
            "language": self.language,
            "fingerprint": self.fingerprint,
            "provenance": dict(self.provenance),
            "questions": [
                {
                    "name": question.name,
                    "score": question.score,
                    "max_score": question.max_score,
                    "checks": [check.to_dict() for check in question.checks],
                }
                for question in self.questions
            ],
            "written": [dataclasses.asdict(answer) for answer in self.written],
        }
        return json.dumps(data, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The report that `to_json` wrote, now or before.

        Raises ValueError when the text is not such a report, NewerReportError when a later version wrote it.
        """
        try:
            data = json.loads(text)
            if data.get("schema", 1) > SCHEMA:
                raise NewerReportError(data["schema"])
            return cls._from_dict(data)
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a report: {error!r}") from error

    @classmethod
    def _from_dict(cls, data: Mapping[str, Any]) -> Self:
        questions = tuple(
            QuestionResult(
                name=question["name"],
                checks=tuple(map(CheckResult.from_dict, question["checks"])),
            )
            for question in data["questions"]
        )
        return cls(
            student=data["student"],
            assignment=data["assignment"],
            title=data["title"],
            status=Status(data["status"]),
            questions=questions,
            written=tuple(WrittenAnswer(**answer) for answer in data["written"]),
            error=data["error"],
            notes=tuple(data["notes"]),
            seconds=data["seconds"],
            confined=data["confined"],
            sandbox=data.get("sandbox", ""),
            fingerprint=data["fingerprint"],
            provenance=dict(data.get("provenance", data.get("rests_on", {}))),  # its former name
            language=data.get("language", ENGLISH),
        )


def number(points: float) -> str:
    """Points as people write them: `3`, `2.5`; rounded in one way, wherever they stand."""
    text = f"{points:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def mean(results: Iterable[Report | QuestionResult | None]) -> float | None:
    """The share of all points, 0 to 100, over what was read and graded: our own faults are no measure of a class.

    None when there is nothing to measure.
    """
    final = [result for result in results if result is not None and result.is_final]
    possible = sum(result.max_score for result in final)
    return 100 * sum(result.score for result in final) / possible if possible else None
