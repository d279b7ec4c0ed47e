"""What a run holds in memory grows little with the class."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from autograder.cli.shared.class_run import find_class, run_class
from autograder.cli.shared.runs.graders import Graders
from autograder.course.loader import load_course
from autograder.sandbox.homes import Where
from tests.grading.resume.test_kept import AtOnce
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS, hand_in, write_course

pytestmark = pytest.mark.slow

SMALL, LARGE = 100, 400  # students, each with work on both assignments
MOST_BYTES = 1500  # a submission; before marks and pages were made one after the other, it took twice as many


@pytest.fixture(autouse=True)
def _garbage_is_looked_for_as_usual() -> Iterator[None]:
    """A command looks for it seldom, and a command may have been called in this process."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def peak_of_a_run_again(folder: Path, students: int) -> int:
    for number in range(students):
        hand_in(folder / "class", f"student{number:05}", "01_sums", (RIGHT_SUMS, WRONG_SUMS)[number % 2])
        hand_in(folder / "class", f"student{number:05}", "02_centred", RIGHT_CENTRED)

    def run() -> int:
        course = load_course(folder / "solutions")
        plan = find_class(course, folder / "class", folder / "out", chosen=(), class_file=None, gradebook=None)
        graders = Graders(AtOnce(), lambda: 1, lambda: Where.NONE)
        return run_class(Console(quiet=True), plan, graders, Where.NONE).graded.fresh

    assert run() == 2 * students
    assert run() == 0  # what a process does once is done
    tracemalloc.start()
    try:
        assert run() == 0
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_submission_takes_little_memory(tmp_path: Path) -> None:
    small = peak_of_a_run_again(write_course(tmp_path / "small"), SMALL)
    large = peak_of_a_run_again(write_course(tmp_path / "large"), LARGE)
    each = (large - small) / (2 * (LARGE - SMALL))
    assert each < MOST_BYTES, f"{each:.0f} bytes a submission"
