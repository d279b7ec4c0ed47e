"""A submission that calls a right function upstream with what no honest one would, to trip the grader up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import grade
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

LAST = "09_vision_transformer"
# `vit_logits` is right, and builds on an addition that is not; before, it asks for one of something strange.
SOURCE = """

def add_position_embedding(tokens, position):
    if isinstance(tokens, list):
        return np.zeros(0)
    return tokens - position

right_logits = vit_logits

def vit_logits(images, weights, num_heads):
    try:
        add_position_embedding({given})
    except Exception:
        pass
    return right_logits(images, weights, num_heads)
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's finished work on all assignments."""
    folder = tmp_path_factory.mktemp("finished")
    for lesson in sorted((ROOT / "solutions").glob("0*/lesson.py")):
        (folder / lesson.parent.name).mkdir()
        shutil.copy(lesson, folder / lesson.parent.name / f"{lesson.parent.name}.py")
    return folder


@pytest.mark.parametrize(
    "given",
    [
        "[], []",
        "['a' * 400000], [''] * 3000",
        "[None], [[]]",
        "[{}], []",
        "[0.5] * 9000, [0.5] * 9000",
        "[np.empty((0, 10**5))] * 9, [1]",
    ],
)
def test_it_earns_its_points_and_the_wrong_addition_is_named(finished: Path, given: str) -> None:
    file = finished / LAST / f"{LAST}.py"
    shutil.copy(ROOT / "solutions" / LAST / "lesson.py", file)
    file.write_text(file.read_text() + SOURCE.format(given=given))
    report = grade(ROOT, file)
    assert not report.has_grader_error
    assert report.score == report.max_score
    assert {check.upstream for check in report.checks if check.upstream} == {"add_position_embedding"}
