"""What is dropped is named by the mark, so that pages can say where it stands that it does not count."""

from __future__ import annotations

import pytest

from autograder.classroom.policy.model import AssignmentPolicy, DropAs, Policy
from tests.helpers.marks import ASSIGNMENT, mark_inputs, mark_of, marked_report

pytestmark = pytest.mark.portable


@pytest.mark.parametrize(
    ("drop_as", "named"),
    [(DropAs.REMOVED, {"test_rows", "jacobian", "why"}), (DropAs.FULL, set())],
)
def test_what_is_removed_is_named_and_what_counts_in_full_is_not(drop_as: DropAs, named: set[str]) -> None:
    report = marked_report(
        {"softmax": {"test_rows": (2, 3), "test_axis": (1, 1)}, "jacobian": {"test_j": (0, 4)}}, {"why": 2, "how": 1}
    )
    drop = frozenset({"test_rows", "jacobian", "why", "test_of_an_earlier_edition"})
    policy = Policy(assignments={ASSIGNMENT: AssignmentPolicy(drop=drop, drop_as=drop_as)})
    assert mark_of(policy, mark_inputs(report)).dropped == tuple(sorted(named))
