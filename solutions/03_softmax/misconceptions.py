"""Mistakes that students really make in 03_softmax: what each computes, and the hint that it earns."""

import numpy as np
from lesson import softmax

from autograder.checking import misconception

# ------------------------------------------------------------------------------------------------ softmax


@misconception("softmax")
def over_queries(S):
    """The softmax ran over the queries: it is the columns that sum to 1, not the rows.

    Each query shares out its own attention. Which axis of `S` counts the keys, and what does `axis=` do to
    it?
    """
    exponentials = np.exp(S - S.max(axis=0, keepdims=True))
    return exponentials / exponentials.sum(axis=0, keepdims=True)


@misconception("softmax")
def axis_one(S):
    """The softmax ran over axis 1, which counts the keys only when `S` has exactly two axes.

    With a batch in front, the keys move to axis 2. Which number means "the last axis", however many there
    are?
    """
    exponentials = np.exp(S - S.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


@misconception("softmax")
def over_everything(S):
    """All weights together sum to 1, and not each row by itself.

    Every query has one whole attention to give. Without `axis=`, NumPy takes the sum of the whole array.
    """
    exponentials = np.exp(S - S.max())
    return exponentials / exponentials.sum()


@misconception("softmax")
def nothing_subtracted(S):
    """The exponentials of large scores became `inf`, or those of very negative scores all became 0.

    You may subtract any number from all scores of a row: the weights stay the same. Which number makes the
    largest exponent 0?
    """
    exponentials = np.exp(S)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


@misconception("softmax")
def minimum_subtracted(S):
    """The smallest score of each row was subtracted, so the largest exponents can still overflow.

    Large exponents are the danger; very negative ones just give 0. Which end of the row should be moved to 0?
    """
    exponentials = np.exp(S - S.min(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


@misconception("softmax")
def mean_subtracted(S):
    """The mean of each row was subtracted, so a score far above the mean can still overflow.

    After the subtraction, no exponent should be larger than 0. Which number of the row makes sure of that?
    """
    exponentials = np.exp(S - S.mean(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


@misconception("softmax")
def global_maximum_subtracted(S):
    """The maximum of the whole array was subtracted, so in a row far below it all exponentials become 0, and
    0/0 is `nan`.

    Every row may subtract a number of its own. Along which axis should the maximum be taken?
    """
    exponentials = np.exp(S - S.max())
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


@misconception("softmax")
def no_exponential(S):
    """The scores were divided by their sum, without the exponential.

    Negative scores then give negative weights, and a sum near 0 gives huge ones. What does the formula do to
    each score first?
    """
    return S / S.sum(axis=-1, keepdims=True)


@misconception("softmax")
def divided_by_largest(S):
    """The exponentials were divided by the largest of their row, so the best key has the weight 1 and the sum
    is larger.

    The weights of a row must sum to 1. By what must you divide the row for that?
    """
    exponentials = np.exp(S - S.max(axis=-1, keepdims=True))
    return exponentials / exponentials.max(axis=-1, keepdims=True)


@misconception("softmax")
def winner_takes_all(S):
    """The best key got the weight 1 and all others 0: that is the hard maximum.

    Softmax is soft: every key gets a share, and a better match gets a larger one.
    """
    largest = S.max(axis=-1, keepdims=True)
    return (largest == S).astype(float)


@misconception("softmax")
def applied_twice(S):
    """The softmax was applied twice, so the weights are closer to each other than they should be.

    After the first time, the rows already sum to 1. A second time treats these weights as if they were
    scores.
    """
    return softmax(softmax(S))


@misconception("softmax", constants={"of_maximum": (False,)})
def keepdims_missing(S, *, of_maximum=True):
    """The maximum or the sum of each row lost an axis, and NumPy laid it along the columns instead of the
    rows.

    `S.sum(axis=-1)` has the shape `(n_q,)`. To divide row by row you need `(n_q, 1)`: look up `keepdims`.
    """
    exponentials = np.exp(S - S.max(axis=-1, keepdims=of_maximum))
    return exponentials / exponentials.sum(axis=-1)


@misconception("softmax")
def two_axes_only(S):
    """The code counts on exactly two axes, and `S` may have one, two, three or more.

    Does your code unpack `S.shape` into two names? With `axis=-1` you need neither the shape nor a loop.
    """
    n_q, n_k = S.shape
    weights = np.zeros((n_q, n_k))
    for i in range(n_q):
        weights[i] = softmax(S[i])
    return weights


@misconception("softmax")
def base_two(S):
    """The weights are powers of 2, not powers of e.

    The formula has e = 2.718… in it, and NumPy has a function for it.
    """
    powers = np.exp2(S - S.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@misconception("softmax")
def overwrites_the_scores(S):
    """The weights are right, but they were written into `S`, so the caller's scores are gone.

    `S -= ...`, `S /= ...` and `out=S` change the array that the caller still holds. `S - ...` makes a new
    one.
    """
    S[...] = softmax(S)
    return S


# --------------------------------------------------------------------------------------- softmax_jacobian


@misconception("softmax_jacobian")
def only_the_weights_on_the_diagonal(p):
    """Only the first part of the formula is there: the weights on the diagonal.

    When one weight grows, the others must shrink. Which entries of your matrix say so?
    """
    return np.diag(p)


@misconception("softmax_jacobian")
def only_the_diagonal(p):
    """This is a vector: how each weight answers to its *own* score.

    Each weight answers to all scores, so for n keys there are n × n derivatives.
    """
    return p * (1 - p)


@misconception("softmax_jacobian")
def zero_beside_the_diagonal(p):
    """The diagonal is right, and beside it everything is 0: that is the derivative of the sigmoid.

    A sigmoid looks at one number at a time. In softmax all keys share one sum, so every score changes every
    weight.
    """
    return np.diag(p * (1 - p))


@misconception("softmax_jacobian")
def sign_flipped(p):
    """All signs are the wrong way round.

    When a score grows, its own weight must grow, too: the entries on the diagonal cannot be negative.
    """
    return np.outer(p, p) - np.diag(p)


@misconception("softmax_jacobian")
def product_became_one_number(p):
    """The product of `p` with itself became one single number, and was subtracted from every entry.

    For a vector, `p.T` is the same as `p`, and `p @ p` is a dot product. You need a table of all products p_i
    · p_j.
    """
    return np.diag(p) - p @ p.T


@misconception("softmax_jacobian")
def multiplied_entry_by_entry(p):
    """`p * p` multiplied each weight only with itself, so each column lost one and the same number.

    You need a table of all products p_i · p_j: one row for each i, one column for each j.
    """
    return np.diag(p) - p * p


@misconception("softmax_jacobian")
def softmax_once_more(p):
    """The softmax was applied to `p` first, but `p` holds weights already, and not scores.

    The formula needs the weights only. What does the docstring say about `p`?
    """
    p = softmax(p)
    return np.diag(p) - np.outer(p, p)
