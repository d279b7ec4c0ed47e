"""`autograder certify`: the matrix of proofs, and its exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.course.certifying.proof import REFERENCE, STUB
from tests.helpers.course import add_misconception, edit

pytestmark = pytest.mark.slow


@pytest.fixture
def command(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`autograder certify …` in the small course."""
    monkeypatch.chdir(small_course)
    return lambda *names, width="200": CliRunner(env={"COLUMNS": width}).invoke(main, ["certify", *names])


def test_the_command_ends_with_exit_code_one_when_a_proof_fails(
    small_course: Path, command: Callable[..., Result]
) -> None:
    add_misconception(small_course, "right_after_all", "X.mean(axis=-1)")
    result = command("01_sums")
    assert result.exit_code == 1
    row = next(line for line in result.output.splitlines() if "right_after_all" in line)
    assert row.rstrip().endswith("✗ loses no point")
    assert "Proofs that fail: 1." in result.output
    assert result.output.splitlines()[-2:] == [
        "✗ mean, right_after_all: loses no point",
        "  solutions/01_sums/misconceptions.py, line 22: this misconception. Let a check call with what it gets wrong; "
        "if there is nothing, it is right",
    ]
    assert "centre" not in result.output, "only what was asked for is proved"


def test_a_question_without_a_misconception_is_allowed_and_counted(
    small_course: Path, command: Callable[..., Result]
) -> None:
    edit(small_course / "solutions/01_sums/misconceptions.py", '@misconception("mean")\n', "")
    result = command("01_sums")
    assert result.exit_code == 0, result.output
    row = next(line for line in result.output.splitlines() if "no misconception is known" in line)
    assert row.split("✓")[0].split() == ["mean", "-", "0/0"]
    assert "2 questions, 1 misconception, none for 1 question. Every reference is full" in result.output


@pytest.mark.parametrize("width", ["200", "40"])
def test_of_a_proof_that_fails_it_tells_the_check_the_message_the_file_and_the_line(
    small_course: Path, command: Callable[..., Result], width: str
) -> None:
    edit(small_course / "solutions/01_sums/misconceptions.py", "return X.sum(axis=0)", "return X.sum(axis=0) + 0.5")
    add_misconception(small_course, "doubled", "2 * X.mean(axis=-1)")
    add_misconception(small_course, "twice_the_mean", "X.mean(axis=-1) + X.mean(axis=-1)")
    result = command("01_sums", width=width)
    assert result.exit_code == 1
    said = "The mean of 1 and 3 is 2. The only number is not as it should be; it stands at [0], where yours has 4."
    assert result.output.splitlines()[-5:] == [
        "✗ mean, doubled: named as nothing",
        f"  solutions/01_sums/visible_checks.py, line 12, test_mean_example: {said}",
        "",
        "✗ mean, twice_the_mean: named as nothing",
        f"  solutions/01_sums/visible_checks.py, line 12, test_mean_example: {said}",
    ]


def test_a_question_that_is_worth_nothing_is_said_and_the_exit_code_is_zero(
    small_course: Path, command: Callable[..., Result]
) -> None:
    checks = small_course / "solutions/01_sums"
    edit(checks / "hidden_checks.py", "@points(2)", "@points(0)")
    edit(checks / "visible_checks.py", "@points(1)\ndef test_total", "@points(0)\ndef test_total")
    result = command("01_sums")
    assert result.exit_code == 0, result.output
    row = next(line for line in result.output.splitlines() if "reference" in line and "total" in line)
    assert row.split()[:3] == ["total", "reference", "0/0"]
    assert row.rstrip().endswith("✓ worth nothing: all of its checks have @points(0)")
    assert "Every reference is full" in result.output


def test_the_command_prints_the_matrix_and_ends_with_exit_code_zero(command: Callable[..., Result]) -> None:
    result = command()
    assert result.exit_code == 0
    for word in ("total", "mean", "centre", "over_columns", "one_too_few", "mean_added", REFERENCE, STUB):
        assert word in result.output
    assert "✗" not in result.output


def test_a_broken_check_file_of_one_assignment_is_one_line_and_exit_code_two(
    small_course: Path, command: Callable[..., Result]
) -> None:
    (small_course / "solutions/01_sums/hidden_checks.py").write_text("def test_total(student:\n")
    result = command()  # both assignments, each in a process of its own
    assert result.exit_code == 2
    assert result.stderr.startswith("autograder: ")
    assert "hidden_checks.py" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
