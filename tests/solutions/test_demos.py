"""Students may do what they like with the cells that show answers: grading is not touched by it, nor is nbgrader."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.validator import Validator

from autograder import grade
from autograder.course.loader import Assignment, Course
from autograder.nbgrader.restore import restore_cells
from autograder.report.model import Report
from autograder.submission.notebook import cells_of
from tests.helpers.hand_ins import Notebook, content, mistaken, partly_right, released, solved
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

NAMES = ("04_attention", "06_multi_head")


def free(notebook: Notebook) -> list[Notebook]:
    """The cells that were released unlocked, and are no answers."""
    known = {each["id"]: each["metadata"]["nbgrader"] for each in notebook["cells"]}
    found = [
        each for each in notebook["cells"] if not known[each["id"]]["locked"] and not known[each["id"]]["solution"]
    ]
    assert len(found) >= 3
    return found


def edited(source: str) -> str:
    return re.sub(r"(?<=[\[ (])\d+\.\d", "7.5", source).replace("Purples", "Greens") + "\nprint('what if?')"


def endless(source: str) -> str:
    """Before all else, and where the answers are called."""
    return "while True: pass\n" + re.sub(
        r"^(with demo_of.*:)$", r"\1\n    while True: pass", source, flags=re.MULTILINE
    )


EDITS: dict[str, Callable[[str], str]] = {
    "edited": edited,
    "emptied": lambda _source: "",
    "raising": lambda source: f"1 / 0\n{source}",
    "no Python": lambda source: f"{source}\n    what if ((",
    "endless": endless,
    "without demo_of": lambda source: re.sub(r"^with demo_of.*:$", "if True:", source, flags=re.MULTILINE),
    "showing something else": lambda source: re.sub(r"demo_of\(.*?\)", "demo_of(np.exp, no_such_name)", source),
    "of the kind that jupyter runs": lambda source: f"%%time\n!ls\n{source}",
}


@pytest.fixture(scope="module", params=NAMES)
def assignment(course: Course, request: pytest.FixtureRequest) -> Assignment:
    return course.assignment(request.param)


def report_on(notebook: Notebook, assignment: Assignment, folder: Path) -> Report:
    """What a submission gets; not that it is another file, nor how long it took."""
    file = folder / f"{assignment.name}.ipynb"
    file.write_bytes(content(notebook))
    return replace(grade(ROOT, file, student="ada"), seconds=0, fingerprint="", provenance={})


def partly_wrong(assignment: Assignment) -> Notebook:
    """A mistake, which has much to be said of; where answers are right, there is nothing that could change."""
    return mistaken(assignment, partly_right(assignment).name)


@pytest.fixture(scope="module")
def before(assignment: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Report:
    report = report_on(partly_wrong(assignment), assignment, tmp_path_factory.mktemp("before"))
    assert 0 < report.score < report.max_score
    return report


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_becomes_of_demos_changes_no_report(
    assignment: Assignment, before: Report, tmp_path: Path, edit: Callable[[str], str]
) -> None:
    notebook = partly_wrong(assignment)
    for cell in free(notebook):
        cell["source"] = edit(cell["source"])
    assert report_on(notebook, assignment, tmp_path) == before


def test_demos_that_are_deleted_cost_nothing(assignment: Assignment, tmp_path: Path) -> None:
    notebook = solved(assignment)
    gone = free(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in gone]
    report = report_on(notebook, assignment, tmp_path)
    assert report.score == report.max_score


def test_nbgrader_finds_nothing_changed_and_a_restored_notebook_keeps_it(assignment: Assignment) -> None:
    given_out = released(assignment)
    notebook = released(assignment)
    for cell in free(notebook):
        cell["source"] = edited(cell["source"])
    made = nbformat.from_dict(notebook)
    MetadataValidator().validate_nb(made)
    assert Validator()._get_changed_cells(made) == []
    restored = {each["id"]: each["source"] for each in restore_cells(cells_of(notebook["cells"]), given_out)["cells"]}
    assert restored == {each["id"]: each["source"] for each in notebook["cells"]}
    locked = next(each for each in made.cells if each.cell_type == "code" and each.metadata.nbgrader.locked)
    locked.source += "\n# changed"
    assert Validator()._get_changed_cells(made) == [locked], "what would be found"
