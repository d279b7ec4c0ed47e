"""The checks of 03_softmax that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points


@points(1)
def test_softmax_example(student):
    """The example by numbers: the weights of q1 and q2"""
    weights = student.softmax(np.array([[0.7071, 1.4142], [0.7071, 0.7071]]))
    assert_allclose(weights, [[0.33, 0.67], [0.50, 0.50]], "q1 has the weights 0.33 and 0.67.", atol=5e-3)


@points(1)
def test_softmax_rows_sum_to_one(student, rng):
    """Each row of weights sums to 1, for scores around 0 and for scores around 1000"""
    S = rng.normal(size=(3, 5))
    for level in (0, 1000):
        weights = student.softmax(level + S)
        assert weights.shape == (3, 5), f"Scores of shape (3, 5) gave weights of shape {weights.shape}."
        assert np.all(np.isfinite(weights)), f"Scores around {level} gave weights that are not finite."
        assert np.all(weights >= 0), f"Scores around {level} gave a negative weight."
        assert_allclose(weights.sum(axis=-1), 1, "Each query shares out exactly 1, row by row.")
        in_order = np.array_equal(weights.argsort(axis=-1), S.argsort(axis=-1))
        assert in_order, "In each row, a larger score has a larger weight."


@points(1)
def test_softmax_jacobian_example(student):
    """The example by numbers: the Jacobians of both rows of weights"""
    for p, entry in [(np.array([0.33, 0.67]), 0.22), (np.array([0.50, 0.50]), 0.25)]:
        J = student.softmax_jacobian(p)
        J_by_hand = [[entry, -entry], [-entry, entry]]
        assert_allclose(J, J_by_hand, f"For p = {p}, the entries are {entry} and -{entry}.", atol=5e-3)


@points(1)
def test_softmax_jacobian_columns_sum_to_zero(student, rng):
    """What one weight gains, the others lose: each column sums to 0"""
    J = student.softmax_jacobian(rng.dirichlet(np.ones(5)))
    assert J.shape == (5, 5), f"Five weights have a Jacobian of shape (5, 5), and yours is {J.shape}."
    assert np.all(J.diagonal() > 0), "A larger score makes its own weight larger: the diagonal is positive."
    assert_allclose(J.sum(axis=0), 0, "The weights always sum to 1, so their changes must sum to 0.")
