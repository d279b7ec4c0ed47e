"""Mistakes that students really make with `softmax_gradient`: what each computes, and the hint it earns."""

import numpy as np
from lesson import softmax, softmax_gradient

from autograder.checking import misconception


def gain(A, dA):
    """What each row gains on average."""
    return np.sum(A * dA, axis=-1, keepdims=True)


@misconception("softmax_gradient")
def mean_of_the_row_left_out(A, dA):
    """Each dA was multiplied by its weight, and nothing was subtracted.

    The weights of a row sum to 1: one can grow only at the cost of the others. What should a row of dS sum to, and
    which part of the formula sees to it?
    """
    return A * dA


@misconception("softmax_gradient", constants={"axis": (0,)})
def sum_over_queries(A, dA, *, axis=-2):
    """The sum ran down the columns, over the queries, and not along each row.

    What one query does is no concern of another. Which axis counts the keys?
    """
    return A * (dA - np.sum(A * dA, axis=axis, keepdims=True))


@misconception("softmax_gradient")
def sum_over_axis_one(A, dA):
    """The sum ran over axis 1, which counts the keys only when there are exactly two axes.

    With a batch in front, the keys move to axis 2. Which number means "the last axis", however many there are?
    """
    return A * (dA - np.sum(A * dA, axis=1, keepdims=True))


@misconception("softmax_gradient")
def sum_over_everything(A, dA):
    """One sum was taken over the whole array, and not one for each row.

    What one query does is no concern of another. Without `axis=`, NumPy takes the sum of the whole array.
    """
    return A * (dA - np.sum(A * dA))


@misconception("softmax_gradient")
def weights_in_front_left_out(A, dA):
    """The weights in front of the bracket are missing.

    A key with a weight near 0 hardly answers to its score. What does the formula multiply the bracket by?
    """
    return dA - gain(A, dA)


@misconception("softmax_gradient")
def derivative_of_the_sigmoid(A, dA):
    """Each score was treated by itself, with A (1 - A): that is the derivative of the sigmoid.

    In softmax all keys of a row share one sum, so every score changes every weight. Which entries of the Jacobian have
    you left out?
    """
    return A * (1 - A) * dA


@misconception("softmax_gradient")
def jacobian_of_the_first_row(A, dA):
    """All rows went through the Jacobian of the first one.

    Each query has weights of its own, and so a Jacobian of its own. Which row of `A` does each row of `dA` belong to?
    """
    first = A[..., :1, :]
    return first * (dA - np.sum(first * dA, axis=-1, keepdims=True))


@misconception("softmax_gradient")
def sum_lost_an_axis(A, dA):
    """The sum of each row lost an axis, and NumPy laid it along the columns instead of the rows, or could not lay it
    anywhere.

    `np.sum(A * dA, axis=-1)` has the shape `(..., n_q)`. To subtract it row by row you need `(..., n_q, 1)`: look up
    `keepdims`.
    """
    return A * (dA - np.sum(A * dA, axis=-1))


@misconception("softmax_gradient")
def sum_without_weights(A, dA):
    """The plain sum of each row of `dA` was subtracted, without the weights.

    A key that hardly counts should hardly count here, either. By what is each dA multiplied before it is added?
    """
    return A * (dA - dA.sum(axis=-1, keepdims=True))


@misconception("softmax_gradient")
def mean_without_weights(A, dA):
    """The plain mean of each row of `dA` was subtracted, as if all weights were equal.

    It is a mean, but one in which each key has its own weight. Which numbers do you have that sum to 1 in every row?
    """
    return A * (dA - dA.mean(axis=-1, keepdims=True))


@misconception("softmax_gradient")
def softmax_of_the_weights(A, dA):
    """The softmax was applied to `A` first, but `A` holds weights already, and not scores.

    The formula needs the weights only. What does the docstring say about `A`?
    """
    return softmax_gradient(softmax(A), dA)


@misconception("softmax_gradient")
def all_signs_turned(A, dA):
    """All signs are the wrong way round: dA was subtracted from the mean of its row.

    Where dA of a key is above the mean, dS of its score is positive. Which of the two comes first in the bracket?
    """
    return -softmax_gradient(A, dA)


@misconception("softmax_gradient")
def gradient_in_front(A, dA):
    """The two arguments have changed places: `dA` stands in front of the bracket, and `A` in it.

    The weights say how strongly a score can act; the bracket says what is to be gained. Which one should be 0 where all
    keys are worth the same?
    """
    return dA * (A - gain(A, dA))


@misconception("softmax_gradient")
def bracket_left_out(A, dA):
    """The bracket is missing: the mean of the row was subtracted after the product with `A`, and not before.

    The mean is subtracted from `dA`, and the weight then multiplies the difference. Try it with a row whose weights are
    1 and 0.
    """
    return A * dA - gain(A, dA)
