"""The sum of one student as it is printed: what stands where, and that columns are straight."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.explain import explain
from autograder.classroom.marks.model import ByHand, MarkInputs, Member
from autograder.classroom.policy.model import AssignmentPolicy, Excusal, LateRule, Override, Policy
from autograder.report.model import Report
from tests.helpers.marks import ASSIGNMENT, BERLIN, berlin, mark_inputs, marked_report, points, scored, student_marks

ANA = Member("ana", "ana", section="A")


def explained(policy: Policy, inputs: MarkInputs) -> str:
    return "\n".join(explain(student_marks(class_marks(policy, inputs)), policy))


def test_the_sum_stands_line_by_line() -> None:
    policy = Policy(
        zone=BERLIN,
        assignments={
            ASSIGNMENT: AssignmentPolicy(due=berlin("2026-10-12T23:59"), late=LateRule(percent=10), weight=2),
        },
        overrides=(Override("ana", ASSIGNMENT, 14, "a slip of ours", "softmax"),),
    )
    report = marked_report({"softmax": {"test_a": (2, 5), "test_b": (9, 9)}}, {"why": 4, "how": 2})
    by_hand = ByHand(
        written={
            ("ana", ASSIGNMENT, "why"): points(3, comment="Good.\nShorter!"),
            ("ana", ASSIGNMENT, "how"): points(0.5),
        }
    )
    inputs = mark_inputs(
        report,
        scored(20, assignment="04"),
        members=[ANA],
        by_hand=by_hand,
        times={("ana", ASSIGNMENT): berlin("2026-10-14T02:59")},
    )
    assert explained(policy, inputs) == (
        "ana, section A\n"
        "\n"
        "03_softmax\n"
        "    11  from checks\n"
        "  +3.5  for answers in words\n"
        "          `why`: 3 of 4: Good. Shorter!\n"
        "          `how`: 0.5 of 2\n"
        "    +3  `softmax` was set to 14 points: a slip of ours\n"
        "    -4  Handed in 1 day and 3 hours late (due 12 October 2026, 23:59 Europe/Berlin): "
        "2 begun days at 10% of 20 points.\n"
        "  13.5  of 20 points: graded, late\n"
        "\n"
        "04\n"
        "  20  from checks\n"
        "  20  of 20 points: graded\n"
        "\n"
        "Course total\n"
        "  03_softmax   67.50%  weight 2\n"
        "  04          100.00%  weight 1\n"
        "  Total: 78.33%"
    )


def test_what_has_no_mark_says_so_and_stays_out_of_the_total() -> None:
    policy = Policy(
        excused=(Excusal("ana", "01", "ill"),),
        assignments={"05": AssignmentPolicy(extra_credit=frozenset({"softmax"}))},
    )
    reports = [
        scored(3, assignment="01"),
        scored(3, assignment="02", folder="ben"),
        marked_report({"q": {"test_a": (None, 4)}}, assignment="03"),
        marked_report({"q": {"test_a": (3, 4)}}, {"why": 4, "how": 2}, assignment="04"),
        scored(3, assignment="05"),
    ]
    by_hand = ByHand(written={("ana", "04", "why"): points(1)})
    inputs = mark_inputs(*reports, members=[Member("ana", "ana", is_withdrawn=True)], by_hand=by_hand)
    assert explained(policy, inputs).splitlines() == [
        "ana",
        "Withdrawn from the class.",
        "",
        "01",
        "  3  from checks",
        "     You are excused from this assignment: ill",
        "  —  of 20 points: excused",
        "",
        "02",
        "  —  of 20 points: nothing handed in",
        "",
        "03",
        "     The grader itself failed in a check: that is not your fault, and there is a mark when it is mended.",
        "  —  of 4 points: the grader failed",
        "",
        "04",
        "  3  from checks",
        "  —  for answers in words",
        "       `why`: 1 of 4",
        "       `how`: of 2, not graded yet",
        "  —  of 10 points: awaits hand grading",
        "",
        "05",
        "  3  from checks",
        "     `softmax` is extra credit: what it earns counts, and the maximum is without it.",
        "  3  of 0 points: graded",
        "",
        "Course total",
        "  01  —  excused",
        "  02  —  nothing handed in",
        "  03  —  the grader failed",
        "  04  —  awaits hand grading",
        "  05  —  outside of the total: no maximum",
        "  No total: no mark counts in it yet.",
        "  Not final: something that counts is still to come.",
    ]


@pytest.mark.parametrize("width", [24, 60, 80, 120])
def test_what_is_wider_than_the_terminal_goes_on_in_its_column(width: int) -> None:
    policy = Policy(overrides=(Override("ana", ASSIGNMENT, 14, "注意 a slip of ours " * 9, "softmax"),))
    report = marked_report({"softmax": {"test_a": (2, 5)}}, {"why": 4})
    by_hand = ByHand(written={("ana", ASSIGNMENT, "why"): points(3, comment="Good, and could be shorter. " * 5)})
    inputs = mark_inputs(report, members=[ANA], by_hand=by_hand)
    whole = explained(policy, inputs)
    lines = explain(student_marks(class_marks(policy, inputs)), policy, width)
    assert max(map(cell_len, lines[:-3])) <= max(width, 35)
    assert "".join("".join(lines).split()) == "".join(whole.split())
    texts = [line for line in lines[3:] if line[:8].strip() == "" and line.strip()]
    assert all(line.startswith(" " * 7) and line[7:].strip() for line in texts)


def test_a_total_that_is_capped_says_what_the_marks_give() -> None:
    policy = Policy(overrides=(Override("ana", ASSIGNMENT, 22, "a bonus"),))
    assert explained(policy, mark_inputs(scored(20))).splitlines()[-1] == (
        "  Total: 100.00% (the marks give 110.00%, and no total is higher than that)"
    )


def test_an_assignment_without_weight_is_told_with_it() -> None:
    policy = Policy(assignments={ASSIGNMENT: AssignmentPolicy(weight=0)})
    assert "  03_softmax  —  weight 0" in explained(policy, mark_inputs(scored(20))).splitlines()


def test_columns_are_straight_in_wide_characters_too() -> None:
    names = ("01_注意力机制", "02_softmax", "03_é")
    reports: list[Report] = [scored(10, assignment=name) for name in names]
    rows = explained(Policy(), mark_inputs(*reports)).splitlines()[-4:-1]
    assert [row.split()[0] for row in rows] == list(names)
    assert len({cell_len(row[: row.index("weight")]) for row in rows}) == 1


def test_nothing_that_people_wrote_can_leave_its_line_or_act_on_a_terminal() -> None:
    policy = Policy(overrides=(Override("ana\x1b", ASSIGNMENT, 22, "a\nb\x1b[31m"),))
    inputs = mark_inputs(scored(20), members=[Member("ana\x1b", "ana", section="A\n\x1b")])
    (student,) = class_marks(policy, inputs).students
    lines = explain(student, policy)
    assert not any(character in "".join(lines) for character in "\x1b\n")
