"""Answers in words are part of a student's progress: nothing is done while a cell says YOUR ANSWER HERE."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.course.loader import load_course
from autograder.course.release import release_assignment, release_settings
from autograder.student.own_files import read_own
from autograder.student.workspace import find_workspace
from autograder.student.written import written_in
from tests.helpers.command_line import autograder
from tests.helpers.course import CENTRED, RIGHT_CENTRED, RIGHT_SUMS, SUMS, write_course

pytestmark = pytest.mark.slow

NAME, QUESTION, STUB = "01_sums", "why_mean", "YOUR ANSWER HERE"
WITH_WORDS = f"""{SUMS["lesson.py"]}

# %% {QUESTION} [markdown] points=5
# **Why is the mean the middle?** In one sentence.
#
# ### BEGIN SOLUTION
# The deviations sum to 0.
# ### END SOLUTION
"""
WORDS = "Because the deviations cancel."


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {NAME: {**SUMS, "lesson.py": WITH_WORDS}, "02_centred": CENTRED}
    folder = write_course(tmp_path_factory.mktemp("released"), files=files)
    course = load_course(folder / "solutions")
    for each in course.assignments:
        release_assignment(each, folder / "assignments")
    release_settings(course, folder / "assignments")
    return folder / "assignments"


@pytest.fixture
def home(released: Path, tmp_path: Path) -> Path:
    return shutil.copytree(released, tmp_path / "assignments")


def edit(home: Path, change: Callable[[list[dict[str, Any]]], None], name: str = NAME) -> Path:
    """Change the cells of a notebook."""
    file = home / name / f"{name}.ipynb"
    notebook = json.loads(file.read_text())
    change(notebook["cells"])
    file.write_text(json.dumps(notebook))
    return file


def cell(cells: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(each for each in cells if each["id"] == name)


def code_solved(cells: list[dict[str, Any]]) -> None:
    cell(cells, "total")["source"], cell(cells, "mean")["source"] = RIGHT_SUMS, ""


def answered(text: str) -> Callable[[list[dict[str, Any]]], None]:
    def change(cells: list[dict[str, Any]]) -> None:
        found = cell(cells, QUESTION)
        found["source"] = "".join(found["source"]).replace(STUB, text)

    return change


def question_emptied(cells: list[dict[str, Any]]) -> None:
    cell(cells, QUESTION)["source"] = ""


def question_deleted(cells: list[dict[str, Any]]) -> None:
    cells.remove(cell(cells, QUESTION))


def beside(kind: str, *, stub_left: bool = False) -> Callable[[list[dict[str, Any]]], None]:
    def change(cells: list[dict[str, Any]]) -> None:
        if not stub_left:
            answered("")(cells)
        own = {"cell_type": kind, "id": "own", "metadata": {}, "source": WORDS}
        cells.append(own if kind == "markdown" else {**own, "outputs": [], "execution_count": None})

    return change


@pytest.mark.parametrize(
    ("change", "is_written"),
    [
        (answered(WORDS), True),
        (answered(STUB), False),
        (answered(""), False),
        (answered(f"{STUB}\n\n{WORDS}"), False),
        (question_emptied, False),
        (question_deleted, False),
        (beside("markdown"), True),
        (beside("markdown", stub_left=True), False),
        (beside("code"), False),
    ],
    ids=["answered", "as released", "emptied", "stub left", "no question", "deleted", "below", "below a stub", "code"],
)
def test_an_answer_is_there_when_nothing_says_your_answer_here_any_more(
    home: Path, change: Callable[[list[dict[str, Any]]], None], is_written: bool
) -> None:
    file = edit(home, change)
    course = find_workspace(home)
    written = written_in(read_own(course, file), course.handout(NAME))
    assert written.asked == (QUESTION,)
    assert written.answered == ((QUESTION,) if is_written else ())


def test_hand_in_is_said_only_when_the_words_are_written(home: Path) -> None:
    (home / "02_centred" / "02_centred.ipynb").unlink()
    (home / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    edit(home, code_solved)
    shown = autograder("check", home).stdout
    lines = shown.splitlines()
    assert lines[:2] == [
        "Next: `why_mean` in 01_sums, in words",
        "`why_mean` is not answered yet: write in its cell, in the place of YOUR ANSWER HERE.",
    ]
    assert "Hand in" not in shown
    rows = [line.split() for line in lines]
    assert ["01_sums", "started", "2", "of", "2", "0", "of", "1"] in rows
    assert ["02_centred", "done", "1", "of", "1"] in rows

    edit(home, answered(WORDS))
    shown = autograder("check", home).stdout
    assert shown.startswith(
        "All visible checks of the course pass, and every answer in words is written. Hand in: the hidden checks"
    )
    assert ["01_sums", "done", "2", "of", "2", "1", "of", "1"] in [line.split() for line in shown.splitlines()]


def test_one_file_shows_its_answers_in_words(home: Path) -> None:
    assert "· `why_mean` is not answered yet" in autograder("check", home / NAME).stdout
    edit(home, answered(WORDS))
    assert "✓ `why_mean` is answered in words. A person reads it." in autograder("check", home / NAME).stdout


def test_a_script_has_no_place_for_words(home: Path) -> None:
    (home / NAME / f"{NAME}.ipynb").unlink()
    (home / NAME / f"{NAME}.py").write_text(RIGHT_SUMS)
    assert autograder("check", home).stdout.startswith("Next: `centre` in 02_centred\n")  # functions go on meanwhile
    (home / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    shown = autograder("check", home).stdout
    assert shown.startswith("Next: `why_mean` in 01_sums, in words\n")
    assert "a .py file has no place for it: put your functions into 01_sums.ipynb" in shown


def test_a_course_without_answers_in_words_has_no_column_for_them(workspace: Path) -> None:
    (workspace / NAME / f"{NAME}.py").write_text(RIGHT_SUMS)
    (workspace / "02_centred" / "02_centred.py").write_text(RIGHT_CENTRED)
    shown = autograder("check", workspace).stdout
    assert "In words" not in shown
    assert shown.startswith("All visible checks of the course pass. Hand in")
