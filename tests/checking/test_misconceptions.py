"""A mistake is named where it explains an answer, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.checking import misconception
from autograder.checking.recognition.misconceptions import collect
from autograder.report.model import Outcome
from tests.helpers.checks import ADD_HALF, Grade, f


@misconception("f")
def half_less(X):
    """Half was taken away.

    Which sign?
    """
    return X - 0.5


@misconception("f")
def transposed(X):
    """It was transposed.

    Why?
    """
    return X.T + 0.5


@misconception("f")
def does_not_fit(X):
    """It cannot be added.

    Which shape?
    """
    return X + np.zeros((5, 4))


@misconception("f")
def written_into_the_input(X):
    """It was written into X.

    Make a new array.
    """
    X += 0.5
    return X


@misconception("f")
def half_less_by_another_way(X):
    """Minus one half was added.

    Which sign?
    """
    return X + (-0.5)


@misconception("g")
def of_another_question(X):
    """Half was taken away, elsewhere.

    Which sign?
    """
    return X - 0.5


WRONG = collect({each.__name__: each for each in (half_less, transposed, does_not_fit, of_another_question)})


@pytest.mark.parametrize(
    ("body", "name", "finding"),
    [
        ("return X - 0.5", "half_less", "6 of 6 numbers are wrong"),
        ("return (X - 0.5).tolist()", "half_less", "6 of 6 numbers are wrong"),
        ("return 0.5 + X.T", "transposed", "(3, 2)"),
        ("return np.zeros((5, 4)) + X * 0 + X", "", "raised ValueError"),
        ("return X + np.zeros((5, 4))", "does_not_fit", "raised ValueError"),
        ("return X * 2", "", "6 of 6 numbers are wrong"),
        ("return (X - 0.5) * (1 + 5e-6)", "", "6 of 6 numbers are wrong"),
    ],
)
def test_a_mistake_is_named_behind_the_finding(grade: Grade, body: str, name: str, finding: str) -> None:
    result = grade(f(body), wrong=WRONG)["test_f"]
    assert finding in result.message
    assert result.misconception == (name or None)
    if name:
        known = next(each for each in WRONG if each.name == name)
        assert result.message.splitlines()[-2:] == [known.statement, known.hint]


def test_where_two_mistakes_explain_an_answer_none_is_named(grade: Grade) -> None:
    both = collect({"a": half_less, "b": half_less_by_another_way})
    result = grade(f("return X - 0.5"), wrong=both)["test_f"]
    assert result.misconception is None
    assert "Half was taken" not in result.message


def test_a_right_answer_is_never_named(grade: Grade) -> None:
    same_as_the_reference = collect({"a": misconception("f")(lambda_with_docstring())})
    assert grade(ADD_HALF, wrong=same_as_the_reference)["test_f"].outcome is Outcome.PASSED


def lambda_with_docstring() -> Callable[..., Any]:
    def right(X):
        """What.

        Hint.
        """
        return X + 0.5

    return right


def test_an_error_without_a_shape_in_its_words_names_no_mistake(grade: Grade) -> None:
    """`np.split` says the same whatever was split: two different mistakes cannot be told apart by it."""

    @misconception("f")
    def cut_another_axis(X):
        """The rows were cut.

        Which axis?
        """
        return np.split(X, 4, axis=0)

    result = grade(f("return np.split(X, 4, axis=1)"), wrong=collect({"a": cut_another_axis}))["test_f"]
    assert result.outcome is Outcome.ERROR
    assert result.misconception is None


def test_a_changed_input_is_named_as_well(grade: Grade) -> None:
    hidden = '''
@points(1)
def test_f(student):
    """The array stays as it is"""
    assert_no_side_effects(student.f, np.ones((2, 3)))
'''
    known = collect({"a": written_into_the_input, "b": half_less})
    result = grade(f("X[:] = 7"), hidden, wrong=known)["test_f"]
    assert result.misconception == "written_into_the_input"
    assert "changed its input `X`" in result.message


@pytest.mark.parametrize("docstring", [None, "", "One paragraph only."])
def test_a_misconception_needs_a_name_and_a_hint(docstring: str | None) -> None:
    def wrong(X):
        return X

    wrong.__doc__ = docstring
    with pytest.raises(ValueError, match="`wrong` needs a docstring of two paragraphs"):
        misconception("f")(wrong)
