"""What the terminal says of marks that move: whose, and why."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
from rich.console import Console

from autograder.classroom.marks.changes import MarkChange
from autograder.classroom.marks.model import Mark, MarkStatus, WrittenMark
from autograder.cli.shared.marking import say_moved, show_mark_changes
from tests.helpers.given_marks import given_mark
from tests.helpers.pages import collapsed

UNREAD = {"`why` has not been graded by hand yet.": 0.0}
LATE = {"Handed in late.": -1.0}


def words(points: float | None, adjust: Mapping[str, float] | None = None) -> Mark:
    status = MarkStatus.AWAITS_HAND_GRADING if points is None else MarkStatus.GRADED
    return given_mark(status, checks=9, written=points, adjust=adjust, answers=(WrittenMark("why", points, 5),))


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        (given_mark(checks=8), given_mark(checks=9), "8/20 → 9/20 — —"),
        (words(3), words(4), "12/20 → 13/20 — — why by hand: 3 → 4"),
        (words(None, UNREAD), words(4), "awaits hand grading → 13/20 — — why by hand: — → 4"),
        (words(4), words(None, UNREAD), "13/20 → awaits hand grading — — why by hand: 4 → — why has"),
        (words(4, LATE), words(4), "12/20 → 13/20 — — no longer: Handed in late."),
        (words(4), words(4, LATE), "13/20 → 12/20 — — Handed in late."),
    ],
)
def test_each_mark_that_moves_says_what_moved_it_and_nothing_twice(before: Mark, after: Mark, row: str) -> None:
    console = Console(file=io.StringIO(), width=120)
    show_mark_changes(console, [MarkChange(before, after)])
    shown = collapsed(console.file.getvalue()).replace("`", "")  # type: ignore[attr-defined]  # the one above
    assert f"ada 03_softmax {row}" in shown
    assert shown.count("graded by hand yet") == row.count("why has")


def test_points_by_hand_are_told_as_such_though_there_was_no_mark_before() -> None:
    console = Console(file=io.StringIO(), width=120)
    say_moved(console, [MarkChange(words(None, UNREAD), words(4))])
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # the one above
    assert "by rules or points by hand: 1; by both: 0; otherwise (another status or maximum): 0." in shown
