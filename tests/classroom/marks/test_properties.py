"""What holds for the marks of every class, under every policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import (
    ByHand,
    ClassMarks,
    HandPoints,
    Mark,
    MarkInputs,
    MarkStatus,
    StudentMarks,
    tidy,
)
from autograder.classroom.policy.model import DropAs, Excusal, Extension, LateRule, Policy, Zero
from autograder.report.diff import Key
from autograder.report.model import Report
from tests.classroom.marks.worlds import ASSIGNMENTS, MEMBERS, World, worlds
from tests.helpers.marks import mark_inputs

pytestmark = [pytest.mark.portable, pytest.mark.slow]

NOISE = 1e-6  # more than what is rounded off, less than any rule moves
PEOPLE = st.sampled_from([member.name for member in MEMBERS])
NAMES = st.sampled_from(ASSIGNMENTS)


def marks_of(world: World) -> dict[Key, Mark]:
    return {(mark.student, mark.assignment): mark for mark in class_marks(world.policy, world.inputs)}


def by_name(marks: ClassMarks) -> dict[str, StudentMarks]:
    return {student.member.name: student for student in marks.students}


def with_rules(world: World, change: Mapping[str, object]) -> World:
    """The same class, with something else in the rules of each assignment."""
    rules = {name: world.policy.for_assignment(name) for name in ASSIGNMENTS}
    changed = {name: replace(rule, **change) for name, rule in rules.items()}  # type: ignore[arg-type]
    return World(replace(world.policy, assignments=changed), world.inputs)


def not_lower(after: Mark, before: Mark) -> bool:
    return before.mark is None or after.mark is None or after.mark >= before.mark - NOISE


@given(worlds())
def test_the_same_inputs_give_the_same_marks(world: World) -> None:
    assert class_marks(world.policy, world.inputs) == class_marks(world.policy, world.inputs)


@given(worlds(), st.integers(0, 2**32).map(Random))
def test_nothing_depends_on_the_order_of_rules_members_reports_or_files(world: World, random: Random) -> None:
    def turned(values: object) -> object:
        match values:
            case tuple() if not values or not isinstance(values[0], str):
                return tuple(random.sample(values, len(values)))
            case dict():
                return dict(random.sample(list(values.items()), len(values)))
        return values

    policy = replace(
        world.policy,
        **{name: turned(getattr(world.policy, name)) for name in ("assignments", "extensions", "excused", "overrides")},
    )
    by_hand = world.inputs.by_hand
    inputs = replace(
        world.inputs,
        by_hand=replace(
            by_hand,
            written=turned({key: turned(sources) for key, sources in by_hand.written.items()}),
            questions=turned({key: turned(sources) for key, sources in by_hand.questions.items()}),
        ),
        **{name: turned(getattr(world.inputs, name)) for name in ("members", "reports", "handed_in", "unanswered")},
    )
    before, after = class_marks(world.policy, world.inputs), class_marks(policy, inputs)
    assert by_name(before) == by_name(after)
    assert before.warnings == after.warnings


@given(worlds())
def test_a_mark_is_the_sum_that_it_shows(world: World) -> None:
    for mark in marks_of(world).values():
        if mark.mark is not None:
            assert mark.mark == pytest.approx((mark.checks or 0) + (mark.written or 0) + mark.adjustment, abs=1e-8)
            assert mark.mark == tidy(mark.mark)
            assert mark.mark >= 0
        else:
            assert mark.adjustment == 0
        event(mark.status)


@given(worlds())
def test_only_what_is_graded_has_a_mark_but_for_the_zeros_of_the_policy(world: World) -> None:
    for mark in marks_of(world).values():
        has_zero = mark.status.value in world.policy.zeros
        assert mark.status is MarkStatus.GRADED or mark.mark is None or has_zero
        assert mark.mark is not None or mark.status is not MarkStatus.GRADED


@given(worlds())
def test_without_rules_a_mark_is_the_score_and_the_points_by_hand(world: World) -> None:
    inputs = replace(world.inputs, by_hand=ByHand(written=world.inputs.by_hand.written))
    for student in class_marks(Policy(), inputs).students:
        for mark in student.marks.values():
            if mark.status is MarkStatus.GRADED:
                report = inputs.reports[student.member.folder, mark.assignment]
                assert all(line.points == 0 for line in mark.adjustments)
                assert mark.mark == report.score + sum(answer.points or 0 for answer in mark.answers)
                assert mark.possible == report.max_score + sum(answer.max_score for answer in report.written)
                assert mark.mark_without_written == report.score


def without(report: Report, names: frozenset[str]) -> Report:
    """The report had the course never had these checks and questions."""
    questions = [
        replace(question, checks=tuple(check for check in question.checks if check.name not in names))
        for question in report.questions
        if question.name not in names
    ]
    words = [answer for answer in report.written if answer.name not in names]
    return replace(report, questions=tuple(questions), written=tuple(words))


def numbers(mark: Mark) -> Mark:
    """All of it but what only says why."""
    return replace(mark, adjustments=tuple(line for line in mark.adjustments if line.points), dropped=())


@given(worlds())
def test_removed_gives_the_marks_of_a_class_that_never_had_it(world: World) -> None:
    removed = with_rules(world, {"drop_as": DropAs.REMOVED})
    drops = {name: removed.policy.for_assignment(name).drop for name in ASSIGNMENTS}
    never = with_rules(world, {"drop": frozenset()})
    reports = {key: without(report, drops[key[1]]) for key, report in world.inputs.reports.items()}
    before = class_marks(removed.policy, removed.inputs)
    after = class_marks(never.policy, replace(world.inputs, reports=reports))
    assert list(map(numbers, before)) == list(map(numbers, after))
    assert [(each.total, each.is_final) for each in before.students] == [
        (each.total, each.is_final) for each in after.students
    ]


@given(worlds())
def test_full_lowers_nobody_and_leaves_the_maximum(world: World) -> None:
    before = marks_of(with_rules(world, {"drop": frozenset()}))
    after = marks_of(with_rules(world, {"drop_as": DropAs.FULL}))
    for key, mark in before.items():
        assert not_lower(after[key], mark)
        assert after[key].possible == mark.possible
        assert mark.mark is None or after[key].mark is not None


@given(worlds())
def test_a_late_rule_only_takes_off_and_never_more_than_there_is(world: World) -> None:
    """Compared with deadlines that cost nothing."""
    before, after = marks_of(with_rules(world, {"late": LateRule()})), marks_of(world)
    for key, mark in after.items():
        assert not_lower(before[key], mark)
        assert (mark.mark is None) == (before[key].mark is None)
        assert mark.mark is None or mark.mark >= 0
        event("a late rule takes points off" if mark.mark != before[key].mark else "a late rule takes nothing off")


@given(worlds(), PEOPLE, NAMES, st.integers(1, 4000))
def test_what_comes_later_never_has_more(world: World, name: str, assignment: str, minutes: int) -> None:
    folder = next(member.folder for member in MEMBERS if member.name == name)
    handed_in = world.inputs.handed_in.get((folder, assignment))
    assume(handed_in and handed_in.time)
    assert handed_in is not None
    assert handed_in.time is not None
    later = replace(handed_in, time=handed_in.time + timedelta(minutes=minutes))
    times = {**world.inputs.handed_in, (folder, assignment): later}
    after = marks_of(World(world.policy, replace(world.inputs, handed_in=times)))
    assert not_lower(marks_of(world)[name, assignment], after[name, assignment])


@given(worlds(), PEOPLE, st.sampled_from([*ASSIGNMENTS, "*"]), st.sampled_from([0.5, 1, 3]))
def test_an_extension_never_lowers_the_mark_that_it_is_for(
    world: World, name: str, assignment: str, days: float
) -> None:
    of_others = tuple(each for each in world.policy.extensions if each.student != name)
    extended = (*of_others, Extension(name, assignment, days=days))
    before, after = (
        marks_of(World(replace(world.policy, extensions=extensions), world.inputs))
        for extensions in (of_others, extended)
    )
    for key, mark in before.items():
        if key[0] != name or (assignment not in (key[1], "*") and not world.policy.free_days):
            assert after[key] == mark
        elif assignment == key[1] or (assignment == "*" and not world.policy.free_days):
            assert not_lower(after[key], mark)


@given(worlds(), st.integers(1, 9))
def test_free_days_never_lower_a_mark(world: World, days: int) -> None:
    before = marks_of(World(replace(world.policy, free_days=0), world.inputs))
    after = marks_of(World(replace(world.policy, free_days=days), world.inputs))
    for key, mark in before.items():
        assert not_lower(after[key], mark)


@given(worlds(), PEOPLE, NAMES)
def test_an_excuse_moves_nothing_of_others(world: World, name: str, assignment: str) -> None:
    policy = replace(world.policy, excused=(*world.policy.excused, Excusal(name, assignment)))
    before = by_name(class_marks(world.policy, world.inputs))
    after = by_name(class_marks(policy, world.inputs))
    assert after[name].marks[assignment].status is MarkStatus.EXCUSED
    assert {key: value for key, value in before.items() if key != name} == {
        key: value for key, value in after.items() if key != name
    }


@given(worlds())
def test_an_override_of_the_mark_is_the_mark(world: World) -> None:
    found = marks_of(world)
    for override in world.policy.overrides:
        mark = found[override.student, override.assignment]
        if not override.question and mark.status is not MarkStatus.EXCUSED:
            assert (mark.mark, mark.status) == (override.points, MarkStatus.GRADED)


@given(worlds())
def test_totals_are_shares(world: World) -> None:
    for student in class_marks(world.policy, world.inputs).students:
        assert student.total is None or 0 <= student.total <= 100


@given(worlds(), st.sets(st.sampled_from([Zero.MISSING, Zero.UNREADABLE])))
def test_zeros_for_what_is_not_there_only_lower_or_keep_a_total(world: World, zeros: set[Zero]) -> None:
    without_them = replace(world.policy, zeros=world.policy.zeros - {Zero.MISSING, Zero.UNREADABLE})
    before = class_marks(without_them, world.inputs).students
    after = class_marks(replace(without_them, zeros=without_them.zeros | zeros), world.inputs).students
    for left, right in zip(before, after, strict=True):
        assert right.total == 0 if left.total is None and right.total is not None else True
        assert left.total is None or (right.total is not None and right.total <= left.total + NOISE)


@given(worlds())
def test_what_counts_zero_while_it_awaits_a_person_is_never_more_than_in_the_end(world: World) -> None:
    policy = replace(world.policy, zeros=world.policy.zeros | {Zero.AWAITS_HAND_GRADING})
    by_hand = replace(world.inputs.by_hand, questions={}, awaits=frozenset())
    inputs = replace(world.inputs, by_hand=by_hand)
    before, after = marks_of(World(policy, inputs)), marks_of(World(policy, graded_in_full(inputs)))
    for key, mark in before.items():
        assert not_lower(after[key], mark)
        assert after[key].status is not MarkStatus.AWAITS_HAND_GRADING


def graded_in_full(inputs: MarkInputs) -> MarkInputs:
    """All answers in words have all their points."""
    written = {
        (*key, answer.name): (HandPoints(answer.max_score, "", "a"),)
        for key, report in inputs.reports.items()
        for answer in report.written
    }
    return replace(inputs, by_hand=replace(inputs.by_hand, written=written))


@given(worlds())
def test_the_mark_without_words_is_that_of_a_course_without_any(world: World) -> None:
    reports = {key: replace(report, written=()) for key, report in world.inputs.reports.items()}
    alone = marks_of(World(world.policy, replace(world.inputs, reports=reports)))
    for key, mark in marks_of(world).items():
        assert mark.possible_without_written == alone[key].possible
        is_set = any((each.student, each.assignment, each.question) == (*key, "") for each in world.policy.overrides)
        if is_set and mark.possible != mark.possible_without_written:
            assert mark.mark_without_written is None
        else:
            assert mark.mark_without_written == alone[key].mark


def test_a_class_without_anything_has_no_marks() -> None:
    assert class_marks(Policy(), mark_inputs()) == ClassMarks((), ())
