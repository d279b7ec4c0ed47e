"""Mistakes that students really make with `gelu`: what each computes, and the hint it earns."""

import math

import numpy as np
from lesson import gelu

from autograder.checking import misconception


@misconception("gelu")
def relu_instead(X):
    """This is ReLU: all negative numbers became 0.

    GELU lets a little of them through: gelu(-1) is -0.16. Multiply every number by its Φ.
    """
    return np.maximum(X, 0)


@misconception("gelu")
def tanh_form(X):
    """This is the approximation of GELU with tanh. It is close, but not the same.

    It comes from times when erf was slow. Here GELU is exact: use `math.erf`.
    """
    return X * (1 + np.tanh(math.sqrt(2 / math.pi) * (X + 0.044715 * X**3))) / 2


@misconception("gelu")
def tanh_form_mistyped(X):
    """This is the approximation of GELU with tanh, with a 0.44715 in it that should be 0.044715.

    It is easily mistyped, and only an approximation. Here GELU is exact: use `math.erf`.
    """
    return X * (1 + np.tanh(math.sqrt(2 / math.pi) * (X + 0.44715 * X**3))) / 2


@misconception("gelu")
def sigmoid_form(X):
    """This is the approximation of GELU with a sigmoid, x · sigmoid(1.702 x).

    It is faster and less exact. Here GELU is exact: use `math.erf`.
    """
    return X / (1 + np.exp(-1.702 * X))


@misconception("gelu")
def silu_instead(X):
    """This is SiLU, x · sigmoid(x), and not GELU.

    Both are smooth gates. In GELU, x is multiplied by the probability Φ(x), and the formula for that has an
    erf.
    """
    return X / (1 + np.exp(-X))


@misconception("gelu")
def erf_without_root(X):
    """The √2 is missing: erf was taken of x, and not of x / √2.

    Look at the brackets of erf in the formula once more.
    """
    return X * (1 + np.vectorize(math.erf)(X)) / 2


@misconception("gelu")
def erf_of_a_product(X):
    """erf was taken of x · √2, and not of x / √2.

    Look at the brackets of erf in the formula once more.
    """
    return X * (1 + np.vectorize(math.erf)(X * math.sqrt(2))) / 2


@misconception("gelu")
def probability_alone(X):
    """This is Φ(x) alone: the probability, and not x times the probability.

    Far to the right, Φ is 1, but GELU lets x pass as it is. What is multiplied by Φ(x)?
    """
    return (1 + np.vectorize(math.erf)(X / math.sqrt(2))) / 2


@misconception("gelu")
def density_for_probability(X):
    """x was multiplied by the density of the normal distribution, the bell curve, and not by the probability
    Φ(x).

    Far to the right, the bell curve goes to 0, and Φ goes to 1. The formula for Φ has an erf.
    """
    return X * np.exp(-(X**2) / 2) / math.sqrt(2 * math.pi)


@misconception("gelu")
def not_halved(X):
    """The result is twice as large as it should be: the ½ is missing.

    1 + erf lies between 0 and 2. Φ is a probability, and lies between 0 and 1.
    """
    return 2 * gelu(X)


@misconception("gelu")
def erf_alone(X):
    """x was multiplied by the erf, and not by Φ(x) = ½ (1 + erf).

    erf lies between -1 and 1. Φ is a probability, and lies between 0 and 1.
    """
    return 2 * gelu(X) - X


@misconception("gelu")
def erf_of_an_array(X):
    """`math.erf` was called with a whole array, and it takes one number.

    `np.vectorize(math.erf)` is a function that takes arrays, and calls `math.erf` for every number in them.
    """
    return X * (1 + math.erf(X / math.sqrt(2))) / 2
