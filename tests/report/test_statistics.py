"""The numbers of a class: hardness, discrimination, misconceptions, checks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import pointbiserialr

from autograder.pages.class_page import class_page
from autograder.report.model import MissingReason, Outcome, QuestionResult
from autograder.report.statistics import MIN_STUDENTS_FOR_STATISTICS, CheckStatistics, assignments, distribution
from tests.helpers.given_marks import class_of_marks
from tests.helpers.pages import collapsed, instructor_page, page_link
from tests.helpers.reports import (
    answer,
    check,
    class_of,
    question_statistics,
    report,
    scores,
    unreadable,
    with_misconceptions,
)

pytestmark = pytest.mark.portable

STUB_AND_UNREAD = (
    check(Outcome.MISSING, message="To be written.", reason=MissingReason.NOT_IMPLEMENTED),
    check(
        Outcome.MISSING,
        message="`softmax` could not be read: SyntaxError in code cell 5, line 10.",
        reason=MissingReason.NOT_LOADED,
    ),
)


@pytest.mark.parametrize("seed", range(5))
def test_discrimination_of_all_or_nothing_is_the_point_biserial_correlation_with_the_rest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rest = rng.integers(0, 11, size=(40, 2))  # (student, other question)
    right = rng.random(40) < rest.sum(axis=1) / 20
    found = question_statistics(class_of(np.column_stack([right, rest]).tolist(), of=(1, 10, 10))).discrimination
    assert found == pytest.approx(pointbiserialr(right, rest.sum(axis=1)).statistic)


def test_discrimination_of_shares_is_the_correlation_with_all_other_questions_of_the_course() -> None:
    rng = np.random.default_rng(1)
    earned, of = rng.random((30, 4)) * 8, (8, 16, 9, 20)
    first = [report(*(answer(f"q{i}", row[i], of[i]) for i in (0, 1)), student=f"s{s}") for s, row in enumerate(earned)]
    late = [
        report(*(answer(f"q{i}", row[i], of[i]) for i in (2, 3)), student=f"s{s}", assignment="04")
        for s, row in enumerate(earned)
        if s != 7  # who has handed in nothing here is measured by the rest
    ]
    other = earned[:, 1:].sum(axis=1) / sum(of[1:])
    other[7] = earned[7, 1] / of[1]
    found = assignments([*late, *first])[0].questions[0].discrimination
    assert found == pytest.approx(np.corrcoef(earned[:, 0], other)[0, 1])


@pytest.mark.parametrize(
    ("earned", "why"),
    [
        ([[i % 3, i % 4] for i in range(MIN_STUDENTS_FOR_STATISTICS - 1)], "too few students"),
        ([[5, i % 4] for i in range(20)], "the question does not vary"),
        ([[i % 4, 5] for i in range(20)], "the rest does not vary"),
        ([[i % 4, [0.3, 0.1 + 0.2][i % 2]] for i in range(20)], "the rest varies by rounding only"),
        ([[i % 4] for i in range(20)], "there is no rest"),
    ],
)
def test_a_discrimination_that_means_nothing_is_not_told(earned: list[list[float]], why: str) -> None:
    reports = class_of(earned, of=(10, 10))
    assert question_statistics(reports).discrimination is None, why
    assert "—cannot be told" in collapsed(instructor_page(*reports).text)


def test_what_is_unreadable_or_not_final_is_no_measure() -> None:
    good = class_of([[i % 5, i % 7] for i in range(20)], of=(10, 10))
    broken = report(QuestionResult("q0", (check(Outcome.GRADER_ERROR),)), answer("q1", 10), student="x")
    lost = unreadable("cut off", student="y", questions=scores(0, 0))
    alone, beside = question_statistics(good), question_statistics([*good, broken, lost])
    assert (beside.mean, beside.graded, beside.full) == (alone.mean, alone.graded, alone.full)
    assert beside.discrimination == pytest.approx(alone.discrimination)


@given(st.lists(st.floats(0, 100)))
@example([100 * 3 / 10, 100 * (0.1 + 0.2), 29.999999999999996, 100.0, 0.0])
def test_every_score_stands_in_one_column_of_the_distribution(shares: list[float]) -> None:
    edges = [-1, *range(10, 101, 10), 101]
    assert list(distribution(shares)) == np.histogram(np.round(shares, 7), edges)[0].tolist()


def test_misconceptions_are_counted_once_a_submission_most_common_first() -> None:
    reports = [
        report(with_misconceptions("rare", "over_queries"), student="bo"),
        report(with_misconceptions("base two", "base two", "over_queries")),
        report(QuestionResult("softmax", (check(Outcome.FAILED), check(Outcome.MISSING))), student="cy"),
        report(QuestionResult("softmax", (check(Outcome.MISSING),)), student="di"),
        unreadable("cut off", student="ed"),
    ]
    found = question_statistics(reports)
    counted = [(each.name, each.share, [r.student for r in each.seen]) for each in found.misconceptions]
    assert counted == [("over_queries", 50, ["ada", "bo"]), ("base two", 25, ["ada"]), ("rare", 25, ["bo"])]
    assert (found.answers, found.unnamed, found.unwritten) == (4, 1, 1)


def test_what_could_not_be_read_is_counted_for_itself() -> None:
    stub, unread = (QuestionResult("softmax", (each,)) for each in STUB_AND_UNREAD)
    reports = [report(unread), report(stub, student="bo"), report(stub, student="cy")]
    assert (question_statistics(reports).unwritten, question_statistics(reports).unread) == (2, 1)
    text = collapsed(instructor_page(*reports).text)
    assert "33% could not be read; 67% not written" in text
    source = class_page(reports, class_of_marks(*reports), page_link)
    assert (source.count('<td class="unwritten">'), source.count('<td class="w0">')) == (2, 1)


def check_statistics(*outcomes: Outcome) -> CheckStatistics:
    reports = [report(QuestionResult("q", (check(o),)), student=f"s{i}") for i, o in enumerate(outcomes)]
    (only,) = question_statistics(reports).checks
    return only


def test_a_check_is_judged_by_those_who_wrote_the_function() -> None:
    others = [Outcome.MISSING, Outcome.GRADER_ERROR]
    assert check_statistics(*others, *[Outcome.FAILED] * MIN_STUDENTS_FOR_STATISTICS).nobody_passes
    assert check_statistics(*others, *[Outcome.PASSED] * MIN_STUDENTS_FOR_STATISTICS).everybody_passes
    few = MIN_STUDENTS_FOR_STATISTICS - 1
    for few_or_mixed in ([Outcome.FAILED] * few, [Outcome.PASSED] * few, [*Outcome] * MIN_STUDENTS_FOR_STATISTICS):
        assert not check_statistics(*few_or_mixed).nobody_passes
        assert not check_statistics(*few_or_mixed).everybody_passes
