"""All notebooks in Chinese in a real kernel, as they are released and solved: they run, and what they show is Chinese.

Their code is that of the English ones, which `certify` runs with all that they draw and learn. So here
nothing is drawn, learning takes few steps, and an answer is not checked once more by each cell that shows it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import nbformat
import pytest

from autograder.course.loader import Assignment, Course, load_course
from autograder.course.release import CHECK_CELL, release_settings, released_notebook
from autograder.course.translation.released import in_language
from autograder.report.model import Outcome
from autograder.student.check_table import MARKS, WRONG
from tests.helpers.chinese import HAN
from tests.helpers.kernel import one_kernel
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow
CHINESE = "zh_CN"
NAMES = load_course(ROOT / "solutions").names
SETTINGS = {"MPLBACKEND": "template", "OMP_NUM_THREADS": "1"}  # which draws nothing; and for small arrays, one core
FEW_STEPS = re.compile(r"\bsteps=\d+")
SHOWS_ANSWERS = re.compile(r"^with demo_of\(.*\):", re.MULTILINE)
ERROR = re.compile(r"^\w*(?:Error|Exception|Warning): ", re.MULTILINE)
SENTENCE = re.compile(r"(?:[A-Za-z]+[,;:]? ){4}")  # in English

Run = Callable[[Path, Mapping[str, str]], dict[str, str]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in SETTINGS.items():
            patched.setenv(name, value)
        with one_kernel() as started:
            yield started


@pytest.fixture(scope="module")
def home(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What students have in Chinese: the same as in English, but for the notebooks and the course's language."""
    folder = tmp_path_factory.mktemp("students") / "assignments"
    shutil.copytree(ROOT / "assignments", folder)
    for assignment in course.assignments:
        made = released_notebook(in_language(assignment, CHINESE))
        nbformat.write(made, folder / assignment.name / f"{assignment.name}.ipynb")
    release_settings(course, folder, language=CHINESE)
    return folder


def code_of(file: Path) -> dict[str, str]:
    cells = nbformat.read(file, as_version=4).cells
    return {cell.id: FEW_STEPS.sub("steps=20", cell.source) for cell in cells if cell.cell_type == "code"}


def solve(file: Path, assignment: Assignment) -> None:
    """Put the lesson's own answers into a notebook."""
    answers = {cell.name: cell.source for cell in assignment.cells if cell.is_question}
    made = nbformat.read(file, as_version=4)
    for cell in made.cells:
        cell.source = answers.get(cell.id, cell.source)
    nbformat.write(made, file)


def told_once(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells without those that show answers, but for the first: where there is no answer, they all say so."""
    showing = [cell for cell, source in cells.items() if SHOWS_ANSWERS.search(source)]
    return {cell: source for cell, source in cells.items() if cell not in showing[1:]}


def require_chinese(shown: Mapping[str, str]) -> None:
    """No error, no English sentence; and each line of what a check says is Chinese."""
    for cell, text in shown.items():
        assert not ERROR.search(text), f"{cell}: {text}"
        assert not SENTENCE.search(re.sub(r"`[^`]*`", "", text)), f"{cell}: {text}"
    lines = [line for cell, text in shown.items() if cell.startswith(CHECK_CELL) for line in text.splitlines()]
    assert [line for line in lines if line.strip() and not re.search(f"[{HAN}]", line)] == []


@pytest.mark.parametrize("name", NAMES)
def test_as_released(home: Path, run: Run, course: Course, name: str) -> None:
    file = home / name / f"{name}.ipynb"
    shown = run(file, told_once(code_of(file)))
    require_chinese(shown)
    for question in course.assignment(name).questions:
        told = shown[CHECK_CELL + question]
        assert told.startswith(f"还没开始。`{question}` 还没写"), told
        assert MARKS[Outcome.PASSED] not in told
        assert WRONG not in told


@pytest.mark.parametrize("name", NAMES)
def test_solved(home: Path, run: Run, course: Course, name: str) -> None:
    """In the lessons' order, so that the earlier ones lie beside it, solved."""
    file = home / name / f"{name}.ipynb"
    solve(file, course.assignment(name))
    shown = run(file, {cell: SHOWS_ANSWERS.sub("if True:", source) for cell, source in code_of(file).items()})
    require_chinese(shown)
    for question in course.assignment(name).questions:
        told = shown[CHECK_CELL + question]
        assert re.match(rf"`{question}`：\d 项公开检查全部通过。", told), told
        assert MARKS[Outcome.PASSED] in told
        assert WRONG not in told
