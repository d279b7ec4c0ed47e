"""Whose marks move between two runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.classroom.marks.changes import mark_changes
from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import (
    Adjustment,
    ByHand,
    ClassMarks,
    Mark,
    MarkStatus,
    Member,
    StudentMarks,
    WrittenMark,
)
from autograder.classroom.policy.model import AssignmentPolicy, DropAs, Override, Policy
from autograder.report.model import Report
from tests.helpers.marks import ASSIGNMENT, mark_inputs, marked_report, points

ANA = Mark("ana", "03_softmax", MarkStatus.GRADED, 10.0, 2.0, 12.0, 14.0)
MISSING = Mark("ben", "03_softmax", MarkStatus.MISSING, None, None, None, 14.0)


def of(*marks: Mark) -> ClassMarks:
    students = (StudentMarks(Member(each.student, each.student), {each.assignment: each}, None, True) for each in marks)
    return ClassMarks(("03_softmax",), tuple(students))


def test_what_is_the_same_is_no_change() -> None:
    assert not mark_changes(of(ANA, MISSING), of(MISSING, ANA))


def test_a_mark_that_moves_is_one_with_its_new_reasons() -> None:
    late = replace(ANA, mark=11.0, adjustments=(Adjustment("Late.", -1.0),))

    (change,) = mark_changes(of(ANA, MISSING), of(late, MISSING))

    assert (change.before, change.after, change.moves) == (ANA, late, -1.0)
    assert change.new_reasons == ("Late.",)
    assert change.gone_reasons == ()
    (back,) = mark_changes(of(late), of(ANA))
    assert (back.moves, back.new_reasons, back.gone_reasons) == (1.0, (), ("Late.",))


def test_another_status_or_maximum_is_a_change_and_another_reason_alone_is_none() -> None:
    excused = replace(MISSING, status=MarkStatus.EXCUSED)
    assert [change.moves for change in mark_changes(of(MISSING), of(excused))] == [0.0]
    assert mark_changes(of(ANA), of(replace(ANA, possible=12.0)))
    assert not mark_changes(of(ANA), of(replace(ANA, adjustments=(Adjustment("In the office hour."),))))


def test_who_comes_or_goes_without_a_mark_is_no_news() -> None:
    assert not mark_changes(of(ANA), of(ANA, MISSING))
    assert not mark_changes(of(ANA, MISSING), of(ANA))
    (came,) = mark_changes(of(), of(ANA))
    (went,) = mark_changes(of(ANA), of())
    assert (came.moves, went.moves) == (12.0, -12.0)
    assert (came.either, went.either) == (ANA, ANA)


# By checks so much, by rules and points by hand so much

TEAM = [Member("ana", "team"), Member("ben", "team")]
NO_RULES = Policy()
DROPPED = Policy(assignments={ASSIGNMENT: AssignmentPolicy(drop=frozenset({"test_rows"}))})
IN_FULL = Policy(assignments={ASSIGNMENT: AssignmentPolicy(drop=frozenset({"test_rows"}), drop_as=DropAs.FULL)})
SET_TO_15 = Policy(overrides=(Override("ana", ASSIGNMENT, 15.0, reason="agreed"),))


def work(rows: float, columns: float) -> Report:
    """Two checks, worth 2 and 8 points, and an answer in words worth 4."""
    return marked_report({"softmax": {"test_rows": (rows, 2), "test_columns": (columns, 8)}}, {"why": 4}, folder="team")


def marks(policy: Policy, report: Report, by_hand: float = 3) -> ClassMarks:
    given = ByHand(written={("team", ASSIGNMENT, "why"): points(by_hand)})
    return class_marks(policy, mark_inputs(report, members=TEAM, by_hand=given))


@pytest.mark.parametrize(
    ("before", "after", "by_checks", "by_rules"),
    [
        ((NO_RULES, work(2, 0), 3), (NO_RULES, work(2, 8), 3), 8, 0),  # a check is mended
        ((NO_RULES, work(2, 8), 3), (NO_RULES, work(2, 8), 1), 0, -2),  # fewer points by hand
        ((NO_RULES, work(2, 8), 3), (DROPPED, work(2, 8), 3), 0, -2),  # a check that had its points is dropped
        ((NO_RULES, work(2, 0), 3), (DROPPED, work(2, 8), 4), 8, -1),  # all three: +8, -2 and +1
        ((NO_RULES, work(0, 0), 3), (DROPPED, work(2, 8), 3), 8, 0),  # what is dropped is mended too: it counts no more
        ((DROPPED, work(2, 0), 3), (NO_RULES, work(2, 8), 3), 8, 2),  # and counts again
        ((DROPPED, work(0, 0), 3), (DROPPED, work(2, 8), 3), 8, 0),
        ((NO_RULES, work(0, 8), 3), (IN_FULL, work(0, 8), 3), 0, 2),
        ((SET_TO_15, work(2, 0), 3), (NO_RULES, work(2, 8), 3), 8, -10),  # 15, of which 10 were by the override; 13
    ],
)
def test_each_move_is_told_apart(
    before: tuple[Policy, Report, float], after: tuple[Policy, Report, float], by_checks: float, by_rules: float
) -> None:
    change, *_ = mark_changes(marks(*before), marks(*after), [before[1]])
    assert change.either.student == "ana"
    assert (change.by_checks, change.by_rules) == (by_checks, by_rules)
    assert change.moves == by_checks + by_rules


def test_everybody_in_a_team_has_the_move_of_its_report() -> None:
    changes = mark_changes(marks(NO_RULES, work(2, 0)), marks(DROPPED, work(2, 8)), [work(2, 0)])
    assert [(each.either.student, each.by_checks, each.by_rules) for each in changes] == [
        ("ana", 8, -2),
        ("ben", 8, -2),
    ]


def test_of_several_reports_the_mark_rests_on_the_one_that_gives_it() -> None:
    before, after = marks(NO_RULES, work(2, 8)), marks(DROPPED, work(2, 8))
    change, *_ = mark_changes(before, after, [work(0, 0), work(2, 8)])  # a former one of another time, and today's
    assert (change.by_checks, change.by_rules) == (0, -2)
    unknown, *_ = mark_changes(before, after, [work(0, 0)])
    assert (unknown.by_checks, unknown.by_rules) == (None, None), "nothing is guessed"


def test_where_there_was_or_is_no_number_nothing_is_told_apart() -> None:
    awaiting = class_marks(NO_RULES, mark_inputs(work(2, 0), members=TEAM))
    change, *_ = mark_changes(awaiting, marks(NO_RULES, work(2, 0)), [work(2, 0)])
    assert change.before is not None
    assert change.before.status is MarkStatus.AWAITS_HAND_GRADING
    assert (change.by_checks, change.by_rules) == (None, None)
    assert change.new_points == (("why", None, 3),)


@pytest.mark.parametrize("status", [MarkStatus.UNREADABLE, MarkStatus.EXCUSED, MarkStatus.MISSING])
def test_without_a_mark_another_maximum_is_no_news(status: MarkStatus) -> None:
    without = replace(ANA, status=status, checks=None, written=None, mark=None)
    assert mark_changes(of(without), of(replace(without, possible=99.0))) == []
    assert len(mark_changes(of(ANA), of(replace(ANA, possible=99.0)))) == 1


def test_a_zero_for_what_could_not_be_read_moves_by_checks() -> None:
    zero = replace(ANA, status=MarkStatus.UNREADABLE, checks=None, written=None, mark=0.0)
    (change,) = mark_changes(of(zero), of(replace(ANA, written=None, mark=10.0, dropped=("test_rows",))))
    assert (change.by_checks, change.by_rules) == (10, 0)


def test_other_points_by_hand_are_named_with_their_question() -> None:
    before = replace(ANA, answers=(WrittenMark("why", 2.0, 4.0), WrittenMark("how", 1.0, 4.0)))
    after = replace(
        before, mark=14.0, answers=(WrittenMark("why", 4.0, 4.0), WrittenMark("how", 1.0, 4.0, "Say more."))
    )
    (change,) = mark_changes(of(before), of(after))
    assert change.new_points == (("why", 2, 4),)
