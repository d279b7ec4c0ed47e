"""The checks of 03_softmax that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# All sizes of a case differ, so that no axis can stand in for another; in the square case a wrong axis raises
# no error. Scores are of moderate size unless a check is about extremes: a saturated softmax hides mistakes.


@points(1)
@pytest.mark.parametrize(
    "scores",
    [
        pytest.param((3, 5), id="more keys than queries"),
        pytest.param((6, 6), id="as many queries as keys"),
    ],
)
def test_softmax(student, reference, rng, scores):
    """Every row becomes weights"""
    assert_matches(student.softmax, reference.softmax, rng.normal(size=scores))


@points(1)
def test_softmax_batches(student, reference, rng):
    """Batches, and batches of batches"""
    assert_matches(student.softmax, reference.softmax, rng.normal(size=(2, 5, 3)))
    assert_matches(student.softmax, reference.softmax, rng.normal(size=(2, 3, 7, 5)))


@points(1)
def test_softmax_one_query(student, reference, rng):
    """One query, as a matrix with one row and as a plain vector; numbers of half the precision, float32"""
    assert_matches(student.softmax, reference.softmax, rng.normal(size=(1, 8)).astype(np.float32))
    assert_matches(student.softmax, reference.softmax, rng.normal(size=7).astype(np.float32))


@points(1)
def test_softmax_rows_at_different_levels(student, reference, rng):
    """Rows around 1000, 500, 0 and -1000 in one matrix"""
    levels = np.array([[1000.0], [0.0], [-1000.0], [500.0]])
    assert_matches(student.softmax, reference.softmax, levels + rng.normal(size=(4, 6)))


@points(1)
def test_softmax_one_row_from_low_to_high(student, reference, rng):
    """Very small and very large scores in one row"""
    # The first row overflows when its minimum is subtracted, and only the second row also when its mean is.
    S = np.array([[-1000.0, -1000.0, -1000.0, -200.0, -200.0], [-1000.0, -1000.0, -1000.0, 600.0, 600.0]])
    assert_matches(student.softmax, reference.softmax, S + rng.normal(size=(2, 5)))


@points(1)
def test_softmax_minus_infinity(student, reference, rng):
    """A score of -inf gets the weight 0"""
    S = rng.normal(size=(3, 6))
    S[[0, 1, 1, 2], [2, 0, 5, 3]] = -np.inf
    assert_matches(student.softmax, reference.softmax, S)


@points(1)
def test_softmax_keeps_inputs(student, rng):
    """The array that you are given stays as it is"""
    assert_no_side_effects(student.softmax, rng.normal(size=(5, 3)))


@points(1)
@pytest.mark.parametrize("n", [pytest.param(5, id="five keys"), pytest.param(30, id="thirty keys")])
def test_softmax_jacobian(student, reference, rng, n):
    """Every weight's answer to every score"""
    assert_matches(student.softmax_jacobian, reference.softmax_jacobian, some_weights(rng, n))


@points(1)
def test_softmax_jacobian_one_key(student, reference):
    """A single key: its weight is always 1, so nothing can change"""
    assert_matches(student.softmax_jacobian, reference.softmax_jacobian, np.array([1.0]))


@points(1)
def test_softmax_jacobian_float32(student, reference, rng):
    """Numbers of half the precision, float32"""
    p = some_weights(rng, 7).astype(np.float32)
    assert_matches(student.softmax_jacobian, reference.softmax_jacobian, p)


@points(1)
def test_softmax_jacobian_keeps_inputs(student, rng):
    """The array that you are given stays as it is"""
    assert_no_side_effects(student.softmax_jacobian, some_weights(rng, 6))


@points(1)
def test_softmax_jacobian_saturated(student):
    """One weight is 1 and the others are 0: the gradient has vanished"""
    J = student.softmax_jacobian(np.array([0.0, 0.0, 1.0]))
    assert J.shape == (3, 3), "Three weights have a Jacobian of shape (3, 3)."
    assert_allclose(J, 0, "A saturated softmax does not answer to small changes.")


@points(2)
def test_softmax_jacobian_is_the_derivative(student, reference, rng):
    """It predicts how the weights change when one score changes"""
    s, step = rng.normal(size=6), 1e-5
    J = student.softmax_jacobian(reference.softmax(s))
    assert J.shape == (6, 6), "Six weights have a Jacobian of shape (6, 6)."
    for j, direction in enumerate(np.eye(6)):
        change = reference.softmax(s + step * direction) - reference.softmax(s - step * direction)
        # Central differences err by about step**2, rounding by about 1e-16 / step: both far below 1e-7.
        slope = change / (2 * step)
        assert_allclose(J[:, j], slope, f"Column {j} tells what score {j} does.", rtol=0, atol=1e-7)


def some_weights(rng, n):
    """The weights of one query: positive, with the sum 1."""
    return rng.dirichlet(np.full(n, 2.0))
