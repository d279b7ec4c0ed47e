"""What is told of a wrong answer from the numbers in visible checks alone, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.checking.at_home.known import KnownMistakes
from autograder.checking.at_home.naming import explained
from autograder.checking.at_home.observed import Observed
from autograder.checking.collection import AssignmentChecks, CheckRun
from autograder.checking.session import CheckSession, run_once
from autograder.report.model import CheckResult, Outcome
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.protocol import Returned
from tests.helpers.checks import HEAD
from tests.helpers.loading import load_cells

VISIBLE = '''
@points(1)
def test_f_example(student):
    """The example by numbers"""
    made = student.f(np.arange(1.0, 7.0).reshape(2, 3))
    assert_allclose(made, [[0.33, 1.33, 2.33], [3.33, 4.33, 5.33]], atol=5e-3)


@points(1)
def test_f_ones(student):
    """Where all are 1"""
    assert_allclose(student.f(np.ones((2, 2))), 1 / 3)


@points(1)
def test_f_batch(student):
    """A batch"""
    made = student.f(np.zeros((4, 2, 3)))
    assert made.shape == (4, 2, 3), "The shape stays."


@points(1)
def test_g_small(student):
    """A small example"""
    assert_allclose(student.g(np.array([[1.0, 2.0], [1.0, 1.0]])), [[2, 4], [2, 2]], atol=5e-3)


@points(1)
def test_h_order(student):
    """Two arrays"""
    first, second = student.h(np.arange(6.0).reshape(2, 3))
    assert_allclose(first, [[0, 1, 2], [3, 4, 5]])
    assert_allclose(second, [[0, 1, 4], [9, 16, 25]])


@points(1)
def test_p_precise(student):
    """Many digits"""
    made = student.p(np.arange(1.0, 7.0))
    assert_allclose(made, np.sqrt(np.arange(1.0, 7.0)), atol=1e-8)
'''
RIGHT = {
    "f": "def f(X): return X - 2 / 3",
    "g": "def g(X): return 2 * X",
    "h": "def h(X): return X, X ** 2",
    "p": "def p(X): return np.sqrt(X)",
}
Check = Callable[[str, str], dict[str, CheckResult]]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Check]:
    """Runs the visible checks of one question on a source, as at home; returns the results by name."""
    visible = Path(tmp_path_factory.mktemp("checks"), "visible_checks.py")
    visible.write_text(HEAD + VISIBLE)
    parameters = dict.fromkeys(RIGHT, ("X",))
    right = Observed()
    run_once(AssignmentChecks(parameters, visible), CheckRun(functions(*RIGHT.values()), observed=right))
    values = {each.key: each.reply.value for each in right.calls if isinstance(each.reply, Returned)}
    known = KnownMistakes(forms=values)
    with CheckSession(AssignmentChecks(parameters, visible, forms=known.forms)) as session:

        def run(question: str, source: str) -> dict[str, CheckResult]:
            observed = Observed()
            (result,) = session.run(CheckRun(functions(source), observed=observed, question=question))
            return {each.name: each for each in explained(result, observed, known).checks}

        yield run


def functions(*sources: str) -> Namespace:
    return load_cells("import numpy as np", *sources)


def names(results: dict[str, CheckResult]) -> set[str | None]:
    return {each.misconception for each in results.values() if each.outcome is not Outcome.PASSED}


@pytest.mark.parametrize("question", RIGHT)
def test_what_is_right_has_no_name(check: Check, question: str) -> None:
    results = check(question, RIGHT[question])
    assert {(each.outcome, each.misconception, each.message) for each in results.values()} == {
        (Outcome.PASSED, None, "")
    }


@pytest.mark.parametrize(
    ("question", "source", "name"),
    [
        ("f", "def f(X): return -(X - 2 / 3)", "sign_turned"),
        ("f", "def f(X): return 2 * (X - 2 / 3)", "constant_factor"),
        ("f", "def f(X): return X + 1 - 2 / 3", "constant_added"),
        ("f", "def f(X): return np.swapaxes(X - 2 / 3, -1, -2).copy()", "transposed"),
        ("f", "def f(X): return (X - 2 / 3).ravel()", "other_shape"),
        ("f", "def f(X): return (X - 2 / 3)[..., None]", "axes_of_length_1"),
        ("f", "def f(X): return np.sort((X - 2 / 3), axis=None)[::-1].reshape(X.shape)", "other_places"),
        ("f", "def f(X): return (X - 2 / 3) * 1.006 + .005 * (X > 2)", "nearly_right"),
        ("p", "def p(X): return X", "argument_returned"),
        ("f", "def f(X): n, d = X.shape; return X - 2 / 3", "two_axes_only"),
        ("f", "def f(X): return X ** 2 - 2 / 3", None),
        ("h", "def h(X): return X ** 2, X", "another_order"),
        ("h", "def h(X): return X, 2 * X ** 2", "constant_factor"),
        ("h", "def h(X): return X + 1, X ** 3", "constant_added"),
        ("p", "def p(X): return np.round(np.sqrt(X), 4)", "rounded"),
        ("p", "def p(X): return np.sqrt(X) * (1 + 5e-6)", "single_precision"),
        ("g", "def g(X): return np.array([[2.0, 2.0], [4.0, 2.0]])", None),
        ("g", "def g(X): return 4 * X", None),
        ("g", "def g(X): return X", None),
        ("g", "def g(X): return 2 * X + 1", None),
    ],
)
def test_a_rule_speaks_where_it_cannot_be_by_chance(check: Check, question: str, source: str, name: str) -> None:
    results = check(question, source)
    assert any(each.outcome is not Outcome.PASSED for each in results.values())
    assert names(results) - {None} == {name} - {None}
    for each in results.values():
        if each.misconception:
            assert each.message.endswith(each.lesson)
            assert each.outcome is not Outcome.PASSED


def test_of_several_values_it_is_said_which_one_it_is_about(check: Check) -> None:
    (result,) = check("h", "def h(X): return X, 2 * X ** 2").values()
    assert "This is about number 2 of what is returned. Every number is 2 times what it should be." in result.message


def test_a_check_that_passes_is_held_against_a_rule(check: Check) -> None:
    """Twice what it should be in one call, and right in another one of the same kind: that is no factor."""
    results = check("f", "def f(X): return (X - 2 / 3) * (1 + (X.size > 4))")
    assert names(results) == {None}
