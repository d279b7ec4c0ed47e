"""The heat map's colours, and the line below which a student can be filtered for."""

from __future__ import annotations

import pytest

from autograder.pages.heatmap import LOW_SCORE_PERCENT, HeatmapCell, rows
from autograder.report.model import Outcome
from autograder.report.statistics import assignments
from tests.helpers.reports import answer, check, report, softmax


@pytest.mark.parametrize(
    ("earned", "low"), [(0, True), (499, True), (500, False), (501, False), (1000, False)], ids=lambda each: str(each)
)
def test_who_has_less_than_half_has_a_low_score(earned: int, low: bool) -> None:
    assert LOW_SCORE_PERCENT == 50
    work = report(answer("q0", earned, of=1000))
    (row,) = rows({"ada": {work.assignment: work}}, assignments([work]))
    assert ("low" in row.states) == low


def test_who_has_no_score_has_no_low_one() -> None:
    work = report(softmax(check(Outcome.GRADER_ERROR)))
    (row, absent) = rows({"ada": {work.assignment: work}, "bo": {}}, assignments([work]))
    assert row.states == ("ours",)
    assert absent.states == ("absent", "gap")


@pytest.mark.parametrize(
    ("earned", "warmth"),
    [(0, "w0"), (0.1, "w1"), (2.4, "w1"), (2.5, "w2"), (5, "w3"), (7.5, "w4"), (9.9, "w4"), (10, "w5")],
)
def test_a_colour_says_how_much_of_the_points_there_is(earned: float, warmth: str) -> None:
    assert HeatmapCell.of(answer("q0", earned)).warmth == warmth


def test_what_is_not_written_has_a_colour_of_its_own() -> None:
    assert HeatmapCell.of(softmax(check(Outcome.MISSING))).warmth == "unwritten"
