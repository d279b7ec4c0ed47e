"""A large class: what students have alike is made once, and what is said of one is said of that one alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.classroom.marks import compute
from autograder.classroom.marks.compute import class_marks
from autograder.classroom.policy.model import AssignmentPolicy, Excusal, LateRule, Override, Policy
from autograder.report.brief import Briefs
from autograder.report.handed_in import HandedIn
from autograder.report.model import Report
from tests.helpers.marks import ASSIGNMENT, BERLIN, berlin, mark_inputs, points, scored

PEOPLE = [f"s{number:03}" for number in range(60)]
LATE = LateRule(percent=10)
POLICY = Policy(
    zone=BERLIN,
    assignments={ASSIGNMENT: AssignmentPolicy(due=berlin("2026-10-12T23:59"), late=LATE)},
    excused=(Excusal("s001", ASSIGNMENT),),
    overrides=(Override("s002", ASSIGNMENT, 7, "as agreed"),),
)
TIMES = {
    (name, ASSIGNMENT): HandedIn(berlin("2026-10-14T12:00" if number % 3 == 0 else "2026-10-12T12:00"))
    for number, name in enumerate(PEOPLE)
}
GIVEN = {("s004", ASSIGNMENT, "softmax"): points(3, comment="As you said.")}


def works() -> list[Report]:
    return [scored(16 if number % 2 else 11, folder=name) for number, name in enumerate(PEOPLE)]


def test_of_work_that_says_the_same_the_mark_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make_mark = compute.make_mark

    def counted(case: compute.Case, *about: object) -> object:
        made.append(case.member.name)
        return make_mark(case, *about)  # type: ignore[arg-type]

    monkeypatch.setattr(compute, "make_mark", counted)
    briefs = Briefs()
    inputs = mark_inputs(*map(briefs.of, works()), times=TIMES)
    marks = class_marks(POLICY, replace(inputs, by_hand=replace(inputs.by_hand, questions=GIVEN)))
    # Of two outcomes, in time or late: four; and three of whom a rule or a person speaks. Each also without words.
    assert len(made) == 2 * (4 + 3)
    assert [each.student for each in marks] == PEOPLE


def test_they_are_the_marks_that_each_would_have_alone() -> None:
    briefs = Briefs()
    alike = mark_inputs(*map(briefs.of, works()), times=TIMES)
    apart = mark_inputs(*works(), times=TIMES)  # no two of them have anything in common in memory
    by_hand = replace(alike.by_hand, questions=GIVEN)
    made = class_marks(POLICY, replace(alike, by_hand=by_hand))
    assert made == class_marks(POLICY, replace(apart, by_hand=by_hand))
    assert len({each.mark for each in made}) > 4
