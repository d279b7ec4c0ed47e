"""The checks of 03_softmax that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, assert_no_side_effects, points


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
def test_softmax_batch(student):
    """Two sentences in one call, and a single row without any axis in front"""
    S = np.log([[[1.0, 2, 1], [3, 3, 2]], [[1, 1, 6], [2, 5, 1]]])  # the exponentials are these whole numbers
    weights_by_hand = [[[0.25, 0.5, 0.25], [0.375, 0.375, 0.25]], [[0.125, 0.125, 0.75], [0.25, 0.625, 0.125]]]
    assert_allclose(student.softmax(S), weights_by_hand, "Every row shares out 1, in every sentence.")
    assert_allclose(student.softmax(S[0, 0]), [0.25, 0.5, 0.25], "A row alone has the same weights.")


@points(1)
def test_softmax_own_maximum(student):
    """Each row subtracts its own maximum, in an array of its own; -inf gets the weight 0"""
    S = np.array([[1000, 0, -1000, 0], [-1000, -1000, -np.inf, -np.inf], [1000, 1000, 1000, 1000]])
    weights = student.softmax(S)
    weights_by_hand = [[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25, 0.25, 0.25, 0.25]]
    why = "Each row subtracts its own maximum: that of row 2 is -1000, however large the others are."
    assert_allclose(weights, weights_by_hand, why)
    assert_no_side_effects(student.softmax, S)


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


@points(1)
def test_softmax_jacobian_three_keys(student):
    """Three keys with three different weights"""
    J = student.softmax_jacobian(np.array([0.5, 0.3, 0.2]))
    J_by_hand = [[0.25, -0.15, -0.1], [-0.15, 0.21, -0.06], [-0.1, -0.06, 0.16]]
    assert_allclose(J, J_by_hand, "Every pair of keys has an entry of its own: -0.5 · 0.3 is -0.15.")


@points(1)
def test_softmax_jacobian_weight_zero(student):
    """A key with the weight 0 takes nothing from the others: its row and its column are 0"""
    J = student.softmax_jacobian(np.array([0.5, 0.0, 0.5]))
    J_by_hand = [[0.25, 0, -0.25], [0, 0, 0], [-0.25, 0, 0.25]]
    assert_allclose(J, J_by_hand, "Key 2 has the weight 0: all in its row and in its column is 0.")
