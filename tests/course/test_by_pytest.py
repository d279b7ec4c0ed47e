"""The checks of a course in ordinary pytest, as their author runs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import environment
from tests.helpers.course import RIGHT_SUMS, WRONG_SUMS, edit
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

HIDDEN = "solutions/01_sums/hidden_checks.py"
FAILED, USAGE = 1, 4  # pytest's exit codes


def run(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(), input=typed, capture_output=True, text=True, timeout=120, check=False
    )


def test_on_the_reference_everything_passes_and_points_are_added_up(small_course: Path) -> None:
    ran = run(small_course, "solutions")
    assert ran.returncode == 0, ran.stdout
    assert "8 passed" in ran.stdout
    assert "01_sums, on the lesson's own answers" in ran.stdout
    assert "total: 7 of 7 points\ntest_total: 3 cases, worth 2 each\nmean: 2 of 2 points\n" in ran.stdout
    assert "centre: 5 of 5 points" in ran.stdout


def test_on_the_stub_nothing_is_earned(small_course: Path) -> None:
    ran = run(small_course / "solutions/01_sums", "--on", "stub", "hidden_checks.py")
    assert ran.returncode == FAILED
    assert "`total` is still to be written" in ran.stdout
    assert "total: 0 of 6 points" in ran.stdout
    assert "mean: 0 of 1 points" in ran.stdout


def test_a_misconception_is_told_as_to_a_student_at_the_line_of_the_check(small_course: Path) -> None:
    """The checks of other assignments, which do not have it, are left out, and the traceback ends in the check."""
    ran = run(small_course, "solutions", "--on", "over_columns")
    assert ran.returncode == FAILED
    assert "5 failed" not in ran.stdout
    assert "The columns were summed." in ran.stdout
    assert f"{HIDDEN}:10: NotPassedError" in ran.stdout
    assert "assertions.py" not in ran.stdout
    assert "2 deselected" in ran.stdout
    assert "02_centred" not in ran.stdout


def test_what_is_not_chosen_is_not_counted(small_course: Path) -> None:
    ran = run(small_course, "solutions", "-k", "test_total_example")
    assert "total: 1 of 1 points" in ran.stdout
    assert "mean" not in ran.stdout


def test_a_students_file_runs_confined_on_the_inputs_of_that_student(small_course: Path) -> None:
    file = small_course / "submitted/ana/01_sums/01_sums.py"
    file.parent.mkdir(parents=True)
    file.write_text(WRONG_SUMS.replace("import numpy as np", "import numpy as np\nimport os"))
    ran = run(small_course, "solutions", "--on", "submitted/ana/01_sums/01_sums.py")
    assert "submitted/ana/01_sums/01_sums.py, with the inputs of ana" in ran.stdout
    assert "mean: 2 of 2 points" in ran.stdout
    file.write_text(RIGHT_SUMS.replace("return np.mean(X, axis=-1)", "__builtins__['__import__']('os')._exit(0)"))
    ran = run(small_course, "solutions/01_sums", "--on", str(file))
    assert ran.returncode == FAILED
    assert "total: 7 of 7 points" in ran.stdout
    assert "mean: 0 of 2 points" in ran.stdout


def test_a_file_that_may_be_for_several_assignments_is_not_guessed_at(small_course: Path) -> None:
    (small_course / "work.py").write_text(RIGHT_SUMS)
    ran = run(small_course, "solutions", "--on", "work.py")
    assert ran.returncode == USAGE
    assert "--on work.py: it may be the work on any of 01_sums, 02_centred: name the folder of one" in ran.stderr
    assert run(small_course, "solutions/01_sums", "--on", "work.py").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["solutions", "--on", "over_colums"],
            "--on over_colums: neither a file nor a misconception has that name: say `reference`, `stub` or perhaps "
            "over_columns, one_too_few, mean_added",
        ),
        ([".", "--on", "stub"], "--on says what the checks of a course are run on: name a folder or a file in its"),
    ],
)
def test_what_cannot_be_run_is_said_in_a_line(small_course: Path, arguments: list[str], said: str) -> None:
    ran = run(small_course, *arguments)
    assert ran.returncode == USAGE
    assert f"ERROR: {said}" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr


def test_asserts_are_explained_and_breakpoints_stop(small_course: Path) -> None:
    with (small_course / HIDDEN).open("a") as checks:
        checks.write(
            '\n\n@points(1)\ndef test_five(student):\n    """Five"""\n    three = student.total([1.0, 2.0])\n'
            '    breakpoint()\n    assert float(three) == 5, "It is five."\n'
        )
    edit(small_course / "solutions/01_sums/lesson.py", "X.sum(axis=-1)", "np.sum(X, axis=-1)")
    ran = run(small_course, HIDDEN, "-k", "five", typed="p int(three) * 14\nc\n")
    assert "42" in ran.stdout
    assert "assert 3.0 == 5" in ran.stdout


def test_a_check_that_cannot_count_is_refused_with_its_line(small_course: Path) -> None:
    edit(
        small_course / HIDDEN,
        "    assert_matches(student.mean",
        '    pytest.skip("later")\n    assert_matches(student.mean',
    )
    ran = run(small_course, "solutions")
    assert ran.returncode == USAGE
    assert f"{small_course / HIDDEN}, line 16: check `test_mean` has pytest.skip: a check passes or fails" in ran.stderr


def test_answers_read_the_files_that_the_course_names() -> None:
    """The second course, on its own answers and on a student's."""
    course = ROOT / "examples/other_course"
    assert run(course, "solutions").returncode == 0
    ran = run(course, "solutions", "--on", "class/ada/02_words/02_words.ipynb")
    assert ran.returncode == 0, ran.stdout
    assert "with the inputs of ada" in ran.stdout
