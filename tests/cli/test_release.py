"""`autograder release`: the notebooks that nbgrader calls the source."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from tests.helpers.command_line import refusal


def test_source_notebooks_are_built_over_earlier_ones(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    monkeypatch.chdir(small_course)
    for _ in range(2):
        assert CliRunner().invoke(main, ["release", "--source", "source"]).exit_code == 0
        (small_course / "source" / ".DS_Store").touch()


def test_source_notebooks_and_a_bundle_are_not_made_together(
    monkeypatch: pytest.MonkeyPatch, small_course: Path
) -> None:
    line = refusal(monkeypatch, small_course, "release", "--source", "x", "--bundle", "y.zip")
    assert "--source" in line
    assert "--bundle" in line
    assert not (small_course / "x").exists()
