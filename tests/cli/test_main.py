"""Every command explains itself, and says in one line what a user can put right."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from autograder import distribution
from autograder.cli import COMMANDS, main
from tests.helpers.command_line import autograder, one_line, refusal

PROMISED = {"release", "check", "grade", "certify", "doctor", "diff", "export", "gradescope", "classroom50"}


def every_command() -> dict[str, click.Command]:
    context = click.Context(main)
    return {name: command for name in main.list_commands(context) if (command := main.get_command(context, name))}


def test_the_promised_commands_are_there() -> None:
    assert set(every_command()) >= PROMISED


@pytest.mark.parametrize("name", sorted(every_command()))
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_says_what_it_does(name: str, flag: str) -> None:
    result = CliRunner().invoke(main, [name, flag])
    assert result.exit_code == 0
    command = every_command()[name]
    first_line = (command.help or "").strip().splitlines()[0]
    assert len(first_line) > 20, "a command's docstring says what it does"
    assert first_line.split()[0] in result.output
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.opts[-1] in result.output
            assert option.help, f"{name} {option.opts[-1]} does not say what it does"


def test_help_lists_all_commands() -> None:
    completed = autograder("--help")
    assert completed.returncode == 0
    assert all(f"  {name} " in completed.stdout for name in every_command())


def test_help_has_the_whole_summary_of_every_command() -> None:
    shown = CliRunner().invoke(main, ["--help"], terminal_width=80).output
    for name, summary in COMMANDS.items():
        assert len(summary) <= 60, name
        assert summary in shown


def test_help_loads_no_command() -> None:
    """Nor what it needs: `--help` answers at once, and without the packages of an extra."""
    code = "import sys; from autograder.cli import main; main(['-h'], standalone_mode=False); print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not {"numpy", "pytest", "nbgrader", "jinja2", "rich"} & set(shown.split())


@pytest.mark.parametrize("module", ["cli.grade", "cli.check", "cli.shared.runs.of_class", "course.loader"])
def test_what_starts_a_command_loads_neither_numpy_nor_pytest(module: str) -> None:
    """A grading process, or the one that a student's functions are in, loads them meanwhile."""
    code = f"import sys; import autograder.{module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert f"autograder.{module}" in loaded
    assert not {"numpy", "pytest", "distributed", "nbformat"} & set(loaded)


def test_a_command_whose_packages_are_missing_names_one(small_course: Path) -> None:
    code = "import sys; sys.modules['nbgrader'] = None; from autograder.cli import COMMANDS, main; main(['release'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=small_course, capture_output=True, text=True)
    assert "autograder: release needs nbgrader, which is not installed here" in one_line(done)


def test_the_version_is_that_of_the_package() -> None:
    completed = autograder("--version")
    assert completed.returncode == 0
    assert importlib.metadata.version(distribution.NAME) in completed.stdout


@pytest.mark.parametrize(
    "command", [["grade", "."], ["certify"], ["release"], ["doctor"]], ids=lambda command: command[0]
)
def test_outside_of_a_course_every_command_says_where_to_run_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]
) -> None:
    line = refusal(monkeypatch, tmp_path, *command)
    assert "course.toml" in line
    assert str(tmp_path) in line


@pytest.mark.parametrize(
    "command",
    [["grade", ".", "--assignment", "09_sum"], ["certify", "09_sum"], ["release", "09_sum"]],
    ids=lambda command: command[0],
)
def test_an_unknown_assignment_is_named_with_the_known_ones(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, command: list[str]
) -> None:
    line = refusal(monkeypatch, small_course, *command)
    assert "'09_sum'" in line
    assert "01_sums" in line
    assert "02_centred" in line


def test_a_missing_folder_is_named(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    completed = autograder("grade", "clas", cwd=small_course)
    assert completed.returncode == 2
    assert "clas" in completed.stderr.splitlines()[-1]
    assert "does not exist" in completed.stderr.splitlines()[-1]


def test_a_file_where_a_folder_is_expected_is_named(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    (small_course / "class").write_text("")
    completed = autograder("grade", "class", cwd=small_course)
    assert completed.returncode == 2
    assert "is a file" in completed.stderr.splitlines()[-1]


def test_what_click_refuses_has_exit_code_two() -> None:
    assert CliRunner().invoke(main, ["grade"]).exit_code == 2
    assert CliRunner().invoke(main, ["grade", ".", "--jobs", "0"]).exit_code == 2
    assert CliRunner().invoke(main, ["grades"]).exit_code == 2
