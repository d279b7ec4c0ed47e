"""`autograder doctor`: every promise of the sandbox, tried here."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.loader import load_course
from autograder.sandbox import selftest
from tests.helpers.command_line import autograder


def test_doctor_prints_every_promise_and_all_hold_here(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    completed = autograder("doctor", cwd=small_course)
    assert completed.returncode == 0, completed.stdout
    limits = load_course(small_course / "solutions").limits
    texts = [promise.text for promise in selftest.promises(limits, "", "", 0)]
    assert len(texts) >= 10
    for text in texts:
        assert f"✓ {text}" in completed.stdout
    assert "✗" not in completed.stdout
