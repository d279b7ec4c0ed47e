"""The class as the terminal shows it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.console import Console

from autograder.classroom.marks.model import MarkStatus, Member
from autograder.cli.shared.tables.of_class import nothing_from, show_class
from autograder.report.model import Outcome, QuestionResult, Report
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.pages import collapsed
from tests.helpers.reports import UNREAD, check, report, scores, unreadable


def shown_class(
    *reports: Report, absent: tuple[str, ...] = (), width: int = 60, is_terminal: bool = False, **of_class: Any
) -> str:
    """`of_class` is what `class_of_marks` takes."""
    console = Console(file=io.StringIO(), width=width, force_terminal=is_terminal, no_color=True)
    marks = class_of_marks(*reports, **of_class)
    show_class(console, reports, marks, absent, len(reports), 1.0)
    return console.file.getvalue()  # type: ignore[attr-defined]  # the one above


def test_the_terminal_tells_the_mean_of_the_scores_and_no_score_of_what_is_unreadable() -> None:
    small, large = report(*scores(2, of=2)), report(*scores(1, of=8), student="bo")
    text = shown_class(small, large, unreadable("cut off", student="cy", questions=scores(0)))
    assert "Submissions: 3 (unreadable: 1). Mean of the scores: 56%." in collapsed(text)
    assert re.search(r"cy +03_softmax +\u2013/10 +unreadable: cut off", text)


def test_the_terminal_leaves_out_no_name_and_nothing_that_stands_out() -> None:
    absent = tuple(f"student_{place}" for place in range(40))
    mixed_up = check(Outcome.FAILED, misconception="m" * 90)
    text = shown_class(report(QuestionResult("softmax", (mixed_up, UNREAD))), absent=absent)
    assert f"No submission: {', '.join(absent)}\n" in text
    assert text.count("m") >= 90
    assert "1 × could not be read" in collapsed(text)
    assert "…" not in text


@pytest.mark.parametrize("is_terminal", [True, False])
def test_of_a_large_class_a_terminal_names_some_who_are_absent_and_a_file_has_all(is_terminal: bool) -> None:
    absent = tuple(f"student_{place}" for place in range(500))
    text = shown_class(report(*scores(2, of=2)), absent=absent, is_terminal=is_terminal)
    assert ("student_39 and 460 more\n" in text) == is_terminal
    assert (f"No submission: {', '.join(absent)}\n" in text) == (not is_terminal)


def test_the_terminal_shows_the_mark_where_there_is_one_and_says_what_is_to_come() -> None:
    text = shown_class(
        report(*scores(12, of=20)),
        report(*scores(7, of=20), student="bo"),
        report(*scores(9, of=20), student="team"),
        given=[
            given_mark(checks=12, written=3, of=24, adjust={"Two days late.": -4}, is_late=True),
            given_mark(MarkStatus.AWAITS_HAND_GRADING, checks=7, of=24, student="bo"),
            given_mark(checks=9, student="cy"),
            given_mark(checks=9, adjust={"Helped the others.": 1}, student="di"),
        ],
        members=[Member("cy", "team"), Member("di", "team"), Member("gone", "gone", is_withdrawn=True)],
        students=["eve"],
    )
    assert re.match(r"Student +Assignment +Mark +Notes", text)
    assert re.search(r"^ada +03_softmax +11/24 +late", text, re.MULTILINE)
    assert re.search(r"^bo +03_softmax +7/20 +awaits hand grading", text, re.MULTILINE)
    assert re.search(r"^cy +03_softmax +9/20 *$", text, re.MULTILINE)
    assert re.search(r"^di +03_softmax +10/20 *$", text, re.MULTILINE)
    assert "Marks that await hand grading: 1; late: 1; missing: 1." in collapsed(text)
    assert "Marks that await" not in shown_class(report(*scores(2, of=2)))


def test_nobody_who_has_withdrawn_or_is_excused_is_said_to_have_handed_in_nothing() -> None:
    marks = class_of_marks(
        report(),
        given=[given_mark(MarkStatus.EXCUSED, student="bo")],
        members=[Member("cy", "team"), Member("di", "nobody"), Member("gone", "gone", is_withdrawn=True)],
        students=["zoe\u0301", "eve"],
    )
    assert nothing_from(marks, ["ada", "team", "zo\u00e9"]) == ["di", "eve"]


def test_a_narrow_terminal_shows_a_block_for_each_row() -> None:
    mixed_up = check(Outcome.FAILED, misconception="over_the_rows_and_not_the_columns")
    text = shown_class(report(QuestionResult("softmax", (mixed_up,))), width=40)
    assert [line.rstrip() for line in text.splitlines()[:4]] == [
        "ada  03_softmax",
        "  Mark: 0/2",
        "  Notes: softmax:",
        "  over_the_rows_and_not_the_columns",
    ]
