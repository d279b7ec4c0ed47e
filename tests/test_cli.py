"""The command line: every command explains itself, and says in one line what a user can put right."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from autograder.cli import COMMANDS, main
from autograder.course.loader import load_course
from autograder.sandbox import selftest
from tests.conftest import RIGHT_SUMS, autograder, edit, hand_in, one_line

PROMISED = {"release", "check", "grade", "certify", "doctor", "diff", "export", "gradescope", "classroom50"}


def refusal(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> str:
    """The single line that a command, run in `folder`, says before it gives up with exit code 2."""
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit), "an exception that nobody caught"
    lines = result.output.strip().splitlines()
    assert len(lines) == 1, result.output
    return lines[0]


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


def test_a_command_whose_packages_are_missing_names_one(small_course: Path) -> None:
    code = "import sys; sys.modules['nbgrader'] = None; from autograder.cli import COMMANDS, main; main(['release'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=small_course, capture_output=True, text=True)
    assert "autograder: release needs nbgrader, which is not installed here" in one_line(done)


def test_the_version_is_that_of_the_package() -> None:
    completed = autograder("--version")
    assert completed.returncode == 0
    assert importlib.metadata.version("autograder") in completed.stdout


def test_doctor_prints_every_promise_and_all_hold_here(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    completed = autograder("doctor", cwd=small_course)
    assert completed.returncode == 0, completed.stdout
    limits = load_course(small_course / "solutions").limits
    texts = [promise.text for promise in selftest.promises(limits, "", "", 0)]
    assert len(texts) >= 10
    for text in texts:
        assert f"✓ {text}" in completed.stdout
    assert "✗" not in completed.stdout


# What a user can put right


@pytest.mark.parametrize("command", [["grade", "."], ["certify"], ["release"], ["doctor"]], ids=lambda words: words[0])
def test_outside_of_a_course_every_command_says_where_to_run_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]
) -> None:
    line = refusal(monkeypatch, tmp_path, *command)
    assert "course.toml" in line
    assert str(tmp_path) in line


def test_check_outside_of_a_course_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    line = refusal(monkeypatch, tmp_path, "check")
    assert str(tmp_path) in line


@pytest.mark.parametrize(
    "command",
    [["grade", ".", "--assignment", "09_sum"], ["certify", "09_sum"], ["release", "09_sum"]],
    ids=lambda words: words[0],
)
def test_an_unknown_assignment_is_named_with_the_known_ones(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, command: list[str]
) -> None:
    line = refusal(monkeypatch, small_course, *command)
    assert "'09_sum'" in line
    assert "01_sums" in line
    assert "02_centred" in line


def test_an_empty_folder_has_nothing_to_grade(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    (small_course / "class").mkdir()
    line = refusal(monkeypatch, small_course, "grade", "class")
    assert "class/<student>/01_sums/01_sums.ipynb" in line
    assert not (small_course / "graded").exists()


def test_students_without_any_known_assignment_have_nothing_to_grade(
    monkeypatch: pytest.MonkeyPatch, small_course: Path
) -> None:
    hand_in(small_course / "class", "ada", "01-sums", RIGHT_SUMS)
    line = refusal(monkeypatch, small_course, "grade", "class")
    assert "01_sums" in line
    assert "did you mean" not in line


@pytest.mark.parametrize(
    ("cwd", "named", "meant"),
    [
        ("", "handed", "handed/class"),
        ("", "handed/class/ada", "handed/class"),
        ("handed/class/ada", ".", "{folder}/handed/class"),
    ],
    ids=["too high", "too low", "too low, from within"],
)
def test_a_level_too_high_or_too_low_the_folder_that_was_meant_is_named(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, cwd: str, named: str, meant: str
) -> None:
    hand_in(small_course / "handed/class", "ada", "01_sums", RIGHT_SUMS)
    line = refusal(monkeypatch, small_course / cwd, "grade", named)
    assert line.endswith(f"; did you mean {meant.format(folder=small_course.resolve())}?")


def test_the_course_itself_is_no_folder_of_submissions(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    hand_in(small_course, "class", "01_sums", RIGHT_SUMS)
    assert "is the course itself: name the folder" in refusal(monkeypatch, small_course, "grade", ".")
    assert not (small_course / "graded").exists()


def test_the_course_is_never_what_was_meant(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    hand_in(small_course, "assignments", "01_sums", RIGHT_SUMS)
    assert "did you mean" not in refusal(monkeypatch, small_course, "grade", "assignments")
    assert "did you mean" not in refusal(monkeypatch, small_course, "grade", "..")


@pytest.mark.parametrize(
    ("submitted", "out", "words"),
    [
        ("class", "class", "--out class is the folder of submissions: choose another (default: graded)"),
        ("class", "class/graded", "--out class/graded is in the folder of submissions"),
        ("here/class", "here", "--out here holds the folder of submissions"),
        ("graded", "graded", "--out graded is the folder of submissions: choose another, with --out"),
    ],
)
def test_reports_do_not_go_among_the_submissions(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, submitted: str, out: str, words: str
) -> None:
    file = hand_in(small_course / submitted, "ada", "01_sums", RIGHT_SUMS)
    assert words in refusal(monkeypatch, small_course, "grade", submitted, "--out", out, "--unconfined")
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert not list(small_course.rglob("grades.csv"))


@pytest.mark.parametrize(
    "command", [["gradescope", "README.md", "--assignment", "01_sums"], ["release", "--bundle", "README.md"]]
)
def test_only_a_zip_is_written_as_a_zip(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, command: list[str]
) -> None:
    (small_course / "README.md").write_text("of the course")
    assert "README.md does not end in .zip" in refusal(monkeypatch, small_course, *command)
    assert (small_course / "README.md").read_text() == "of the course"
    assert not (small_course / "assignments").exists()


@pytest.mark.parametrize(
    "command", [["classroom50", "work", "--assignment", "01_sums"], ["release", "--source", "work"]]
)
def test_a_folder_of_somebodys_work_is_not_written_to(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, command: list[str]
) -> None:
    work = hand_in(small_course, "work", "01_sums", "my work")
    assert "work is not empty: name a new folder" in refusal(monkeypatch, small_course, *command)
    assert work.read_text() == "my work"
    assert len(list((small_course / "work").rglob("*"))) == 2


def test_solutions_are_never_replaced(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    assert "is not empty" in refusal(monkeypatch, small_course, "release", "--source", "solutions")
    assert (small_course / "solutions/01_sums/lesson.py").exists()


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


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ('seed = "a seed"', "seed = ", "course.toml"),
        ('seed = "a seed"\n', "", "seed"),
        ("cpu_seconds", "cpu_second", "cpu_second"),
        ('"02_centred"', '"03_centred"', "03_centred"),
        ('seed = "a seed"', "seed = ", "course.toml: Invalid value (at line 2, column 8)"),
        ('seed = "a seed"\n', "", 'course.toml has no "seed"'),
        ('seed = "a seed"', "seed = 1", "seed is to be a text"),
        ('["01_sums", "02_centred"]', '"01_sums"', "assignments is to be a list of texts"),
        ('["01_sums", "02_centred"]', "[]", "the list of assignments is empty"),
        ("cpu_seconds", "cpu_secs", '[limits] knows no "cpu_secs"; it has cpu_seconds, memory_mb, answer_mb'),
        ("answer_mb = 4\n", "", '[limits] has no "answer_mb"'),
        ("cpu_seconds = 1.0", 'cpu_seconds = "x"', "cpu_seconds in [limits] is to be a number above 0"),
        ("cpu_seconds = 1.0", "cpu_seconds = nan", "cpu_seconds in [limits] is to be a number above 0"),
        ("memory_mb = 256", "memory_mb = 0", "memory_mb in [limits] is to be a number above 0"),
        ("memory_mb = 256", "memory_mb = 2.5", "memory_mb in [limits] is to be a whole number"),
    ],
)
def test_settings_that_are_not_in_order_are_named(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, old: str, new: str, names: str
) -> None:
    edit(small_course / "solutions/course.toml", old, new)
    line = refusal(monkeypatch, small_course, "doctor")
    assert "solutions" in line
    assert names in line


def test_what_click_refuses_has_exit_code_two() -> None:
    assert CliRunner().invoke(main, ["grade"]).exit_code == 2
    assert CliRunner().invoke(main, ["grade", ".", "--jobs", "0"]).exit_code == 2
    assert CliRunner().invoke(main, ["grades"]).exit_code == 2
