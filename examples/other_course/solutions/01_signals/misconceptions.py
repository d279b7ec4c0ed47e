"""Wrong answers that have a name."""

import numpy as np

from autograder.checking import misconception


@misconception("moving_average")
def everything_so_far(x, k):
    """Each average is that of all numbers so far.

    How many numbers belong to the last average, if k is 2?
    """
    return (np.cumsum(x) / np.arange(1, len(x) + 1))[k - 1 :]


@misconception("moving_average")
def padded_with_zeros(x, k):
    """There is an average for every number, and zeros stand in for those that are missing.

    Which averages can be made of numbers that are all there?
    """
    return np.convolve(x, np.ones(k) / k, mode="same")


@misconception("zero_crossings")
def zero_is_a_side(x):
    """A number that is zero was counted as a side of its own.

    On which side of zero does zero lie?
    """
    signs = np.sign(x)
    return np.sum(signs[1:] != signs[:-1])
