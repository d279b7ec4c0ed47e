"""A student's assignments: found from below, and the functions of earlier ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder import previous, previous_data
from autograder.checking.collection import ChecksError
from autograder.student.progress import check_file
from autograder.student.workspace import find_workspace
from autograder.submission.errors import UnreadableError
from tests.helpers.course import RIGHT_SUMS
from tests.helpers.notebooks import write_notebook


def test_the_students_course_is_found_from_below(workspace: Path):
    assert find_workspace(workspace / "01_sums").names == ("01_sums", "02_centred")


def test_previous_is_the_function_of_the_earlier_notebook(workspace: Path):
    write_notebook(
        workspace / "01_sums" / "01_sums.ipynb",
        "import numpy as np",
        "def total(X):\n    return np.sum(X, axis=-1) + 100",
    )
    assert previous("total")(np.ones((1, 2))) == [102]


def test_previous_keeps_the_name_and_parameters(workspace: Path):
    (workspace / "01_sums" / "01_sums.py").write_text(RIGHT_SUMS)
    assert previous("total").__name__ == "total"


@pytest.mark.parametrize("work", [None, "def total(X):\n    raise NotImplementedError()", "def total(X:"])
def test_previous_says_where_to_write_what_is_not_there_yet(workspace: Path, work: str | None):
    if work is not None:
        write_notebook(workspace / "01_sums" / "01_sums.ipynb", work)
    with pytest.raises(NotImplementedError, match=r"Your `total` is not written yet\. It belongs into 01_sums"):
        previous("total")(np.ones(2))


def test_previous_says_what_is_wrong_with_a_broken_notebook(workspace: Path):
    (workspace / "01_sums" / "01_sums.ipynb").write_text('{"cells": [')
    with pytest.raises(UnreadableError, match=r"01_sums\.ipynb is cut off: its end is missing\. Save your notebook if"):
        previous("total")


@pytest.mark.parametrize("name", ["centre", "nothing"])
def test_previous_knows_what_no_earlier_assignment_asks_for(workspace: Path, name: str):
    with pytest.raises(ChecksError, match=f"no assignment before 02_centred asks for a function `{name}`"):
        previous(name)


def test_previous_names_a_folder_that_is_not_there(workspace: Path):
    (workspace / "01_sums" / "visible_checks.py").unlink()
    with pytest.raises(ChecksError, match=r"visible_checks\.py is not in .*01_sums: keep it beside your notebook"):
        previous("total")


def test_previous_outside_the_course_says_so(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChecksError, match=r"there is no course\.toml"):
        previous("total")


def test_previous_data_is_the_file_of_an_earlier_assignment_or_of_this_one(workspace: Path):
    for assignment, name in (("01_sums", "a.txt"), ("01_sums", "b.txt"), ("02_centred", "b.txt")):
        folder = workspace / assignment / "data"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(assignment)
    assert previous_data("a.txt").read_text() == "01_sums"
    assert previous_data("b.txt").read_text() == "02_centred", "the nearest counts"


def test_previous_data_that_is_nowhere_says_what_to_do(workspace: Path):
    with pytest.raises(ChecksError, match=r"no data/c\.npz lies in 02_centred or in an assignment before it"):
        previous_data("c.npz")


BROKEN = ("import numpy as np", "def total(X):\n    return np.ones(3) @ np.ones(4)")
BROKEN_AT = "In 01_sums.ipynb, code cell 2, line 2: `return np.ones(3) @ np.ones(4)`"


def test_a_line_of_an_earlier_notebook_is_told_with_its_file(workspace: Path):
    """Its cells have the numbers that those of the notebook have, too."""
    write_notebook(workspace / "01_sums" / "01_sums.ipynb", *BROKEN)
    own = (
        "from autograder import previous\n\ntotal = previous('total')",
        "\n\ndef centre(X):\n    return X - total(X)",
    )
    file = workspace / "02_centred" / "02_centred.ipynb"
    write_notebook(file, *own)
    (question,) = check_file(file).questions
    assert [BROKEN_AT in each.message for each in question.checks] == [True]
    space = find_workspace(workspace).load("01_sums")
    assert [space.locate(f"01_sums.ipynb, code cell {number}", 2) is None for number in (1, 2)] == [True, False]
