"""What the reports of a class say together: how hard each question is, whom it tells apart, which mistakes it shows."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import correlation

from autograder.language.current import ENGLISH, current
from autograder.report.answers import Points, QuestionAnswers, answers_of
from autograder.report.formatting import ROUNDING, mean_of
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, mean
from autograder.text import in_words

# QuestionAnswers below which a correlation is chance, and a check that all of them fail is no news.
MIN_STUDENTS_FOR_STATISTICS = 10
TOP_COMMON = 3  # misconceptions that a table names
BINS = 11  # of a distribution: ten of ten percent each, and full marks


@dataclass(frozen=True)
class MisconceptionStatistics:
    """A misconception over the class, counted once a submission. `lesson` is what a student reads of it.

    `called` is its name in words, in the language that is spoken where there is a report in it.
    """

    assignment: str
    question: str
    name: str
    called: str
    lesson: str
    seen: tuple[Report, ...]
    answers: int

    @property
    def key(self) -> tuple[str, ...]:
        return self.assignment, self.question, self.name

    @property
    def share(self) -> float:
        """Of the answers that could be read, 0 to 100."""
        return 100 * len(self.seen) / self.answers


@dataclass(frozen=True)
class CheckStatistics:
    """A check over the class. `tried` are the answers that were written and that the grader could judge."""

    name: str
    title: str
    tried: int
    passed: int

    @property
    def failing(self) -> float:
        """The share of the tried that fail, 0 to 100."""
        return 100 * (1 - self.passed / self.tried) if self.tried else 0.0

    @property
    def nobody_passes(self) -> bool:
        return self.tried >= MIN_STUDENTS_FOR_STATISTICS and self.passed == 0

    @property
    def everybody_passes(self) -> bool:
        return self.passed == self.tried >= MIN_STUDENTS_FOR_STATISTICS


@dataclass(frozen=True)
class QuestionStatistics:
    """A question over the class: its difficulty is `mean`, the share of its points that are earned, 0 to 100.

    `answers` counts what could be read, `graded` those with a final score. `misconceptions` are the most common first;
    `unnamed` counts the answers that a check found wrong, though none named a misconception, `unwritten` the stubs,
    `unread` those whose code could not be read.
    """

    assignment: str
    name: str
    answers: int
    graded: int
    full: int
    mean: float | None
    discrimination: float | None
    misconceptions: tuple[MisconceptionStatistics, ...]
    unnamed: int
    unwritten: int
    unread: int
    checks: tuple[CheckStatistics, ...]

    @property
    def key(self) -> tuple[str, ...]:
        return self.assignment, self.name

    @property
    def hardest_check(self) -> CheckStatistics | None:
        """The check that most of those who tried it fail."""
        failed = [check for check in self.checks if check.passed < check.tried]
        return max(failed, key=lambda check: (check.failing, check.tried), default=None)


@dataclass(frozen=True)
class AssignmentStatistics:
    """An assignment over the class. `shares` are the final scores as shares of the points, 0 to 100, rising."""

    name: str
    submissions: int
    mean: float | None
    shares: tuple[float, ...]
    questions: tuple[QuestionStatistics, ...]


def assignments(reports: Iterable[Report]) -> tuple[AssignmentStatistics, ...]:
    """The class, assignment by assignment, each with its questions in its own order."""
    by_assignment: dict[str, list[Report]] = {}
    for report in sorted(reports, key=lambda report: (report.assignment, report.student)):
        by_assignment.setdefault(report.assignment, []).append(report)
    answers = {name: answers_of(of_it) for name, of_it in by_assignment.items()}
    totals: dict[str, Points] = {}
    for given in answers.values():
        for each in given.values():
            each.add_to(totals)
    return tuple(
        AssignmentStatistics(
            name,
            len(of_it),
            mean_of(of_all := shares(of_it)),
            of_all,
            tuple(_question(name, question, given, totals) for question, given in answers[name].items()),
        )
        for name, of_it in by_assignment.items()
    )


def shares(reports: Iterable[Report | Sequence[Report]]) -> tuple[float, ...]:
    """The final score of each report, or of each student's several, as a share of the points, 0 to 100, rising."""
    means = (mean([each] if isinstance(each, Report) else each) for each in reports)
    return tuple(sorted(share for share in means if share is not None))


def distribution(shares: Iterable[float]) -> tuple[int, ...]:
    """How many shares lie in each of the `BINS`: from 0, from 10, … from 90, and at 100."""
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, max(0, math.floor(share / 10 + ROUNDING)))] += 1  # 30 may come as 29.999999999999996
    return tuple(counts)


def item_rest(answers: QuestionAnswers, totals: Mapping[str, Points]) -> float | None:
    """The item-rest correlation of a question: do those who are good at all the others do better in it?

    Pearson's correlation of a student's share in this question with their share of the points in all other questions
    of the course; the question itself is left out. For a question of all or nothing it is the point-biserial
    correlation with the rest. None where it means nothing: with fewer than `MIN_STUDENTS_FOR_STATISTICS` students, or
    when one side does not vary.
    """
    here, rest = array("d"), array("d")
    for student, answer in answers.final:
        earned, possible = answer.score, answer.max_score
        if possible and totals[student].possible > possible:
            here.append(earned / possible)
            rest.append((totals[student].earned - earned) / (totals[student].possible - possible))
    if len(here) < MIN_STUDENTS_FOR_STATISTICS or any(max(values) - min(values) < ROUNDING for values in (here, rest)):
        return None
    return correlation(here, rest)


def _question(assignment: str, name: str, answers: QuestionAnswers, totals: Mapping[str, Points]) -> QuestionStatistics:
    final = [answer for _, answer in answers.final]
    possible = sum(answer.max_score for answer in final)
    return QuestionStatistics(
        assignment,
        name,
        answers=len(answers.given),
        graded=len(final),
        full=sum(answer.score >= answer.max_score for answer in final),
        mean=100 * sum(answer.score for answer in final) / possible if possible else None,
        discrimination=item_rest(answers, totals),
        misconceptions=_misconceptions(assignment, name, answers),
        unnamed=answers.count(lambda answer: _is_wrong(answer.question) and not answer.misconceptions),
        unwritten=answers.count(lambda answer: is_unwritten(answer.question)),
        unread=answers.count(lambda answer: any(check.is_not_loaded for check in answer.question.checks)),
        checks=_checks(answers),
    )


def is_unwritten(answer: QuestionResult) -> bool:
    """Whether it is as it was handed out, or not there at all."""
    return {check.outcome for check in answer.checks} == {Outcome.MISSING} and not any(
        check.is_not_loaded for check in answer.checks
    )


def _is_wrong(answer: QuestionResult) -> bool:
    return any(check.outcome not in (Outcome.PASSED, Outcome.MISSING, Outcome.GRADER_ERROR) for check in answer.checks)


def misconceptions_seen(answers: Iterable[tuple[Report, Iterable[str]]]) -> dict[str, list[Report]]:
    """The reports that show each misconception, each counted once an answer: the most common first, then by name.

    `answers` are reports, each with the misconceptions of an answer.
    """
    seen: dict[str, list[Report]] = {}
    for report, misconceptions in answers:
        for name in misconceptions:
            seen.setdefault(name, []).append(report)
    return {name: seen[name] for name in sorted(seen, key=lambda name: (-len(seen[name]), name))}


def common_misconceptions(reports: Iterable[Report], top: int = TOP_COMMON) -> list[tuple[str, int]]:
    """The most common misconceptions, and how many answers show each."""
    seen = misconceptions_seen((each, answer.misconceptions) for each in reports for answer in each.questions)
    return [(name, len(showing)) for name, showing in list(seen.items())[:top]]


def _misconceptions(assignment: str, question: str, answers: QuestionAnswers) -> tuple[MisconceptionStatistics, ...]:
    shown: dict[str, CheckResult] = {}
    for _, answer in answers.readable_first:
        for check in answer.question.checks:
            if check.misconception:
                shown.setdefault(check.misconception, check)
    both = zip(answers.reports, answers.given, strict=True)
    seen = misconceptions_seen((report, answer.misconceptions) for report, answer in both)
    answered = len(answers.given)
    return tuple(
        MisconceptionStatistics(
            assignment, question, name, _called(shown[name], name), shown[name].lesson, tuple(showing), answered
        )
        for name, showing in seen.items()
    )


def _called(check: CheckResult, name: str) -> str:
    return in_words(name) if current() == ENGLISH else check.mix_up


def _checks(answers: QuestionAnswers) -> tuple[CheckStatistics, ...]:
    titles: dict[str, str] = {}
    tried: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for count, answer in answers.readable_first:
        for check in answer.question.checks:
            titles.setdefault(check.name, check.title)
            if check.outcome not in (Outcome.MISSING, Outcome.GRADER_ERROR):
                tried[check.name] += count
                passed[check.name] += count * (check.outcome is Outcome.PASSED)
    return tuple(CheckStatistics(name, title, tried[name], passed[name]) for name, title in titles.items())
