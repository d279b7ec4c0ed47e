"""How a check is run: the inputs that it draws, and who is to blame when it trips."""

from __future__ import annotations

import pytest

from autograder.report.model import Outcome
from tests.helpers.checks import ADD_HALF, MATCHES, TRIPS, Grade, f

pytestmark = pytest.mark.slow

DRAWS = '''
@points(1)
def test_{name}(student, rng):
    """Draws a number"""
    student.f(0)
    raise AssertionError(str(rng.integers(1 << 62)))
'''


def test_hidden_inputs_are_the_same_on_every_regrade_and_fresh_for_every_student(grade: Grade) -> None:
    def drawn(seed: str) -> dict[str, str]:
        hidden = DRAWS.format(name="hidden") + DRAWS.format(name="other")
        results = grade(ADD_HALF, hidden, seed=seed, visible=DRAWS.format(name="visible"))
        return {name: result.message for name, result in results.items()}

    ada, ada_again, bo = drawn("key:ada"), drawn("key:ada"), drawn("key:bo")
    assert ada == ada_again
    assert ada["test_hidden"] != bo["test_hidden"]
    assert ada["test_hidden"] != ada["test_other"]
    assert ada["test_visible"] == bo["test_visible"], "students see what visible checks draw"


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("Q, K = student.f(np.ones(3))", "return X, X"),
        ("student.f(np.ones(3))[2, 1]", "return np.ones((3, 3))"),
        ("student.f(np.ones(3)) @ np.ones(4)", "return np.ones(4)"),
        ("np.linalg.inv(student.f(np.ones(3)))", "return np.eye(3)"),
        ("[10, 20][int(student.f(np.ones(3)).sum())]", "return X * 0"),
    ],
)
def test_a_check_that_trips_over_an_odd_answer_has_failed(grade: Grade, line: str, right: str) -> None:
    result = grade(f("return X"), TRIPS.format(line=line), reference=f(right))["test_f"]
    assert (result.outcome, result.earned) == (Outcome.FAILED, 0)
    assert "f(X: (3,)) returned an array of shape (3,)" in result.message


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("student.f(np.ones(3)); undefined_name", "NameError"),
        ("student.f(np.ones(3)); getattr(student, 'no_such_question')(1)", "no question is named 'no_such_question'"),
        ("student.f(np.ones(3)); getattr(reference, 'no_such_question')(1)", "no_such_question"),
        ("student.f(np.ones(3)); 1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_check_that_trips_over_the_right_answer_as_well_is_our_fault(grade: Grade, line: str, finding: str) -> None:
    results = grade(ADD_HALF, TRIPS.format(line=line))
    assert results["test_f"].outcome is Outcome.GRADER_ERROR
    assert "grader's fault, not yours" in results["test_f"].message
    assert finding in results["test_f"].message
    assert results["test_after"].outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("line", "outcome", "message"),
    [
        ("with pytest.raises(AssertionError): assert_allclose(student.f(np.ones(3)), 0)", Outcome.PASSED, ""),
        ("assert student.f(np.ones(3)).sum() == pytest.approx(4.5)", Outcome.PASSED, ""),
        ("student.f(np.ones(3)); np.testing.assert_allclose(1, 1)", Outcome.PASSED, ""),
    ],
)
def test_a_check_is_an_ordinary_pytest_function(grade: Grade, line: str, outcome: Outcome, message: str) -> None:
    results = grade(ADD_HALF, TRIPS.format(line=line))
    assert (results["test_f"].outcome, results["test_f"].message) == (outcome, message)
    assert results["test_after"].outcome is Outcome.PASSED


def test_a_check_may_end_by_pytests_own_words(grade: Grade) -> None:
    line = "if student.f(np.ones(3))[0] > 2: pytest.fail('In words.')"
    result = grade("def f(X):\n    return X + 9", TRIPS.format(line=line))["test_f"]
    assert result.outcome is Outcome.FAILED
    assert result.message.startswith("In words.")


def test_a_check_that_the_reference_does_not_pass_is_our_fault_however_it_ends(grade: Grade) -> None:
    for line in ("assert student.f(np.ones(3)).sum() == 4, 'No.'", "assert_allclose(student.f(np.ones(3)), 0)"):
        results = grade("def f(X):\n    return X + 9", TRIPS.format(line=line))
        assert results["test_f"].outcome is Outcome.GRADER_ERROR
        assert "grader's fault, not yours" in results["test_f"].message


def test_an_exception_of_the_reference_that_no_check_declares_is_our_fault(grade: Grade) -> None:
    for check in (
        MATCHES,
        TRIPS.format(line="student.f(np.ones(3))"),
        MATCHES.replace("reshape(2, 3))", "reshape(2, 3), raises=KeyError)"),
    ):
        result = grade(ADD_HALF, check, reference="def f(X):\n    return 2 * xx")["test_f"]
        assert result.outcome is Outcome.GRADER_ERROR
        assert "raises NameError in the reference" in result.message


def test_what_is_declared_and_not_raised_is_our_fault(grade: Grade) -> None:
    result = grade(ADD_HALF, MATCHES.replace("reshape(2, 3))", "reshape(2, 3), raises=KeyError)"))["test_f"]
    assert result.outcome is Outcome.GRADER_ERROR
    assert "should raise KeyError, and does not in the reference" in result.message


def test_a_check_may_use_fixtures_of_its_own(grade: Grade) -> None:
    hidden = '''
@pytest.fixture
def ones():
    return np.ones(3)


@points(1)
def test_f(student, ones):
    """With a fixture"""
    assert_allclose(student.f(ones), 1.5)
'''
    assert grade(ADD_HALF, hidden)["test_f"].outcome is Outcome.PASSED
    assert grade(f("return X"), hidden)["test_f"].outcome is Outcome.FAILED


def test_a_question_that_ran_out_of_time_twice_is_not_tried_again(grade: Grade) -> None:
    hidden = (
        TRIPS.format(line="student.f(np.ones(3))")
        + '''
@points(1)
@pytest.mark.parametrize("n", [1, 2, 3])
def test_more(student, n):
    """More of it"""
    student.f(np.ones(n))


@points(1)
def test_g(student):
    """Another question"""
    student.g(np.ones(3))
'''
    )
    both = "def f(X):\n    {}\n\n\ndef g(X):\n    return X\n"
    results = grade(both.format("while True: pass"), hidden, reference=both.format("return X"))
    late = [result for name, result in results.items() if name != "test_g"]
    assert {result.outcome for result in late} == {Outcome.TIMEOUT}
    assert [result.message.startswith("Not run") for result in late] == [False, False, *[True] * (len(late) - 2)]
    assert results["test_g"].outcome is Outcome.PASSED
