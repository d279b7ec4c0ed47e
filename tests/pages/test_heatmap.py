"""The heat map's colours, and the line below which a student can be filtered for."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from autograder.classroom.marks.model import MarkStatus, Member
from autograder.pages.class_figures import columns
from autograder.pages.heatmap import LOW_SCORE_PERCENT, HeatmapCell, HeatmapRow, rows
from autograder.report.model import Outcome, Report
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.reports import answer, check, report, softmax

pytestmark = pytest.mark.portable


def heatmap_rows(*reports: Report, **of_class: Any) -> list[HeatmapRow]:
    marks = class_of_marks(*reports, **of_class)
    by_assignment: defaultdict[str, dict[str, Report]] = defaultdict(dict)
    for each in reports:
        by_assignment[each.assignment][each.student] = each
    return list(rows(marks, by_assignment, columns(marks, reports), {}, totals_of_checks=False))


@pytest.mark.parametrize(
    ("earned", "low"), [(0, True), (499, True), (500, False), (501, False), (1000, False)], ids=lambda each: str(each)
)
def test_who_has_less_than_half_has_a_low_total(earned: int, low: bool) -> None:
    assert LOW_SCORE_PERCENT == 50
    (row,) = heatmap_rows(report(answer("q0", earned, of=1000)))
    assert ("low" in row.states) == low


def test_who_has_no_mark_has_no_low_total() -> None:
    (row, absent) = heatmap_rows(report(softmax(check(Outcome.GRADER_ERROR))), students=["bo"])
    assert row.states == ("ours",)
    assert absent.states == ("absent", "gap")


def test_who_is_excused_lacks_nothing_and_who_has_withdrawn_is_that_and_nothing_else() -> None:
    excused = given_mark(MarkStatus.EXCUSED, adjust={"Ill.": 0})
    late = given_mark(checks=1, is_late=True, student="bo")
    gone = given_mark(checks=1, is_late=True, student="cy")
    ada, bo, cy = heatmap_rows(
        report(student="bo"), given=[excused, late, gone], members=[Member("cy", "cy", is_withdrawn=True)]
    )
    assert (ada.states, bo.states, cy.states) == (("excused",), ("low", "late"), ("withdrawn",))


def test_a_cell_says_in_a_word_why_it_has_no_mark_and_what_is_to_be_known_of_one() -> None:
    awaiting = given_mark(
        MarkStatus.AWAITS_HAND_GRADING,
        checks=7,
        of=24,
        mark_without_written=6,
        possible_without_written=20,
        is_late=True,
    )
    zero = given_mark(MarkStatus.MISSING, mark=0, student="bo", adjust={"Nothing came in: it counts 0.": 0})
    works = [row.works[0] for row in heatmap_rows(report(), given=[awaiting, zero], students=["cy"])]
    assert [(each.points, each.words, each.has_page) for each in works] == [
        ("6 / 20", ("awaiting", "late"), True),
        ("0 / 20", ("missing",), True),
        ("", ("missing",), False),
    ]


@pytest.mark.parametrize(
    ("earned", "warmth"),
    [(0, "w0"), (0.1, "w1"), (2.4, "w1"), (2.5, "w2"), (5, "w3"), (7.5, "w4"), (9.9, "w4"), (10, "w5")],
)
def test_a_colour_says_how_much_of_the_points_there_is(earned: float, warmth: str) -> None:
    assert HeatmapCell.of(answer("q0", earned)).warmth == warmth


def test_what_is_not_written_has_a_colour_of_its_own() -> None:
    assert HeatmapCell.of(softmax(check(Outcome.MISSING))).warmth == "unwritten"
