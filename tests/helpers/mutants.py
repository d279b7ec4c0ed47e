"""A course of one question whose checks a test may blind, and what became of its mutants."""

from __future__ import annotations

from pathlib import Path

from autograder.course.loader import load_course
from autograder.course.mutants.model import Fate, QuestionTried
from autograder.course.mutants.running import try_mutants
from tests.helpers.course import write_course

LESSON = """\
# %% [markdown]
# # One question

# %%
import numpy as np


# %% {question}
{solution}
"""
HEAD = """\
import numpy as np

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

"""
SHARE = '''\
def share(X):
    """Divide each row by its sum.

    X: (..., n)
    Returns (..., n).
    """
    ### BEGIN SOLUTION
    total = X.sum(axis=-1, keepdims=True)  # (..., 1)
    return X / total
    ### END SOLUTION'''
SEEING = '''
@points(1)
def test_share(student, reference, rng):
    """Rows of all sizes, and batches"""
    for shape in [(3, 5), (4, 4), (6, 3, 5), (1, 3, 5)]:
        assert_matches(student.share, reference.share, rng.uniform(1, 2, size=shape))


@points(1)
def test_share_side_effects(student, rng):
    """Nothing is changed"""
    assert_no_side_effects(student.share, rng.uniform(1, 2, size=(3, 5)))
'''
EXAMPLE = '''
@points(1)
def test_share_example(student):
    """1 and 3"""
    assert_allclose(student.share(np.array([[1.0, 3.0]])), [[0.25, 0.75]], "A quarter, and three quarters.")
'''


def course_of(
    folder: Path, question: str = "share", solution: str = SHARE, visible: str = EXAMPLE, hidden: str = SEEING
) -> Path:
    """A course in a folder; returns the folder of its assignment."""
    files = {
        "lesson.py": LESSON.format(question=question, solution=solution),
        "visible_checks.py": HEAD + visible,
        "hidden_checks.py": HEAD + hidden,
        "misconceptions.py": "",
    }
    return write_course(folder, files={"01_one": files}) / "solutions/01_one"


def tried(assignment: Path) -> QuestionTried:
    """What became of the mutants of the question."""
    course = load_course(assignment.parent)
    (question,) = try_mutants(course, course.assignments, lambda _done, _all: None)
    return question


def changes(question: QuestionTried, *fates: Fate) -> set[tuple[str, str]]:
    """The mutants of some fate, as what each statement was and is."""
    return {(each.mutant.was, each.mutant.now) for each in question.of(*fates)}
