"""Full marks for a function that later work shows to be wrong."""

from __future__ import annotations

import pytest

from autograder.report.diff import compare_all
from autograder.report.model import Outcome, QuestionResult
from autograder.report.unpaid import unpaid
from tests.helpers.pages import collapsed, instructor_page
from tests.helpers.reports import check, report

pytestmark = pytest.mark.portable

RIGHT = report(QuestionResult("softmax", (check(),)))
BLAMES = check(name="test_output", title="The output", message="mend `softmax`.", upstream="softmax")
LATER = report(QuestionResult("attention", (BLAMES, BLAMES)), assignment="04_attention")


def test_it_is_named_once_with_what_shows_it() -> None:
    (found,) = unpaid([LATER, RIGHT])
    assert (found.earlier, found.question.name, found.later, found.check) == (RIGHT, "softmax", LATER, BLAMES)


def test_what_has_been_paid_for_or_is_not_there_is_not_named() -> None:
    wrong = report(QuestionResult("softmax", (check(), check(Outcome.FAILED))))
    assert not unpaid([wrong, LATER])
    assert not unpaid([LATER])
    assert not unpaid([report(*RIGHT.questions, student="bo"), LATER])
    assert not unpaid([report(*RIGHT.questions, QuestionResult("mean", (BLAMES,)))])  # the checks have seen to it


def test_the_page_of_the_class_and_a_comparison_tell() -> None:
    text = collapsed(instructor_page(RIGHT, LATER).text)
    assert "Full marks, and yet not right" in text
    assert "ada: softmax in 03_softmax, as 04_attention shows in “The output”" in text
    assert "Full marks, and yet not right" not in instructor_page(RIGHT).text
    key = {("ada", "03_softmax"): RIGHT, ("ada", "04_attention"): LATER}
    assert [each.question.name for each in compare_all(key, key).unpaid] == ["softmax"]
