"""What a student reads of their mark: how it came about, kindly where there is none, and nothing of anybody else."""

from __future__ import annotations

import pytest

from autograder.classroom.marks.model import Mark, MarkStatus, WrittenMark
from autograder.pages.mark_view import has_page
from autograder.pages.submission_page import mark_page, submission_page
from autograder.report.model import Outcome, QuestionResult, Report, WrittenAnswer
from autograder.submission.model import Submission
from tests.helpers.given_marks import given_mark
from tests.helpers.pages import Page, assert_readable_without_sight, assert_runs_only_what_it_allows, collapsed
from tests.helpers.reports import check, report, unreadable

SUM = "Your mark and how it came about"
WORDS = (WrittenAnswer("why_sqrt_d", 4), WrittenAnswer("what_if_equal", 2))


def softmax(*passed: bool) -> QuestionResult:
    outcomes = (Outcome.PASSED if each else Outcome.FAILED for each in passed)
    return QuestionResult(
        "softmax", tuple(check(each, points=5, name=f"test_{place}") for place, each in enumerate(outcomes))
    )


def read(of: Report, mark: Mark, work: Submission | None = None) -> Page:
    page = Page(submission_page(of, work, mark))
    assert_runs_only_what_it_allows(page)
    assert_readable_without_sight(page)
    return page


def head(page: Page) -> str:
    return collapsed(page.text.split("Feedback for")[1].split(page.headings[0])[0])


def test_a_mark_is_summed_line_by_line_with_signs_and_reasons() -> None:
    mark = given_mark(
        checks=10,
        written=3.5,
        of=21,
        possible_without_written=15,
        adjust={"Handed in 1 day late: 10% of 21 points.": -2.1, "`why` counts for nobody.": 0, "A person added 1.": 1},
        answers=(
            WrittenMark("why_sqrt_d", 3.5, 4, "Lovely. What of the `gradient`?"),
            WrittenMark("what_if_equal", 0, 2),
        ),
        is_late=True,
    )
    work = Submission(
        file="a.py", notebook=(), digest="", answers={"why_sqrt_d": "Because the variance grows.", "what_if_equal": "?"}
    )
    page = read(report(softmax(True, True, False), written=WORDS), mark, work)
    assert head(page) == "ada 12.4 of 21 points 2 of 3 checks pass already."
    lines = collapsed(page.text.split(SUM)[1].split("Where to look next")[0])
    assert lines == (
        "The sum, line by line What Points Checks 10 / 15 Answers in words 3.5 / 6 "
        "Handed in 1 day late: 10% of 21 points. \N{MINUS SIGN}2.1 A person added 1. +1 "
        "Your mark 12.4 / 21 why counts for nobody."
    )
    words = collapsed(page.text.split("Answers in words")[-1])
    assert words.startswith(
        "Your instructor reads these answers; their points are part of your mark. "
        "why_sqrt_d: 3.5 / 4 Because the variance grows. Your instructor says Lovely. What of the gradient? "
        "what_if_equal: 0 / 2 ?"
    )


def test_nobody_is_said_to_read_an_answer_that_was_left_as_handed_out() -> None:
    mark = given_mark(checks=3, written=0, of=9, answers=(WrittenMark("why_sqrt_d", 0, 4),))
    left = Submission(file="a.ipynb", notebook=(), digest="", answers={}, unanswered=("why_sqrt_d",))
    words = collapsed(read(report(softmax(True), written=WORDS[:1]), mark, left).text.split("Answers in words")[-1])
    assert words.startswith("why_sqrt_d: 0 / 4 Nothing was written here: the cell is as it was handed out.")
    lost = Submission(file="a.ipynb", notebook=(), digest="", answers={})
    words = collapsed(read(report(softmax(True), written=WORDS[:1]), mark, lost).text.split("Answers in words")[-1])
    assert words.startswith("Your instructor reads this answer;")
    assert "No answer to this question was found in the file." in words


def test_who_only_answered_in_words_is_not_told_that_there_is_nothing_to_grade() -> None:
    empty = QuestionResult("softmax", (check(Outcome.MISSING, points=5),))
    mark = given_mark(checks=0, written=4, of=9, answers=(WrittenMark("why_sqrt_d", 4, 4),))
    text = read(report(empty, written=WORDS[:1]), mark).text
    assert "No check passes yet: “Where to look next” says where to begin." in text
    assert "Where to look next" in text.split(SUM)[1]
    assert "Nothing to grade yet" not in text
    assert "Nothing to grade yet" in read(report(empty), given_mark(checks=0, of=5)).text


def test_rules_that_move_nothing_make_no_sum_of_one_line() -> None:
    mark = given_mark(checks=5, of=10, adjust={"`why` counts for nobody.": 0, "Your deadline was moved.": 0})
    page = read(report(softmax(True, False)), mark)
    text = collapsed(page.text.split(SUM)[1].split("Where to look next")[0])
    assert text == "why counts for nobody. Your deadline was moved."


def test_work_that_could_not_be_read_is_not_asked_for_again_where_the_mark_is_set() -> None:
    work = unreadable("The notebook is cut off. Hand it in again.")
    adjust = {"Your mark was set to 11 points: agreed": 11}
    for mark in (given_mark(mark=11, adjust=adjust), given_mark(MarkStatus.EXCUSED, adjust={"You are excused.": 0})):
        text = read(work, mark).text
        assert "It plays no part in your mark: there is nothing for you to do." in text
        assert "and it in again" not in text


def test_a_mark_that_is_the_score_of_the_checks_is_not_explained() -> None:
    page = read(report(softmax(True, False)), given_mark(checks=5, of=10))
    assert head(page).startswith("ada 5 of 10 points 1 of 2 checks passes already.")
    assert SUM not in page.headings


def test_full_checks_are_praised_as_full_only_where_the_mark_is() -> None:
    work = report(softmax(True, True))
    assert "Full score: all 2 checks pass. Well done!" in head(read(work, given_mark(checks=10, of=10)))
    for mark in (
        given_mark(checks=10, of=10, adjust={"Handed in 2 days late.": -2}),
        given_mark(MarkStatus.AWAITS_HAND_GRADING, checks=10, of=14, possible_without_written=10),
    ):
        text = read(work, mark).text
        assert "Well done" not in text
        assert "All 2 checks pass. What else your mark is made of stands below." in collapsed(text)
        assert SUM in text
    more = given_mark(checks=10, of=10, adjust={"A person added 1.": 1})
    assert "Full score" in head(read(work, more))


def test_an_answer_that_nobody_has_read_is_no_zero() -> None:
    mark = given_mark(
        MarkStatus.AWAITS_HAND_GRADING,
        checks=5,
        of=16,
        possible_without_written=10,
        adjust={"`why_sqrt_d` has not been graded by hand yet.": 0},
        answers=(WrittenMark("why_sqrt_d", None, 4), WrittenMark("what_if_equal", 2, 2, "Right.")),
    )
    page = read(report(softmax(True, False), written=WORDS), mark)
    assert head(page).startswith("ada 5 of 10 points from the checks")
    text = collapsed(page.text)
    assert "Checks 5 / 10 Your mark not there yet why_sqrt_d has not been graded by hand yet." in text
    assert "Your instructor is still to read part of your work. There is nothing for you to do." in text
    assert "why_sqrt_d, up to 4 points, still to be read what_if_equal: 2 / 2 Your instructor says Right." in text


@pytest.mark.parametrize(
    ("status", "adjust"),
    [
        (MarkStatus.EXCUSED, {"You are excused: ill": 0.0}),
        (MarkStatus.GRADED, {"Your mark was set to 11 points.": 6.0}),
    ],
)
def test_no_answer_is_still_to_be_read_where_the_mark_stands_without_it(
    status: MarkStatus, adjust: dict[str, float]
) -> None:
    answers = (WrittenMark("why_sqrt_d", None, 4), WrittenMark("what_if_equal", None, 2))
    text = collapsed(
        read(report(softmax(True), written=WORDS), given_mark(status, checks=5, adjust=adjust, answers=answers)).text
    )
    assert "why_sqrt_d, up to 4 points what_if_equal, up to 2 points" in text
    assert "still to be read" not in text
    assert "part of your mark" not in text


def test_an_answer_that_was_dropped_is_none_that_is_read() -> None:
    mark = given_mark(checks=5, of=5, dropped=("why_sqrt_d",))
    text = collapsed(read(report(softmax(True), written=WORDS[:1]), mark).text)
    assert "why_sqrt_d: does not count" in text
    assert "Your instructor reads" not in text


def test_what_is_dropped_says_so_where_it_stands_and_has_no_points() -> None:
    dropped = QuestionResult("jacobian", (check(Outcome.FAILED, points=7, name="test_j"),))
    mark = given_mark(
        checks=5,
        of=5,
        dropped=frozenset({"jacobian", "test_1", "why_sqrt_d"}),
        answers=(WrittenMark("what_if_equal", 2, 2),),
    )
    text = collapsed(read(report(softmax(True, False), dropped, written=WORDS), mark).text)
    assert "softmax 5 / 5 jacobian does not count" in text.split("Points per question")[1]
    assert "not right yet does not count" in text
    assert "why_sqrt_d: does not count" in text
    assert "0 / 5" not in text
    assert "0 / 7" not in text
    assert "Full score: the check passes. Well done!" in text.split(SUM)[0], "the one that counts"
    assert "Where to look next" not in text, "what does not count is nothing to mend first"


def test_who_is_excused_is_told_so_and_keeps_what_the_checks_say() -> None:
    mark = given_mark(MarkStatus.EXCUSED, of=10, adjust={"You are excused from this assignment: ill": 0})
    page = read(report(softmax(True, False)), mark)
    assert head(page).startswith("ada Excused From the checks: 5 of 10 points.")
    assert "You are excused from this assignment: ill" in page.text
    assert "Your mark not there yet" not in collapsed(page.text)
    assert "This assignment gives you no mark, and does not count in the total of the course." in collapsed(page.text)


def test_an_unreadable_file_has_no_mark_unless_the_class_counts_it_as_zero() -> None:
    work = unreadable("The notebook is cut off in line 7.")
    page = read(work, given_mark(MarkStatus.UNREADABLE, adjust={"It could not be read, so there is no mark.": 0}))
    assert page.headings == ["Your submission could not be read"]
    assert "No score yet" in head(page)
    zero = given_mark(MarkStatus.UNREADABLE, mark=0, adjust={"It could not be read: that counts as 0 points.": 0})
    page = read(work, zero)
    assert page.headings == [SUM, "Your submission could not be read"]
    assert head(page) == "ada 0 of 20 points"
    assert "that counts as 0 points. What you can do is said below." in collapsed(page.text)
    assert "What to do" in page.text


def test_a_fault_of_ours_is_no_zero() -> None:
    broken = report(softmax(True), QuestionResult("attention", (check(Outcome.GRADER_ERROR, points=5),)))
    page = read(broken, given_mark(MarkStatus.GRADER_ERROR, of=10, adjust={"The grader itself failed.": 0}))
    assert "This score is not final, and that is our fault" in page.headings
    assert "they are no mark yet. Up to 5 points may still be added. Nothing is taken off" in collapsed(page.text)
    late = {"The grader itself failed.": 0.0, "Your deadline was moved to Friday.": 0.0}
    page = read(broken, given_mark(MarkStatus.GRADER_ERROR, checks=5, adjust=late))
    assert (
        "Checks 5 / 20 Your mark not there yet The grader itself failed. Your deadline was moved to Friday. "
        "There is nothing for you to do."
    ) in collapsed(page.text)


@pytest.mark.parametrize("status", [MarkStatus.GRADED, MarkStatus.AWAITS_HAND_GRADING, MarkStatus.EXCUSED])
def test_a_fault_of_ours_leaves_nothing_open_where_the_points_are_settled_otherwise(status: MarkStatus) -> None:
    """A person gave them, say; or nobody is to have any."""
    broken = report(softmax(True), QuestionResult("attention", (check(Outcome.GRADER_ERROR, points=5),)))
    page = read(broken, given_mark(status, checks=5, of=10, adjust={"`attention`: a person gave 3 points.": 3}))
    assert not any("not final" in heading for heading in page.headings)
    assert "may still be added" not in page.text
    assert "so far" not in page.text
    assert "our fault, not yours 0 / 5" in collapsed(page.text)


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        (given_mark(MarkStatus.EXCUSED, adjust={"You are excused: ill": 0}), "Excused"),
        (given_mark(mark=11, adjust={"Your mark was set to 11 points: agreed": 11}), "11 of 20 points"),
        (given_mark(MarkStatus.MISSING, mark=0, adjust={"Nothing came: that counts as 0.": 0}), "0 of 20 points"),
    ],
    ids=["excused", "override", "zero"],
)
def test_a_mark_without_work_has_a_small_page(mark: Mark, told: str) -> None:
    assert has_page(mark)
    page = Page(mark_page(mark))
    assert_runs_only_what_it_allows(page)
    assert_readable_without_sight(page)
    assert page.headings == [SUM]
    assert f"03_softmax Mark of ada {told}" in collapsed(page.text)
    assert mark.reasons[0] in page.text


def test_what_is_just_missing_has_no_page() -> None:
    assert not has_page(given_mark(MarkStatus.MISSING, adjust={"Nothing was handed in.": 0}))


def test_one_of_a_team_is_called_by_their_own_name_and_the_team_by_its_own() -> None:
    page = read(report(softmax(True), student="team 7"), given_mark(checks=5, of=5, student="ada"))
    assert "03_softmax: feedback for ada" in page.text
    assert head(page).startswith("ada, on the work of team 7 5 of 5 points")
