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


def write(folder: Path, text: str) -> Path:
    path = folder / FILE
    path.write_text(text, encoding="utf-8", newline="")
    return path


def policy_of(folder: Path, text: str, known: KnownNames = KNOWN) -> Policy:
    return read_policy(write(folder, text), known)
