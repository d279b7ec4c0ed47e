"""The class as the terminal shows it."""

from __future__ import annotations

import io
import re

from rich.console import Console

from autograder.cli.shared.class_table import show_class
from autograder.report.model import Outcome, QuestionResult, Report
from tests.helpers.pages import collapsed
from tests.helpers.reports import UNREAD, check, report, scores, unreadable


def shown_class(*reports: Report, absent: tuple[str, ...] = (), width: int = 60) -> str:
    console = Console(file=io.StringIO(), width=width)
    show_class(console, reports, absent, len(reports), 1.0)
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
