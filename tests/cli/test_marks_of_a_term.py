"""A term of forty students and three assignments: every mark, before and after the rules change, by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import nbformat
import pytest
from click.testing import CliRunner, Result

from autograder.cli import main
from autograder.course.loader import load_course
from autograder.course.release import released_notebook
from tests.helpers.course import edit, write_course
from tests.helpers.nbgrader import exported

pytestmark = pytest.mark.slow

NAMES = ("01_first", "02_second", "03_third")
BERLIN = ZoneInfo("Europe/Berlin")
DUE = {name: datetime(2024, 10, 1 + 7 * week, 20, 0, tzinfo=BERLIN) for week, name in enumerate(NAMES)}

# Each assignment: `double`, 4 + 4 points, `half`, 2 points, and an answer in words, 4 points; 14 in all.
LESSON = '''\
# %% [markdown]
# # Twice and half


# %% double{n}
def double{n}(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% half{n}
def half{n}(x):
    """Half of x."""
    ### BEGIN SOLUTION
    return x / 2
    ### END SOLUTION


# %% why{n} [markdown] points=4
# Why?
#
# ### BEGIN SOLUTION
# Because two halves make one.
# ### END SOLUTION
'''
VISIBLE = '''\
from autograder.checking import assert_allclose, points


@points(4)
def test_double_example(student):
    """Twice 2 is 4"""
    assert_allclose(student.double{n}(2.0), 4.0)
'''
HIDDEN = '''\
from autograder.checking import assert_allclose, points


@points(4)
def test_double(student):
    """Twice 50 is 100"""
    assert_allclose(student.double{n}(50.0), 100.0)


@points(2)
def test_half(student):
    """Half of 4 is 2"""
    assert_allclose(student.half{n}(4.0), 2.0)
'''

MISCONCEPTIONS = '''\
from autograder.checking import misconception


@misconception("double{n}")
def squared(x):
    """The number was squared.

    What is twice 3?
    """
    return x * x
'''
CLASS_TOML = """\
timezone = "Europe/Berlin"
zeros = ["missing"]

[late]
grace_minutes = 15
percent = 10
at_most_percent = 50
closed_after_days = 7
free_days = 1

[assignments.01_first]
due = 2024-10-01T20:00:00

[assignments.02_second]
due = 2024-10-08T20:00:00

[assignments.03_third]
due = 2024-10-15T20:00:00
weight = 2
"""

# What the students of each kind do; student 12 is the second of kind 2. Who is not named does all of it right, in time.
IN_GRACE, TWO_DAYS_LATE, ONE_DAY_LATE, CLOSED, MISSES_ONE = 1, 2, 3, 4, 5
WRONG_HALF, UNREADABLE, NO_WORDS, ROUNDS = 6, 7, 8, 9
LATE = {
    (IN_GRACE, "01_first"): timedelta(minutes=10),
    (TWO_DAYS_LATE, "01_first"): timedelta(hours=26),
    (ONE_DAY_LATE, "02_second"): timedelta(hours=1),
    (CLOSED, "03_third"): timedelta(days=9),
}
STUDENTS = [f"s{number:02}" for number in range(40)]


def code(kind: int, assignment: str) -> dict[str, str]:
    """What a student of this kind writes, by the first letters of the question."""
    half = "x" if kind == WRONG_HALF else "x // 2" if (kind, assignment) == (ROUNDS, "03_third") else "x / 2"
    return {"double": "def double{n}(x):\n    return 2 * x", "half": f"def half{{n}}(x):\n    return {half}"}


def hand_in_all(folder: Path) -> None:
    course = load_course(folder / "solutions")
    for number, name in enumerate(NAMES, 1):
        released = nbformat.writes(released_notebook(course.assignment(name)))
        for student in STUDENTS:
            kind = int(student[-1])
            if (kind, name) == (MISSES_ONE, "02_second"):
                continue
            notebook = nbformat.reads(released, as_version=4)
            words = "Maybe." if kind == WRONG_HALF else "Because."
            for cell in notebook.cells:
                for question, source in code(kind, name).items():
                    if cell.id == f"{question}{number}":
                        cell.source = source.format(n=number)
                if cell.id == f"why{number}" and (kind, name) != (NO_WORDS, "01_first"):
                    cell.source = words
            place = folder / "submitted" / student / name
            place.mkdir(parents=True)
            text = "no notebook" if (kind, name) == (UNREADABLE, "03_third") else nbformat.writes(notebook)
            (place / f"{name}.ipynb").write_text(text)
            time = DUE[name] + LATE.get((kind, name), -timedelta(hours=1))
            (place / "timestamp.txt").write_text(time.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M:%S UTC"))


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the term, in which the steps of the test happen one after the other."""
    folder = tmp_path_factory.mktemp("term")
    files = {
        name: {
            "lesson.py": LESSON.format(n=number),
            "visible_checks.py": VISIBLE.format(n=number),
            "hidden_checks.py": HIDDEN.format(n=number),
            "misconceptions.py": MISCONCEPTIONS.format(n=number),
        }
        for number, name in enumerate(NAMES, 1)
    }
    write_course(folder, files=files)
    hand_in_all(folder)
    (folder / "class.toml").write_text(CLASS_TOML)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder


def run(*arguments: str, expected: int = 0) -> Result:
    result = CliRunner(env={"COLUMNS": "400"}).invoke(main, arguments)
    assert result.exit_code == expected, result.output
    return result


def marks_of(term: Path) -> dict[tuple[int, str], set[tuple[str, str]]]:
    """Status and mark of each kind of student in each assignment."""
    found: dict[tuple[int, str], set[tuple[str, str]]] = {}
    with (term / "graded" / "marks.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((int(row["student"][-1]), row["assignment"]), set()).add((row["status"], row["mark"]))
    return found


def totals_of(term: Path) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    with (term / "graded" / "totals.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(int(row["student"][-1]), set()).add(row["total"])
    return found


def fill_sheet(sheet: Path) -> int:
    """Grade the answers as a person does: 4 for the reason, 1 for the other. Returns how many there were."""
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["points"], row["comment"] = ("4", "") if row["answer"] == "Because." else ("1", "Give a reason.")
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def everybody(marks: dict[str, str]) -> dict[tuple[int, str], set[tuple[str, str]]]:
    """All kinds, all graded with these marks."""
    return {(kind, name): {("graded", marks[name])} for kind in range(10) for name in NAMES}


def test_every_mark_of_the_term_is_what_a_person_reckons(term: Path) -> None:
    # First the class is graded: what is written in words waits for a person.
    run("grade", "submitted", "--unconfined")
    awaiting = {("awaits_hand_grading", "")}
    expected = dict.fromkeys(everybody(dict.fromkeys(NAMES, "")), awaiting)
    expected[NO_WORDS, "01_first"] = {("graded", "10")}
    expected[MISSES_ONE, "02_second"] = {("missing", "0")}
    expected[UNREADABLE, "03_third"] = {("unreadable", "")}
    assert marks_of(term) == expected

    # Then the answers are graded, two to each question.
    run("written", "graded", "--out", "written.csv")
    assert fill_sheet(term / "written.csv") == 6
    run("marks")
    expected = everybody(dict.fromkeys(NAMES, "14"))
    expected[TWO_DAYS_LATE, "01_first"] = {("graded", "12.6")}  # a free day, and one at 10 % of 14
    expected[CLOSED, "03_third"] = {("graded", "0")}
    expected[MISSES_ONE, "02_second"] = {("missing", "0")}
    expected |= {(WRONG_HALF, name): {("graded", "9")} for name in NAMES}  # 8 and 1
    expected[UNREADABLE, "03_third"] = {("unreadable", "")}
    expected[NO_WORDS, "01_first"] = {("graded", "10")}
    assert marks_of(term) == expected
    assert totals_of(term) == {
        0: {"100.00"},
        IN_GRACE: {"100.00"},
        TWO_DAYS_LATE: {"97.50"},
        ONE_DAY_LATE: {"100.00"},
        CLOSED: {"50.00"},
        MISSES_ONE: {"75.00"},
        WRONG_HALF: {"64.29"},
        UNREADABLE: {"100.00"},
        NO_WORDS: {"92.86"},
        ROUNDS: {"100.00"},
    }
    late = (term / "graded" / "s12" / "01_first.html").read_text(encoding="utf-8")
    assert "12.6" in late
    assert "Handed in 2 hours late (due 2 October 2024, 20:00 Europe/Berlin): 1 begun day at 10% of 14 points." in late

    # The rules change.
    edit(term / "class.toml", "[assignments.02_second]", '[assignments.02_second]\ndrop = ["half2"]')
    with (term / "class.toml").open("a") as file:
        file.write("""
[[extensions]]
student = "s02"
assignment = "01_first"
days = 2

[[excused]]
student = "s04"
assignment = "03_third"

[[overrides]]
student = "s06"
assignment = "01_first"
points = 13
reason = "agreed in the office hour"
""")
    moved = run("marks").output
    for name in ("s02", "s04", "s06"):
        assert name in moved
    expected |= {(kind, "02_second"): {("graded", "12")} for kind in range(10)}
    expected[WRONG_HALF, "02_second"] = {("graded", "9")}
    expected[MISSES_ONE, "02_second"] = {("missing", "0")}
    expected[TWO_DAYS_LATE, "01_first"] = {("graded", "14"), ("graded", "12.6")}
    expected[CLOSED, "03_third"] = {("excused", ""), ("graded", "0")}
    expected[WRONG_HALF, "01_first"] = {("graded", "13"), ("graded", "9")}
    assert marks_of(term) == expected

    # A check is mended: who rounded loses two points.
    edit(term / "solutions/03_third/hidden_checks.py", "half3(4.0), 2.0", "half3(3.0), 1.5")
    run("grade", "submitted", "--unconfined")
    expected[ROUNDS, "03_third"] = {("graded", "12")}
    assert marks_of(term) == expected
    assert totals_of(term) == {
        0: {"100.00"},
        IN_GRACE: {"100.00"},
        TWO_DAYS_LATE: {"100.00", "97.50"},
        ONE_DAY_LATE: {"100.00"},
        CLOSED: {"100.00", "50.00"},
        MISSES_ONE: {"75.00"},
        WRONG_HALF: {"74.11", "66.96"},
        UNREADABLE: {"100.00"},
        NO_WORDS: {"92.86"},
        ROUNDS: {"92.86"},
    }
    page = (term / "graded" / "s06" / "01_first.html").read_text(encoding="utf-8")
    assert "agreed in the office hour" in page
    assert "Give a reason." in page
    assert "agreed" not in (term / "graded" / "s16" / "01_first.html").read_text(encoding="utf-8")
    assert "12.6" in run("marks", "--explain", "s12").output

    # The same class through nbgrader: its own export has these marks, and 0 for what has none. It knows no excuse:
    # what it shows of s04 is named.
    said = run("grade", "submitted", "--unconfined", "--gradebook", f"sqlite:///{term}/gradebook.db").output
    assert "s04 03_third (excused)" in said
    assert marks_of(term) == expected
    with (term / "graded" / "marks.csv").open(encoding="utf-8", newline="") as file:
        marks = {(row["student"], row["assignment"]): float(row["mark"] or 0) for row in csv.DictReader(file)}
    shown = exported(term)
    assert shown.pop(("s04", "03_third")) == 10
    del marks["s04", "03_third"]
    assert {key: shown.get(key, 0.0) for key in marks} == pytest.approx(marks)
