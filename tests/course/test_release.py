"""What students get: built from solutions/ alone, valid for Jupyter and nbgrader, running, and free of answers."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from autograder.course.loader import Assignment, Course, CourseError, load_course
from autograder.course.release import (
    free_cells,
    release_assignment,
    release_settings,
    release_source,
    source_notebook,
)
from autograder.sandbox.protocol import Cell
from autograder.sandbox.toplevel.dependencies import Dependencies
from tests.helpers.command_line import refusal
from tests.helpers.course import edit
from tests.helpers.paths import ROOT
from tests.helpers.secrets import leaks, read_tree, secrets

pytestmark = pytest.mark.slow

ASSIGNMENTS = ROOT / "assignments"

NAMES = [assignment.name for assignment in load_course(ROOT / "solutions").assignments]


@pytest.fixture(scope="module")
def built(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh build of assignments/."""
    return build(course, tmp_path_factory.mktemp("built"))


@pytest.fixture(params=NAMES)
def assignment(course: Course, request: pytest.FixtureRequest) -> Assignment:
    return course.assignment(request.param)


def build(course: Course, folder: Path) -> Path:
    for assignment in course.assignments:
        release_assignment(assignment, folder)
    release_settings(course, folder)
    return folder


def read(folder: Path, name: str) -> NotebookNode:
    return nbformat.read(folder / name / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)


def test_what_is_committed_is_what_solutions_give(built: Path) -> None:
    fresh, committed = read_tree(built), read_tree(ASSIGNMENTS)
    assert committed.keys() == fresh.keys()
    stale = [name for name in fresh if fresh[name] != committed[name]]
    assert not stale, "assignments/ is never edited by hand: run `autograder release`"


def test_two_builds_are_the_same_to_the_byte(course: Course, built: Path, tmp_path: Path) -> None:
    again = load_course(course.folder)  # nothing is remembered from the first build
    assert read_tree(build(again, tmp_path)) == read_tree(built)


def test_a_place_that_cannot_be_written_to_is_one_line(course: Course, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("somebody's")
    for write in (
        lambda: release_assignment(course.assignments[0], tmp_path / "file"),
        lambda: release_source(course.assignments[0], tmp_path / "file"),
        lambda: release_settings(course, tmp_path / "file"),
    ):
        with pytest.raises(CourseError, match=r"^what is released cannot be written: .*file.*: Not a directory$"):
            write()


def test_a_build_replaces_what_was_there(small_course: Path, tmp_path: Path) -> None:
    (assignment, _) = load_course(small_course / "solutions").assignments
    (tmp_path / "out" / assignment.name).mkdir(parents=True)
    (tmp_path / "out" / assignment.name / "old.txt").write_text("from an earlier release")
    release_assignment(assignment, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out" / assignment.name).iterdir()) == [
        "01_sums.ipynb",
        "handout.json",
        "known_mistakes.bin",
        "visible_checks.py",
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "### BEGIN SOLUTION\n    return X.sum(axis=-1)\n    ### END SOLUTION",
            "return X",
            "the cell `total` has no solution",
        ),
        ("return X.sum(axis=-1)\n    ### END SOLUTION", "return X.sum(axis=-1)", "solution"),
    ],
    ids=["no solution", "a solution without end"],
)
def test_a_lesson_whose_solution_cannot_be_taken_out_is_refused(
    small_course: Path, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    edit(small_course / "solutions/01_sums/lesson.py", old, new)
    with pytest.raises(CourseError) as refused:
        release_assignment(load_course(small_course / "solutions").assignment("01_sums"), tmp_path)
    assert "01_sums/lesson.py" in str(refused.value)
    assert reason in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_notebooks_are_valid_for_jupyter(built: Path, assignment: Assignment) -> None:
    notebook = read(built, assignment.name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", each) for each in ids)
    assert notebook.metadata.kernelspec.name == "python3"
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in notebook.cells)


def test_notebooks_are_valid_for_nbgrader(built: Path, assignment: Assignment) -> None:
    notebook = read(built, assignment.name)
    MetadataValidator().validate_nb(notebook)
    names = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
    assert len(set(names)) == len(names)
    for cell in notebook.cells:
        kept = cell.metadata.nbgrader
        assert kept.schema_version == 3
        if kept.locked:
            assert kept.checksum, "nbgrader restores what a student changed in a locked cell by this"
            assert not kept.solution
            assert cell.metadata.editable is cell.metadata.deletable is False
        elif not kept.solution:
            assert not kept.grade
            assert "checksum" not in kept
            assert "editable" not in cell.metadata
            assert "deletable" not in cell.metadata


def test_what_students_may_change_is_what_no_answer_rests_on(built: Path, assignment: Assignment) -> None:
    """Every demo is free; text, imports, earlier functions and checks are as they were given."""
    for cell in read(built, assignment.name).cells:
        is_free = not cell.metadata.nbgrader.locked and not cell.metadata.nbgrader.solution
        if cell.cell_type == "markdown" or re.search(
            r"^(import|from) |= previous\(|^check\(", cell.source, re.MULTILINE
        ):
            assert not is_free, cell.source
        elif "demo_of(" in cell.source:
            assert is_free, cell.source
    whole = Dependencies(
        [Cell("", cell.source) for cell in assignment.cells if cell in free_cells(assignment)], ["numpy"]
    )
    assert not whole.of((*assignment.questions, *assignment.handed)).chosen


GIVEN = """
# %%
scale = 2

def helper(X):
    return scale * X

def shown(X):
    return X

# %%
limit = 3

# %%
%time shown(limit)

# %% total
"""


def test_what_a_question_uses_stays_locked_and_the_rest_is_free(small_course: Path) -> None:
    lesson = small_course / "solutions/01_sums/lesson.py"
    edit(lesson, "\n# %% total\n", GIVEN)
    edit(lesson, "return X.sum(axis=-1)", "return helper(X).sum(axis=-1) / scale")
    free = free_cells(load_course(small_course / "solutions").assignment("01_sums"))
    assert [cell.source for cell in free] == ["limit = 3"], "what is no Python may be anything"


def test_the_last_cell_says_how_to_hand_in(built: Path, assignment: Assignment) -> None:
    last = read(built, assignment.name).cells[-1]
    assert last.cell_type == "markdown"
    steps = ["Restart the kernel and run all cells", "`autograder check`", "Hand in"]
    assert [last.source.index(step) for step in steps] == sorted(last.source.index(step) for step in steps)


def test_every_question_has_an_answer_cell_and_behind_it_a_cell_worth_its_points(
    built: Path, assignment: Assignment
) -> None:
    cells = read(built, assignment.name).cells
    names = [cell.metadata.nbgrader.grade_id for cell in cells]
    with assignment.check_session() as session:
        checks = session.checks
    for question in assignment.questions:
        answer = cells[names.index(question)]
        assert answer.cell_type == "code"
        assert f"def {question}(" in answer.source
        assert "raise NotImplementedError" in answer.source
        assert (answer.metadata.nbgrader.solution, answer.metadata.nbgrader.grade) == (True, False)
        check = cells[names.index(question) + 1]
        assert check.source == f"check({question})"
        assert (check.metadata.nbgrader.solution, check.metadata.nbgrader.grade) == (False, True)
        assert check.metadata.nbgrader.locked
        assert check.metadata.nbgrader.points == sum(each.points for each in checks if each.question == question) > 0
    for written in assignment.written:
        answer = cells[names.index(written.name)]
        assert answer.cell_type == "markdown"
        assert (answer.metadata.nbgrader.solution, answer.metadata.nbgrader.grade) == (True, True)
        assert answer.metadata.nbgrader.points == written.max_score
    graded = {name for name, cell in zip(names, cells, strict=True) if cell.metadata.nbgrader.grade}
    assert graded == {f"check_{question}" for question in assignment.questions} | {
        each.name for each in assignment.written
    }


def test_nothing_secret_is_released(course: Course) -> None:
    assert leaks(course, read_tree(ASSIGNMENTS)) == set()


def test_a_secret_of_any_kind_would_be_found(course: Course) -> None:
    """The search that the two tests above trust."""
    softmax = course.assignment("03_softmax")
    solution = "exponentials = np.exp(S - largest)"
    check = "spread = np.array([[1.0], [1.0], [1.0], [0.0]]) * rng.normal(size=(4, 5))"
    mistake = "return powers / powers.sum(axis=-1, keepdims=True)"
    assert solution in softmax.lesson
    assert check in (softmax.folder / "hidden_checks.py").read_text(encoding="utf-8")
    assert mistake in (softmax.folder / "misconceptions.py").read_text(encoding="utf-8")
    for secret in (solution, check, mistake, course.seed):
        line = next(line for line in secrets(course) if secret in line)
        cell = {"cells": [{"source": ["def softmax(S):\n", f'    """ü"""; {line}  # (n)\n']}]}
        for content in (f"x = 1\n    {line}\n".encode(), json.dumps(cell).encode()):
            assert leaks(course, {"file": content}) == {("file", line)}


# These are run here, and what they show is looked at. That each of the others runs, that its checks say nothing of what
# is released and are green where it is solved, and that no picture of a right answer has a notice, `certify` proves.
RUN = ["01_projection", "09_vision_transformer"]


@pytest.fixture(scope="module")
def ran(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], NotebookNode]:
    """Two notebooks, as released (`stub`) and with the solutions in it (`solved`), run from top to bottom."""
    stub, solved = (tmp_path_factory.mktemp(kind) / "assignments" for kind in ("stub", "solved"))
    for folder in (stub, solved):
        shutil.copytree(ASSIGNMENTS, folder)
    for assignment in course.assignments:
        nbformat.write(source_notebook(assignment), solved / assignment.name / f"{assignment.name}.ipynb")
    two_at_a_time = asyncio.Semaphore(2)

    async def run(folder: Path, name: str) -> NotebookNode:
        async with two_at_a_time:
            notebook = read(folder, name)
            resources = {"metadata": {"path": str(folder / name)}}
            client = NotebookClient(notebook, timeout=300, allow_errors=True, resources=resources)
            return await client.async_execute()

    async def run_all() -> list[NotebookNode]:
        return await asyncio.gather(*(run(folder, name) for folder in (stub, solved) for name in RUN))

    keys = [(kind, name) for kind in ("stub", "solved") for name in RUN]
    return dict(zip(keys, asyncio.run(run_all()), strict=True))


def errors(notebook: NotebookNode) -> list[str]:
    return [
        f"{cell.id}: {output.ename}: {output.evalue}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]


def demos(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that show what answers compute."""
    found = [
        cell for cell in notebook.cells if cell.cell_type == "code" and re.search(r"^with demo_of", cell.source, re.M)
    ]
    assert found
    return found


def verdicts(notebook: NotebookNode) -> dict[str, str]:
    """What each check cell shows, by its question: text, and the same as HTML."""
    shown = {}
    for cell in notebook.cells:
        if cell.id.startswith("check_"):
            (output,) = (each for each in cell.outputs if each.output_type == "execute_result")
            shown[cell.id.removeprefix("check_")] = output.data["text/plain"] + output.data["text/html"]
    return shown


@pytest.mark.parametrize("name", RUN)
def test_the_released_notebook_runs_and_every_check_says_not_yet(
    course: Course, ran: dict[tuple[str, str], NotebookNode], name: str
) -> None:
    notebook = ran["stub", name]
    assert errors(notebook) == []
    shown = verdicts(notebook)
    assert shown.keys() == set(course.assignment(name).questions)
    for cell in demos(notebook):
        (output,) = cell.outputs
        assert re.fullmatch(
            r"Fill in .* above, then run this cell again\.\n|Your `.*` is not written yet\..*\n", output.text
        )
    for text in shown.values():
        assert text.lower().count("not yet") == 2, "once as text, once as HTML"
        assert "✓" not in text
        assert "✗" not in text


@pytest.mark.parametrize("name", RUN)
def test_the_solved_notebook_runs_and_every_check_is_green(
    course: Course, ran: dict[tuple[str, str], NotebookNode], name: str
) -> None:
    notebook = ran["solved", name]
    assert errors(notebook) == []
    shown = verdicts(notebook)
    assert shown.keys() == set(course.assignment(name).questions)
    for question, text in shown.items():
        assert len(re.findall(r"all \d+ visible checks pass", text)) == 2, f"{question}: {text}"
        assert "✓" in text
        assert "✗" not in text
    for cell in demos(notebook):
        assert not any("text/html" in output.get("data", {}) for output in cell.outputs), (
            "a notice, above what is right"
        )
        assert any(output.output_type == "stream" or "image/png" in output.data for output in cell.outputs)


@pytest.mark.parametrize("name", NAMES)
def test_every_lesson_draws_what_answers_compute(course: Course, name: str) -> None:
    """In a cell of its own, behind the checks of what it draws."""
    cells = [cell.source for cell in course.assignment(name).cells if not cell.is_markdown]
    assert any(re.search(r"^with demo_of\((?s:.)*plt\.show\(\)", source, re.MULTILINE) for source in cells)


@pytest.mark.parametrize("name", RUN)
def test_the_solved_notebook_has_pictures(ran: dict[tuple[str, str], NotebookNode], name: str) -> None:
    pictures = [
        cell.id
        for cell in ran["solved", name].cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert pictures


def a_shared_module(checks: Path) -> str:
    (checks.parents[1] / "shapes.py").write_text("N = 3\n")
    checks.write_text(f"from shapes import N\n{checks.read_text()}")
    return "No module named 'shapes'"


def a_shared_fixture(checks: Path) -> str:
    (checks.parents[1] / "conftest.py").write_text("import pytest\n\n\n@pytest.fixture\ndef scale():\n    return 1\n")
    edit(checks, "def test_total_example(student)", "def test_total_example(student, scale)")
    return "check `test_total_example` asks for `scale`, which nobody gives it"


@pytest.mark.parametrize("command", ["release", "certify"])
@pytest.mark.parametrize("share", [a_shared_module, a_shared_fixture])
def test_visible_checks_that_need_what_students_do_not_have_are_refused(
    small_course: Path, monkeypatch: pytest.MonkeyPatch, command: str, share: Callable[[Path], str]
) -> None:
    why = share(small_course / "solutions" / "01_sums" / "visible_checks.py")
    line = refusal(monkeypatch, small_course, command)
    assert "01_sums/visible_checks.py does not work by itself, as students have it" in line
    assert why in line
