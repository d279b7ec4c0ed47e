"""A small class to state rules for, and a class.toml to read."""

from __future__ import annotations

from pathlib import Path

from autograder.classroom.policy.known import KnownNames
from autograder.classroom.policy.model import Policy
from autograder.classroom.policy.reader import FILE, read_policy

KNOWN = KnownNames(
    students=("ana", "ben", "cem", "zoë", "王小明"),
    assignments={
        "02_scaled_scores": ("attention_scores", "scale_scores", "why_sqrt_d"),
        "03_softmax": ("softmax", "softmax_jacobian"),
        "04_attention": ("weighted_sum",),
    },
    checks={
        "02_scaled_scores": frozenset({"test_attention_scores[plain]", "test_scale_scores"}),
        "03_softmax": frozenset({"test_softmax[plain]", "test_softmax_extremes", "test_softmax_jacobian_one_key"}),
    },
)
# Every rule there is.
ALL = """
timezone = "Europe/Berlin"
attempt = "last_before_deadline"
zeros = ["missing", "unreadable", "awaits_hand_grading"]
roster = "people/roster.csv"

[late]
grace_minutes = 15
per = "hour"
percent = 10
of = "earned"
at_most_percent = 50
closed_after_days = 7
free_days = 3

[assignments.03_softmax]
due = 2026-10-12T23:59:00
weight = 1.5
extra_credit = ["softmax_jacobian", "test_softmax_extremes"]
drop = ["test_softmax[plain]"]
drop_as = "full"

[assignments.03_softmax.late]
per = "day"
closed_after_days = 2.5

[assignments.02_scaled_scores]
due = 2026-10-05T21:59:00Z

[[extensions]]
student = "ana"
assignment = "03_softmax"
days = 3

[[extensions]]
student = "ana"
assignment = "*"
days = 0.5
reason = "ill"

[[extensions]]
student = "ben"
assignment = "02_scaled_scores"
due = 2026-10-07 12:00:00

[[excused]]
student = "ben"
assignment = "03_softmax"

[[excused]]
student = "cem"
assignment = "*"
reason = "joined late"

[[overrides]]
student = "zoë"
assignment = "03_softmax"
points = 11
reason = "agreed in the office hour"

[[overrides]]
student = "ben"
assignment = "02_scaled_scores"
question = "why_sqrt_d"
points = 2.5
reason = "half of it"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / FILE
    path.write_text(text, encoding="utf-8", newline="")
    return path


def policy_of(folder: Path, text: str, known: KnownNames = KNOWN) -> Policy:
    return read_policy(write(folder, text), known)
