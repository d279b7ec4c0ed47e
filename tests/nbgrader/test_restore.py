"""What students hand in, put back into the released notebook's shape."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from autograder.course.loader import Course
from autograder.nbgrader.restore import Json, restore_cells
from autograder.submission.notebook import cells_of
from autograder.submission.reader import read_file
from tests.helpers.hand_ins import ANSWER, EVENTS, befallen, cell, released, solved
from tests.helpers.nbgrader import WRITTEN

pytestmark = pytest.mark.slow

GRADED = ["attention_scores", "check_attention_scores", "scale_scores", "check_scale_scores", "why_sqrt_d"]


def restore(cells: list[Json], given_out: NotebookNode) -> Json:
    return restore_cells(cells_of(cells), given_out)


def sources(notebook: Json) -> dict[str, str]:
    return {each["id"]: each["source"] for each in notebook["cells"]}


def graded_ids(notebook: Json) -> list[str]:
    return [each["metadata"]["nbgrader"]["grade_id"] for each in notebook["cells"] if each["metadata"]]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
IDS = st.sampled_from([*GRADED, "cell-01", "", "a b", "x" * 99]) | VALUES
TELLING = st.fixed_dictionaries({}, optional={"grade_id": IDS, "grade": VALUES, "solution": VALUES, "points": VALUES})
ODD_CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading", "sql"]) | VALUES,
        "source": st.sampled_from(
            [
                "![a](attachment:a.png) ![b](attachment:b.png) [x](javascript:1) [y]: //x $\\href{x}{y}$ &#114; <b>",
                "def scale_scores(S, d_k): pass",
                "check(scale_scores)",
                "**Why does attention",
                "\ud800",
                "<b>",
            ]
        )
        | VALUES,
        "id": IDS,
        "metadata": st.fixed_dictionaries({}, optional={"nbgrader": TELLING | VALUES}) | VALUES,
        "attachments": VALUES,
        "outputs": VALUES,
        "level": VALUES,
    },
)


@settings(max_examples=150, deadline=None)
@given(cells=st.lists(ODD_CELLS, max_size=6))
def test_any_cells_become_a_valid_notebook_with_each_graded_cell_once(
    given_out: NotebookNode, cells: list[Json]
) -> None:
    fitted = restore(cells, given_out)
    nbformat.validate(nbformat.from_dict(fitted))
    assert sorted({*GRADED, "attention_scores", "scale_scores"}) == sorted(
        {*graded_ids(fitted), "attention_scores", "scale_scores"}  # two answers may share a cell
    )
    assert len(graded_ids(fitted)) == len(set(graded_ids(fitted)))
    assert len({each["id"] for each in fitted["cells"]}) == len(fitted["cells"])
    as_released = {each["id"]: each["metadata"] for each in given_out.cells}
    for each in fitted["cells"]:
        assert each["metadata"] == (as_released[each["id"]] if each["id"] in GRADED else {})
    assert restore(fitted["cells"], given_out) == fitted


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_no_line_of_an_answer_is_lost(course: Course, given_out: NotebookNode, event) -> None:  # type: ignore[no-untyped-def]
    notebook = befallen(course.assignment(WRITTEN), event)
    fitted = restore([each for each in notebook["cells"] if isinstance(each, dict)], given_out)
    shown = "\n".join(sources(fitted).values())
    code = [each["source"] for each in notebook["cells"] if isinstance(each, dict) and each["cell_type"] == "code"]
    for source in code:
        assert source in shown


def test_the_last_definition_is_the_answer(course: Course, given_out: NotebookNode) -> None:
    notebook = solved(course.assignment(WRITTEN))
    extra = {"cell_type": "code", "metadata": {}, "source": "def scale_scores(S, d_k):\n    return 1", "outputs": []}
    fitted = restore([*notebook["cells"], extra], given_out)
    assert sources(fitted)["scale_scores"] == extra["source"]
    place = graded_ids(fitted)
    assert place.index("scale_scores") > place.index("check_scale_scores")  # in the student's own order


def test_a_missing_check_stands_behind_its_answer(course: Course, given_out: NotebookNode) -> None:
    notebook = solved(course.assignment(WRITTEN))
    kept = [each for each in notebook["cells"] if not each["id"].startswith("check_")]
    fitted = restore(kept, given_out)
    assert graded_ids(fitted) == GRADED
    ids = [each["id"] for each in fitted["cells"]]
    assert ids.index("check_scale_scores") == ids.index("scale_scores") + 1


def test_a_script_stands_above_all_checks(tmp_path: Path, given_out: NotebookNode) -> None:
    file = tmp_path / "ada" / WRITTEN / f"{WRITTEN}.py"
    file.parent.mkdir(parents=True)
    file.write_text("def attention_scores(Q, K):\n    pass\n\ndef scale_scores(S, d):\n    pass\n")
    fitted = restore_cells(read_file(file).notebook, given_out)
    assert [each["id"] for each in fitted["cells"]] == [each for each in GRADED if each != "scale_scores"]
    assert fitted["cells"][0]["source"] == file.read_text()


@pytest.mark.parametrize("known_by", ["metadata", "id", "its first line"])
def test_a_written_answer_is_found(course: Course, given_out: NotebookNode, known_by: str) -> None:
    notebook = solved(course.assignment(WRITTEN))
    answer = cell(notebook, "why_sqrt_d")
    if known_by != "metadata":
        answer["metadata"] = {}
    if known_by != "id":
        answer["id"] = "something-else"
    if known_by != "its first line":
        answer["source"] = ANSWER
    assert ANSWER in sources(restore(notebook["cells"], given_out))["why_sqrt_d"]


def test_an_empty_copy_does_not_stand_before_a_written_answer(course: Course, given_out: NotebookNode) -> None:
    notebook = solved(course.assignment(WRITTEN))
    notebook["cells"].append(copy.deepcopy(cell(released(course.assignment(WRITTEN)), "why_sqrt_d")))
    assert ANSWER in sources(restore(notebook["cells"], given_out))["why_sqrt_d"]


def test_a_written_answer_that_is_nowhere_awaits_a_person(course: Course, given_out: NotebookNode) -> None:
    notebook = solved(course.assignment(WRITTEN))
    kept = [each for each in notebook["cells"] if each["id"] != "why_sqrt_d"]
    fitted = nbformat.from_dict(restore(kept, given_out))
    answer = next(each for each in fitted.cells if each.id == "why_sqrt_d")
    assert "No answer to this question was found" in answer.source
    assert determine_grade(answer) == (None, 5)


def test_markdown_that_was_given_out_stays_as_it_is(course: Course, given_out: NotebookNode) -> None:
    """It may well hold HTML."""
    notebook = solved(course.assignment(WRITTEN))
    assert any("<details>" in each["source"] for each in notebook["cells"])
    fitted = sources(restore(notebook["cells"], given_out))
    for each in notebook["cells"]:
        assert fitted[each["id"]] == each["source"]
