"""What an author got wrong in a course: from every command that reads it one line, with the place and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.command_line import autograder, refusal
from tests.helpers.course import RIGHT_SUMS, edit, hand_in
from tests.helpers.nbgrader import WHY

pytestmark = pytest.mark.slow

SUMS = "solutions/01_sums"
COMMANDS = {
    "certify": ["certify", "01_sums"],
    "release": ["release", "01_sums"],
    "release --source": ["release", "01_sums", "--source", "source"],
    "grade": ["grade", "class", "--unconfined"],
    "gradescope": ["gradescope", "archive.zip", "--assignment", "01_sums"],
    "classroom50": ["classroom50", "archive", "--assignment", "01_sums"],
}
VISIBLE, HIDDEN = "visible_checks.py", "hidden_checks.py"
NO_POINTS = ["'five'", "None", "-1", "float('nan')", "float('inf')", "10**400", "1j", "[1]", "True"]


@pytest.fixture
def course(small_course: Path) -> Path:
    lesson = small_course / SUMS / "lesson.py"
    lesson.write_text(lesson.read_text() + WHY)
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    return small_course


def broken(course: Path, fault: str) -> str:
    """Break the course; returns how the line begins that tells it."""
    lesson = course / SUMS / "lesson.py"
    match fault:
        case "no points" | "points=five" | "points= 5" | "points=":
            edit(lesson, "points=5", "" if fault == "no points" else fault)
            return f"autograder: {lesson}, line "
        case "a name twice":
            edit(lesson, "# %% why [", "# %% mean [")
            return f"autograder: {lesson}, line 24: `mean` is the name of the cell in line 16 already: choose another"
        case "no question":
            lesson.write_text("# %% [markdown]\n# # Sums\n")
            return f"autograder: {lesson} has no question: put `# %% name` above a function"
        case "empty":
            lesson.write_text("")
            return f"autograder: {lesson} has no question"
        case "latin-1":
            lesson.write_bytes(b"# %%\n# \xe9\n" + lesson.read_bytes())
            return f"autograder: {lesson}, line 2 is not UTF-8: save the file as UTF-8"
        case "syntax":
            edit(lesson, "return total(X) /", "return total(X) / /")
            return f"autograder: {lesson}: the question `mean` has no function: SyntaxError in 01_sums/lesson.py, line "
        case "points of a hidden check":
            edit(course / SUMS / HIDDEN, "@points(2)", "@points('2')")
            return f"autograder: {course / SUMS / HIDDEN}, line 6: check `test_total` is worth '2', which is no"
        case "points of a visible check":
            edit(course / SUMS / VISIBLE, "@points(1)\ndef test_mean", "@points(None)\ndef test_mean")
            return f"autograder: {course / SUMS / VISIBLE}, line 12: check `test_mean_example` is worth None, which is"
    raise ValueError(fault)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "fault",
    [
        *(
            "no points",
            "points=five",
            "points= 5",
            "points=",
            "a name twice",
            "no question",
            "empty",
            "latin-1",
            "syntax",
        ),
        *("points of a hidden check", "points of a visible check"),
    ],
)
def test_every_command_tells_it_in_one_line(
    monkeypatch: pytest.MonkeyPatch, course: Path, fault: str, command: str
) -> None:
    told = broken(course, fault)
    assert refusal(monkeypatch, course, *COMMANDS[command]).startswith(told)


@pytest.mark.parametrize("file", [VISIBLE, HIDDEN])
@pytest.mark.parametrize("points", NO_POINTS)
def test_a_check_is_worth_a_number(monkeypatch: pytest.MonkeyPatch, course: Path, file: str, points: str) -> None:
    path = course / SUMS / file
    path.write_text(path.read_text().replace("@points(1)", f"@points({points})", 1))
    line = refusal(monkeypatch, course, "release", "01_sums")
    assert "which is no number of points: write one from 0 to 10000, such as @points(2)" in line


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("\nraise ValueErro\n", "NameError: name 'ValueErro' is not defined"),
        ("\ndef x(:\n", "SyntaxError: invalid syntax"),
        ("\nimport sys\nsys.exit(3)\n", "SystemExit: 3"),
    ],
)
@pytest.mark.parametrize("command", ["certify", "grade", "gradescope"])
def test_misconceptions_that_cannot_be_read_are_told_with_the_line(
    monkeypatch: pytest.MonkeyPatch, course: Path, command: str, added: str, told: str
) -> None:
    path = course / SUMS / "misconceptions.py"
    path.write_text(path.read_text() + added)
    number = len(path.read_text().splitlines())
    assert refusal(monkeypatch, course, *COMMANDS[command]).startswith(f"autograder: {path}, line {number}: {told}")


def test_a_lesson_may_begin_with_a_byte_order_mark(course: Path) -> None:
    """Editors on Windows put one there."""
    lesson = course / SUMS / "lesson.py"
    lesson.write_text(lesson.read_text(), encoding="utf-8-sig")
    done = autograder("release", "01_sums", cwd=course)
    assert done.returncode == 0, done.stderr
