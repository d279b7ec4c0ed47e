"""When work is due, whether it came late, what that costs, and where a student's free days go.

A deadline moves by the calendar: a day more is the same time by the clock of the class, be the night in between an
hour longer or shorter. Moments are compared in UTC, for Python compares two times of one zone by their clocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from autograder.classroom.marks import messages
from autograder.classroom.marks.model import Adjustment, tidy
from autograder.classroom.marks.steps.case import Case
from autograder.classroom.marks.steps.worth import points
from autograder.classroom.policy.model import LateRule, PercentOf, Policy, Unit
from autograder.report.handed_in import HandedIn
from autograder.report.model import number

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class DueDate:
    """`due`, in the zone of the class, and `days` later. `reason` is that of an extension, None where there is none."""

    due: datetime
    days: float = 0.0
    reason: str | None = None

    def moment(self, days: float = 0.0) -> datetime:
        """The deadline, or some days after it, in UTC. Of a time that the clock shows twice, it is the later."""
        days += self.days
        if not days:
            return self.due.astimezone(UTC)
        wall = self.due.replace(tzinfo=None) + days * DAY
        return max(wall.replace(tzinfo=self.due.tzinfo, fold=fold).astimezone(UTC) for fold in (0, 1))

    def later(self, days: float) -> DueDate:
        return replace(self, days=self.days + days)

    @property
    def text(self) -> str:
        """The deadline in a sentence."""
        zone = self.due.tzinfo
        at = self.moment().astimezone(zone)
        clock = at.time().isoformat("seconds" if at.second else "minutes")
        return messages.moment(at.day, messages.MONTHS[at.month - 1], at.year, clock, str(zone))


@dataclass(frozen=True)
class Lateness:
    """Work that came after its deadline and the grace: `begun` units of time after it, which cost `percent`.

    Where it `is_closed`, it came so late that it earns nothing.
    """

    rule: LateRule
    deadline: DueDate
    time: datetime
    begun: int
    percent: float
    is_closed: bool


@dataclass(frozen=True)
class FreeDays:
    """What a piece of work takes of a student's free days, of how many, and what is left then."""

    taken: int = 0
    of: int = 0
    left: int = 0


def deadline(case: Case, policy: Policy) -> DueDate | None:
    """When the work is due for this person. An extension never makes that earlier; without a date there is none."""
    if case.rule.due is None:
        return None
    usual = DueDate(case.rule.due.astimezone(policy.zone))
    extended = [
        DueDate(each.due.astimezone(policy.zone), reason=each.reason)
        if each.due
        else DueDate(usual.due, each.days or 0.0, each.reason)
        for each in case.extensions
    ]
    return max([usual, *extended], key=DueDate.moment)


def time_that_counts(handed_in: HandedIn | None) -> datetime | None:
    """When the work came, in UTC, as far as that may cost anything; a student's own word counts as it is."""
    return handed_in.time.astimezone(UTC) if handed_in and handed_in.time else None


def lateness(rule: LateRule, deadline: DueDate, time: datetime) -> Lateness | None:
    """How late something is that came at `time`, in UTC; None where it is not."""
    moment = deadline.moment()
    if time - moment <= rule.grace_minutes * MINUTE:
        return None
    begun = begun_days(deadline, time) if rule.per is Unit.DAY else -(-(time - moment) // HOUR)
    closed = rule.closed_after_days
    return Lateness(
        rule,
        deadline,
        time,
        begun,
        percent=min(begun * rule.percent, rule.at_most_percent),
        is_closed=closed is not None and time > deadline.moment(closed),
    )


def begun_days(deadline: DueDate, time: datetime) -> int:
    """The days, by the calendar, by which the deadline would have to be moved for `time` not to be after it."""
    zone = deadline.due.tzinfo
    by_the_clock = time.astimezone(zone).replace(tzinfo=None) - deadline.moment().astimezone(zone).replace(tzinfo=None)
    days = max(0, -(-by_the_clock // DAY) - 1)
    while time > deadline.moment(days):
        days += 1
    return days


def free_days(policy: Policy, cases: Sequence[Case]) -> Mapping[str, FreeDays]:
    """What each assignment of one student takes of the free days, in the order of due dates, then of the course.

    As many are taken as the work needs and as are left, and none in vain: not by what must not be late, and no more
    than it takes for the same percent off. Points do not matter, so that no mark moves with that of another assignment.
    """
    left, taken = policy.free_days, {}
    for case in sorted((case for case in cases if case.rule.due), key=_due):
        due, time = deadline(case, policy), time_that_counts(case.handed_in)
        if due is None or time is None or not case.is_summed:
            continue
        needed = begun_days(due, time - case.rule.late.grace_minutes * MINUTE)
        costs = [_cost(lateness(case.rule.late, due.later(days), time)) for days in range(min(left, needed) + 1)]
        days = costs.index(min(costs))
        left -= days
        taken[case.assignment] = FreeDays(days, policy.free_days, left)
    return taken


@dataclass(frozen=True)
class Timing:
    """When one person's work is due, which free days it takes, and how late it is then.

    `deadline` is without free days, None where there is none. `has_passed`: it lies behind; also where there is none.
    """

    deadline: DueDate | None
    free_days: FreeDays = FreeDays()
    late: Lateness | None = None
    has_passed: bool = True


def timing(case: Case, policy: Policy, taken: FreeDays, now: datetime) -> Timing:
    """`taken` are the free days that go into this work. Only work that came can be late."""
    due, time = deadline(case, policy), time_that_counts(case.handed_in)
    if due is None:
        return Timing(None)
    late = lateness(case.rule.late, due.later(taken.taken), time) if time and case.report else None
    return Timing(due, taken, late, has_passed=now.astimezone(UTC) > due.moment())


def _due(case: Case) -> datetime:
    assert case.rule.due is not None
    return case.rule.due.astimezone(UTC)


def _cost(late: Lateness | None) -> tuple[bool, float]:
    return (late.is_closed, late.percent) if late else (False, 0.0)


def penalty(late: Lateness, possible: float, earned: float) -> float:
    """The points that are taken off: never more than there are."""
    if late.is_closed:
        return max(0.0, earned)
    of = possible if late.rule.of is PercentOf.POSSIBLE else earned
    return max(0.0, min(late.percent / 100 * of, earned))


def late_lines(late: Lateness, possible: float, earned: float) -> list[Adjustment]:
    """The line that takes points off, and those that say why it is not more."""
    off, rule = tidy(-penalty(late, possible, earned)), late.rule
    how_long, due = _how_long(late), late.deadline.text
    if late.is_closed or not late.percent:
        return [Adjustment(late_so_far(late), off)]
    begun, percent = _begun(late), number(rule.percent)
    if rule.of is PercentOf.POSSIBLE:
        text = messages.late_of_possible(how_long, due, begun, percent, points(possible))
    else:
        text = messages.late_of_earned(how_long, due, begun, percent, points(earned))
    lines = [Adjustment(text, off)]
    if late.begun * rule.percent > rule.at_most_percent:
        lines.append(Adjustment(messages.at_most(number(rule.at_most_percent))))
    if earned <= 0:
        lines.append(Adjustment(messages.NOTHING_EARNED))
    elif rule.of is PercentOf.POSSIBLE and tidy(late.percent / 100 * possible) > tidy(earned):
        lines.append(Adjustment(messages.no_more_than_earned(points(earned))))
    return lines


def late_so_far(late: Lateness) -> str:
    """The sentence where it is not known of how many points a percent would be, or where that does not matter."""
    how_long, due, closed = _how_long(late), late.deadline.text, late.rule.closed_after_days
    if late.is_closed:
        if not closed:
            return messages.closed_at_once(how_long, due)
        return messages.closed(how_long, due, messages.days(number(closed)))
    if not late.percent:
        return messages.late(how_long, due)
    return messages.late_so_far(how_long, due, _begun(late), number(late.rule.percent))


def _begun(late: Lateness) -> str:
    count = messages.begun_days if late.rule.per is Unit.DAY else messages.begun_hours
    return count(str(late.begun))


def _how_long(late: Lateness) -> str:
    """Whole days by the calendar and what is left, or hours and minutes: in what the rule counts."""
    days = 0
    if late.rule.per is Unit.DAY:
        days = late.begun if late.time == late.deadline.moment(late.begun) else late.begun - 1
    hours, minutes = divmod(-(-(late.time - late.deadline.moment(days)) // MINUTE), 60)
    parts = [
        text(str(count))
        for text, count in ((messages.days, days), (messages.hours, hours), (messages.minutes, minutes))
        if count
    ]
    match parts:
        case [one]:
            return one
        case [longer, shorter]:
            return messages.two_times(longer, shorter)
        case [longest, longer, shorter]:
            return messages.three_times(longest, longer, shorter)
    raise AssertionError(parts)
