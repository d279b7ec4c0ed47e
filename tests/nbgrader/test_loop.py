"""The walk-through in docs/nbgrader.md, command by command, in a checkout of its own."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.helpers.nbgrader import WRITTEN, grades
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

COMMANDS = re.findall(r"^\$ (.+)$", (ROOT / "docs" / "nbgrader.md").read_text(), re.MULTILINE)
BIN = sysconfig.get_path("scripts")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("solutions", "assignments", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(BIN)
    return folder


def test_the_walk_through(checkout: Path) -> None:
    """Release, collect, autograde by both routes, grade by hand, marks, feedback, export."""
    released = (checkout / "assignments" / WRITTEN / f"{WRITTEN}.ipynb").read_bytes()
    graded, by_hand = {}, ""
    for command in COMMANDS:
        if command.endswith("jupyter lab"):  # what a person does there, test_browser.py does as well
            graded = grades(checkout)
            by_hand = next(key[1] for key, grade in graded.items() if grade.needs_manual_grade)
            grade_by_hand(checkout, by_hand, 3.5)
            continue
        done = subprocess.run(command, shell=True, cwd=checkout, capture_output=True, text=True, check=False)
        code = 1 if "autograder grade" in command else 0  # one student of the class handed in a note, which is named
        assert done.returncode == code, f"{command}\n{done.stderr}{done.stdout}"
    assert (checkout / "assignments" / WRITTEN / f"{WRITTEN}.ipynb").read_bytes() == released
    pages = {path.parent.parent.name: path.read_text() for path in checkout.glob(f"feedback/*/{WRITTEN}/*.html")}
    assert pages.keys() == {student for _, student, _ in graded}
    assert sum("Known mix-up" in page for page in pages.values()) >= 2
    with open(checkout / "nbgrader-grades.csv") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file) if row["assignment"] == WRITTEN}
    for student, row in rows.items():
        by_checks = sum(grade.score for (_, name, _), grade in graded.items() if name == student)
        assert float(row["score"]) == by_checks + (3.5 if student == by_hand else 0)
        assert float(row["max_score"]) == 29
    with open(checkout / "graded" / "marks.csv") as file:
        marks = {row["student"]: row["mark"] for row in csv.DictReader(file) if row["assignment"] == WRITTEN}
    assert float(marks[by_hand]) == float(rows[by_hand]["score"]), "the step that makes the marks"


def grade_by_hand(checkout: Path, student: str, points: float) -> None:
    """As formgrader does when points are typed in."""
    with Gradebook(f"sqlite:///{checkout}/gradebook.db") as book:
        grade = book.find_grade("why_sqrt_d", WRITTEN, WRITTEN, student)
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()
