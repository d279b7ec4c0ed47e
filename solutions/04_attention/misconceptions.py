"""Mistakes that students really make in 04_attention: what each computes, and the hint that it earns."""

import numpy as np
from lesson import scaled_dot_product_attention, softmax

from autograder.checking import misconception


def scaled_by(scale, Q, K, V, mask):
    """The right attention, but for what its scores are divided by."""
    return scaled_dot_product_attention(Q * np.sqrt(Q.shape[-1]) / scale, K, V, mask)


def scores(Q, K):
    """The right scores, scaled."""
    return Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])


def share_out(S, mask):
    """The right weights for scaled scores."""
    if mask is None:
        return softmax(S)
    sees_nothing = ~mask.any(axis=-1, keepdims=True)
    return np.where(mask, softmax(np.where(mask | sees_nothing, S, -np.inf)), 0.0)


# ------------------------------------------------------------------------------------------- weighted_sum


@misconception("weighted_sum")
def weights_transposed(A, V):
    """The weights were transposed, so the columns of `A` did the mixing, and not its rows.

    Row i of `A` holds the weights of query i. Write the shapes below the product: are both inner sizes `n_k`?
    """
    return np.swapaxes(A, -1, -2) @ V


@misconception("weighted_sum")
def entry_by_entry(A, V):
    """`*` multiplied entry by entry, and nothing was added up.

    A mixture is a *sum*: so much of the first value, plus so much of the second, and so on. Which operator
    multiplies *and* sums?
    """
    return A * V


@misconception("weighted_sum")
def values_on_the_left(A, V):
    """The values stand on the left of the weights, so their columns were mixed, and not their rows.

    Every row of `V` is a value, and whole values are to be mixed. Which order lets `n_k` meet `n_k`?
    """
    return V @ A


@misconception("weighted_sum")
def mean_of_the_values(A, V):
    """Every query got the plain mean of all values, and the weights were not used.

    The weights are the point of it all: a key that matches better hands over more. Multiply before you sum.
    """
    return np.zeros((*A.shape[:-1], V.shape[-1])) + V.mean(axis=-2, keepdims=True)


@misconception("weighted_sum")
def sum_divided_by_number_of_keys(A, V):
    """The sum was divided by the number of keys, as if it were a mean.

    The weights of a row sum to 1 already, so the sum needs no further division.
    """
    return A @ V / V.shape[-2]


@misconception("weighted_sum")
def scaled_after_softmax(A, V):
    """The mixture was divided by a root, and that belongs to the scores.

    The scores were scaled *before* the softmax. Weights sum to 1, and whatever divides them now makes every
    output too small.
    """
    return A @ V / np.sqrt(V.shape[-1])


@misconception("weighted_sum")
def softmax_once_more(A, V):
    """The softmax was applied to the weights, which have been through it already.

    A second softmax treats weights as if they were scores, and makes them nearly equal. What does the
    docstring say about the rows of `A`?
    """
    return softmax(A) @ V


# --------------------------------------------------------------------------- scaled_dot_product_attention


@misconception("scaled_dot_product_attention")
def not_scaled(Q, K, V, mask=None):
    """The scores were not scaled.

    There are four steps in the table. Which one stands between `attention_scores` and `softmax`?
    """
    return scaled_by(1, Q, K, V, mask)


@misconception("scaled_dot_product_attention")
def root_of_width_of_values(Q, K, V, mask=None):
    """The scores were divided by the root of `d_v`, the width of the values.

    A score is a sum over the numbers of a *key*. The values have no part in it; their width may be any other.
    """
    return scaled_by(np.sqrt(V.shape[-1]), Q, K, V, mask)


@misconception("scaled_dot_product_attention")
def root_of_number_of_keys(Q, K, V, mask=None):
    """The scores were divided by the root of the number of keys.

    It is the *length* of a key that makes the sum long, and not how many keys there are. Which axis of `K`
    holds the numbers of one key?
    """
    return scaled_by(np.sqrt(K.shape[-2]), Q, K, V, mask)


@misconception("scaled_dot_product_attention")
def root_of_number_of_queries(Q, K, V, mask=None):
    """The scores were divided by the root of the number of queries.

    It is the *length* of a query that makes the sum long, and not how many queries there are. Which axis of
    `Q` holds the numbers of one query?
    """
    return scaled_by(np.sqrt(Q.shape[-2]), Q, K, V, mask)


@misconception("scaled_dot_product_attention")
def divided_by_length(Q, K, V, mask=None):
    """The scores were divided by `d_k` itself, and not by its root.

    `scale_scores` takes the root for you. If you write it out, look at the formula once more.
    """
    return scaled_by(Q.shape[-1], Q, K, V, mask)


@misconception("scaled_dot_product_attention")
def softmax_over_queries(Q, K, V, mask=None):
    """The softmax ran over the queries: the columns of the weights sum to 1, and not the rows.

    Each query shares out its own attention among the keys. Which axis counts the keys?
    """
    S, mask = np.swapaxes(scores(Q, K), -1, -2), None if mask is None else np.swapaxes(mask, -1, -2)
    A = np.swapaxes(share_out(S, mask), -1, -2)
    return A @ V, A


@misconception("scaled_dot_product_attention", slip=True)
def only_the_output(Q, K, V, mask=None):
    """Only the output came back, without the weights.

    The caller wants to write `output, weights = ...`. Return both, with a comma between them.
    """
    return scaled_dot_product_attention(Q, K, V, mask)[0]


@misconception("scaled_dot_product_attention")
def only_the_weights(Q, K, V, mask=None):
    """Only the weights came back, without the output.

    After the weights, one more step is needed: mix the values. Then return both, the output first.
    """
    return scaled_dot_product_attention(Q, K, V, mask)[1]


@misconception("scaled_dot_product_attention", slip=True)
def weights_first(Q, K, V, mask=None):
    """Output and weights have changed places.

    The caller unpacks by position. In which order does the docstring return the two?
    """
    return scaled_dot_product_attention(Q, K, V, mask)[::-1]


@misconception("scaled_dot_product_attention")
def mask_ignored(Q, K, V, mask=None):
    """The mask was not used, so every query saw every key.

    Where the mask is False, the weight must be 0. What must the score be for that, before the softmax?
    """
    return scaled_dot_product_attention(Q, K, V)


@misconception("scaled_dot_product_attention")
def mask_inverted(Q, K, V, mask=None):
    """The mask was read the wrong way round: what should be seen was hidden, and the other way.

    Here True means *may attend*. Which scores does your code replace, those at True or those at False?
    """
    return scaled_dot_product_attention(Q, K, V, None if mask is None else ~mask)


@misconception("scaled_dot_product_attention")
def masked_scores_became_zero(Q, K, V, mask=None):
    """The scores were multiplied by the mask, so a hidden key has the score 0, and still gets a weight.

    e⁰ is 1, and not 0. Which score gets the weight 0 in a softmax?
    """
    S = scores(Q, K) if mask is None else scores(Q, K) * mask
    return softmax(S) @ V, softmax(S)


@misconception("scaled_dot_product_attention")
def masked_after_softmax(Q, K, V, mask=None):
    """The weights were set to 0 after the softmax, so the rows of the others no longer sum to 1.

    What a query may not see must not take a share in the first place. Hide it *before* the softmax; then the
    others share out the whole 1.
    """
    A = softmax(scores(Q, K)) if mask is None else softmax(scores(Q, K)) * mask
    return A @ V, A


@misconception("scaled_dot_product_attention")
def renormalised_after_softmax(Q, K, V, mask=None):
    """Weights were set to 0 after the softmax, and the others divided by their sum: where a hidden score lies far
    above them, nothing is left of them.

    What a query may not see must not take a share in the first place. Hide it *before* the softmax, which then takes
    the largest score of those that are seen.
    """
    A = softmax(scores(Q, K))
    if mask is not None:
        A = np.where(mask, A, 0)
        A = np.where(mask.any(axis=-1, keepdims=True), A / A.sum(axis=-1, keepdims=True), 0)
    return A @ V, A


# What is written in place of -inf; the last is the lowest number of float32.
LARGE = (-1e4, -1e5, -1e6, -1e7, -1e8, -1e10, -1e12, -1e15, -1e20, -1e30, float(np.finfo(np.float32).min))


def set_to(number):
    """Hidden scores become a number."""
    return lambda S, mask: np.where(mask, S, number)


def lowered_by(number):
    """A number is taken from hidden scores."""
    return lambda S, mask: S - number * ~mask


HIDING = [*map(set_to, (-200, -1e3, -1e4)), *map(lowered_by, (200, 500, 1e3, 1e4))]


@misconception("scaled_dot_product_attention", constants={"hide": HIDING})
def not_low_enough(Q, K, V, mask=None, *, hide=lambda S, mask: np.where(mask, S, -100)):
    """Hidden scores got a number, or lost one, that is not large enough: where scores lie far apart, a hidden one is
    still seen.

    A mask hides whatever the scores are. Which number is below all others, and has 0 as its exponential?
    """
    A = softmax(scores(Q, K) if mask is None else hide(scores(Q, K), mask))
    A = A if mask is None else np.where(mask, A, 0)
    return A @ V, A


@misconception("scaled_dot_product_attention", constants={"number": LARGE})
def all_hidden_means_all_seen(Q, K, V, mask=None, *, number=-1e9):
    """A query that may attend to nothing sees everything equally: all its scores became the same large
    negative number.

    A softmax knows only differences, and there are none in such a row. We agree on weights of 0 there: set
    them after the softmax.
    """
    A = softmax(scores(Q, K) if mask is None else np.where(mask, scores(Q, K), number))
    return A @ V, A


@misconception("scaled_dot_product_attention", constants={"number": (1e4, 1e5, 1e6, 1e7, 1e8, 1e10, 1e12)})
def large_number_subtracted(Q, K, V, mask=None, *, number=1e9):
    """A query that may attend to nothing sees everything: the same large number was taken from all of its
    scores, which changes nothing.

    A softmax knows only differences between the scores of a row. We agree on weights of 0 there: set them
    after the softmax.
    """
    A = softmax(scores(Q, K) if mask is None else scores(Q, K) - number * ~mask)
    return A @ V, A


@misconception("scaled_dot_product_attention")
def all_hidden_gives_nan(Q, K, V, mask=None):
    """For a query that may attend to nothing, the weights are `nan`: all its scores are -inf, and
    `-inf - (-inf)` is not a number.

    We agree on weights of 0 there. Keep -inf out of such a row, and set its weights to 0 after the softmax.
    """
    A = softmax(scores(Q, K) if mask is None else np.where(mask, scores(Q, K), -np.inf))
    return A @ V, A


@misconception("scaled_dot_product_attention")
def keys_not_transposed(Q, K, V, mask=None):
    """The keys were not transposed, so the rows of `Q` met the columns of `K`, and not its rows.

    Write the shapes below the product: are both inner sizes `d_k`? `attention_scores` does it right.
    """
    A = share_out(Q @ K / np.sqrt(Q.shape[-1]), mask)
    return A @ V, A


@misconception("scaled_dot_product_attention")
def two_axes_only(Q, K, V, mask=None):
    """`K.T` turned all axes around, the batch axes too.

    For one sequence, that is the same. With a batch, only the last *two* axes may change places;
    `attention_scores` does it right.
    """
    A = share_out(Q @ K.T / np.sqrt(Q.shape[-1]), mask)
    return A @ V, A


# -------------------------------------------------------------------------------------------- causal_mask


@misconception("causal_mask")
def not_even_itself(n):
    """No token sees itself, so the first one sees nothing at all.

    A token may see itself *and* what stands before it. What about the diagonal, j = i?
    """
    return np.tri(n, k=-1, dtype=bool)


@misconception("causal_mask")
def only_the_future(n):
    """Each token sees itself and what stands *behind* it: the mask is transposed.

    Rows are queries, columns are keys. Which triangle holds the columns j ≤ i, the lower or the upper one?
    """
    return np.tri(n, dtype=bool).T


@misconception("causal_mask")
def true_where_hidden(n):
    """True and False have changed places: the mask is True where a token may *not* attend.

    Some libraries write their masks so. Here True means *may attend*.
    """
    return ~np.tri(n, dtype=bool)


@misconception("causal_mask")
def numbers_to_add(n):
    """The mask holds 0 and -inf, numbers that are to be added to the scores.

    Some libraries write their masks so. Here a mask holds True and False, and
    `scaled_dot_product_attention` does the rest.
    """
    return np.where(np.tri(n, dtype=bool), 0.0, -np.inf)


@misconception("causal_mask")
def numbers_to_add_for_the_future(n):
    """The mask holds numbers, and -inf on and below the diagonal, where a token *may* look.

    Here a mask holds True and False, and it is True in the columns j ≤ i.
    """
    return np.where(np.tri(n, dtype=bool), -np.inf, 0.0)


@misconception("causal_mask")
def only_itself(n):
    """Each token sees only itself.

    That is the diagonal, j = i. A token may also see what stands before it.
    """
    return np.eye(n, dtype=bool)
