"""What a change is, and what changed to cause it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.report.brief import Briefs
from autograder.report.diff import by_check, compare, compare_all
from autograder.report.model import Outcome, QuestionResult, Status
from tests.helpers.golden_class import find
from tests.helpers.reports import check, report, with_checks

pytestmark = pytest.mark.portable

PASSED = check(name="a", title="A")
FAILED = check(Outcome.FAILED, name="a", title="A", message="why")
OTHER = check(name="b", title="B", points=1)


def test_other_words_are_no_change() -> None:
    assert compare(with_checks(FAILED), with_checks(replace(FAILED, message="otherwise", title="New"))) is None


def test_another_outcome_is_a_change_though_no_mark_moves() -> None:
    change = compare(with_checks(FAILED), with_checks(replace(FAILED, outcome=Outcome.TIMEOUT)))
    assert change is not None
    assert change.moves == 0
    assert [(c.before.outcome, c.after.outcome) for c in change.checks if c.before and c.after] == [
        (Outcome.FAILED, Outcome.TIMEOUT)
    ]


def test_checks_that_came_and_went_are_changes() -> None:
    change = compare(with_checks(PASSED), with_checks(OTHER))
    assert change is not None
    assert [(c.check.name, c.before is None, c.after is None, c.earned) for c in change.checks] == [
        ("a", False, True, -2),
        ("b", True, False, 1),
    ]
    assert change.moves == -1


def test_a_file_that_can_be_read_at_last_is_a_change() -> None:
    unread = with_checks(FAILED, status=Status.UNREADABLE)
    change = compare(unread, with_checks(FAILED))
    assert change is not None
    assert change.checks == ()


def test_reports_from_before_the_record_have_no_cause() -> None:
    change = compare(with_checks(FAILED), with_checks(PASSED, provenance={"lesson.py": "1"}))
    assert change is not None
    assert change.changed_inputs == ()


def test_reports_that_only_one_side_has_are_named() -> None:
    ada, bo = find("ada"), find("bo")
    comparison = compare_all({("ada", "x"): ada}, {("bo", "x"): bo})
    in_brief = Briefs().of
    assert (comparison.only_before, comparison.only_after) == ((in_brief(ada),), (in_brief(bo),))


def test_a_question_that_moved_is_told_with_its_name() -> None:
    change = compare(
        report(QuestionResult("f", (PASSED,))),
        report(QuestionResult("g", (PASSED,))),
    )
    assert change is not None
    assert [c.question for c in change.checks] == ["f", "g"]


def test_a_check_is_summed_up_over_all_reports_with_the_largest_first() -> None:
    """ada, bo and cy gain 2 in `a`, di loses 3 of it; ada's `b` ends otherwise and earns what it earned."""
    off, on = replace(FAILED, points=2), replace(PASSED, points=2)
    ends = replace(OTHER, outcome=Outcome.FAILED, earned=0)
    pairs = {
        "ada": (with_checks(ends, off), with_checks(replace(ends, outcome=Outcome.TIMEOUT), on)),
        "bo": (with_checks(ends, off), with_checks(ends, on)),
        "cy": (with_checks(ends, off), with_checks(ends, on)),
        "di": (with_checks(ends, replace(on, points=3, earned=3)), with_checks(ends, off)),
        "eve": (with_checks(ends, on), with_checks(ends, on)),
    }
    before = {(name, "x"): replace(pair[0], student=name) for name, pair in pairs.items()}
    after = {(name, "x"): replace(pair[1], student=name) for name, pair in pairs.items()}
    a, b = by_check(compare_all(before, after).changes)
    assert (a.question, a.check.name, a.up, a.down, a.level) == ("softmax", "a", 3, 1, 0)
    assert (a.in_all, a.at_most) == (3, -3)
    assert (b.check.name, b.up, b.down, b.level, b.in_all, b.at_most) == ("b", 0, 0, 1, 0, 0)


def test_checks_of_one_name_in_two_assignments_are_two() -> None:
    changes = [compare(with_checks(FAILED, assignment=name), with_checks(PASSED, assignment=name)) for name in "xy"]
    assert [each.assignment for each in by_check(filter(None, changes))] == ["x", "y"]


def test_a_check_that_has_only_another_name_is_the_same() -> None:
    renamed = replace(PASSED, name="a_by_rows")
    assert compare(with_checks(PASSED, OTHER), with_checks(renamed, OTHER)) is None
    change = compare(with_checks(FAILED, OTHER), with_checks(OTHER, renamed))
    assert change is not None
    ((before, after),) = [(each.before, each.after) for each in change.checks]
    assert (before, after) == (FAILED, renamed)


def test_where_a_title_does_not_tell_which_check_it_was_one_went_and_others_came() -> None:
    twins = (replace(PASSED, name="c"), replace(PASSED, name="d"))
    untitled = (replace(PASSED, title=""), replace(PASSED, name="e", title=""))
    for before, after in (((PASSED,), twins), (twins, (PASSED,)), (untitled[:1], untitled[1:])):
        change = compare(with_checks(*before), with_checks(*after))
        assert change is not None
        assert len(change.checks) == len(before) + len(after)
    elsewhere = QuestionResult("mask", (replace(PASSED, name="c"),))
    change = compare(with_checks(PASSED), report(elsewhere))
    assert change is not None
    assert len(change.checks) == 2, "of another question it is another check"


def test_the_summary_knows_what_is_new_and_what_is_gone() -> None:
    before = {("ana", "x"): with_checks(PASSED, OTHER)}
    after = {("ana", "x"): with_checks(check(name="c", title="C"), replace(OTHER, points=3))}
    found = {each.check.name: (each.is_new, each.is_gone) for each in by_check(compare_all(before, after).changes)}
    assert found == {"a": (False, True), "b": (False, False), "c": (True, False)}
