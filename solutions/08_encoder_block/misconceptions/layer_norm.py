"""Mistakes that students really make with `layer_norm`: what each computes, and the hint it earns."""

import numpy as np

from autograder.checking import misconception


def normed(X, gamma, beta, eps, axis=-1):
    """The right layer norm, but for the axis."""
    mean, variance = X.mean(axis=axis, keepdims=True), X.var(axis=axis, keepdims=True)
    return gamma * (X - mean) / np.sqrt(variance + eps) + beta


@misconception("layer_norm")
def divided_by_d_minus_1(X, gamma, beta, eps=1e-5):
    """The variance was divided by d - 1, and not by d.

    Statistics does so for samples, with `ddof=1`. Here we have all numbers of the token: divide by d.
    """
    variance = X.var(axis=-1, keepdims=True, ddof=1)
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / np.sqrt(variance + eps) + beta


@misconception("layer_norm")
def divided_by_variance(X, gamma, beta, eps=1e-5):
    """The tokens were divided by the variance, and not by its root.

    The variance is a square. What must be done to it, so that a token that is 10 times as large becomes the
    same?
    """
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / (X.var(axis=-1, keepdims=True) + eps) + beta


@misconception("layer_norm", constants={"axis": (0,)})
def over_tokens(X, gamma, beta, eps=1e-5, *, axis=-2):
    """Mean and variance were taken over the tokens, separately for every column.

    Each token is normalised by itself. Which axis holds the numbers of one token?
    """
    return normed(X, gamma, beta, eps, axis)


@misconception("layer_norm")
def over_everything(X, gamma, beta, eps=1e-5):
    """There was one mean and one variance for the whole array.

    Each token is normalised by itself. Did you tell `mean` and `var` an axis?
    """
    return normed(X, gamma, beta, eps, axis=None)


@misconception("layer_norm")
def eps_outside_the_root(X, gamma, beta, eps=1e-5):
    """`eps` was added outside the root, to the standard deviation.

    The formula has it inside: first add it to the variance, then take the root.
    """
    deviation = X.std(axis=-1, keepdims=True)
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / (deviation + eps) + beta


@misconception("layer_norm")
def eps_on_top(X, gamma, beta, eps=1e-5):
    """`eps` was added above the line, to the numbers that are divided.

    It is there to keep the divisor from being 0: it belongs under the root.
    """
    return gamma * (X - X.mean(axis=-1, keepdims=True) + eps) / X.std(axis=-1, keepdims=True) + beta


@misconception("layer_norm")
def without_eps(X, gamma, beta, eps=1e-5):
    """`eps` was not used.

    A token whose numbers are all equal has the variance 0. Which of your arguments have you not used yet?
    """
    return normed(X, gamma, beta, 0)


@misconception("layer_norm", constants={"fixed": (1e-3, 1e-4, 1e-6, 1e-8)})
def eps_always_the_same(X, gamma, beta, eps=1e-5, *, fixed=1e-5):
    """`eps` was always the same small number, whatever the caller asked for.

    The number in the first line is only the default. Does your code mention `eps`, or the number?
    """
    return normed(X, gamma, beta, fixed)


@misconception("layer_norm")
def without_gamma(X, gamma, beta, eps=1e-5):
    """The tokens were not multiplied by `gamma`.

    Every column has a scale of its own. Which of your arguments have you not used yet?
    """
    return normed(X, 1, beta, eps)


@misconception("layer_norm")
def without_beta(X, gamma, beta, eps=1e-5):
    """`beta` was not added.

    Every column has a shift of its own. Which of your arguments have you not used yet?
    """
    return normed(X, gamma, 0, eps)


@misconception("layer_norm")
def without_gamma_and_beta(X, gamma, beta, eps=1e-5):
    """Neither `gamma` nor `beta` was used.

    After mean and variance, every column is scaled by its `gamma` and shifted by its `beta`.
    """
    return normed(X, 1, 0, eps)


@misconception("layer_norm")
def gamma_and_beta_swapped(X, gamma, beta, eps=1e-5):
    """`gamma` and `beta` have changed places.

    `gamma` is what the columns are multiplied by, and `beta` is added.
    """
    return normed(X, beta, gamma, eps)


@misconception("layer_norm")
def beta_before_gamma(X, gamma, beta, eps=1e-5):
    """`beta` was added before the product with `gamma`, and so it was scaled, too.

    First multiply by `gamma`, then add `beta`. Look at your brackets.
    """
    return gamma * normed(X, 1, beta, eps)


@misconception("layer_norm")
def not_centred(X, gamma, beta, eps=1e-5):
    """The mean was not subtracted.

    After the norm, the numbers of a token have the mean 0, before `gamma` and `beta`. What stands above the
    line in the formula?
    """
    return gamma * X / np.sqrt(X.var(axis=-1, keepdims=True) + eps) + beta


@misconception("layer_norm")
def mean_square_for_variance(X, gamma, beta, eps=1e-5):
    """The mean was not subtracted, and the mean of the squares stands in the place of the variance.

    That is another norm, RMSNorm, which some models use. Here both the mean and the variance count.
    """
    return gamma * X / np.sqrt(np.mean(X**2, axis=-1, keepdims=True) + eps) + beta


@misconception("layer_norm")
def only_centred(X, gamma, beta, eps=1e-5):
    """The mean was subtracted, but nothing was divided.

    After the norm, the numbers of a token have the variance 1, before `gamma` and `beta`. What stands below
    the line in the formula?
    """
    return gamma * (X - X.mean(axis=-1, keepdims=True)) + beta


@misconception("layer_norm")
def norm_without_keepdims(X, gamma, beta, eps=1e-5):
    """Mean and variance have lost an axis: they cannot be subtracted row by row, or they meet the wrong
    tokens.

    With `keepdims=True`, a mean has the shape `(..., 1)`, and goes with its own row.
    """
    return gamma * (X - X.mean(axis=-1)) / np.sqrt(X.var(axis=-1) + eps) + beta
