"""Mistakes that students really make with `mlp`: what each computes, and the hint it earns."""

import math

import numpy as np
from lesson import gelu, mlp

from autograder.checking import misconception


def gelu_with_tanh(X):
    """The approximation of GELU."""
    return X * (1 + np.tanh(math.sqrt(2 / math.pi) * (X + 0.044715 * X**3))) / 2


@misconception("mlp")
def no_activation(X, W_1, b_1, W_2, b_2):
    """There was no GELU between the two projections.

    Without it, two projections are only another projection. Where does it stand in the formula?
    """
    return (X @ W_1 + b_1) @ W_2 + b_2


@misconception("mlp")
def activation_at_the_end_too(X, W_1, b_1, W_2, b_2):
    """There was a GELU behind the second projection, too.

    What comes out is added to the tokens, and it must be able to be negative. One GELU is enough, between the
    two.
    """
    return gelu(mlp(X, W_1, b_1, W_2, b_2))


@misconception("mlp")
def activation_only_at_the_end(X, W_1, b_1, W_2, b_2):
    """The GELU stands behind the second projection, and not between the two.

    Read the formula from the inside out: project, GELU, project.
    """
    return gelu((X @ W_1 + b_1) @ W_2 + b_2)


@misconception("mlp")
def activation_first(X, W_1, b_1, W_2, b_2):
    """The GELU was applied to the tokens, before the first projection.

    Read the formula from the inside out: project, GELU, project.
    """
    return (gelu(X) @ W_1 + b_1) @ W_2 + b_2


@misconception("mlp")
def layers_swapped(X, W_1, b_1, W_2, b_2):
    """The two layers have changed places.

    `W_1` comes first: it leads from d columns to the hidden ones, and `W_2` leads back.
    """
    return mlp(X, W_2, b_2, W_1, b_1)


@misconception("mlp")
def relu_in_between(X, W_1, b_1, W_2, b_2):
    """There was a ReLU between the two projections, and not a GELU.

    The first transformer had ReLU there. Here it is your own `gelu`.
    """
    return np.maximum(X @ W_1 + b_1, 0) @ W_2 + b_2


@misconception("mlp")
def tanh_form_in_between(X, W_1, b_1, W_2, b_2):
    """Between the two projections, GELU was approximated with tanh.

    It is close, but not the same. Use your own `gelu`, which is exact.
    """
    return gelu_with_tanh(X @ W_1 + b_1) @ W_2 + b_2


@misconception("mlp")
def mlp_without_first_bias(X, W_1, b_1, W_2, b_2):
    """The bias `b_1` was not added.

    Each projection adds its bias. Which of your arguments have you not used yet?
    """
    return mlp(X, W_1, np.zeros_like(b_1), W_2, b_2)


@misconception("mlp")
def mlp_without_last_bias(X, W_1, b_1, W_2, b_2):
    """The bias `b_2` was not added.

    Each projection adds its bias. Which of your arguments have you not used yet?
    """
    return mlp(X, W_1, b_1, W_2, np.zeros_like(b_2))


@misconception("mlp")
def mlp_without_biases(X, W_1, b_1, W_2, b_2):
    """No bias was added, neither `b_1` nor `b_2`.

    Each projection adds its bias. Which of your arguments have you not used yet?
    """
    return mlp(X, W_1, np.zeros_like(b_1), W_2, np.zeros_like(b_2))


@misconception("mlp")
def first_bias_after_activation(X, W_1, b_1, W_2, b_2):
    """The bias `b_1` was added behind the GELU.

    A bias belongs to its projection: `X @ W_1 + b_1` is what the GELU is applied to.
    """
    return (gelu(X @ W_1) + b_1) @ W_2 + b_2


@misconception("mlp")
def residual_inside(X, W_1, b_1, W_2, b_2):
    """The tokens were added to the result.

    That sum belongs to `encoder_block`, which adds them once. Leave it out here.
    """
    return X + mlp(X, W_1, b_1, W_2, b_2)
