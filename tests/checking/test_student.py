"""The student's functions as a check sees them, and those that do not answer."""

from __future__ import annotations

import pytest

from autograder.report.model import Outcome
from tests.helpers.checks import Grade, f


@pytest.mark.parametrize(
    ("body", "outcome", "finding"),
    [
        ("raise NotImplementedError", Outcome.MISSING, "`f` is still to be written"),
        ("raise NotImplementedError('Your `g` is missing.')", Outcome.MISSING, "Your `g` is missing."),
        ("return X.nothing", Outcome.ERROR, "f(X: (2, 3)) raised AttributeError: "),
        ("return [1] + [X][1]", Outcome.ERROR, "\nIn code cell 1, line 4: `return [1] + [X][1]`"),
        ("raise SystemExit(0)", Outcome.ERROR, "raised SystemExit: 0"),
        ("raise KeyboardInterrupt", Outcome.ERROR, "raised KeyboardInterrupt"),
        ("raise AssertionError('passed')", Outcome.ERROR, "raised AssertionError: passed"),
        ("print.__self__.__import__('os')._exit(0)", Outcome.CRASHED, "brought no answer"),
        (
            "while True: pass",
            Outcome.TIMEOUT,
            "stopped: it may compute for 1 s, and 3 s may pass.",
        ),
    ],
)
def test_a_function_that_does_not_return_is_told_apart(grade: Grade, body: str, outcome: Outcome, finding: str) -> None:
    result = grade(f(body))["test_f"]
    assert (result.outcome, result.earned) == (outcome, 0)
    assert finding in result.message


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        ("", "There is no function `f` yet."),
        ("def F(X):\n    return X + 0.5", "There is no function `f` yet."),
        ("f = 0.5", "`f` is not a function but a value of type float"),
        ("def f(X):\n    return (X + 0.5", "SyntaxError in code cell 1, line 4"),
        ("f = np.no_such_thing", "AttributeError in code cell 1, line 3"),
        ("from scipy.special import softmax as f", "`scipy.special`"),
        ("import scipy.special as f", "`scipy.special`"),
    ],
    ids=["nothing", "other name", "no function", "syntax", "raises", "from import", "import as"],
)
def test_a_function_that_is_not_there_is_missing_and_why(grade: Grade, source: str, finding: str) -> None:
    result = grade(source)["test_f"]
    assert (result.outcome, result.earned) == (Outcome.MISSING, 0)
    assert finding in result.message


def test_a_check_of_its_own_is_told_which_of_several_arrays_has_another_shape(grade: Grade) -> None:
    hidden = '''
@points(1)
def test_f(student):
    """Two arrays"""
    student.f(np.ones((2, 3)))
'''
    result = grade(f("return X, X.T"), hidden, reference=f("return X, X"))["test_f"]
    assert "returned 2 values; number 2 is not right" in result.message


def test_a_check_of_its_own_sees_a_vector_where_numpy_made_a_matrix_of_it(grade: Grade) -> None:
    hidden = '''
@points(1)
def test_f(student):
    """A vector of three"""
    assert student.f(np.ones((2, 3))).shape == (3,)
'''
    result = grade(f("return np.matrix(X[0])"), hidden, reference=f("return X[0]"))["test_f"]
    assert result.outcome is Outcome.PASSED


def test_in_the_explained_asserts_of_pytest_a_function_has_its_name(grade: Grade) -> None:
    check = '@points(1)\ndef test_f(student):\n    """Its name"""\n    raise AssertionError(repr(student.f))\n'
    assert (
        "AssertionError: student.f)" in grade("def f(X):\n    return X", check + "    student.f(0)\n")["test_f"].message
    )
