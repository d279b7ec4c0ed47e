"""The command line, run as a user does, and the one line in which it gives up."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from tests.helpers.paths import ROOT

AUTOGRADER = Path(sysconfig.get_path("scripts")) / "autograder"


def autograder(
    *arguments: object, cwd: Path = ROOT, env: dict[str, str] | None = None, **options: object
) -> subprocess.CompletedProcess[str]:
    """Run the command line, as a user does, until it ends."""
    return subprocess.run(
        [str(AUTOGRADER), *map(str, arguments)],
        cwd=cwd,
        env=env or environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **options,  # type: ignore[call-overload]  # what the caller gives is what `run` takes
    )


def environment() -> dict[str, str]:
    """A wide terminal without colours, so that no line is broken."""
    return {**os.environ, "COLUMNS": "400", "NO_COLOR": "1"}


def one_line(completed: subprocess.CompletedProcess[str]) -> str:
    """The single line that a command said before it gave up with exit code 2."""
    assert completed.returncode == 2, completed
    assert "Traceback" not in completed.stderr + completed.stdout
    lines = completed.stderr.strip().splitlines()
    assert len(lines) == 1, completed.stderr
    return lines[0]


def refusal(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> str:
    """The single line that a command, run in `folder`, says before it gives up with exit code 2."""
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit), "an exception that nobody caught"
    lines = result.output.strip().splitlines()
    assert len(lines) == 1, result.output
    return lines[0]


def said(*arguments: str, expected: int = 0) -> str:
    """What a command says, run in the current folder, on a terminal that is wide enough for each of its lines."""
    result = CliRunner(env={"COLUMNS": "1000"}).invoke(main, arguments)
    assert result.exit_code == expected, result.output
    return result.output
