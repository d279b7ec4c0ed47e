"""Deadlines, lateness, free days, and what being late costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import ByHand, Mark, MarkStatus, Member
from autograder.classroom.policy.model import (
    AssignmentPolicy,
    Excusal,
    Extension,
    LateRule,
    Override,
    PercentOf,
    Policy,
    Unit,
    Zero,
)
from autograder.report.handed_in import HandedIn
from tests.helpers.marks import (
    ASSIGNMENT,
    BERLIN,
    berlin,
    mark_inputs,
    mark_of,
    marked_report,
    points,
    scored,
    student_marks,
)

DUE = berlin("2026-10-12T23:59")
DAILY = LateRule(grace_minutes=15, percent=10, at_most_percent=50, closed_after_days=7)
HOURLY = LateRule(per=Unit.HOUR, percent=1)
KEY = ("ana", ASSIGNMENT)


def after(**fields: float) -> datetime:
    return DUE + timedelta(**fields)


def marked(
    time: datetime | HandedIn | None,
    rule: LateRule = DAILY,
    *,
    score: float = 16,
    due: datetime | None = DUE,
    extensions: Sequence[Extension] = (),
    days: int = 0,
) -> Mark:
    """The mark of work that earned `score` of 20 points."""
    policy = Policy(
        zone=BERLIN,
        free_days=days,
        assignments={ASSIGNMENT: AssignmentPolicy(due=due, late=rule)},
        extensions=tuple(extensions),
    )
    return mark_of(policy, mark_inputs(scored(score), times={KEY: time} if time else {}))


@pytest.mark.parametrize(
    ("time", "rule", "mark"),
    [
        (after(days=-1), DAILY, 16),
        (after(), DAILY, 16),
        (after(minutes=15), DAILY, 16),
        (after(minutes=15, seconds=1), DAILY, 14),
        (after(days=1), DAILY, 14),
        (after(days=1, minutes=1), DAILY, 12),
        (after(days=4, hours=23), DAILY, 6),
        (after(days=6, hours=23), DAILY, 6),
        (after(days=7), DAILY, 6),
        (after(days=7, seconds=1), DAILY, 0),
        (after(seconds=1), HOURLY, 15.8),
        (after(hours=1), HOURLY, 15.8),
        (after(hours=3, minutes=30), HOURLY, 15.2),
        (after(days=3), HOURLY, 1.6),
        (after(days=30), HOURLY, 0),
        (after(days=2), replace(DAILY, of=PercentOf.EARNED), 12.8),
        (after(days=2), replace(DAILY, percent=7.5), 13),
        (after(days=30), LateRule(), 16),
        (after(days=1), LateRule(closed_after_days=1), 16),
        (after(days=1, seconds=1), LateRule(closed_after_days=1), 0),
        (after(minutes=1), LateRule(closed_after_days=0), 0),
        (after(minutes=15), LateRule(closed_after_days=0, grace_minutes=15), 16),
        (after(days=1, hours=12), LateRule(closed_after_days=1.5), 16),
        (after(days=1, hours=13), LateRule(closed_after_days=1.5), 0),
    ],
)
def test_what_being_late_costs(time: datetime, rule: LateRule, mark: float) -> None:
    found = marked(time, rule)
    assert (found.status, found.mark, found.possible, found.checks) == (MarkStatus.GRADED, mark, 20, 16)
    assert found.adjustment == pytest.approx(mark - 16)
    assert found.is_late == (time > DUE + timedelta(minutes=rule.grace_minutes))


@pytest.mark.parametrize("time", [after(days=3), after(days=30)])
@pytest.mark.parametrize("score", [0, 1, 5.9])
def test_no_more_is_taken_off_than_was_earned(score: float, time: datetime) -> None:
    assert marked(time, score=score).mark == 0


ON_THE_DAY = "Handed in {} late (due 12 October 2026, 23:59 Europe/Berlin): {}."


@pytest.mark.parametrize(
    ("time", "rule", "score", "sentences"),
    [
        (after(), DAILY, 16, ()),
        (
            after(days=1, hours=3),
            DAILY,
            16,
            (ON_THE_DAY.format("1 day and 3 hours", "2 begun days at 10% of 20 points"),),
        ),
        (
            after(days=2, hours=1, minutes=1, seconds=1),
            DAILY,
            16,
            (ON_THE_DAY.format("2 days, 1 hour and 2 minutes", "3 begun days at 10% of 20 points"),),
        ),
        (
            after(days=6),
            DAILY,
            16,
            (
                ON_THE_DAY.format("6 days", "6 begun days at 10% of 20 points"),
                "For being late, no more than 50% is taken off.",
            ),
        ),
        (
            after(days=2),
            DAILY,
            1,
            (
                ON_THE_DAY.format("2 days", "2 begun days at 10% of 20 points"),
                "No more is taken off than was earned: 1 point.",
            ),
        ),
        (
            after(days=2),
            DAILY,
            0,
            (
                ON_THE_DAY.format("2 days", "2 begun days at 10% of 20 points"),
                "Nothing was earned, so nothing is taken off.",
            ),
        ),
        (
            after(hours=26, minutes=5),
            HOURLY,
            16,
            (ON_THE_DAY.format("26 hours and 5 minutes", "27 begun hours at 1% of 20 points"),),
        ),
        (
            after(seconds=1),
            replace(HOURLY, of=PercentOf.EARNED),
            16,
            (ON_THE_DAY.format("1 minute", "1 begun hour at 1% of the 16 points earned"),),
        ),
        (
            after(days=8),
            DAILY,
            16,
            (ON_THE_DAY.format("8 days", "what comes more than 7 days after that earns nothing"),),
        ),
        (
            after(days=8),
            LateRule(closed_after_days=0),
            16,
            (ON_THE_DAY.format("8 days", "what comes after that earns nothing"),),
        ),
        (after(days=8), LateRule(), 16, (ON_THE_DAY.format("8 days", "nothing is taken off"),)),
    ],
)
def test_the_sentence_has_the_numbers(time: datetime, rule: LateRule, score: float, sentences: tuple[str, ...]) -> None:
    assert marked(time, rule, score=score).reasons == sentences


def test_a_deadline_with_seconds_is_told_with_them() -> None:
    assert "(due 12 October 2026, 23:59:59 Europe/Berlin)" in marked(after(days=1), due=after(seconds=59)).reasons[0]


def test_a_deadline_with_an_offset_is_told_in_the_zone_of_the_class() -> None:
    due = datetime.fromisoformat("2026-10-12T17:59:00-04:00")
    assert marked(after(days=1), due=due).reasons == marked(after(days=1)).reasons


# In Berlin, the night to 25 October 2026 has an hour more, and that to 29 March 2026 an hour less.
LONG, SHORT = berlin("2026-10-24T23:59"), berlin("2026-03-28T23:59")


def in_utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "time", "begun"),
    [
        (LONG, berlin("2026-10-25T23:59"), 1),
        (LONG, berlin("2026-10-26T00:00"), 2),
        (SHORT, berlin("2026-03-29T23:59"), 1),
        (SHORT, berlin("2026-03-30T00:00"), 2),
        # 02:30 comes twice on the 25th, at 00:30 and at 01:30 in UTC: a day after the 24th is the later one
        (berlin("2026-10-24T02:30"), in_utc("2026-10-25T00:40"), 1),
        (berlin("2026-10-24T02:30"), in_utc("2026-10-25T01:30"), 1),
        (berlin("2026-10-24T02:30"), in_utc("2026-10-25T01:31"), 2),
        (in_utc("2026-10-25T00:50"), in_utc("2026-10-25T01:10"), 1),  # 02:50, and then 02:10 on the clock
        # 02:30 does not come on 29 March: a day after the 28th is 03:30, 01:30 in UTC
        (berlin("2026-03-28T02:30"), in_utc("2026-03-29T01:30"), 1),
        (berlin("2026-03-28T02:30"), in_utc("2026-03-29T01:31"), 2),
    ],
)
def test_a_night_when_clocks_change_is_one_day(due: datetime, time: datetime, begun: int) -> None:
    assert marked(time, LateRule(percent=1), score=20, due=due).mark == pytest.approx(20 - 0.2 * begun)


def test_hours_are_counted_as_they_pass() -> None:
    assert marked(berlin("2026-10-25T23:59"), HOURLY, score=20, due=LONG).mark == pytest.approx(20 - 0.2 * 25)
    assert marked(berlin("2026-03-29T23:59"), HOURLY, score=20, due=SHORT).mark == pytest.approx(20 - 0.2 * 23)


def test_how_late_is_told_in_days_by_the_calendar() -> None:
    assert marked(berlin("2026-10-25T23:59"), due=LONG).reasons[0].startswith("Handed in 1 day late ")
    assert (
        marked(berlin("2026-10-26T01:00"), due=LONG).reasons[0].startswith("Handed in 1 day, 1 hour and 1 minute late ")
    )


def more(days: float | None = None, *, assignment: str = ASSIGNMENT, due: datetime | None = None) -> Extension:
    return Extension("ana", assignment, days=days, due=due, reason="ill")


@pytest.mark.parametrize(
    ("extensions", "time", "mark"),
    [
        ([more(2)], after(days=2), 16),
        ([more(2)], after(days=2, minutes=15), 16),
        ([more(2)], after(days=2, hours=1), 14),
        ([more(2, assignment="*")], after(days=2), 16),
        ([more(5, assignment="*"), more(1)], after(days=2), 14),
        ([more(1), more(5, assignment="*")], after(days=2), 14),
        ([more(2, assignment="04")], after(days=2), 12),
        ([more(due=berlin("2026-10-14T12:00"))], berlin("2026-10-14T12:00"), 16),
        ([more(due=berlin("2026-10-14T12:00"))], berlin("2026-10-14T13:00"), 14),
        ([more(due=berlin("2026-10-01T12:00"))], after(), 16),
        ([more(0.5)], after(hours=12), 16),
        ([replace(more(2), student="ben")], after(days=2), 12),
        ([more(2)], after(days=8), 6),
        ([more(2)], after(days=9, seconds=1), 0),
        ([more(1), more(2)], after(days=2), 16),
        ([more(2), more(1)], after(days=2), 16),
    ],
)
def test_an_extension_moves_the_deadline(extensions: list[Extension], time: datetime, mark: float) -> None:
    assert marked(time, extensions=extensions).mark == mark


def test_an_extension_is_told_with_its_reason() -> None:
    told = "Your deadline was moved to 14 October 2026, 23:59 Europe/Berlin: ill"
    assert marked(after(days=2), extensions=[more(2)]).reasons == (told,)
    assert marked(None, extensions=[replace(more(2), reason="")]).reasons == (
        "Your deadline was moved to 14 October 2026, 23:59 Europe/Berlin.",
    )


def test_an_extension_over_the_night_of_the_longer_hour_ends_by_the_clock() -> None:
    assert marked(berlin("2026-10-25T23:59"), due=LONG, extensions=[more(1)]).mark == 16
    assert marked(berlin("2026-10-26T00:15"), due=LONG, extensions=[more(1)]).mark == 14


def test_without_a_deadline_nothing_is_late_and_an_extension_makes_none() -> None:
    found = marked(after(days=100), due=None, extensions=[more(1), more(due=DUE)])
    assert (found.mark, found.is_late, found.reasons) == (16, False, ())


@pytest.mark.parametrize(
    ("handed_in", "mark", "is_late"),
    [
        (HandedIn(after(days=2), is_claim=True), 12, True),
        (HandedIn(after(days=-2), is_claim=True), 16, False),
        (HandedIn(unread="yesterday"), 16, False),
        (HandedIn(is_late=True), 16, True),
        (HandedIn(is_late=False), 16, False),
        (HandedIn(), 16, False),
        (None, 16, False),
    ],
)
def test_times_that_nobody_knows_cost_nothing_and_a_claim_what_it_says(
    handed_in: HandedIn | None, mark: float, is_late: bool
) -> None:
    found = marked(handed_in)
    assert (found.mark, found.is_late) == (mark, is_late)


def test_work_that_is_said_to_be_late_is_told_so() -> None:
    told = "It is said to have come late, but not when: nothing is taken off."
    assert marked(HandedIn(is_late=True)).reasons == (told,)


# Free days

COURSE = ("01", "02", "03")
DUE_DATES = {"01": berlin("2026-10-05T12:00"), "02": berlin("2026-10-12T12:00"), "03": berlin("2026-10-19T12:00")}


def in_course(
    days_late: Mapping[str, float],
    free: int,
    rule: LateRule = DAILY,
    due_dates: Mapping[str, datetime] = DUE_DATES,
    **fields: object,
) -> dict[str, float | None]:
    """The marks of work that earned 16 of 20 points in each assignment."""
    policy = Policy(
        zone=BERLIN,
        free_days=free,
        assignments={name: AssignmentPolicy(due=due, late=rule) for name, due in due_dates.items()},
        **fields,  # type: ignore[arg-type]
    )
    times = {("ana", name): due_dates[name] + timedelta(days=days) for name, days in days_late.items()}
    inputs = mark_inputs(*(scored(16, assignment=name) for name in days_late), times=times, assignments=COURSE)
    return {name: mark.mark for name, mark in student_marks(class_marks(policy, inputs)).marks.items()}


@pytest.mark.parametrize(
    ("days_late", "free", "marks"),
    [
        ((1, 1, 1), 0, (14, 14, 14)),
        ((1, 1, 1), 1, (16, 14, 14)),
        ((1, 1, 1), 2, (16, 16, 14)),
        ((1, 1, 1), 9, (16, 16, 16)),
        ((0, 2, 2), 3, (16, 16, 14)),
        ((3, 2, 0), 2, (14, 12, 16)),
        ((0.5, 1.5, 0), 3, (16, 16, 16)),
        ((0.005, 1.005, 2), 3, (16, 16, 16)),  # 7 minutes are within the grace: 0, 1 and 2 days
        ((9, 1, 1), 2, (6, 14, 14)),  # two days bring it back to the seventh day after the deadline
        ((10, 1, 1), 2, (0, 16, 16)),  # it stays closed all the same: none is spent on it
        ((7, 1, 1), 2, (6, 16, 16)),  # half is taken off all the same
        ((7, 1, 1), 3, (8, 14, 14)),
    ],
)
def test_free_days_are_used_up_in_the_order_of_due_dates(
    days_late: tuple[float, ...], free: int, marks: tuple[float, ...]
) -> None:
    found = in_course(dict(zip(COURSE, days_late, strict=True)), free)
    assert tuple(found.values()) == marks


def test_the_order_is_that_of_due_dates_then_of_the_course() -> None:
    late = dict.fromkeys(COURSE, 1.0)
    turned = {"01": DUE_DATES["03"], "02": DUE_DATES["02"], "03": DUE_DATES["01"]}
    assert in_course(late, 1, due_dates=turned) == {"01": 14, "02": 14, "03": 16}
    assert in_course(late, 2, due_dates=dict.fromkeys(COURSE, DUE)) == {"01": 16, "02": 16, "03": 14}


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ({"excused": (Excusal("ana", "01"),)}, None),
        ({"overrides": (Override("ana", "01", 9, "agreed"),)}, 9),
        ({"extensions": (Extension("ana", "01", days=1),)}, 16),
    ],
)
def test_none_is_spent_on_what_is_decided_otherwise(fields: dict[str, object], first: float | None) -> None:
    assert in_course(dict.fromkeys(COURSE, 1.0), 1, **fields) == {"01": first, "02": 16, "03": 14}


def test_none_is_spent_on_what_cannot_be_read_or_was_not_handed_in() -> None:
    policy = Policy(
        zone=BERLIN,
        free_days=1,
        assignments={name: AssignmentPolicy(due=due, late=DAILY) for name, due in DUE_DATES.items()},
    )
    unread = marked_report({"q": {"test_q": (0, 20)}}, assignment="01", is_unreadable=True)
    late = scored(16, assignment="03")
    times = {("ana", name): due + timedelta(days=1) for name, due in DUE_DATES.items()}
    inputs = mark_inputs(unread, late, assignments=COURSE, times=times)
    found = student_marks(class_marks(policy, inputs)).marks
    assert (found["01"].mark, found["02"].mark, found["03"].mark) == (None, None, 16)


def test_no_mark_moves_with_the_points_of_another_assignment() -> None:
    def second(first_score: float) -> float | None:
        rule = AssignmentPolicy(due=DUE, late=DAILY)
        policy = Policy(zone=BERLIN, free_days=1, assignments={"01": rule, "02": rule})
        late = {("ana", name): after(days=1) for name in ("01", "02")}
        reports = scored(first_score, assignment="01"), scored(16, assignment="02")
        return mark_of(policy, mark_inputs(*reports, times=late), assignment="02").mark

    assert second(0) == second(20) == 14


def test_free_days_are_told_with_the_new_deadline() -> None:
    assert marked(after(days=1, hours=5), days=3).reasons == (
        "Free days move your deadline to 14 October 2026, 23:59 Europe/Berlin: 2 of 3 taken here, 1 left.",
    )
    partly = marked(after(days=3), days=1, extensions=[more(1)])
    assert partly.is_late
    assert partly.reasons == (
        "Your deadline was moved to 13 October 2026, 23:59 Europe/Berlin: ill",
        "Free days move your deadline to 14 October 2026, 23:59 Europe/Berlin: 1 of 1 taken here, 0 left.",
        "Handed in 1 day late (due 14 October 2026, 23:59 Europe/Berlin): 1 begun day at 10% of 20 points.",
    )


# Together with the rest


def test_percents_are_of_the_maximum_without_extra_credit_and_of_all_that_was_earned() -> None:
    report = marked_report({"softmax": {"test_a": (8, 10)}, "more": {"test_b": (5, 5)}}, {"why": 4})
    by_hand = ByHand(
        written={("ana", ASSIGNMENT, "why"): points(2)},
        extra={("ana", ASSIGNMENT, "softmax"): 1.0},
    )
    for of, mark in ((PercentOf.POSSIBLE, 16 - 2.8), (PercentOf.EARNED, 16 - 3.2)):
        rule = AssignmentPolicy(due=DUE, late=replace(DAILY, of=of), extra_credit=frozenset({"more"}))
        policy = Policy(zone=BERLIN, assignments={ASSIGNMENT: rule})
        found = mark_of(policy, mark_inputs(report, times={KEY: after(days=2)}, by_hand=by_hand))
        assert (found.mark, found.possible) == (pytest.approx(mark), 14)


def test_an_override_of_a_question_comes_before_the_late_rule_and_one_of_the_mark_after() -> None:
    policy = Policy(zone=BERLIN, assignments={ASSIGNMENT: AssignmentPolicy(due=DUE, late=DAILY)})
    inputs = mark_inputs(scored(10), times={KEY: after(days=1)})
    of_question = replace(policy, overrides=(Override("ana", ASSIGNMENT, 18, "agreed", "softmax"),))
    of_mark = replace(policy, overrides=(Override("ana", ASSIGNMENT, 18, "agreed"),))
    assert mark_of(of_question, inputs).mark == 16
    assert mark_of(of_mark, inputs).mark == 18
    assert mark_of(of_mark, inputs).is_late
    assert mark_of(of_mark, inputs).reasons == ("Your mark was set to 18 points: agreed",)


def test_members_of_a_team_share_a_report_and_not_its_deadline() -> None:
    members = (Member("ana", "team"), Member("ben", "team"))
    policy = Policy(
        zone=BERLIN,
        assignments={ASSIGNMENT: AssignmentPolicy(due=DUE, late=DAILY)},
        extensions=(more(2),),
        overrides=(Override("ben", ASSIGNMENT, 3, "agreed", "softmax"),),
    )
    inputs = mark_inputs(scored(16, folder="team"), members=members, times={("team", ASSIGNMENT): after(days=1)})
    assert (mark_of(policy, inputs, "ana").mark, mark_of(policy, inputs, "ben").mark) == (16, 1)


def test_a_penalty_of_another_system_counts_only_without_a_deadline_here() -> None:
    by_hand = ByHand(penalties={KEY: 3.0})
    plain = mark_of(Policy(), mark_inputs(scored(16), by_hand=by_hand))
    assert (plain.mark, plain.is_late) == (13, True)
    assert plain.reasons == ("For being late, the gradebook takes off 3 points.",)
    nothing_left = mark_of(Policy(), mark_inputs(scored(1), by_hand=by_hand))
    assert (nothing_left.mark, nothing_left.reasons[1:]) == (0, ("No more is taken off than was earned: 1 point.",))
    policy = Policy(zone=BERLIN, assignments={ASSIGNMENT: AssignmentPolicy(due=DUE, late=DAILY)})
    assert mark_of(policy, mark_inputs(scored(16), by_hand=by_hand, times={KEY: after(days=1)})).mark == 14


@pytest.mark.parametrize(
    ("rule", "end"),
    [
        (DAILY, "2 begun days at 10% will be taken off."),
        (LateRule(closed_after_days=1), "what comes more than 1 day after that earns nothing."),
        (LateRule(), "nothing is taken off."),
    ],
)
def test_late_work_without_a_mark_yet_is_told_what_it_will_cost(rule: LateRule, end: str) -> None:
    policy = Policy(zone=BERLIN, assignments={ASSIGNMENT: AssignmentPolicy(due=DUE, late=rule)})
    report = marked_report({"softmax": {"test_a": (16, 20)}}, {"why": 4})
    inputs = mark_inputs(report, times={KEY: after(days=2)})
    found = mark_of(policy, inputs)
    assert (found.mark, found.adjustment, found.is_late) == (None, 0, True)
    assert found.reasons[-1].endswith(end)
    zero = mark_of(replace(policy, zeros=frozenset({Zero.AWAITS_HAND_GRADING})), inputs)
    assert zero.mark == {DAILY: pytest.approx(16 - 4.8), LateRule(): 16}.get(rule, 0)
