"""`autograder certify --mutants`: what survives is listed with its place, and the exit code says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.course.loader import load_course
from autograder.course.mutants.record import recorded
from tests.helpers.course import edit

pytestmark = pytest.mark.slow

LOOKING_BACK = '''

@points(1)
def test_total_side_effects(student, rng):
    """Nothing is changed"""
    assert_no_side_effects(student.total, rng.normal(size=(3, 5)))


@points(1)
def test_mean_side_effects(student, rng):
    """Nothing is changed"""
    assert_no_side_effects(student.mean, rng.normal(size=(2, 3, 5)))
'''


@pytest.fixture
def command(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(small_course)
    return lambda *arguments: CliRunner(env={"COLUMNS": "200"}).invoke(main, ["certify", *arguments])


def test_survivors_are_listed_with_their_place_and_the_exit_code_is_one(
    small_course: Path, command: Callable[..., Result]
) -> None:
    result = command("--mutants", "01_sums")
    assert result.exit_code == 1
    assert (
        "solutions/01_sums/lesson.py:9: total, wrong for some inputs\n"
        "  + where any inputs: `X` is written into\n"
        "  survives: it gets all points, and differs from the reference in total(X: (1, 2)), "
        "which test_total_example draws"
    ) in result.output
    assert "2 survive: each gets all points" in result.output
    assert "total: no check draws inputs for which `X` has 1 along axis -1; `X` is of float32." in result.output
    row = next(line.split() for line in result.output.splitlines() if re.match(r"total +\d+ +\d+ ", line))
    made, killed, equivalent, alike, surviving = map(int, row[1:])
    assert made == killed + equivalent + alike + surviving
    assert surviving == 1
    assert not (small_course / "solutions/mutants.toml").exists(), "the course has not asked for it"


def test_where_none_survives_the_exit_code_is_zero_and_the_counts_are_kept(
    small_course: Path, command: Callable[..., Result]
) -> None:
    checks = small_course / "solutions/01_sums/hidden_checks.py"
    checks.write_text(
        checks.read_text().replace("import assert_matches", "import assert_no_side_effects, assert_matches")
    )
    checks.write_text(checks.read_text() + LOOKING_BACK)
    (small_course / "solutions/mutants.toml").touch()
    result = command("--mutants", "01_sums")
    assert result.exit_code == 0, result.output
    assert "None survives" in result.output
    course = load_course(small_course / "solutions")
    counts, is_of_today = recorded(course)["01_sums"]
    assert is_of_today
    assert counts.surviving == 0
    assert counts.made == counts.killed + counts.alike > 50

    edit(checks, '"""Nothing is changed"""', '"""Nothing, nothing is changed"""')
    assert recorded(load_course(small_course / "solutions"))["01_sums"][1], "words change no count"
    edit(checks, "(2, 3, 5)", "(2, 3, 6)")
    assert not recorded(load_course(small_course / "solutions"))["01_sums"][1]


def test_a_course_that_proves_nothing_has_no_mutants_tried(small_course: Path, command: Callable[..., Result]) -> None:
    edit(small_course / "solutions/01_sums/misconceptions.py", "return X.sum(axis=0)", "return X.sum(axis=-1)")
    result = command("--mutants", "01_sums")
    assert result.exit_code == 1
    assert "No mutants were tried" in result.output


def test_a_list_of_equivalents_that_cannot_be_read_is_one_line(
    small_course: Path, command: Callable[..., Result]
) -> None:
    (small_course / "solutions/01_sums/equivalents.toml").write_text("[[total]]\nwas = 1\n")
    result = command("--mutants", "01_sums")
    assert result.exit_code == 2
    assert result.stderr.startswith("autograder: ")
    assert "entry 1 of [[total]] needs was, now and because" in result.stderr
