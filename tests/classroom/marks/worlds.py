"""Classes of any kind, drawn by Hypothesis: reports, people, points by hand, times, and rules about all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from autograder.classroom.marks.model import ByHand, HandPoints, MarkInputs, Member
from autograder.classroom.policy.model import (
    EVERY_ASSIGNMENT,
    AssignmentPolicy,
    DropAs,
    Excusal,
    Extension,
    LateRule,
    Override,
    PercentOf,
    Policy,
    Unit,
    Zero,
)
from autograder.report.diff import Key
from autograder.report.handed_in import HandedIn
from autograder.report.model import Report
from tests.helpers.marks import BERLIN, berlin, mark_inputs, marked_report

T = TypeVar("T")
ASSIGNMENTS = ("01", "02", "03")
FOLDERS = ("ana", "ben", "team")
MEMBERS = (Member("ana", "ana"), Member("ben", "ben"), Member("cem", "team"), Member("dia", "team"))
CODE = {"rows": {"test_a": 3, "test_b": 2}, "sums": {"test_c": 4, "test_d": 1}}
WORDS = {"why": 4.0, "how": 2.0}
NAMES = [*CODE, *WORDS, *(check for checks in CODE.values() for check in checks)]
# In the nights before 25 October and 29 March the clocks of Berlin change.
DUE_DATES = [berlin(day) for day in ("2026-10-24T23:59", "2026-10-24T02:30", "2026-10-12T12:00", "2027-03-27T23:59")]


@dataclass(frozen=True)
class World:
    policy: Policy
    inputs: MarkInputs


def some(random: Random, values: Sequence[T], share: float) -> list[T]:
    return [value for value in values if random.random() < share]


def worlds() -> st.SearchStrategy[World]:
    """Any class under any rules. Of so many choices, Hypothesis draws the seed only: drawing each is slow."""
    return st.integers(0, 2**32).map(Random).map(_world)


def _world(random: Random) -> World:
    reports = [_report(random, folder, name) for folder in FOLDERS for name in ASSIGNMENTS if random.random() < 0.85]
    policy = _policy(random)
    now = random.choice(DUE_DATES) + timedelta(days=random.randint(-3, 12))
    members = [Member(each.name, each.folder, is_withdrawn=random.random() < 0.1) for each in MEMBERS]
    inputs = mark_inputs(
        *reports,
        members=members,
        assignments=ASSIGNMENTS,
        times={(each.student, each.assignment): _handed_in(random, policy, each.assignment) for each in reports},
        unanswered={(each.student, each.assignment): some(random, list(WORDS), 0.1) for each in reports},
        by_hand=_by_hand(random),
        now=now,
    )
    return World(policy, inputs)


def _report(random: Random, folder: str, assignment: str) -> Report:
    """One of this edition, or an older one with fewer questions or other points."""
    code = {name: checks for name, checks in CODE.items() if random.random() < 0.95}
    older = random.random() < 0.1
    return marked_report(
        {
            name: {
                check: (None if random.random() < 0.03 else random.randint(0, 2 * points) / 2, points + older)
                for check, points in checks.items()
            }
            for name, checks in code.items()
        },
        {name: points for name, points in WORDS.items() if random.random() < 0.8},
        folder=folder,
        assignment=assignment,
        is_unreadable=random.random() < 0.1,
    )


def _handed_in(random: Random, policy: Policy, assignment: str) -> HandedIn:
    kind = random.random()
    if kind < 0.15:
        return random.choice([HandedIn(), HandedIn(unread="?"), HandedIn(is_late=True), HandedIn(is_late=False)])
    due = policy.for_assignment(assignment).due or DUE_DATES[0]
    return HandedIn(due + timedelta(minutes=random.randint(-1500, 6000)), is_claim=kind < 0.3)


def _by_hand(random: Random) -> ByHand:
    every = [(folder, name, question) for folder in FOLDERS for name in ASSIGNMENTS for question in (*WORDS, *CODE)]
    words, code = [key for key in every if key[2] in WORDS], [key for key in every if key[2] in CODE]
    return ByHand(
        written={key: _given(random, int(WORDS[key[2]])) for key in some(random, words, 0.8)},
        questions={key: _given(random, 6) for key in some(random, code, 0.1)},
        awaits=frozenset(some(random, every, 0.03)),
        extra={key: float(random.randint(0, 2)) for key in some(random, every, 0.1)},
        penalties={key[:2]: random.randint(0, 8) / 2 for key in some(random, every, 0.05)},
        comments={key: random.choice(["See me.", "Good."]) for key in some(random, every, 0.1)},
    )


def _given(random: Random, most: int) -> tuple[HandPoints, ...]:
    points = random.randint(0, 2 * most) / 2
    first, second = HandPoints(points, random.choice(["", "Good."]), "a"), HandPoints(points, "", "b")
    return random.choice([(first,), (first,), (first, second), (first, HandPoints(points + 1, "", "b"))])


def _late(random: Random) -> LateRule:
    return LateRule(
        grace_minutes=random.choice([0, 15, 90]),
        per=random.choice(list(Unit)),
        percent=random.choice([0, 1, 7.5, 10, 100]),
        of=random.choice(list(PercentOf)),
        at_most_percent=random.choice([30, 50, 100]),
        closed_after_days=random.choice([None, None, 0, 1, 2.5]),
    )


def _policy(random: Random) -> Policy:
    late = _late(random)
    people, everything = [each.name for each in MEMBERS], [*ASSIGNMENTS, EVERY_ASSIGNMENT]
    pairs: list[Key] = [(name, assignment) for name in people for assignment in ASSIGNMENTS]
    excused = some(random, pairs, 0.08)
    return Policy(
        zone=BERLIN,
        zeros=frozenset(some(random, list(Zero), 0.3)),
        free_days=random.choice([0, 0, 1, 3]),
        late=late,
        assignments={
            name: AssignmentPolicy(
                due=random.choice([None, *DUE_DATES]),
                weight=random.choice([0, 1, 1, 2.5]),
                extra_credit=frozenset(some(random, NAMES, 0.1)),
                drop=frozenset(some(random, NAMES, 0.1)),
                drop_as=random.choice(list(DropAs)),
                late=random.choice([late, _late(random)]),
            )
            for name in some(random, ASSIGNMENTS, 0.9)
        },
        extensions=tuple(
            Extension(name, assignment, due=_date(random))
            if random.random() < 0.3
            else Extension(name, assignment, days=random.choice([0.5, 1, 2]))
            for name in people
            for assignment in some(random, everything, 0.1)
        ),
        excused=(
            *(Excusal(*pair) for pair in excused),
            *(Excusal(name, EVERY_ASSIGNMENT) for name in some(random, people, 0.03)),
        ),
        overrides=tuple(
            Override(*pair, random.randint(0, 30) / 2, "agreed", question)
            for pair in pairs
            if pair not in excused
            for question in some(random, ["", *CODE, *WORDS], 0.06)
        ),
    )


def _date(random: Random) -> datetime:
    return random.choice(DUE_DATES) + timedelta(hours=random.randint(0, 72))
