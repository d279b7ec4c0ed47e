"""The lines for the instructor: what a person has to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.model import ByHand, HandPoints, Member
from autograder.classroom.policy.model import AssignmentPolicy, DropAs, Excusal, LateRule, Override, Policy
from autograder.report.handed_in import HandedIn
from autograder.report.model import Report
from tests.helpers.marks import ASSIGNMENT, BERLIN, berlin, mark_inputs, marked_report, points, scored

DUE = Policy(zone=BERLIN, assignments={ASSIGNMENT: AssignmentPolicy(due=berlin("2026-10-12T23:59"))})
LATE = berlin("2026-10-13T12:00")
PEOPLE = ("ana", "ben", "cem", "dia", "eve")
WORDS = marked_report({"softmax": {"test_a": (12, 16)}}, {"why": 4})


def lines(policy: Policy, *reports: Report, **fields: object) -> tuple[str, ...]:
    return class_marks(policy, mark_inputs(*reports, **fields)).warnings  # type: ignore[arg-type]


def times(handed_in: HandedIn, folders: Sequence[str] = PEOPLE) -> dict[tuple[str, str], HandedIn]:
    return {(folder, ASSIGNMENT): handed_in for folder in folders}


def all_of(folders: Sequence[str] = PEOPLE) -> list[Report]:
    return [scored(16, folder=folder) for folder in folders]


SOME = "5 (ana, ben, cem and 2 more)"


@pytest.mark.parametrize(
    ("handed_in", "line"),
    [
        (
            HandedIn(LATE, is_claim=True),
            "03_softmax: the time of handing in is only the student's word, and counts as it stands; "
            f"look at it where it matters: {SOME}",
        ),
        (
            HandedIn(unread="yesterday"),
            "03_softmax: the time of handing in cannot be read, so nothing is taken off; "
            f"look at whether it was late: {SOME}",
        ),
        (
            HandedIn(),
            "03_softmax: it is not known when the work was handed in, so nothing is taken off; "
            f"look at whether it was late: {SOME}",
        ),
        (
            HandedIn(is_late=True),
            "03_softmax: the work is said to be late, but not when it came, so nothing is taken off; "
            f"write the time into the timestamp.txt beside it, and grade again: {SOME}",
        ),
    ],
)
def test_a_doubtful_time_is_one_line_a_kind(handed_in: HandedIn, line: str) -> None:
    assert lines(DUE, *all_of(), times=times(handed_in)) == (line,)


def test_work_without_any_time_is_of_unknown_time() -> None:
    (line,) = lines(DUE, *all_of(("ana", "ben")))
    assert line.startswith("03_softmax: it is not known when the work was handed in,")
    assert line.endswith(": 2 (ana, ben)")


@pytest.mark.parametrize("handed_in", [HandedIn(LATE), HandedIn(is_late=False), HandedIn(unread="?", is_late=False)])
def test_a_time_that_is_known_or_said_to_be_in_time_is_no_doubt(handed_in: HandedIn) -> None:
    assert lines(DUE, *all_of(), times=times(handed_in)) == ()


def test_without_a_deadline_no_time_matters() -> None:
    assert lines(Policy(), *all_of(), times=times(HandedIn(is_late=True))) == ()


def test_kinds_have_lines_of_their_own_in_each_assignment() -> None:
    policy = replace(DUE, assignments=dict.fromkeys(("02", "01"), DUE.assignments[ASSIGNMENT]))
    reports = [scored(16, folder=folder, assignment=name) for folder in ("ana", "ben") for name in ("01", "02")]
    found = lines(policy, *reports, times={("ana", "01"): HandedIn(unread="?")}, assignments=("02", "01"))
    assert [line.partition(":")[0] for line in found] == ["02", "01", "01"]
    assert [line.rpartition(": ")[2] for line in found] == ["2 (ana, ben)", "1 (ana)", "1 (ben)"]


@pytest.mark.parametrize(
    ("policy", "member", "report"),
    [
        (replace(DUE, excused=(Excusal("ana", ASSIGNMENT),)), Member("ana", "ana"), scored(16)),
        (replace(DUE, overrides=(Override("ana", ASSIGNMENT, 3, "agreed"),)), Member("ana", "ana"), scored(16)),
        (DUE, Member("ana", "ana", is_withdrawn=True), scored(16)),
        (DUE, Member("ana", "ana"), marked_report({}, is_unreadable=True)),
        (DUE, Member("ana", "elsewhere"), scored(16)),
    ],
)
def test_no_time_is_asked_for_where_it_decides_nothing(policy: Policy, member: Member, report: Report) -> None:
    assert lines(policy, report, members=[member]) == ()


def test_points_by_hand_that_differ_are_named_with_their_sources() -> None:
    differing = (HandPoints(3, "", "written.csv"), HandPoints(4, "", "gradebook"))
    by_hand = ByHand(
        written={("ana", ASSIGNMENT, "why"): differing, ("ben", ASSIGNMENT, "why"): differing},
        questions={("ana", ASSIGNMENT, "softmax"): points(1, 2)},
    )
    assert lines(Policy(), WORDS, replace(WORDS, student="ben"), by_hand=by_hand) == (
        "03_softmax: `softmax` has different points by hand, so none are taken; make them the same: "
        "1 (ana [1 in written.csv, 2 in written.csv 2])",
        "03_softmax: `why` has different points by hand, so none are taken; make them the same: "
        "2 (ana [4 in gradebook, 3 in written.csv], ben [4 in gradebook, 3 in written.csv])",
    )
    settled = Policy(
        overrides=(Override("ana", ASSIGNMENT, 1, "agreed"), Override("ben", ASSIGNMENT, 2, "agreed", "why"))
    )
    assert lines(settled, WORDS, replace(WORDS, student="ben"), by_hand=by_hand) == ()


def test_all_points_that_differ_are_named_for_they_are_told_nowhere_else() -> None:
    names = ("ana", "ben", "cem", "dan", "eve")
    by_hand = ByHand(written={(name, ASSIGNMENT, "why"): points(3, 4) for name in names})
    (line,) = lines(Policy(), *(replace(WORDS, student=name) for name in names), by_hand=by_hand)
    five = ", ".join(f"{name} [3 in written.csv, 4 in written.csv 2]" for name in names)
    assert line.endswith(f"make them the same: 5 ({five})")


@pytest.mark.parametrize(
    "by_hand",
    [
        ByHand(written={("ana", ASSIGNMENT, "soft"): points(3)}),
        ByHand(written={("ana", ASSIGNMENT, "soft"): points(3, 4)}),
        ByHand(questions={("ana", ASSIGNMENT, "soft"): points(3)}),
        ByHand(extra={("ana", ASSIGNMENT, "soft"): 3.0}),
    ],
)
@pytest.mark.parametrize("report", [scored(16), marked_report({}, is_unreadable=True)])
def test_points_by_hand_for_a_question_that_the_report_does_not_have(by_hand: ByHand, report: Report) -> None:
    (line,) = lines(Policy(), report, by_hand=by_hand)
    assert line == (
        "03_softmax: points by hand for `soft` count nowhere, for the report has no such question; "
        "grade the work again: 1 (ana)"
    )


def test_points_by_hand_for_what_is_dropped_are_no_doubt() -> None:
    policy = Policy(assignments={ASSIGNMENT: AssignmentPolicy(weight=0, drop=frozenset({"why", "softmax"}))})
    by_hand = ByHand(
        written={("ana", ASSIGNMENT, "why"): points(3, 4)}, questions={("ana", ASSIGNMENT, "softmax"): points(1, 2)}
    )
    assert lines(policy, WORDS, by_hand=by_hand) == ()


@pytest.mark.parametrize("rule", ["drop", "extra_credit"])
def test_an_assignment_of_which_nothing_is_left_is_named(rule: str) -> None:
    everything = AssignmentPolicy(**{rule: frozenset({"test_a", "why"})})
    policy = Policy(assignments={ASSIGNMENT: everything})
    line = (
        "03_softmax: all of it is dropped or extra credit, so it has no maximum and no place in the course total; "
        "look at drop and extra_credit"
    )
    assert lines(policy, WORDS, by_hand=GRADED_BY_HAND) == (line,)
    assert lines(Policy(assignments={ASSIGNMENT: replace(everything, weight=0)}), WORDS, by_hand=GRADED_BY_HAND) == ()
    partly = AssignmentPolicy(**{rule: frozenset({"test_a"})})
    assert lines(Policy(assignments={ASSIGNMENT: partly}), WORDS, by_hand=GRADED_BY_HAND) == ()


def set_to(count: float, question: str = "", **rule: object) -> Policy:
    return Policy(
        assignments={ASSIGNMENT: AssignmentPolicy(**rule)},  # type: ignore[arg-type]
        overrides=(Override("ana", ASSIGNMENT, count, "agreed", question),),
    )


GRADED_BY_HAND = ByHand(written={("ana", ASSIGNMENT, "why"): points(3)})


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        (set_to(20), ()),
        (set_to(20.5), ("03_softmax: ana's mark was set to 20.5, beyond the maximum of 20",)),
        (set_to(16, "softmax"), ()),
        (set_to(17, "softmax"), ("03_softmax: ana's `softmax` was set to 17, beyond its maximum of 16",)),
        (set_to(5, "why"), ("03_softmax: ana's `why` was set to 5, beyond its maximum of 4",)),
        (set_to(16, "softmax", extra_credit=frozenset({"softmax"})), ()),
        (
            set_to(5, extra_credit=frozenset({"softmax"})),
            ("03_softmax: ana's mark was set to 5, beyond the maximum of 4",),
        ),
        (
            set_to(17, "softmax", drop=frozenset({"softmax"}), drop_as=DropAs.FULL),
            ("03_softmax: ana's `softmax` was set to 17, beyond its maximum of 16",),
        ),
        (
            set_to(5, "softmax", drop=frozenset({"softmax"})),
            (
                "03_softmax: ana's `softmax` was set, but it does not count or is not there; "
                "override the whole mark, or take that override out",
            ),
        ),
    ],
)
def test_overrides_that_surprise(policy: Policy, found: tuple[str, ...]) -> None:
    assert lines(policy, WORDS, by_hand=GRADED_BY_HAND) == found


def test_an_override_of_a_question_in_work_that_is_not_there_or_cannot_be_read() -> None:
    unread = marked_report({"softmax": {"test_a": (0, 16)}}, is_unreadable=True)
    for report in (unread, replace(WORDS, student="ben")):
        found = lines(set_to(3, "softmax"), report, members=[Member("ana", "ana")])
        assert [line.partition(",")[0] for line in found] == ["03_softmax: ana's `softmax` was set"]
    both = replace(set_to(3, "softmax"), overrides=(*set_to(3, "softmax").overrides, *set_to(4).overrides))
    assert lines(both, unread) == (), "the override of the mark has decided"


def test_an_override_without_any_report_names_no_maximum() -> None:
    assert lines(set_to(3), members=[Member("ana", "ana")], assignments=[ASSIGNMENT]) == (
        "03_softmax: ana's mark was set, but no report tells the maximum, so it is not in the course total",
    )


def test_lines_do_not_depend_on_the_order_of_anything() -> None:
    overrides = tuple(Override(name, ASSIGNMENT, 30, "agreed") for name in PEOPLE[:2])
    policy = replace(DUE, overrides=overrides)
    members = [Member(name, name) for name in PEOPLE]
    one = lines(policy, *all_of(), members=members)
    turned: Mapping[str, object] = {"members": members[::-1]}
    assert one == lines(replace(policy, overrides=overrides[::-1]), *all_of()[::-1], **turned)
    assert len(one) == 3


TEN_PERCENT = LateRule(percent=10)
NEVER_LATE = "but no assignment has a `due`, so that never applies"
OWN_RULE = f"{ASSIGNMENT}: class.toml has a late rule for it, but no `due`"


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (Policy(late=TEN_PERCENT), [NEVER_LATE]),
        (Policy(late=LateRule(closed_after_days=7)), [NEVER_LATE]),
        (Policy(free_days=3, assignments={ASSIGNMENT: AssignmentPolicy()}), [NEVER_LATE]),
        (Policy(late=TEN_PERCENT, assignments={ASSIGNMENT: AssignmentPolicy(late=LateRule(percent=5))}), [NEVER_LATE]),
        (Policy(assignments={ASSIGNMENT: AssignmentPolicy(late=TEN_PERCENT)}), [OWN_RULE]),
        (replace(DUE, assignments={**DUE.assignments, "04": AssignmentPolicy(late=TEN_PERCENT)}), ["04: "]),
        (replace(DUE, late=TEN_PERCENT, free_days=3), []),
        (replace(DUE, late=TEN_PERCENT, assignments={**DUE.assignments, "04": AssignmentPolicy(late=TEN_PERCENT)}), []),
        (Policy(late=LateRule(grace_minutes=15)), []),
        (Policy(assignments={ASSIGNMENT: AssignmentPolicy(late=LateRule(percent=0))}), []),
        (Policy(), []),
    ],
)
def test_a_rule_for_late_work_that_is_never_due_is_told_in_one_line(policy: Policy, says: list[str]) -> None:
    on_time = times(HandedIn(berlin("2026-10-01T12:00")))
    found = lines(policy, *all_of(), times=on_time)
    assert len(found) == len(says)
    assert all(part in line for part, line in zip(says, found, strict=True))
