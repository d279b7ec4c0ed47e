"""The small course, released and in a gradebook."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from autograder.course.loader import Course, load_course
from autograder.course.release import release_assignment, released_notebook
from autograder.nbgrader.gradebook import open_gradebook
from tests.helpers.course import CENTRED, SUMS, write_course
from tests.helpers.hand_ins import content, half_right, released, solved
from tests.helpers.nbgrader import (
    SMALL_CENTRED,
    SMALL_SUMS,
    WHY,
    WRITTEN,
    assignment_of,
    hand_in_notebook,
    nobodys_settings,
    write_gradebook,
)
from tests.helpers.paths import ROOT


@pytest.fixture(scope="package", autouse=True)
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with nobodys_settings(tmp_path_factory.mktemp("home")):
        yield


@pytest.fixture(scope="session")
def small_released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, released, and in a gradebook; its first assignment has an answer in words."""
    folder = tmp_path_factory.mktemp("small") / "course"
    write_course(folder, files={SMALL_SUMS: {**SUMS, "lesson.py": SUMS["lesson.py"] + WHY}, SMALL_CENTRED: CENTRED})
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    course = load_course(folder / "solutions")
    for assignment in course.assignments:
        release_assignment(assignment, folder / "assignments")
    open_gradebook(course, f"sqlite:///{folder}/gradebook.db", [each.name for each in course.assignments])
    return folder


@pytest.fixture
def small(small_released: Path, tmp_path: Path) -> Path:
    """A copy of it that the test may change."""
    return shutil.copytree(small_released, tmp_path / "course")


@pytest.fixture(scope="session")
def small_graded(small_released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course with a class in its gradebook: Ada is right, Ben half right, Cem has written nothing.

    Ada has 9 points by the checks and Ben 2; of both, the answer in words awaits a person.
    """
    folder = shutil.copytree(small_released, tmp_path_factory.mktemp("graded") / "course")
    assignment = assignment_of(folder, SMALL_SUMS)
    for student, notebook, day in (("ada", solved, 2), ("ben", half_right, 1), ("cem", released, 1)):
        time = f"2027-02-0{day} 12:00:00 UTC"
        hand_in_notebook(folder, student, SMALL_SUMS, content(notebook(assignment)), time)
    write_gradebook(folder)
    return folder


@pytest.fixture
def graded_class(small_graded: Path, tmp_path: Path) -> Path:
    """A copy of it that the test may change."""
    return shutil.copytree(small_graded, tmp_path / "course")


@pytest.fixture(scope="module")
def given_out(course: Course) -> NotebookNode:
    return released_notebook(course.assignment(WRITTEN))
