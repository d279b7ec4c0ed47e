"""Mistakes that students really make in 02_scaled_scores: what each computes, and the hint that it earns."""

import numpy as np

from autograder.checking import misconception

# --------------------------------------------------------------------------------------- attention_scores


@misconception("attention_scores")
def keys_ask_queries(Q, K):
    """Queries and keys have changed places: each row belongs to a key, and each column to a query.

    Row i must hold all scores of query i. Which of the two has to stand on the left of the product?
    """
    return K @ np.swapaxes(Q, -1, -2)


@misconception("attention_scores")
def entry_by_entry(Q, K):
    """`*` multiplied entry by entry, and nothing was summed.

    A score is a dot product: one number for a whole query and a whole key. Which operator multiplies *and*
    sums?
    """
    return Q * K


@misconception("attention_scores")
def features_meet_features(Q, K):
    """The queries were transposed, and not the keys: the result is `d_k` × `d_k`, as if numbers were compared
    with numbers.

    The product sums over the axis where left and right meet. That should be `d_k`, the numbers inside a query
    and a key.
    """
    return np.swapaxes(Q, -1, -2) @ K


@misconception("attention_scores")
def keys_not_transposed(Q, K):
    """The keys were not transposed, so the rows of `Q` met the columns of `K`, and not its rows.

    Write the two shapes next to each other. The inner sizes must both be `d_k`: which axes of `K` must change
    places?
    """
    return Q @ K


@misconception("attention_scores")
def all_axes_turned(Q, K):
    """`K.T` turned all axes around, the batch axes too.

    For one sequence, that is the same. With a batch, only the last *two* axes may change places: count them
    from the end.
    """
    return Q @ K.T


@misconception("attention_scores")
def cosine(Q, K):
    """The scores do not depend on the lengths of the vectors: this is the cosine, not the dot product.

    Attention compares by the plain dot product. A long query may have large scores, and nothing is normalised
    here.
    """
    lengths = np.linalg.norm(Q, axis=-1)[..., :, None] * np.linalg.norm(K, axis=-1)[..., None, :]
    return Q @ np.swapaxes(K, -1, -2) / lengths


@misconception("attention_scores")
def only_the_diagonal(Q, K):
    """Each query met only the key with its own number: that is the diagonal of the scores.

    *Every* query meets *every* key. For 3 queries and 5 keys there are 15 scores.
    """
    return np.sum(Q * K, axis=-1)


@misconception("attention_scores")
def scaled_already(Q, K):
    """The scores have been scaled already, so that the next step would scale them a second time.

    This question asks for the plain dot products. The root has a function of its own, `scale_scores`.
    """
    return Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])


# ------------------------------------------------------------------------------------------- scale_scores


@misconception("scale_scores")
def not_scaled(S, d_k):
    """The scores came back as they were.

    What does the formula write below QKᵀ?
    """
    return S.copy()


@misconception("scale_scores")
def divided_by_length(S, d_k):
    """The scores were divided by `d_k` itself, or by its root twice, which is the same.

    The spread of the scores grows like the *root* of `d_k`. Dividing by more makes all scores, and so all
    weights, nearly equal.
    """
    return S / d_k


@misconception("scale_scores")
def divided_by_square(S, d_k):
    """The scores were divided by the square of `d_k`, not by its root.

    In Python, `**2` is the square. How is the root written?
    """
    return S / d_k**2


@misconception("scale_scores")
def multiplied(S, d_k):
    """The scores were multiplied by the root, so they grew.

    Long keys make the scores too large. Shall the factor make them larger, or smaller?
    """
    return S * np.sqrt(d_k)


@misconception("scale_scores")
def root_of_number_of_keys(S, d_k):
    """The scores were divided by the root of the number of keys, the last axis of `S`.

    It is the *length* of a key that makes the sum long, and not how many keys there are. The length is an
    argument.
    """
    return S / np.sqrt(S.shape[-1])


@misconception("scale_scores")
def root_of_number_of_queries(S, d_k):
    """The scores were divided by the root of the number of queries, the last axis of `S` but one.

    It is the *length* of a query that makes the sum long, and not how many queries there are. The length is
    an argument.
    """
    return S / np.sqrt(S.shape[-2])


@misconception("scale_scores")
def root_rounded(S, d_k):
    """The root was rounded before the division, so all scores are a little wrong.

    We write 1.41 on paper, to keep it short. The computer shall keep all decimals of the root.
    """
    return S / np.round(np.sqrt(d_k), 2)


@misconception("scale_scores")
def scores_rounded(S, d_k):
    """The scores were rounded to two decimals.

    The example shows two decimals to keep it short. Later steps need them all, so round only what you print.
    """
    return np.round(S / np.sqrt(d_k), 2)


@misconception("scale_scores")
def root_cut_to_integer(S, d_k):
    """The root was cut to a whole number.

    Look for `int` or `//` in your code. Most roots are not whole numbers.
    """
    return S / int(np.sqrt(d_k))


@misconception("scale_scores")
def overwrites_the_scores(S, d_k):
    """The result is right, but it was written into `S`, so the caller's scores are gone.

    `S /= ...` changes the array that the caller still holds. `S / ...` makes a new one.
    """
    S /= np.sqrt(d_k)
    return S
