"""Every lesson asks once what to expect, and ends with one exercise without points; both have a folded answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from autograder.course.certifying.notebooks import SOLVED, write_notebooks
from autograder.course.lesson import LessonCell
from autograder.course.loader import Assignment, Course, load_course
from autograder.course.release import CHECK_CELL
from autograder.course.worked.kernel import run_notebook
from autograder.course.worked.release import cell_lines
from tests.helpers.paths import ROOT

NAMES = load_course(ROOT / "solutions").names
ASKS = re.compile(
    r"^\*\*Before you run it: what do you expect\?\*\* \S[^\0]*?\?\n\n"
    r"<details><summary>What happens, and why</summary>\n\n\S[^\0]*?\n\n</details>\Z",
    re.MULTILINE,
)
ASKS_IN_SOME_FORM = re.compile(r"what\s+do\s+you\s+expect|before\s+you\s+run\s+(?:it|the\s+cell)", re.IGNORECASE)
EXERCISE = re.compile(
    r"## If you want more · \S.*\n\n"
    r"About \d+ min · difficulty (?:●○○|●●○|●●●) · no points\n\n"
    r"\S[^\0]*<details><summary>A solution</summary>\n\n(?P<solution>\S[^\0]*?)\n\n</details>"
)
EXERCISE_IN_SOME_FORM = re.compile(r"if\s+you\s+want\s+more|· no\s+points|<summary>A solution", re.IGNORECASE)
CODE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)


@pytest.fixture(params=NAMES)
def assignment(course: Course, request: pytest.FixtureRequest) -> Assignment:
    return course.assignment(request.param)


def text(assignment: Assignment) -> str:
    return "\n\n".join(cell.source for cell in assignment.cells if cell.is_markdown)


def exercise(assignment: Assignment) -> int:
    """The number of the cell that asks it."""
    found = [n for n, cell in enumerate(assignment.cells) if cell.is_markdown and EXERCISE.fullmatch(cell.source)]
    assert len(found) == 1, "one cell, which has the form of EXERCISE"
    return found[0]


def solution(assignment: Assignment) -> str:
    """The code of the exercise's solution; none where it is done on paper."""
    return "\n".join(CODE.findall(assignment.cells[exercise(assignment)].source))


def is_empty(cell: LessonCell) -> bool:
    """Whether it is code, and nothing but comments."""
    return not cell.is_markdown and not ast.parse(cell.source).body


def test_one_cell_asks_what_to_expect_of_the_picture_behind_it(assignment: Assignment) -> None:
    asking = [number for number, cell in enumerate(assignment.cells) if cell.is_markdown and ASKS.search(cell.source)]
    assert len(asking) == 1, "one cell, which ends with the form of ASKS"
    shown = assignment.cells[asking[0] + 1]
    assert not shown.is_markdown
    assert not shown.name
    assert re.search(r"^with demo_of\(", shown.source, re.MULTILINE)
    said = ASKS_IN_SOME_FORM.findall(text(assignment))
    assert said == ["Before you run it", "what do you expect"], "it is asked once, in these words"


def test_one_exercise_without_points_ends_the_lesson(assignment: Assignment) -> None:
    headings = HEADING.findall(text(assignment))
    title = HEADING.findall(assignment.cells[exercise(assignment)].source)
    assert [headings[-3], headings[-1]] == [*title, "Before you hand in"], "a farewell stands between the two"
    assert len(EXERCISE_IN_SOME_FORM.findall(text(assignment))) == 3, "the heading, the points and the fold, once each"
    last_answer = max(number for number, cell in enumerate(assignment.cells) if cell.name)
    assert last_answer < exercise(assignment)


def test_there_is_room_to_try_what_is_code(assignment: Assignment) -> None:
    """One empty cell before the next text, and none where paper is enough."""
    begin = exercise(assignment) + 1
    end = next(number for number, cell in enumerate(assignment.cells) if number >= begin and cell.is_markdown)
    room = [cell for cell in assignment.cells[begin:end] if is_empty(cell)]
    assert len(room) == bool(solution(assignment))
    assert sum(map(is_empty, assignment.cells)) == len(room)


def expressions(code: str) -> Iterator[str]:
    """All that is computed in it, in one spelling; names and numbers by themselves are nothing."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.BinOp | ast.Call | ast.Compare | ast.Subscript):
            yield ast.unparse(node)


def values(question: str) -> Iterator[str]:
    """What each line of a solution computes."""
    for node in ast.walk(ast.parse(question)):
        if isinstance(node, ast.Return | ast.Assign) and node.value is not None:
            yield ast.unparse(node.value)


def test_no_fold_answers_a_question_of_the_course(assignment: Assignment, course: Course) -> None:
    """No line of a solution stands in one, and no function that is asked for is written in one."""
    code = solution(assignment)
    answers = {
        value: cell.name
        for each in course.assignments
        for cell in each.cells
        if cell.is_question
        for value in values(cell.source)
    }
    assert {name for each, name in answers.items() if each in set(expressions(code))} == set()
    written = {node.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert written.isdisjoint(name for each in course.assignments for name in each.questions)


@pytest.fixture(scope="module")
def solved(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course's notebooks as they are when all answers are right."""
    folder = tmp_path_factory.mktemp("course")
    write_notebooks(course, course.assignments, folder, lambda: None)
    return folder / SOLVED


@pytest.mark.slow
def test_the_solution_runs_where_there_is_room_for_it(assignment: Assignment, solved: Path) -> None:
    """With right answers, it shows something, and nothing that is not right."""
    code = solution(assignment)
    if not code:
        return  # on paper
    where = solved / assignment.name
    notebook = nbformat.read(where / f"{assignment.name}.ipynb", as_version=nbformat.NO_CONVERT)
    lines = dict(zip((cell.id for cell in notebook.cells), cell_lines(assignment), strict=True))
    empty = next(filter(is_empty, assignment.cells))
    room = next(cell for cell in notebook.cells if lines[cell.id] == empty.line)
    room.source = code
    notebook.cells = [cell for cell in notebook.cells if not cell.id.startswith(CHECK_CELL)]
    run_notebook(notebook, where, assignment.lesson_path, [lines[cell.id] for cell in notebook.cells])
    assert room.outputs
    assert not [output for output in room.outputs if "text/html" in output.get("data", {})]
