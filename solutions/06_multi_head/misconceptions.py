"""Mistakes that students really make in 06_multi_head: what each computes, and the hint that it earns."""

import numpy as np
from lesson import (
    merge_heads,
    multi_head_attention,
    project_qkv_fused,
    scaled_dot_product_attention,
    softmax,
    split_heads,
)

from autograder.checking import misconception

# -------------------------------------------------------------------------------------------- split_heads


@misconception("split_heads")
def reshaped_only(X, num_heads):
    """The array was reshaped, and no axes changed places: the shape is right, but each head holds all columns
    of some tokens.

    A reshape keeps the numbers in their order. First cut each row into pieces, (..., n, h, d_head), and then
    swap two axes.
    """
    *leading, n, d = X.shape
    return X.reshape(*leading, num_heads, n, d // num_heads)


@misconception("split_heads")
def not_swapped(X, num_heads):
    """The rows were cut into heads, but the heads stand behind the tokens, and not in front of them.

    Your attention works on the last two axes, tokens and columns. Which two axes must change places?
    """
    *leading, n, d = X.shape
    return X.reshape(*leading, n, num_heads, d // num_heads)


@misconception("split_heads")
def every_hth_column(X, num_heads):
    """The columns were dealt out like cards: head 1 got every h-th column.

    The columns of a head stand next to each other. In `reshape`, which comes first: the number of heads or
    the width of a head?
    """
    *leading, n, d = X.shape
    return np.moveaxis(X.reshape(*leading, n, d // num_heads, num_heads), -1, -3)


@misconception("split_heads")
def tokens_and_columns_swapped(X, num_heads):
    """In every head, tokens and columns have changed places: the shape ends in (d_head, n).

    Tokens are rows, in a head as well. Which two axes does your last step swap?
    """
    return np.swapaxes(split_heads(X, num_heads), -1, -2)


@misconception("split_heads")
def heads_before_the_batch(X, num_heads):
    """The heads stand in front of the batch.

    For one sequence, that is the same. With a batch, each sequence has its own heads: the axis of the heads
    belongs right before the tokens.
    """
    return np.moveaxis(split_heads(X, num_heads), -3, 0)


@misconception("split_heads")
def heads_and_batch_in_one_axis(X, num_heads):
    """Batch and heads were put into one axis.

    Some libraries do so to save an axis. Here the batch stays as it is, and the heads get an axis of their
    own.
    """
    heads = split_heads(X, num_heads)
    return heads.reshape(-1, *heads.shape[-2:])


@misconception("split_heads")
def two_axes_only(X, num_heads):
    """The code counts on exactly two axes, and `X` may have two, three or more.

    Does your code unpack `X.shape` into two names? `*leading, n, d = X.shape` takes any number of axes.
    """
    n, d = X.shape
    if d % num_heads:
        raise ValueError("the heads cannot share the columns equally")
    return X.reshape(n, num_heads, d // num_heads).transpose(1, 0, 2)


@misconception("split_heads")
def columns_left_over(X, num_heads):
    """Some columns were left over and silently dropped, because the heads cannot share them equally.

    Numbers that vanish without a word are hard to find later. Raise a `ValueError` instead.
    """
    d_head = X.shape[-1] // num_heads
    return split_heads(X[..., : num_heads * d_head], num_heads)


# -------------------------------------------------------------------------------------------- merge_heads


@misconception("merge_heads")
def merged_without_swap(X):
    """The array was reshaped, and no axes changed places: the shape is right, but the rows hold several
    tokens of one head.

    A reshape keeps the numbers in their order. Which axes must change places first, so that all pieces of one
    token lie next to each other?
    """
    *leading, h, n, d_head = X.shape
    return X.reshape(*leading, n, h * d_head)


@misconception("merge_heads")
def heads_summed(X):
    """The heads were added up, so that nobody can tell them apart.

    Each head keeps its own columns. Mixing them is the task of W_o, later.
    """
    return X.sum(axis=-3)


@misconception("merge_heads")
def heads_averaged(X):
    """The mean of the heads was taken, so that nobody can tell them apart.

    Each head keeps its own columns. Mixing them is the task of W_o, later.
    """
    return X.mean(axis=-3)


@misconception("merge_heads")
def columns_interleaved(X):
    """The columns of the heads were shuffled into each other: one of head 1, one of head 2, and so on.

    The columns of a head stay next to each other: first all of head 1, then all of head 2. In what order do
    your axes stand before the reshape?
    """
    *leading, h, n, d_head = X.shape
    return np.moveaxis(X, -3, -1).reshape(*leading, n, h * d_head)


@misconception("merge_heads")
def heads_below_each_other(X):
    """The heads were put below each other, and not next to each other: there are h times as many rows.

    Every token has one row. The heads bring its columns.
    """
    *leading, h, n, d_head = X.shape
    return X.reshape(*leading, h * n, d_head)


@misconception("merge_heads")
def first_axis_taken_for_heads(X):
    """The first axis was taken for the heads, but with a batch in front, it counts sequences.

    Count the axes from the end: the heads are the third from there.
    """
    return np.concatenate(list(X), axis=-1)


@misconception("merge_heads")
def merged_but_swapped(X):
    """Tokens and columns have changed places: the shape ends in (h·d_head, n).

    Tokens are rows, after the merging as well. Which two axes does your code swap?
    """
    return np.swapaxes(merge_heads(X), -1, -2)


# ----------------------------------------------------------------------------------- multi_head_attention


def heads_of(X, W_qkv, b_qkv, num_heads):
    """Queries, keys and values, split into heads."""
    Q, K, V = project_qkv_fused(X, W_qkv)
    b_q, b_k, b_v = np.split(b_qkv, 3)
    return [split_heads(part, num_heads) for part in (Q + b_q, K + b_k, V + b_v)]


def attend(Q, K, V, mask, scale=None):
    """The right attention, but for what its scores are divided by."""
    Q = Q if scale is None else Q * np.sqrt(Q.shape[-1]) / scale
    return scaled_dot_product_attention(Q, K, V, mask)[0]


@misconception("multi_head_attention")
def root_of_whole_width(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """The scores were divided by the root of d, the whole width, and not by that of d_head.

    Inside a head, a key has d_head numbers only, and so the sum is shorter. What is the last axis of `Q`
    *after* the split?
    """
    Q, K, V = heads_of(X, W_qkv, b_qkv, num_heads)
    return merge_heads(attend(Q, K, V, mask, np.sqrt(X.shape[-1]))) @ W_o + b_o


@misconception("multi_head_attention")
def heads_not_scaled(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """The scores were not scaled.

    Each head divides its scores by the root of d_head. `scaled_dot_product_attention` does so for you.
    """
    return merge_heads(attend(*heads_of(X, W_qkv, b_qkv, num_heads), mask, 1)) @ W_o + b_o


@misconception("multi_head_attention")
def softmax_over_heads(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """The softmax ran over the heads, so the heads compete, and not the keys.

    Every head shares out a whole attention of its own, among the keys. Which axis counts the keys?
    """
    Q, K, V = heads_of(X, W_qkv, b_qkv, num_heads)
    S = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])
    A = np.moveaxis(softmax(np.moveaxis(S, -3, -1)), -1, -3)
    return merge_heads((A if mask is None else A * mask) @ V) @ W_o + b_o


@misconception("multi_head_attention")
def number_of_heads_ignored(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """There was only one head, as wide as all of them together.

    After the projection, cut the columns of queries, keys and values into `num_heads` heads. You have written
    the function that does it.
    """
    return multi_head_attention(X, W_qkv, b_qkv, W_o, b_o, 1, mask)


@misconception("multi_head_attention")
def first_head_for_all(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """All heads did the same: the result of the first head was repeated.

    If you loop over the heads, does each turn take its own columns? Look for an index that never changes.
    """
    heads = attend(*heads_of(X, W_qkv, b_qkv, num_heads), mask)
    return merge_heads(np.repeat(heads[..., :1, :, :], num_heads, axis=-3)) @ W_o + b_o


@misconception("multi_head_attention")
def heads_mixed_before_splitting(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """The columns of W_qkv were read as one group for each head, [q k v | q k v | …].

    Some models store their weights like that. Here all columns of Q come first, then those of K, then those
    of V, and every third is cut into heads.
    """
    groups = split_heads(X @ W_qkv + b_qkv, num_heads)
    return merge_heads(attend(*np.split(groups, 3, axis=-1), mask)) @ W_o + b_o


@misconception("multi_head_attention")
def last_projection_missing(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """The merged heads were not projected by W_o.

    Without W_o, no head learns what the others have found. It is step 6 in the table.
    """
    return merge_heads(attend(*heads_of(X, W_qkv, b_qkv, num_heads), mask)) + b_o


@misconception("multi_head_attention")
def last_weights_transposed(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """W_o was transposed before the product.

    Some libraries store weights as `(d_out, d_in)` and must turn them. Here a projection is `X @ W`, always.
    W_o is square, so no error tells you.
    """
    return merge_heads(attend(*heads_of(X, W_qkv, b_qkv, num_heads), mask)) @ W_o.T + b_o


@misconception("multi_head_attention")
def each_head_with_a_square_block(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """Each head was projected by a square block of W_o, d_head × d_head, and so the heads never mix.

    All of W_o is used: merge the heads first, and then project by the whole of it.
    """
    heads = attend(*heads_of(X, W_qkv, b_qkv, num_heads), mask)
    d_head = heads.shape[-1]
    blocks = [W_o[start : start + d_head, start : start + d_head] for start in range(0, len(W_o), d_head)]
    return merge_heads(heads @ np.stack(blocks)) + b_o


@misconception("multi_head_attention")
def first_biases_missing(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """The biases `b_qkv` were not added to queries, keys and values.

    Each projection adds its bias. `project_qkv_fused` knows none: add them to what it returns.
    """
    return multi_head_attention(X, W_qkv, np.zeros_like(b_qkv), W_o, b_o, num_heads, mask)


@misconception("multi_head_attention")
def last_bias_missing(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """The bias `b_o` was not added.

    It is the very last step, after the projection by W_o.
    """
    return multi_head_attention(X, W_qkv, b_qkv, W_o, np.zeros_like(b_o), num_heads, mask)


@misconception("multi_head_attention")
def all_biases_missing(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """No bias was added, neither `b_qkv` nor `b_o`.

    Each projection adds its bias. Which of your arguments have you not used yet?
    """
    return multi_head_attention(X, W_qkv, np.zeros_like(b_qkv), W_o, np.zeros_like(b_o), num_heads, mask)


@misconception("multi_head_attention")
def last_bias_before_the_projection(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """The bias `b_o` was added before the projection by W_o, and so it was projected, too.

    A projection with a bias is `X @ W + b`: first the product, then the bias.
    """
    return (merge_heads(attend(*heads_of(X, W_qkv, b_qkv, num_heads), mask)) + b_o) @ W_o


@misconception("multi_head_attention")
def heads_without_mask(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
    """The mask was not handed on, so every token saw every other.

    The mask is an argument of `scaled_dot_product_attention`, too. Does your call of it mention `mask`?
    """
    return multi_head_attention(X, W_qkv, b_qkv, W_o, b_o, num_heads)
