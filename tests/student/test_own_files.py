"""Which of a student's files counts: at home as in grading, whatever state the notebook and the script are in."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course.loader import Course, load_course
from autograder.course.release import release_assignment, release_settings
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.job import read_job
from autograder.student.own_files import notes_on_files, read_own
from autograder.student.workspace import Workspace, find_workspace
from autograder.submission.errors import UnreadableError
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import RIGHT_SUMS, write_course
from tests.helpers.notebooks import write_notebook

pytestmark = pytest.mark.slow

NAME = "01_sums"
NOTEBOOK, SCRIPT = f"{NAME}.ipynb", f"{NAME}.py"
STUBS = """\
import numpy as np

def total(X):
    # YOUR CODE HERE
    raise NotImplementedError()

def mean(X):
    raise NotImplementedError
"""
STATES = ("absent", "untouched", "half", "finished", "broken", "empty")
HALF = STUBS.replace("raise NotImplementedError()", "return X.sum(axis=-1)")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Path]:
    """A course, and its assignments/ as students get it."""
    folder = write_course(tmp_path_factory.mktemp("released"))
    course = load_course(folder / "solutions")
    for each in course.assignments:
        release_assignment(each, folder / "assignments")
    release_settings(course, folder / "assignments")
    return course, folder / "assignments"


@pytest.fixture
def home(released: tuple[Course, Path], tmp_path: Path) -> Workspace:
    return find_workspace(shutil.copytree(released[1], tmp_path / "assignments"))


def write_notebook_in_state(file: Path, state: str) -> None:
    match state:
        case "absent":
            file.unlink()
        case "half" | "finished":
            write_notebook(file, HALF if state == "half" else RIGHT_SUMS)
        case "broken":
            file.write_text(file.read_text()[:-200])
        case "empty":
            file.write_text("")


def write_script_in_state(file: Path, state: str) -> None:
    sources = {"untouched": STUBS, "half": HALF, "finished": RIGHT_SUMS, "empty": ""}
    if state == "broken":
        file.write_bytes(RIGHT_SUMS.encode("utf-16-le"))
    elif state != "absent":
        file.write_text(sources[state])


@pytest.mark.parametrize(("notebook", "script"), list(itertools.product(STATES, STATES)))
def test_home_and_grading_choose_the_same_file(
    released: tuple[Course, Path], home: Workspace, notebook: str, script: str
) -> None:
    write_notebook_in_state(home.folder / NAME / NOTEBOOK, notebook)
    write_script_in_state(home.folder / NAME / SCRIPT, script)
    course, _ = released
    job = read_job(course, SubmissionFolder.alone("ada", NAME, home.folder / NAME, home.names))
    mine = home.file(NAME)
    if (notebook, script) == ("absent", "absent"):
        assert mine is None
        assert job.submission is None
        return
    assert mine is not None
    if job.submission is None:
        with pytest.raises(UnreadableError):
            read_own(home, mine)
    else:
        assert (mine.name, read_own(home, mine).digest) == (job.submission.file, job.submission.digest)


@pytest.mark.parametrize(
    ("notebook", "script", "counts"),
    [
        ("untouched", "finished", SCRIPT),
        ("finished", "untouched", NOTEBOOK),
        ("untouched", "half", SCRIPT),
        ("broken", "finished", SCRIPT),
        ("finished", "empty", NOTEBOOK),
        ("untouched", "untouched", NOTEBOOK),
        ("half", "finished", NOTEBOOK),
    ],
)
def test_finished_work_counts_before_an_untouched_file(
    home: Workspace, notebook: str, script: str, counts: str
) -> None:
    write_notebook_in_state(home.folder / NAME / NOTEBOOK, notebook)
    write_script_in_state(home.folder / NAME / SCRIPT, script)
    file = home.file(NAME)
    assert file is not None
    assert file.name == counts
    (note,) = notes_on_files(home, file)
    assert note.startswith(f"{counts} is checked, and would be graded")
    other = SCRIPT if counts == NOTEBOOK else NOTEBOOK
    assert other in note
    (told,) = notes_on_files(home, file.with_name(other))
    assert told.startswith(f"{counts} is what counts, and not {other}")


def test_an_untouched_notebook_does_not_hide_a_finished_script(home: Workspace) -> None:
    (home.folder / NAME / SCRIPT).write_text(RIGHT_SUMS)
    for path in (home.folder, home.folder / NAME):
        shown = autograder("check", path).stdout
        assert "01_sums.py is checked, and would be graded, for nothing is answered in 01_sums.ipynb." in shown
    rows = [line.split() for line in autograder("check", home.folder).stdout.splitlines()]
    assert [NAME, "done", "2", "of", "2"] in rows


def test_one_file_alone_is_worth_no_note(home: Workspace) -> None:
    assert notes_on_files(home, home.folder / NAME / NOTEBOOK) == ()


def test_work_in_a_copy_with_another_name_is_told(home: Workspace) -> None:
    copy = f"{NAME} (1).ipynb"
    write_notebook(home.folder / NAME / copy, RIGHT_SUMS)
    (note,) = notes_on_files(home, home.folder / NAME / NOTEBOOK)
    assert (
        note == f"Nothing is answered in {NOTEBOOK}, but in {copy}: delete {NOTEBOOK}, and give its name to that one."
    )


def test_a_notebook_of_another_assignment_is_told_at_home_as_in_grading(
    released: tuple[Course, Path], home: Workspace
) -> None:
    file = write_notebook(home.folder / "02_centred" / "02_centred.ipynb", RIGHT_SUMS)
    with pytest.raises(UnreadableError) as at_home:
        read_own(home, file)
    job = read_job(released[0], SubmissionFolder.alone("ada", "02_centred", file.parent, home.names))
    begins = "02_centred.ipynb answers nothing of 02_centred, but `total`, `mean` of 01_sums"
    assert str(at_home.value) == f"{begins}: put it into 01_sums, and your work on 02_centred here."
    assert str(job.work).startswith(begins)


def empty_object(file: Path) -> None:
    file.write_text("{}")


def cut(file: Path) -> None:
    file.write_text(file.read_text()[:100])


def with_other_cells(file: Path) -> None:
    file.write_text(json.dumps({"assignment": NAME, "cells": [{"kind": "code"}]}))


@pytest.mark.parametrize("spoil", [empty_object, cut, with_other_cells])
def test_a_spoilt_record_of_the_handout_is_told_in_one_line(home: Workspace, spoil: Callable[[Path], None]) -> None:
    spoil(home.folder / NAME / "handout.json")
    write_notebook(home.folder / NAME / NOTEBOOK, RIGHT_SUMS)
    told = "handout.json is not what was released: take the file from your course again"
    assert one_line(autograder("check", home.folder / NAME)).endswith(told)
    assert told in autograder("check", home.folder).stdout  # and the other assignments are looked at


def test_a_folder_of_an_earlier_edition_without_that_record_is_checked(home: Workspace) -> None:
    (home.folder / NAME / "handout.json").unlink()
    write_notebook(home.folder / NAME / NOTEBOOK, RIGHT_SUMS)
    assert "`total`: its visible check passes" in autograder("check", home.folder / NAME).stdout


CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> mine\n"


def test_what_git_left_in_a_cell_is_told(home: Workspace) -> None:
    file = home.folder / NAME / NOTEBOOK
    both = CONFLICT.format(RIGHT_SUMS, RIGHT_SUMS.replace("np.mean", "np.median"))
    write_notebook(file, "import numpy as np", both, "x = '<<<<<<< no conflict'")
    notebook = json.loads(file.read_text())
    text = {"cell_type": "markdown", "id": "x", "metadata": {}, "source": CONFLICT.format("Because.", "Why not.")}
    file.write_text(json.dumps({**notebook, "cells": [*notebook["cells"], text]}))
    shown = autograder("check", file).stdout
    said = "two versions stand one below the other, as git left them (`<<<<<<< HEAD`): keep one of them"
    assert [line for line in shown.splitlines() if said in line] == [
        f"In {place}, {said}, and take the lines with the markers away." for place in ("code cell 2", "a cell of text")
    ]


@pytest.mark.parametrize(("name", "encoding"), [(NOTEBOOK, "utf-16"), (NOTEBOOK, "utf-16-le"), (SCRIPT, "utf-16")])
def test_letters_of_16_bits_are_read_and_told(home: Workspace, name: str, encoding: str) -> None:
    file = home.folder / NAME / name
    write_notebook(file, RIGHT_SUMS) if name == NOTEBOOK else file.write_text(RIGHT_SUMS)
    file.write_bytes(file.read_text().encode(encoding))
    shown = autograder("check", file).stdout
    assert "`total`: its visible check passes" in shown
    assert f"{name} is written in UTF-16, which Jupyter and Python do not open: save it as UTF-8" in shown
