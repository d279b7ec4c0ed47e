"""The checks of 03_softmax that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from drawn import some_weights
from strata import SOME, single, strata

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# Scores are of moderate size unless a check is about extremes: a saturated softmax hides mistakes.

# ------------------------------------------------------------------------------------------------ softmax


def softmax_inputs(rng, lead, n_q, n_k):
    return (rng.normal(size=(*lead, n_q, n_k)),)


@points(1)
@pytest.mark.parametrize("stratum", strata(softmax_inputs))
def test_softmax(student, reference, rng, stratum):
    """Every row becomes weights"""
    stratum.compare(student.softmax, reference.softmax, rng)


@points(1)
def test_softmax_extremes(student, reference, rng):
    """Very small and very large scores, from row to row and in one row; equal scores; a plain vector"""
    softmax, right = student.softmax, reference.softmax
    levels = np.array([[1000.0], [0.0], [-1000.0], [500.0]])
    assert_matches(softmax, right, levels + rng.normal(size=(4, 6)))
    # The first row overflows when its minimum is subtracted, and only the second row also when its mean is. In the
    # third, not even the second largest is near the largest, which alone may be subtracted. In the last, all are equal.
    rows = [[-1000.0, -1000.0, -1000.0, -200.0, -200.0], [-1000.0, -1000.0, -1000.0, 600.0, 600.0]]
    rows += [[-900.0, 900.0, -901.0, -950.0, 0.0], [0.0] * 5]
    spread = np.array([[1.0], [1.0], [1.0], [0.0]]) * rng.normal(size=(4, 5))
    assert_matches(softmax, right, np.array(rows) + spread)
    assert_matches(softmax, right, rng.permutation(np.r_[900.0, np.full(60, -900.0)]) + rng.normal(size=61))
    # Batches: each row has a maximum of its own, with others in the same batch far above it.
    batch = np.array([[[0.0], [-1000.0]], [[900.0], [100.0]], [[-950.0], [1000.0]]]) + rng.normal(size=(3, 2, 5))
    assert_matches(softmax, right, batch)
    assert_matches(softmax, right, single(batch))


@points(1)
def test_softmax_minus_infinity(student, reference, rng):
    """A score of -inf gets the weight 0, whatever stands beside it"""
    S = rng.normal(size=(3, 6))
    S[[0, 1, 1, 2], [2, 0, 5, 3]] = -np.inf
    assert_matches(student.softmax, reference.softmax, S)
    assert_matches(student.softmax, reference.softmax, np.stack([S - 1000, S[::-1] + 800, S - 1e6]))


@points(1)
def test_softmax_side_effects(student, rng):
    """Your input and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.softmax, *softmax_inputs(rng, (), 5, 3))


# --------------------------------------------------------------------------------------- softmax_jacobian


def softmax_jacobian_inputs(rng, lead, n):
    return (some_weights(rng, n),)


@points(1)
@pytest.mark.parametrize(
    "stratum",
    strata(
        softmax_jacobian_inputs,
        long={"n": SOME},
        apart=True,
        negative=False,
        without=["each axis of length 1", "a batch, of many and of one", "batches of batches"],
    ),
)
def test_softmax_jacobian(student, reference, rng, stratum):
    """Every weight's answer to every score"""
    stratum.compare(student.softmax_jacobian, reference.softmax_jacobian, rng)


@points(1)
def test_softmax_jacobian_one_key(student, reference, rng):
    """A single key: its weight is always 1, so nothing can change; with two, one takes from the other"""
    assert_matches(student.softmax_jacobian, reference.softmax_jacobian, np.array([1.0]))
    assert_matches(student.softmax_jacobian, reference.softmax_jacobian, some_weights(rng, 2))


@points(1)
def test_softmax_jacobian_saturated(student):
    """One weight is 1 and the others are 0: the gradient has vanished"""
    undecided = student.softmax_jacobian(np.array([0.5, 0.0, 0.5]))
    assert_allclose(np.diagonal(undecided), [0.25, 0, 0.25], "Between two equal weights, the gradient is largest.")
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


@points(1)
def test_softmax_jacobian_side_effects(student, rng):
    """Your input and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.softmax_jacobian, some_weights(rng, 6))
