"""`start.py` of the students' zip: what can go wrong on a fresh machine is one line that says what to do."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from autograder.course.machine import DEFAULTS

SOURCE = DEFAULTS / "start.py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A students' folder, of which nothing can be installed."""
    made = tmp_path / "my course"
    (made / "assignments").mkdir(parents=True)
    (made / "start.py").write_bytes(SOURCE.read_bytes())
    (made / "requirements.txt").write_text("./gone-1.0-py3-none-any.whl\n")
    return made


@pytest.fixture
def start(folder: Path) -> ModuleType:
    """The program, loaded from there."""
    spec = importlib.util.spec_from_file_location("start", folder / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def line_of(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_an_old_python_can_read_it_and_is_told_that_it_is_too_old(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6))
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    assert start.main([]) == 2
    assert line_of(capsys).startswith("start.py: this is Python 3.10, and the course needs 3.11 or later: get it from")


def test_what_it_does_not_know_and_a_zip_that_is_not_unpacked_are_told(
    start: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start.main(["grade"]) == 2
    assert line_of(capsys).startswith("start.py: say `start.py` to open JupyterLab")
    (folder / "requirements.txt").unlink()
    assert start.main([]) == 2
    assert "unpack the whole zip first" in line_of(capsys)


def test_a_python_without_venv_is_told_what_to_install(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As Debian's is."""
    monkeypatch.setattr(start, "find_spec", lambda name: None if name == "ensurepip" else name)
    assert start.main(["check"]) == 2
    assert "sudo apt install python3-venv" in line_of(capsys)


def test_a_place_for_no_environment_is_told(
    start: ModuleType, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".venv").write_text("a file")
    assert start.main(["check"]) == 2
    assert line_of(capsys).startswith("start.py: the folder .venv cannot be made here: ")


@pytest.mark.slow
def test_what_was_not_installed_is_told_and_installed_by_the_next_start(folder: Path) -> None:
    """Also where the environment itself was left half made."""

    def said(code: int) -> str:
        command = [sys.executable, "start.py", "check"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == code, done
        assert "Traceback" not in done.stderr
        assert done.stdout.startswith("Setting up the course, once.")
        return done.stderr

    (line,) = said(2).splitlines()
    assert "could not be installed; is this computer online?" in line
    assert "gone-1.0" in line
    assert (folder / ".venv" / "install.log").is_file()
    for pip in (folder / ".venv").glob("lib/*/site-packages/pip/__main__.py"):
        pip.unlink()
    (folder / "requirements.txt").write_text("# nothing\n")
    assert said(1).strip().endswith("No module named autograder")  # it is this that would be run
    assert (folder / ".venv" / "ready").read_text() == "# nothing\n"
