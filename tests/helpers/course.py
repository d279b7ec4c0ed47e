"""A small course in a folder of its own, submissions for it, and copies of the real one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.helpers.paths import ROOT

COURSE_TOML = """\
title = "A small course"
seed = "{seed}"
assignments = {assignments}
imports = ["numpy", "math"]

[limits]
cpu_seconds = 1.0
memory_mb = 256
answer_mb = 4
"""

SUMS = {
    "lesson.py": '''\
# %% [markdown]
# # Sums

# %%
import numpy as np
from autograder import check

# %% total
def total(X):
    """Sum each row. X: (..., n). Returns (...)."""
    ### BEGIN SOLUTION
    return X.sum(axis=-1)
    ### END SOLUTION


# %% mean
def mean(X):
    """The mean of each row. X: (..., n). Returns (...)."""
    ### BEGIN SOLUTION
    return total(X) / X.shape[-1]
    ### END SOLUTION
''',
    "visible_checks.py": '''\
import numpy as np

from autograder.checking import assert_allclose, points


@points(1)
def test_total_example(student):
    """1 + 2 = 3"""
    assert_allclose(student.total(np.array([[1.0, 2.0]])), [3.0], "1 and 2 make 3.")


@points(1)
def test_mean_example(student):
    """Between 1 and 3 lies 2"""
    assert_allclose(student.mean(np.array([[1.0, 3.0]])), [2.0], "The mean of 1 and 3 is 2.")
''',
    "hidden_checks.py": '''\
import pytest

from autograder.checking import assert_matches, points


@points(2)
@pytest.mark.parametrize("shape", [(3, 5), (4, 4), (2, 3, 4)])
def test_total(student, reference, rng, shape):
    """Rows of all lengths"""
    assert_matches(student.total, reference.total, rng.normal(size=shape))


@points(1)
def test_mean(student, reference, rng):
    """The mean of other numbers"""
    assert_matches(student.mean, reference.mean, rng.normal(size=(3, 5)))
''',
    "misconceptions.py": '''\
from autograder.checking import misconception


@misconception("total")
def over_columns(X):
    """The columns were summed.

    Which axis is a row?
    """
    return X.sum(axis=0)


@misconception("mean")
def one_too_few(X):
    """The sum was divided by n - 1.

    How many numbers are there?
    """
    return X.sum(axis=-1) / (X.shape[-1] - 1)
''',
}

CENTRED = {
    "lesson.py": '''\
# %% [markdown]
# # Centred rows

# %%
import numpy as np
from autograder import check, previous
mean = previous("mean")
# %% centre
def centre(X):
    """Take the mean from each row. X: (..., n). Returns (..., n)."""
    ### BEGIN SOLUTION
    return X - mean(X)[..., None]
    ### END SOLUTION
''',
    "visible_checks.py": '''\
import numpy as np

from autograder.checking import assert_allclose, points


@points(1)
def test_centre_example(student):
    """1 and 3 become -1 and 1"""
    assert_allclose(student.centre(np.array([[1.0, 3.0]])), [[-1.0, 1.0]], "The mean is 2.")
''',
    "hidden_checks.py": '''\
from autograder.checking import assert_matches, points


@points(4)
def test_centre(student, reference, rng):
    """Other numbers"""
    assert_matches(student.centre, reference.centre, rng.normal(size=(3, 5)))
''',
    "misconceptions.py": '''\
from autograder.checking import misconception


@misconception("centre")
def mean_added(X):
    """The mean was added.

    Where should the middle of a row lie afterwards?
    """
    return X + X.mean(axis=-1, keepdims=True)
''',
}
SMALL_COURSE: Mapping[str, Mapping[str, str]] = {"01_sums": SUMS, "02_centred": CENTRED}

# A submission for each, and what it earns in the small course.
RIGHT_SUMS = """\
import numpy as np


def total(X):
    return np.sum(X, axis=-1)


def mean(X):
    return np.mean(X, axis=-1)
"""
WRONG_SUMS = RIGHT_SUMS.replace("np.sum(X, axis=-1)", "np.sum(X, axis=0)")
HANGING_SUMS = RIGHT_SUMS.replace("return np.sum(X, axis=-1)", "while True: pass")
RIGHT_CENTRED = """\
def centre(X):
    return X - mean(X)[..., None]
"""

PUBLIC_COURSE_TOML = 'title = "Small"\nassignments = ["01_sums", "02_centred"]\nimports = ["numpy"]\n'


def write_course(folder: Path, seed: str = "a seed", files: Mapping[str, Mapping[str, str]] = SMALL_COURSE) -> Path:
    solutions = folder / "solutions"
    solutions.mkdir(parents=True, exist_ok=True)
    names = ", ".join(f'"{name}"' for name in files)
    (solutions / "course.toml").write_text(COURSE_TOML.format(seed=seed, assignments=f"[{names}]"))
    for name, contents in files.items():
        (solutions / name).mkdir(exist_ok=True)
        for file, content in contents.items():
            (solutions / name / file).write_text(content)
    return folder


def copy_course(target: Path, assignments: Sequence[str]) -> Path:
    """A copy of the real course with some of its assignments only."""
    (target / "solutions").mkdir(parents=True)
    for shared in (ROOT / "solutions").glob("*.py"):
        shutil.copy(shared, target / "solutions")
    for name in assignments:
        shutil.copytree(ROOT / "solutions" / name, target / "solutions" / name)
    settings = (ROOT / "solutions" / "course.toml").read_text().partition("\n[former]")[0]  # names all of them
    listed = settings[settings.index("\nassignments") + 1 :]
    listed = listed[: listed.index("]") + 1]
    names = ", ".join(f'"{name}"' for name in assignments)
    (target / "solutions" / "course.toml").write_text(settings.replace(listed, f"assignments = [{names}]"))
    return target


def hand_in(submitted: Path, student: str, assignment: str, source: str) -> Path:
    """Write a student's .py file for an assignment; returns it."""
    folder = submitted / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{assignment}.py"
    file.write_text(source)
    return file


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file."""
    content = file.read_text()
    assert old in content
    file.write_text(content.replace(old, new))


ALIKE = '''

@misconception("mean")
def {name}(X):
    """{name}.

    Which number?
    """
    return {body}
'''


def add_misconception(folder: Path, name: str, body: str) -> None:
    file = folder / "solutions/01_sums/misconceptions.py"
    file.write_text(file.read_text() + ALIKE.format(name=name, body=body))
