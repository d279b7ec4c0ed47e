"""What counts, points by hand, and overrides of questions: each rule alone, and together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.classroom.marks.model import Adjustment, ByHand, HandPoints, Mark, MarkStatus, WrittenMark
from autograder.classroom.policy.model import AssignmentPolicy, DropAs, Override, Policy, Zero
from tests.helpers.marks import ASSIGNMENT, mark_inputs, mark_of, marked_report, points

# 12 of 20 points: `rows` has 2 of 3 and 5 of 5, `sums` 1 of 4 and 4 of 8; and two answers in words, worth 4 and 6.
CODE = {"rows": {"test_a": (2, 3), "test_b": (5, 5)}, "sums": {"test_c": (1, 4), "test_d": (4, 8)}}
WORDS = {"why": 4.0, "how": 6.0}
BOTH_GRADED = {"why": points(3), "how": points(5.5)}


def keyed(by_question: dict[str, object]) -> dict[tuple[str, str, str], object]:
    return {("ana", ASSIGNMENT, question): value for question, value in by_question.items()}


def made(
    *,
    rule: AssignmentPolicy | None = None,
    overrides: dict[str, float] | None = None,
    words: dict[str, float] | None = None,
    by_hand: ByHand | None = None,
    unanswered: tuple[str, ...] = (),
    zeros: frozenset[Zero] = frozenset(),
    code: dict[str, dict[str, tuple[float | None, float]]] | None = None,
) -> Mark:
    policy = Policy(
        assignments={ASSIGNMENT: rule} if rule else {},
        zeros=zeros,
        overrides=tuple(
            Override("ana", ASSIGNMENT, each, "agreed", question) for question, each in (overrides or {}).items()
        ),
    )
    report = marked_report(code or CODE, words)
    return mark_of(policy, mark_inputs(report, by_hand=by_hand, unanswered={("ana", ASSIGNMENT): unanswered}))


def hand(**by_kind: dict[str, object]) -> ByHand:
    return ByHand(**{kind: keyed(values) for kind, values in by_kind.items()})  # type: ignore[arg-type]


def removed(*names: str) -> AssignmentPolicy:
    return AssignmentPolicy(drop=frozenset(names))


def full(*names: str) -> AssignmentPolicy:
    return AssignmentPolicy(drop=frozenset(names), drop_as=DropAs.FULL)


def extra(*names: str, drop: tuple[str, ...] = (), drop_as: DropAs = DropAs.REMOVED) -> AssignmentPolicy:
    return AssignmentPolicy(extra_credit=frozenset(names), drop=frozenset(drop), drop_as=drop_as)


@pytest.mark.parametrize(
    ("rule", "mark", "possible"),
    [
        (AssignmentPolicy(), 12, 20),
        (removed("test_c"), 11, 16),
        (removed("rows"), 5, 12),
        (removed("rows", "test_d"), 1, 4),
        (removed("rows", "test_a"), 5, 12),
        (removed("test_c", "test_d"), 7, 8),
        (removed("rows", "sums"), 0, 0),
        (full("test_c"), 15, 20),
        (full("test_b"), 12, 20),
        (full("rows"), 13, 20),
        (full("rows", "test_a"), 13, 20),
        (full("rows", "sums"), 20, 20),
        (extra("test_d"), 12, 12),
        (extra("rows"), 12, 12),
        (extra("rows", "test_a"), 12, 12),
        (extra("rows", "sums"), 12, 0),
        (extra("rows", drop=("rows",)), 5, 12),
        (extra("rows", drop=("test_a",)), 10, 12),
        (extra("rows", drop=("rows",), drop_as=DropAs.FULL), 13, 12),
        (extra("test_c", drop=("sums",), drop_as=DropAs.FULL), 19, 16),
    ],
)
def test_what_is_dropped_or_extra_credit(rule: AssignmentPolicy, mark: float, possible: float) -> None:
    found = made(rule=rule)
    assert (found.status, found.mark, found.possible) == (MarkStatus.GRADED, mark, possible)


def test_checks_are_the_score_without_what_is_removed_and_full_points_are_an_adjustment() -> None:
    assert (made(rule=removed("test_c")).checks, made(rule=removed("test_c")).adjustment) == (11, 0)
    assert (made(rule=full("test_c")).checks, made(rule=full("test_c")).adjustment) == (12, 3)


def test_the_reasons_say_what_was_dropped_and_what_is_extra_credit() -> None:
    assert made(rule=removed("test_c", "rows")).reasons == (
        "`rows` (8 points) was dropped: it counts for nobody.",
        "“The title of test_c.” of `sums` (4 points) was dropped: it counts for nobody.",
    )
    assert made(rule=full("test_c")).reasons == (
        "“The title of test_c.” of `sums` counts in full for everybody: 4 points, in the place of 1.",
    )
    assert made(rule=full("rows")).reasons == ("`rows` counts in full for everybody: 8 points, in the place of 7.",)
    assert made(rule=full("test_b")).reasons == (), "who has all points already is not told"
    assert made(rule=extra("test_d")).reasons == (
        "“The title of test_d.” of `sums` is extra credit: what it earns counts, and the maximum is without it.",
    )

    assert made(rule=extra("rows", "test_a", "why"), words=WORDS, by_hand=hand(written=BOTH_GRADED)).reasons == (
        "`rows` is extra credit: what it earns counts, and the maximum is without it.",
        "`why` is extra credit: what it earns counts, and the maximum is without it.",
    )


@pytest.mark.parametrize(
    ("written", "mark", "answers"),
    [
        ({"why": points(3), "how": points(5.5)}, 20.5, (3, 5.5)),
        ({"why": points(0), "how": points(0)}, 12, (0, 0)),
        ({"why": points(3, 3), "how": points(0.1 + 0.2)}, 15.3, (3, 0.3)),
        ({"why": points(3), "how": points(0.3, 0.1 + 0.2)}, 15.3, (3, 0.3)),
        ({"why": points(3)}, None, (3, None)),
        ({}, None, (None, None)),
        ({"why": points(3, 4), "how": points(5)}, None, (None, 5)),
    ],
)
def test_answers_in_words_have_what_people_gave_and_no_mark_without(
    written: dict[str, object], mark: float | None, answers: tuple[float | None, ...]
) -> None:
    found = made(words=WORDS, by_hand=hand(written=written))
    assert (found.mark, found.possible) == (mark, 30)
    assert tuple(each.points for each in found.answers) == answers
    assert found.status is (MarkStatus.AWAITS_HAND_GRADING if mark is None else MarkStatus.GRADED)
    assert found.written == (None if mark is None else pytest.approx(mark - 12))
    assert (found.mark_without_written, found.possible_without_written) == (12, 20)


def test_what_was_left_as_handed_out_has_no_points_unless_a_person_gave_some() -> None:
    found = made(words=WORDS, by_hand=hand(written={"how": points(2)}), unanswered=("why", "how"))
    assert (found.status, found.mark) == (MarkStatus.GRADED, 14)
    assert found.answers == (WrittenMark("why", 0.0, 4), WrittenMark("how", 2.0, 6))


def test_the_reasons_say_what_a_person_is_awaited_for_and_not_which_points_differ() -> None:
    """Students read them; instructors are told the points in a warning."""
    by_hand = hand(written={"why": points(3, 4)})
    assert made(words=WORDS, by_hand=by_hand).reasons == (
        "`why` has different points by hand, of which none count until a person decides.",
        "`how` has not been graded by hand yet.",
    )


@pytest.mark.parametrize(
    ("by_hand", "mark", "status"),
    [
        (hand(questions={"sums": points(9)}), 16, MarkStatus.GRADED),
        (hand(questions={"sums": points(9, 9)}), 16, MarkStatus.GRADED),
        (hand(questions={"sums": points(0)}), 7, MarkStatus.GRADED),
        (hand(questions={"sums": points(5)}), 12, MarkStatus.GRADED),
        (hand(questions={"sums": points(9, 8)}), None, MarkStatus.AWAITS_HAND_GRADING),
        (hand(extra={"sums": 2.0}), 14, MarkStatus.GRADED),
        (hand(extra={"sums": 2.0, "rows": -1.0}), 13, MarkStatus.GRADED),
        (hand(extra={"sums": 2.0}, questions={"sums": points(9)}), 18, MarkStatus.GRADED),
    ],
)
def test_points_that_people_gave_for_what_checks_grade(by_hand: ByHand, mark: float | None, status: MarkStatus) -> None:
    found = made(by_hand=by_hand)
    assert (found.checks, found.mark, found.status, found.possible) == (12, mark, status, 20)


def test_what_a_person_gave_is_told_with_the_comment() -> None:
    by_hand = ByHand(
        questions={("ana", ASSIGNMENT, "sums"): points(9, 9, comment="Only a typing error.")},
        extra={("ana", ASSIGNMENT, "rows"): 1.0, ("ana", ASSIGNMENT, "sums"): -0.5},
    )
    found = made(by_hand=by_hand)
    assert found.reasons == (
        "`rows`: a person added 1 point.",
        "`sums`: a person gave 9 points, in the place of 5 from its checks: Only a typing error.",
        "`sums`: a person took off 0.5 points.",
    )
    assert [each.points for each in found.adjustments] == [1, 4, -0.5]


def test_a_comment_without_points_that_count_is_told_and_moves_nothing() -> None:
    """Of an answer in words, once it has points: 0 by itself, where it was left as handed out."""
    comments = keyed({"sums": "Why so long?", "why": "See me.", "how": "Go on."})
    found = made(by_hand=ByHand(comments=comments), words=WORDS, unanswered=("why",))  # type: ignore[arg-type]
    assert found.adjustments[-1] == Adjustment("About `sums`: Why so long?")
    assert [answer.comment for answer in found.answers] == ["See me.", ""]
    given = hand(questions={"sums": points(2, comment="Half of it.")})
    for found in (made(by_hand=given, overrides={"sums": 7}), made(by_hand=given, rule=full("sums"))):
        assert found.adjustments[-1] == Adjustment("About `sums`: Half of it.")
    old = made(by_hand=replace(given, awaits=frozenset(given.questions)))
    assert not any("Half of it." in reason for reason in old.reasons)


def test_sources_that_agree_have_their_comments_told_once_each() -> None:
    sources = (HandPoints(3, "Well.", "b"), HandPoints(3, "Good.", "a"), HandPoints(3, "Good.", "c"))
    found = made(words={"why": 4}, by_hand=hand(written={"why": sources}))
    assert found.answers == (WrittenMark("why", 3.0, 4, "Good.\nWell."),)


@pytest.mark.parametrize("question", ["sums", "why"])
def test_what_is_to_be_looked_at_again_does_not_count_before(question: str) -> None:
    by_hand = hand(written={"why": points(4)}, questions={"sums": points(4)})
    found = made(words={"why": 4}, by_hand=replace(by_hand, awaits=frozenset({("ana", ASSIGNMENT, question)})))
    assert (found.status, found.mark) == (MarkStatus.AWAITS_HAND_GRADING, None)
    assert f"`{question}` is to be looked at again by a person before its points by hand count." in found.reasons


@pytest.mark.parametrize(
    ("by_hand", "mark"),
    [
        (ByHand(), 12),
        (hand(written={"why": points(3)}), 15),
        (hand(written={"why": points(3, 4), "how": points(5)}), 17),
        (hand(written=BOTH_GRADED, questions={"sums": points(9, 8)}), 20.5),
    ],
)
def test_with_zeros_what_nobody_has_graded_counts_nothing_and_still_awaits(by_hand: ByHand, mark: float) -> None:
    found = made(words=WORDS, by_hand=by_hand, zeros=frozenset({Zero.AWAITS_HAND_GRADING}))
    assert (found.status, found.mark, found.possible) == (MarkStatus.AWAITS_HAND_GRADING, mark, 30)
    assert "What nobody has graded by hand yet counts 0 points." in found.reasons


@pytest.mark.parametrize(
    ("overrides", "by_hand", "rule", "mark"),
    [
        ({"sums": 8}, ByHand(), None, 15),
        ({"sums": 8}, hand(questions={"sums": points(9)}), None, 15),
        ({"sums": 8}, hand(questions={"sums": points(9, 1)}), None, 15),
        ({"sums": 8}, hand(extra={"sums": 2.0, "rows": 1.0}), None, 16),
        ({"sums": 8}, ByHand(), full("sums"), 15),
        ({"sums": 8}, ByHand(), full("test_a", "test_c"), 16),
        ({"sums": 3}, ByHand(), removed("test_c"), 10),
        ({"sums": 3}, ByHand(), removed("sums"), 7),
        ({"sums": 14}, ByHand(), extra("sums"), 21),
        ({"rows": 0, "sums": 0}, ByHand(), None, 0),
    ],
)
def test_an_override_of_a_question_takes_the_place_of_all_its_points(
    overrides: dict[str, float], by_hand: ByHand, rule: AssignmentPolicy | None, mark: float
) -> None:
    found = made(overrides=overrides, by_hand=by_hand, rule=rule)
    assert (found.status, found.mark) == (MarkStatus.GRADED, mark)


def test_an_override_of_an_answer_in_words_settles_it() -> None:
    by_hand = hand(written={"why": points(1)})
    found = made(words=WORDS, by_hand=by_hand, overrides={"why": 4, "how": 5})
    assert (found.status, found.written, found.adjustment, found.mark) == (MarkStatus.GRADED, 1, 8, 21)
    assert found.reasons == ("`why` was set to 4 points: agreed", "`how` was set to 5 points: agreed")


@pytest.mark.parametrize(
    ("rule", "by_hand", "mark"),
    [
        (full("why"), hand(written={"how": points(5)}), 21),
        (full("why"), hand(written={"why": points(1), "how": points(5)}), 21),
        (full("why"), hand(written={"why": points(5), "how": points(5)}), 22),
        (full("why"), hand(written={"why": points(1, 2), "how": points(5)}), 21),
        (removed("why"), hand(written={"why": points(1), "how": points(5)}), 17),
        (removed("why"), hand(written={"how": points(5)}), 17),
        (removed("sums"), hand(written=BOTH_GRADED, questions={"sums": points(9)}, extra={"sums": 2.0}), 15.5),
        (full("sums"), hand(written=BOTH_GRADED, questions={"sums": points(9)}), 27.5),
        (full("sums"), hand(written=BOTH_GRADED, questions={"sums": points(13)}), 28.5),
        (full("sums"), hand(written=BOTH_GRADED, questions={"sums": points(9, 8)}, extra={"sums": 1.0}), 28.5),
        (full("test_c"), hand(written=BOTH_GRADED, questions={"sums": points(6)}), 21.5),
        (extra("why"), hand(written=BOTH_GRADED), 20.5),
    ],
)
def test_points_by_hand_together_with_what_is_dropped(rule: AssignmentPolicy, by_hand: ByHand, mark: float) -> None:
    found = made(words=WORDS, rule=rule, by_hand=by_hand)
    assert (found.status, found.mark) == (MarkStatus.GRADED, mark)
    assert found.possible == 30 - sum(
        worth
        for name, worth in (("why", 4), ("sums", 12))
        if name in rule.extra_credit or (name in rule.drop and rule.drop_as is DropAs.REMOVED)
    )


BROKEN = {"rows": {"test_a": (None, 3), "test_b": (5, 5)}, "sums": {"test_c": (1, 4), "test_d": (4, 8)}}


@pytest.mark.parametrize(
    ("rule", "overrides", "by_hand", "mark"),
    [
        (None, {}, ByHand(), None),
        (None, {"sums": 12}, ByHand(), None),
        (removed("test_b"), {}, ByHand(), None),
        (removed("test_a"), {}, ByHand(), 10),
        (removed("rows"), {}, ByHand(), 5),
        (full("test_a"), {}, ByHand(), 13),
        (full("rows"), {}, ByHand(), 13),
        (None, {"rows": 6}, ByHand(), 11),
        (None, {}, hand(questions={"rows": points(7)}), 12),
    ],
)
def test_a_failure_of_ours_gives_no_mark_unless_its_points_are_settled_otherwise(
    rule: AssignmentPolicy | None, overrides: dict[str, float], by_hand: ByHand, mark: float | None
) -> None:
    found = made(code=BROKEN, rule=rule, overrides=overrides, by_hand=by_hand)
    assert (found.mark, found.status) == (mark, MarkStatus.GRADER_ERROR if mark is None else MarkStatus.GRADED)
    assert (found.checks is None) == (mark is None)
