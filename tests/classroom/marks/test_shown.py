"""The worked example of docs/marks.md: its rules, read from there, give the sum that it shows."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.marks.explain import explain
from autograder.classroom.marks.model import ByHand, Member
from autograder.classroom.policy.model import AssignmentPolicy, Excusal, Extension, LateRule, Override, Policy
from tests.helpers.marks import berlin, mark_inputs, marked_report, points, scored
from tests.helpers.paths import ROOT

DOCUMENT = (ROOT / "docs" / "marks.md").read_text(encoding="utf-8")
LATE_ON_THE_15TH = berlin("2026-10-15T02:59")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)
    return str(found)


def shown_policy() -> Policy:
    rules: dict[str, Any] = tomllib.loads(block("toml"))
    zone = ZoneInfo(rules["timezone"])
    free_days = rules["late"].pop("free_days")
    late = LateRule(**rules["late"])

    def of_assignment(due: datetime | None = None, **rule: Any) -> AssignmentPolicy:
        names = {key: frozenset(rule.pop(key, ())) for key in ("extra_credit", "drop")}
        return AssignmentPolicy(due=due and due.replace(tzinfo=zone), late=late, **names, **rule)

    return Policy(
        zone=zone,
        free_days=free_days,
        late=late,
        assignments={name: of_assignment(**rule) for name, rule in rules["assignments"].items()},
        extensions=tuple(Extension(**each) for each in rules["extensions"]),
        excused=tuple(Excusal(**each) for each in rules["excused"]),
        overrides=tuple(Override(**each) for each in rules["overrides"]),
    )


def test_the_worked_example_is_what_comes_out() -> None:
    late_work = marked_report(
        {
            "softmax": {"test_softmax": (8, 10)},
            "log_softmax": {"test_log_softmax": (5, 6), "test_log_softmax[float32]": (0, 2)},
            "softmax_jacobian": {"test_jacobian": (3, 4)},
        },
        {"why_stable": 4},
    )
    inputs = mark_inputs(
        scored(14, assignment="02_scaled_scores"),
        late_work,
        scored(14, assignment="04_attention", folder="ben"),
        members=[Member("ana", "ana")],
        times={("ana", late_work.assignment): LATE_ON_THE_15TH},
        by_hand=ByHand(
            written={("ana", late_work.assignment, "why_stable"): points(3, comment="Say where the maximum goes.")}
        ),
    )
    policy = shown_policy()
    (student,) = class_marks(policy, inputs).students
    assert "\n".join(explain(student, policy)) + "\n" == block("text")
