"""Files that answers may read, in a course: named in course.toml, handed out, and read by the lesson itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.checking.collection import CheckRun
from autograder.course.loader import load_course
from autograder.settings import read_public_settings
from tests.helpers.command_line import autograder, refusal
from tests.helpers.course import edit, hand_in
from tests.helpers.grading import load_reports

pytestmark = pytest.mark.slow

NAME = "01_sums/data/scale.txt"
IN_FUNCTION = "    with open('data/scale.txt') as file:\n        return X.sum(axis=-1) * float(file.read())\n"
AT_TOP_LEVEL = """import numpy as np

SCALE = float(np.loadtxt("data/scale.txt"))


def total(X):
    return SCALE * np.sum(X, axis=-1)
"""
UNNAMED = AT_TOP_LEVEL.replace("scale.txt", "other.txt")
MEAN = "\n\ndef mean(X):\n    return X.mean(axis=-1)\n"


@pytest.fixture
def reading(small_course: Path) -> Path:
    """The small course, whose first function reads a factor in a file."""
    solutions = small_course / "solutions"
    (solutions / "01_sums" / "data").mkdir()
    for name in ("scale.txt", "other.txt"):
        (solutions / "01_sums" / "data" / name).write_text("1.0")
    toml = solutions / "course.toml"
    toml.write_text(f'reads = ["{NAME}"]\n{toml.read_text()}')
    edit(solutions / "01_sums" / "lesson.py", "    return X.sum(axis=-1)\n", IN_FUNCTION)
    return small_course


def test_it_is_certified_released_and_graded(reading: Path) -> None:
    assert "Every reference is full" in autograder("certify", "01_sums", cwd=reading).stdout
    assert autograder("release", cwd=reading).returncode == 0
    assert read_public_settings(reading / "assignments" / "course.toml").reads == (NAME,)
    assert (reading / "assignments" / NAME).read_text() == "1.0"
    for student, source in (("ada", f"def total(X):\n{IN_FUNCTION}"), ("bo", AT_TOP_LEVEL), ("cy", UNNAMED)):
        hand_in(reading / "class", student, "01_sums", source + MEAN)
    assert autograder("grade", "class", cwd=reading).returncode == 0
    reports = load_reports(reading / "graded")
    total = {student: reports[f"{student}/01_sums.json"]["questions"][0] for student in ("ada", "bo", "cy")}
    assert total["ada"]["score"] == total["bo"]["score"] == total["ada"]["max_score"]
    assert total["cy"]["score"] == 0


def test_at_home_it_is_the_same(reading: Path) -> None:
    autograder("release", cwd=reading)
    for source, right in ((AT_TOP_LEVEL, True), (UNNAMED, False)):
        work = reading / "assignments" / "01_sums" / "01_sums.py"
        work.with_suffix(".ipynb").unlink(missing_ok=True)
        work.write_text(source + MEAN)
        said = autograder("check", work, cwd=reading).stdout
        assert ("`total`: its visible check passes" in said) is right, said
        assert ("and no other file" in said or "not found" in said) is not right


def test_the_lesson_runs_in_its_own_folder_and_the_grader_stays_where_it_is(
    reading: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(reading)
    assignment = load_course(reading / "solutions").assignment("01_sums")
    with assignment.check_session() as session:
        results = session.run(CheckRun(assignment.reference))
    assert all(question.score == question.max_score for question in results)
    assert Path.cwd() == reading


@pytest.mark.parametrize("fault", ["missing", "a folder", "a link that leads out"])
def test_a_file_that_is_not_there_is_told_in_a_line(reading: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    file = reading / "solutions" / NAME
    file.unlink()
    if fault == "a folder":
        file.mkdir()
    if fault == "a link that leads out":
        (reading / "solutions" / "secret.txt").write_text("1.0")
        os.symlink(reading / "solutions" / "secret.txt", file)
    told = {
        "missing": f"course.toml: reads names {file}, and there is no such file: put it there, or take its name out",
        "a folder": f"course.toml: reads names {file}, which is no file: name each file in it",
        "a link that leads out": (
            f"course.toml: reads names {file}, a link that leads out of {file.parent}: put a copy of the file there"
        ),
    }
    (reading / "class").mkdir()
    for command in (["certify"], ["release"], ["grade", "class"], ["doctor"]):
        assert refusal(monkeypatch, reading, *command) == f"autograder: {told[fault]}"


def test_the_machine_proves_that_nothing_else_can_be_read(reading: Path) -> None:
    printed = autograder("doctor", cwd=reading).stdout
    assert "✓ reads the files that the course gives it, in memory" in printed
    assert "✓ reads nothing that lies beside them, nor the files themselves" in printed
