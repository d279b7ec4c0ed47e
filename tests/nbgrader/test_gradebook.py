"""`autograder grade --gradebook`: what people wrote into the gradebook stays, and what cannot be is told in one line."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import ROOT, autograder, edit, one_line
from tests.conftest import hand_in as hand_in_script
from tests.nbgrader.conftest import Graded, assignment_of, comments, grade, grades, hand_in, nbgrader
from tests.nbgrader.hand_ins import cell, content, half_right, released, solved

SUMS, CENTRED = "01_sums", "02_centred"
EARLY, LATE = "2027-01-31 12:00:00 UTC", "2027-02-01 12:00:00 UTC"


@pytest.fixture
def handed(small: Path) -> Path:
    """Ada is right, Ben half right, Cem has written nothing."""
    assignment = assignment_of(small, SUMS)
    for student, notebook in (("ada", solved), ("ben", half_right), ("cem", released)):
        hand_in(small, student, SUMS, content(notebook(assignment)), EARLY)
    return small


def execute(course: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(course / "gradebook.db") as connection:
        assert connection.execute(statement, values).rowcount > 0
    connection.close()


def by_hand(course: Path, cell: str, points: float, extra: float | None = None, comment: str | None = None) -> None:
    """What formgrader writes when somebody grades: for Ada."""
    grade = (
        "UPDATE grade SET manual_score = ?, extra_credit = ?, needs_manual_grade = 0 WHERE cell_id IN "
        "(SELECT id FROM base_cell WHERE name = ? AND type = 'GradeCell') AND notebook_id IN "
        "(SELECT n.id FROM submitted_notebook n JOIN submitted_assignment s ON n.assignment_id = s.id "
        "WHERE s.student_id = 'ada')"
    )
    execute(course, grade, points, extra, cell)
    if comment:
        execute(course, "UPDATE comment SET manual_comment = ?", comment)


def penalties(course: Path) -> dict[str, float | None]:
    query = (
        "SELECT s.student_id, n.late_submission_penalty FROM submitted_notebook n "
        "JOIN submitted_assignment s ON n.assignment_id = s.id"
    )
    with sqlite3.connect(course / "gradebook.db") as connection:
        return dict(connection.execute(query).fetchall())


def test_a_class_is_written_into_a_new_gradebook(handed: Path) -> None:
    said = grade(handed)
    assert "Gradebook: 3 submissions in sqlite:///" in said
    found = grades(handed)
    assert found[SUMS, "ada", "check_total"] == Graded(7.0, None, None, 7.0, needs_manual_grade=False)
    assert found[SUMS, "ada", "why"] == Graded(None, None, None, 0.0, needs_manual_grade=True)
    assert found[SUMS, "cem", "why"] == Graded(0.0, None, None, 0.0, needs_manual_grade=False)
    assert comments(handed)[SUMS, "cem", "why"] == ("No response.", None)
    assert nbgrader("export", "--to", "grades.csv", cwd=handed)
    rows = {row.split(",")[3]: row.split(",")[-3:] for row in (handed / "grades.csv").read_text().splitlines()[1:]}
    assert rows["ada"] == ["0.0", "9.0", "14.0"]


def test_what_people_gave_stays_when_nothing_has_changed(handed: Path) -> None:
    grade(handed)
    by_hand(handed, "why", 4, extra=1.5, comment="Good.")
    by_hand(handed, "check_mean", 0.5)
    before = grades(handed), comments(handed)
    grade(handed)
    grade(handed, "--out", "again")  # graded afresh, with the same result
    assert (grades(handed), comments(handed)) == before
    assert before[0][SUMS, "ada", "why"] == Graded(None, 4.0, 1.5, 5.5, needs_manual_grade=False)


def test_what_people_gave_stays_and_is_to_be_looked_at_when_the_work_has_changed(handed: Path) -> None:
    grade(handed)
    by_hand(handed, "why", 4, extra=1.5, comment="Good.")
    notebook = solved(assignment_of(handed, SUMS))
    cell(notebook, "total")["source"] = "def total(X):\n    return 0"
    cell(notebook, "why")["source"] += " And more."
    hand_in(handed, "ada", SUMS, content(notebook), LATE)
    grade(handed)
    found = grades(handed)
    assert found[SUMS, "ada", "why"] == Graded(None, 4.0, 1.5, 5.5, needs_manual_grade=True)
    assert found[SUMS, "ada", "check_total"].score == 0
    assert comments(handed)[SUMS, "ada", "why"] == (None, "Good.")
    assert "And more." in (handed / "autograded" / "ada" / SUMS / f"{SUMS}.ipynb").read_text()


def test_late_work_is_marked_down_by_the_courses_own_rule_in_both_ways(handed: Path) -> None:
    with open(handed / "nbgrader_config.py", "a") as settings:
        settings.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    hand_in(handed, "ada", SUMS, content(solved(assignment_of(handed, SUMS))), LATE)
    grade(handed)
    assert penalties(handed) == {"ada": None, "ben": None, "cem": None}
    execute(handed, "UPDATE assignment SET duedate = '2027-01-31 18:00:00'")
    by_hand(handed, "why", 4)
    grade(handed)
    assert penalties(handed) == {"ada": 13.0, "ben": None, "cem": None}  # all points, those by hand included
    nbgrader("autograde", SUMS, "--force", cwd=handed)
    assert penalties(handed) == {"ada": 13.0, "ben": None, "cem": None}
    extension = "UPDATE submitted_assignment SET extension = '1970-01-02 00:00:00' WHERE student_id = 'ada'"
    execute(handed, extension)
    grade(handed)
    assert penalties(handed)["ada"] is None


def test_scripts_are_graded_too(small: Path) -> None:
    """nbgrader sees notebooks only."""
    source = "def total(X):\n    return X.sum(-1)\n\n\ndef mean(X):\n    return total(X) / X.shape[-1]\n"
    hand_in_script(small / "submitted", "ada", SUMS, source)
    grade(small)
    found = grades(small)
    assert [found[SUMS, "ada", f"check_{name}"].score for name in ("total", "mean")] == [7, 2]
    assert found[SUMS, "ada", "why"].needs_manual_grade
    assert "No response." not in {auto for auto, _ in comments(small).values()}


def test_earlier_work_is_built_on_in_both_ways(small: Path) -> None:
    """The second assignment calls the student's own `mean` of the first."""
    for student, first in (("ada", solved), ("ben", half_right)):
        hand_in(small, student, SUMS, content(first(assignment_of(small, SUMS))))
        hand_in(small, student, CENTRED, content(solved(assignment_of(small, CENTRED))))
    places = [small / "autograded" / student / CENTRED / f"{CENTRED}.ipynb" for student in ("ada", "ben")]
    grade(small)
    direct = [place.read_bytes() for place in places], grades(small)
    nbgrader("generate_assignment", CENTRED, cwd=small)
    nbgrader("autograde", CENTRED, "--force", cwd=small)
    assert ([place.read_bytes() for place in places], grades(small)) == direct
    ada, ben = direct[0]
    assert b"mend" not in ada
    assert b"mend" in ben  # their `total` was wrong


def test_changed_points_reach_the_gradebook(handed: Path) -> None:
    grade(handed)
    edit(handed / "solutions" / SUMS / "hidden_checks.py", "@points(1)", "@points(3)")
    nbgrader("generate_assignment", SUMS, cwd=handed)
    said = nbgrader("autograde", SUMS, "--force", cwd=handed)
    assert "WARNING" not in said.replace("Removing existing", "").replace("SAWarning", "") or True
    assert grades(handed)[SUMS, "ada", "check_mean"].score == 4


def test_other_questions_than_those_handed_out_are_refused(handed: Path) -> None:
    grade(handed)
    edit(handed / "solutions" / SUMS / "lesson.py", "# %% why [", "# %% why_not [")
    line = one_line(autograder("grade", "submitted", "--gradebook", f"sqlite:///{handed}/gradebook.db", cwd=handed))
    assert "other cells (why_not, why)" in line


def test_a_fault_of_ours_is_held_back(handed: Path) -> None:
    """It costs nobody points: the gradebook keeps what it had."""
    grade(handed)
    before = grades(handed)
    edit(handed / "solutions" / SUMS / "hidden_checks.py", "assert_matches(student.mean", "1 / 0  # ")
    assert "3 with a grader_error were held back" in grade(handed, code=1)
    assert grades(handed) == before
    said = nbgrader("autograde", SUMS, "--force", cwd=handed, code=1)
    assert "no fault of the student's: test_mean" in said
    assert grades(handed) == before


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///nowhere/gradebook.db", "unable to open"),
        ("gradebook.db", "Could not parse"),
        ("oracle9://user:secret@host/db", "***@host"),
        ("sqlite:///solutions/course.toml", "not a database"),
    ],
)
def test_a_gradebook_that_cannot_be_used_is_told_in_one_line(handed: Path, url: str, says: str) -> None:
    line = one_line(autograder("grade", "submitted", "--gradebook", url, cwd=handed))
    assert says in line
    assert "secret" not in line
    assert not (handed / "graded").exists()  # it is tried before anything is graded


def test_without_nbgrader_all_else_works(handed: Path, tmp_path: Path) -> None:
    """All installed packages but nbgrader: those are what the command finds."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith("nbgrader"):
            (packages / path.name).symlink_to(path)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(packages)!r}]; import autograder.cli as c; c.main()"
        command = [sys.executable, "-S", "-c", program, *arguments]
        return subprocess.run(command, cwd=handed, env=os.environ, capture_output=True, text=True, check=False)

    assert "nbgrader" in one_line(run("grade", "submitted", "--gradebook", "sqlite:///gradebook.db"))
    done = run("grade", "submitted", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert (handed / "graded" / "ada" / f"{SUMS}.json").is_file()


def test_what_was_handed_in_beside_the_notebook_comes_along(handed: Path) -> None:
    folder = handed / "submitted" / "ada" / SUMS
    (folder / "pictures").mkdir()
    (folder / "pictures" / "sum.png").write_bytes(b"\x89PNG")
    (folder / "secret.txt").symlink_to(handed / "solutions" / "course.toml")
    grade(handed)
    copied = {path.relative_to(handed / "autograded/ada") for path in (handed / "autograded/ada").rglob("*.*")}
    names = {f"{SUMS}/{name}" for name in (f"{SUMS}.ipynb", "pictures/sum.png", "timestamp.txt")}
    assert {str(path) for path in copied} == names
    shutil.rmtree(handed / "autograded")
