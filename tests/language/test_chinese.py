"""The whole way in Chinese, with a real notebook in a real kernel: what a student gets, runs, hands in and reads."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from autograder.course.loader import load_course
from autograder.course.release import release_assignments, release_settings
from autograder.grading.discovery import SubmissionFolder
from autograder.grading.grader import grade_one
from autograder.grading.job import read_job
from autograder.report.model import Report
from tests.helpers.notebooks import run_notebook
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow
CHINESE = "zh_CN"
NAME = "03_softmax"  # translated as a whole, up to what only instructors read
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Chinese notebook with the lesson's own answers, in an assignments/ folder that says so."""
    course, home = load_course(ROOT / "solutions"), tmp_path_factory.mktemp("assignments")
    assignment = course.assignment(NAME)
    release_assignments([assignment], home, CHINESE)
    release_settings(course, home, language=CHINESE)
    answers = {cell.name: cell.source for cell in assignment.cells if cell.is_question}
    file = home / NAME / f"{NAME}.ipynb"
    made = nbformat.read(file, as_version=4)
    for cell in made.cells:
        cell.source = answers.get(cell.id, cell.source)
    nbformat.write(made, file)
    return file


def test_every_paragraph_is_chinese(notebook: Path) -> None:
    cells = [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "markdown"]
    assert cells
    assert [cell.source for cell in cells if not HAN.search(cell.source)] == []


def test_the_solved_notebook_runs_and_speaks_chinese(notebook: Path) -> None:
    outputs = "".join(run_notebook(notebook))
    assert "`softmax`：4 项公开检查全部通过。隐藏检查会看得更细。" in outputs
    assert "数字例子：q1 和 q2 的权重" in outputs
    assert "visible checks" not in outputs


def graded(notebook: Path, language: str) -> Report:
    course = load_course(ROOT / "solutions")
    folder = SubmissionFolder("ada", NAME, notebook.parent, (notebook,), is_given=True)
    return grade_one(read_job(course, folder, confined=True, language=language))


def test_it_gets_the_same_marks_in_both_languages(notebook: Path) -> None:
    chinese, english = graded(notebook, CHINESE), graded(notebook, "en")
    assert [(check.name, check.earned, check.outcome) for check in chinese.checks] == [
        (check.name, check.earned, check.outcome) for check in english.checks
    ]
    assert chinese.score == chinese.max_score
    assert chinese.title == "03 · softmax：从分数到注意力权重"
    assert english.title == "03 · Softmax: from scores to weights"
    assert all(HAN.search(check.title) for check in chinese.checks)
