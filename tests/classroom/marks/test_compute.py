"""The marks of a class: statuses, zeros, people, totals."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import ByHand, Mark, MarkStatus, Member
from autograder.classroom.policy.model import (
    AssignmentPolicy,
    DropAs,
    Excusal,
    Extension,
    LateRule,
    Override,
    Policy,
    Zero,
)
from autograder.report.model import Report
from tests.helpers.marks import (
    ASSIGNMENT,
    BERLIN,
    NOW,
    berlin,
    mark_inputs,
    mark_of,
    marked_report,
    points,
    scored,
    student_marks,
)

pytestmark = pytest.mark.portable

ANA, BEN, CEM = Member("ana", "ana"), Member("ben", "ben"), Member("cem", "cem")
WRITTEN = marked_report({"softmax": {"test_a": (12, 16)}}, {"why": 4})
BROKEN = marked_report({"softmax": {"test_a": (None, 16)}}, {"why": 4})
UNREAD = marked_report({"softmax": {"test_a": (0, 16)}}, {"why": 4}, is_unreadable=True)
BENS = replace(WRITTEN, student="ben")
EVERY_ZERO = frozenset(Zero)


def ana(policy: Policy, report: Report | None, **fields: object) -> Mark:
    """Ana's mark in a class in which Ben's report tells what is possible."""
    reports = [BENS, report] if report else [BENS]
    return mark_of(policy, mark_inputs(*reports, members=(ANA, BEN), **fields))  # type: ignore[arg-type]


# Statuses


@pytest.mark.parametrize(
    ("report", "status", "checks", "reason"),
    [
        (None, MarkStatus.MISSING, None, "Nothing was handed in."),
        (UNREAD, MarkStatus.UNREADABLE, None, "What was handed in could not be read, so there is no mark."),
        (
            BROKEN,
            MarkStatus.GRADER_ERROR,
            None,
            "The grader itself failed in a check: that is not your fault, and there is a mark when it is mended.",
        ),
        (WRITTEN, MarkStatus.AWAITS_HAND_GRADING, 12, "`why` has not been graded by hand yet."),
    ],
)
def test_what_has_no_mark_says_why(
    report: Report | None, status: MarkStatus, checks: float | None, reason: str
) -> None:
    found = ana(Policy(), report)
    assert (found.status, found.mark, found.checks, found.written) == (status, None, checks, None)
    assert (found.possible, found.possible_without_written) == (20, 16)
    assert found.reasons[0] == reason
    assert found.adjustment == 0


@pytest.mark.parametrize("report", [None, UNREAD, BROKEN, WRITTEN])
def test_who_is_excused_has_no_mark_whatever_else_there_is(report: Report | None) -> None:
    policy = Policy(
        excused=(Excusal("ana", ASSIGNMENT, "ill"),),
        overrides=(Override("ana", ASSIGNMENT, 3, "agreed"),),
        zeros=EVERY_ZERO,
    )
    found = ana(policy, report)
    assert (found.status, found.mark, found.possible, found.is_late) == (MarkStatus.EXCUSED, None, 20, False)
    assert found.mark_without_written is None
    assert found.reasons == ("You are excused from this assignment: ill",)


def test_an_excuse_may_be_for_every_assignment() -> None:
    policy = Policy(excused=(Excusal("ana", "*", "ill"), Excusal("ana", "01", "abroad")))
    inputs = mark_inputs(scored(16, assignment="01"), scored(16, assignment="02"), members=(ANA, BEN))
    found = {(mark.student, mark.assignment): mark.reasons for mark in class_marks(policy, inputs)}
    assert found["ana", "01"] == ("You are excused from this assignment: abroad",)
    assert found["ana", "02"] == ("You are excused from this assignment: ill",)
    assert found["ben", "01"] == ("Nothing was handed in.",)


def test_an_excuse_needs_no_reason() -> None:
    policy = Policy(excused=(Excusal("ana", ASSIGNMENT),))
    assert ana(policy, None).reasons == ("You are excused from this assignment.",)


@pytest.mark.parametrize("report", [None, UNREAD, BROKEN, WRITTEN])
def test_an_override_is_the_mark_whatever_else_there_is(report: Report | None) -> None:
    late = LateRule(percent=10)
    policy = Policy(
        zone=BERLIN,
        assignments={ASSIGNMENT: AssignmentPolicy(due=berlin("2026-10-12T23:59"), late=late, drop=frozenset({"why"}))},
        overrides=(Override("ana", ASSIGNMENT, 11, "agreed"), Override("ana", ASSIGNMENT, 2, "no", "softmax")),
    )
    found = ana(policy, report, times={("ana", ASSIGNMENT): berlin("2026-10-13T23:59")})
    assert (found.status, found.mark, found.mark_without_written) == (MarkStatus.GRADED, 11, 11)
    assert found.reasons == ("Your mark was set to 11 points: agreed",)
    assert (found.checks or 0) + (found.written or 0) + found.adjustment == 11


@pytest.mark.parametrize("report", [None, UNREAD, BROKEN, WRITTEN])
def test_how_much_of_an_override_is_for_the_words_nobody_knows(report: Report | None) -> None:
    """13 of 20 would be a mark out of 16 in a column that is worth the checks; so would 20."""
    found = ana(Policy(overrides=(Override("ana", ASSIGNMENT, 13, "agreed"),)), report)
    assert (found.mark, found.possible) == (13, 20)
    assert (found.mark_without_written, found.possible_without_written) == (None, 16)


def test_an_override_or_excuse_where_nobody_has_a_report() -> None:
    policy = Policy(
        overrides=(Override("ana", "05", 11, "an oral exam"),), excused=(Excusal("ben", "05"),), zeros=EVERY_ZERO
    )
    marks = class_marks(policy, mark_inputs(members=(ANA, BEN, CEM), assignments=("05",)))
    found = {mark.student: (mark.status, mark.mark, mark.possible) for mark in marks}
    assert found == {
        "ana": (MarkStatus.GRADED, 11, 0),
        "ben": (MarkStatus.EXCUSED, None, 0),
        "cem": (MarkStatus.MISSING, 0, 0),
    }
    assert [student.total for student in marks.students] == [None, None, None]


def test_an_assignment_in_which_no_report_is_final() -> None:
    marks = class_marks(Policy(), mark_inputs(UNREAD, replace(BROKEN, student="ben"), members=(ANA, BEN, CEM)))
    assert [mark.status for mark in marks] == [MarkStatus.UNREADABLE, MarkStatus.GRADER_ERROR, MarkStatus.MISSING]
    assert [mark.possible for mark in marks] == [20, 20, 20]


# Zeros


@pytest.mark.parametrize(
    ("zeros", "report", "mark"),
    [
        (Zero.MISSING, None, 0),
        (Zero.UNREADABLE, UNREAD, 0),
        (Zero.AWAITS_HAND_GRADING, WRITTEN, 12),
        (Zero.MISSING, UNREAD, None),
        (Zero.UNREADABLE, WRITTEN, None),
        (Zero.AWAITS_HAND_GRADING, None, None),
    ],
)
def test_the_policy_says_which_status_is_a_zero(zeros: Zero, report: Report | None, mark: float | None) -> None:
    found = ana(Policy(zeros=frozenset({zeros})), report)
    assert found.mark == mark
    assert found.status is ana(Policy(), report).status
    if mark is not None:
        assert any("0 points" in reason for reason in found.reasons)


def test_a_failure_of_ours_is_never_a_zero() -> None:
    assert ana(Policy(zeros=EVERY_ZERO), BROKEN).mark is None


@pytest.mark.parametrize(
    ("days", "extension", "mark", "reason"),
    [
        (-1, 0, 0, "Nothing was handed in: that counts as 0 points."),
        (1, 0, None, "Nothing has been handed in so far; it is due 2 February 2027, 00:00 UTC."),
        (-1, 2, None, "Nothing has been handed in so far; it is due 2 February 2027, 00:00 UTC."),
    ],
)
def test_missing_work_is_a_zero_only_after_its_own_deadline(
    days: int, extension: int, mark: float | None, reason: str
) -> None:
    policy = Policy(
        zeros=EVERY_ZERO,
        assignments={ASSIGNMENT: AssignmentPolicy(due=NOW + timedelta(days=days))},
        extensions=(Extension("ana", ASSIGNMENT, days=extension),) if extension else (),
    )
    found = ana(policy, None)
    assert (found.status, found.mark, found.reasons[0]) == (MarkStatus.MISSING, mark, reason)


# What is possible


def test_a_report_of_an_older_edition_keeps_its_own_maximum_and_missing_work_has_that_of_most() -> None:
    older = marked_report({"soft": {"test_a": (9, 10)}}, folder="ana")
    for of in (8, 20):
        reports = older, scored(5, of=of, folder="ben"), scored(5, of=of, folder="cem")
        marks = class_marks(Policy(), mark_inputs(*reports, members=(ANA, BEN, CEM, Member("dia", "dia"))))
        assert [(mark.mark, mark.possible) for mark in marks] == [(9, 10), (5, of), (5, of), (None, of)]


def test_work_without_anything_that_counts_has_no_maximum_and_what_was_never_read_that_of_most() -> None:
    words_only = marked_report({}, {"why": 4})
    unread = marked_report({}, folder="cem", is_unreadable=True)
    inputs = mark_inputs(words_only, BENS, unread, members=(ANA, BEN, CEM))
    found = {mark.student: (mark.possible, mark.possible_without_written) for mark in class_marks(Policy(), inputs)}
    assert found == {"ana": (4, 0), "ben": (20, 16), "cem": (20, 16)}


def test_where_reports_are_split_missing_work_has_the_larger_maximum() -> None:
    reports = scored(5, of=10, folder="ben"), scored(5, of=20, folder="cem")
    assert mark_of(Policy(), mark_inputs(*reports, members=(ANA, BEN, CEM))).possible == 20


def test_the_mark_without_words_is_that_of_an_assignment_that_never_had_any() -> None:
    late = LateRule(percent=10)
    policy = Policy(
        zone=BERLIN,
        free_days=1,
        assignments={ASSIGNMENT: AssignmentPolicy(due=berlin("2026-10-12T23:59"), late=late)},
        overrides=(Override("ana", ASSIGNMENT, 4, "agreed", "why"),),
    )
    times = {("ana", ASSIGNMENT): berlin("2026-10-14T23:59")}
    by_hand = ByHand(extra={("ana", ASSIGNMENT, "why"): 1.0, ("ana", ASSIGNMENT, "softmax"): 1.0})
    found = mark_of(policy, mark_inputs(WRITTEN, times=times, by_hand=by_hand))
    alone = mark_of(policy, mark_inputs(replace(WRITTEN, written=()), times=times, by_hand=by_hand))
    assert (found.mark, found.possible) == (12 + 1 + 4 - 2, 20)
    assert (found.mark_without_written, found.possible_without_written) == (alone.mark, alone.possible)
    assert alone.mark == pytest.approx(13 - 1.6)


# Points


def test_points_have_no_dust_of_floats_and_are_not_rounded_otherwise() -> None:
    report = marked_report({"q": {"test_a": (0.1, 1), "test_b": (0.2, 1), "test_c": (1 / 3, 1)}}, {"why": 1})
    by_hand = ByHand(
        written={("ana", ASSIGNMENT, "why"): points(0.1 + 0.2)},
        extra={("ana", ASSIGNMENT, "q"): 0.7 - 0.6, ("ana", ASSIGNMENT, "why"): 0.2},
    )
    found = mark_of(Policy(), mark_inputs(report, by_hand=by_hand))
    assert [line.points for line in found.adjustments] == [0.1, 0.2]
    assert (found.checks, found.written, found.adjustment, found.mark) == (0.633333333, 0.3, 0.3, 1.233333333)


# People


def test_members_stand_in_their_order_and_assignments_in_that_of_the_course() -> None:
    reports = [scored(5, folder=name, assignment=each) for name in ("ana", "ben") for each in ("02", "01")]
    marks = class_marks(Policy(), mark_inputs(*reports, members=(BEN, ANA), assignments=("02", "01")))
    assert [(mark.student, mark.assignment) for mark in marks] == [
        ("ben", "02"),
        ("ben", "01"),
        ("ana", "02"),
        ("ana", "01"),
    ]
    assert marks.assignments == ("02", "01")


def test_each_of_a_team_has_a_mark_of_their_own() -> None:
    members = (Member("ana", "team"), Member("ben", "team"), Member("cem", "team", is_withdrawn=True))
    policy = Policy(
        overrides=(Override("ben", ASSIGNMENT, 3, "agreed"),), excused=(Excusal("cem", ASSIGNMENT, "left"),)
    )
    marks = class_marks(policy, mark_inputs(scored(16, folder="team"), members=members))
    assert [(mark.student, mark.mark) for mark in marks] == [("ana", 16), ("ben", 3), ("cem", None)]
    assert [student.member for student in marks.students] == list(members)


def test_what_stands_twice_is_one() -> None:
    inputs = mark_inputs(scored(16), members=(ANA, ANA), assignments=(ASSIGNMENT, ASSIGNMENT))
    marks = class_marks(Policy(), inputs)
    assert (len(marks.students), len(list(marks)), marks.assignments) == (1, 1, (ASSIGNMENT,))


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_rules_for_the_same_the_better_one_counts(turned: bool) -> None:
    overrides = [Override("ana", ASSIGNMENT, 9, "a"), Override("ana", ASSIGNMENT, 11, "b")]
    policy = Policy(overrides=tuple(reversed(overrides) if turned else overrides))
    assert mark_of(policy, mark_inputs(scored(16))).mark == 11


@pytest.mark.parametrize("policy_form", ["NFC", "NFD"])
@pytest.mark.parametrize("inputs_form", ["NFC", "NFD"])
def test_a_letter_and_its_accent_are_one_character(policy_form: str, inputs_form: str) -> None:
    def here(name: str, form: str) -> str:
        return unicodedata.normalize(form, name)

    name, assignment = here("zoë", inputs_form), here("03_über", inputs_form)
    report = marked_report({"q": {"test_a": (10, 16)}}, {"why": 4}, folder=here("zoë", "NFC"), assignment=assignment)
    of_policy = here("zoë", policy_form), here("03_über", policy_form)
    policy = Policy(
        zone=BERLIN,
        assignments={of_policy[1]: AssignmentPolicy(due=berlin("2026-10-12T23:59"), late=LateRule(percent=10))},
        overrides=(Override(*of_policy, 12, "agreed", "q"),),
        extensions=(Extension(*of_policy, days=1),),
    )
    key = of_policy if policy_form != inputs_form else (name, assignment)
    inputs = mark_inputs(
        report,
        members=[Member(name, name)],
        times={key: berlin("2026-10-14T23:59")},
        by_hand=ByHand(written={(*key, "why"): points(3)}),
    )
    assert mark_of(policy, inputs, name, assignment).mark == 13


# Totals


def totals(policy: Policy, *shares: float | None) -> tuple[float | None, bool]:
    """Ana's total; of each assignment, `shares` has her points of 20, None where she handed in nothing."""
    names = [f"{place:02}" for place in range(len(shares))]
    reports = [scored(each, assignment=name) for name, each in zip(names, shares, strict=True) if each is not None]
    reports += [scored(20, assignment=name, folder="ben") for name in names]
    found = student_marks(class_marks(policy, mark_inputs(*reports, members=(ANA, BEN))))
    return found.total, found.is_final


@pytest.mark.parametrize(
    ("policy", "shares", "total"),
    [
        (Policy(), (10, 20), 75),
        (Policy(assignments={"00": AssignmentPolicy(weight=3)}), (10, 20), 62.5),
        (Policy(assignments={"00": AssignmentPolicy(weight=0)}), (10, 20), 100),
        (Policy(assignments={f"0{i}": AssignmentPolicy(weight=0) for i in (0, 1)}), (10, 20), None),
        (Policy(), (10, None), 50),
        (Policy(zeros=frozenset({Zero.MISSING})), (10, None), 25),
        (Policy(), (None, None), None),
        (Policy(excused=(Excusal("ana", "00"),)), (10, 20), 100),
        (Policy(excused=(Excusal("ana", "00"), Excusal("ana", "01"))), (10, 20), None),
        (Policy(overrides=(Override("ana", "00", 30, "bonus"),)), (10, 10), 100),
        (Policy(overrides=(Override("ana", "00", 24, "bonus"),)), (10, 10), 85),
        (Policy(assignments={"00": AssignmentPolicy(drop=frozenset({"softmax"}))}), (10, 20), 100),
        (Policy(assignments={"00": AssignmentPolicy(extra_credit=frozenset({"softmax"}))}), (10, 20), 100),
        (
            Policy(assignments={"00": AssignmentPolicy(drop=frozenset({"softmax"}), drop_as=DropAs.FULL)}),
            (10, 20),
            100,
        ),
        (Policy(), (1, 2, 3), 10),
    ],
)
def test_the_total_is_the_weighted_mean_of_the_shares(
    policy: Policy, shares: tuple[float | None, ...], total: float | None
) -> None:
    assert totals(policy, *shares) == (total, True)


def test_assignments_of_other_maxima_count_alike() -> None:
    inputs = mark_inputs(scored(1, of=2, assignment="01"), scored(200, of=200, assignment="02"))
    assert student_marks(class_marks(Policy(), inputs)).total == 75


@pytest.mark.parametrize(
    ("report", "is_final"),
    [(BROKEN, False), (UNREAD, False), (WRITTEN, False), (scored(20), True), (None, True)],
)
@pytest.mark.parametrize("zeros", [frozenset(), EVERY_ZERO])
def test_a_total_is_final_when_nothing_awaits_anything(
    report: Report | None, is_final: bool, zeros: frozenset[Zero]
) -> None:
    reports = [replace(each, assignment="01") for each in ([report, BENS] if report else [BENS])]
    inputs = mark_inputs(*reports, scored(20, assignment="02"), members=(ANA, BEN))
    assert student_marks(class_marks(Policy(zeros=zeros), inputs)).is_final == is_final
    weightless = Policy(zeros=zeros, assignments={"01": AssignmentPolicy(weight=0)})
    assert student_marks(class_marks(weightless, inputs)).is_final, "what does not count is not waited for"
    excused = Policy(zeros=zeros, excused=(Excusal("ana", "01"),))
    assert student_marks(class_marks(excused, inputs)).is_final


def test_a_total_is_not_final_while_missing_work_may_still_come() -> None:
    coming = Policy(assignments={"01": AssignmentPolicy(due=NOW + timedelta(days=1))})
    assert totals(coming, 10, None) == (50, False)
    assert totals(coming, None, 10) == (50, True), "the one with the deadline is there"
