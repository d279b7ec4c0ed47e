"""The answers of a class to each question, held once where they are the same in every check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from autograder.language.current import current
from autograder.report.model import QuestionResult, Report, Status


class Points(NamedTuple):
    earned: float
    possible: float


_NO_POINTS = Points(0, 0)


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """What is counted of an answer, once for all that are the same in every check."""

    question: QuestionResult
    score: float
    max_score: float
    is_final: bool
    misconceptions: tuple[str, ...]
    language: str  # of the first report that it is in


class QuestionAnswers:
    """The answers to one question, with the reports that they are in. Few of many are different."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.given: list[CountedAnswer] = []
        self.different: dict[int, CountedAnswer] = {}  # by their place in memory, in the order met
        self.counts: Counter[int] = Counter()

    def add(self, report: Report, question: QuestionResult) -> None:
        key = id(question)
        if key not in self.different:
            names, language = question.misconceptions, report.language
            score, most = question.score, question.max_score
            self.different[key] = CountedAnswer(question, score, most, question.is_final, names, language)
        self.counts[key] += 1
        self.reports.append(report)
        self.given.append(self.different[key])

    @property
    def final(self) -> Iterator[tuple[str, CountedAnswer]]:
        """The answers with a final score, each with its student."""
        both = zip(self.reports, self.given, strict=True)
        return ((report.student, answer) for report, answer in both if answer.is_final)

    @property
    def readable_first(self) -> list[tuple[int, CountedAnswer]]:
        """How often each different answer was given; first those whose sentences are in the language that is spoken.

        Of what all say, the first one's is shown.
        """
        each = ((self.counts[key], answer) for key, answer in self.different.items())
        return sorted(each, key=lambda one: one[1].language != current())

    def count(self, is_true: Callable[[CountedAnswer], bool]) -> int:
        """How many answers something is true of."""
        return sum(self.counts[key] for key, answer in self.different.items() if is_true(answer))

    def add_to(self, totals: dict[str, Points]) -> None:
        """Add the points that are final to those of each student."""
        for student, answer in self.final:
            before = totals.get(student, _NO_POINTS)
            totals[student] = Points(before.earned + answer.score, before.possible + answer.max_score)


def answers_of(reports: Iterable[Report]) -> dict[str, QuestionAnswers]:
    """By question; one whose answers have no final score is there all the same."""
    found: dict[str, QuestionAnswers] = {}
    for report in reports:
        for question in report.questions if report.status is Status.GRADED else ():
            if question.name not in found:
                found[question.name] = QuestionAnswers()
            found[question.name].add(report, question)
    return found
