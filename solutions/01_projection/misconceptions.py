"""Mistakes that students really make in 01_projection: what each computes, and the hint that it earns."""

import numpy as np

from autograder.checking import misconception

# ------------------------------------------------------------------------------------------------ project


@misconception("project")
def weights_on_the_left(X, W):
    """The weights stand on the left of the tokens, as they do in books that write tokens as columns.

    Here tokens are rows. Write the shapes below the product: which order lets `d_in` meet `d_in`?
    """
    return W @ X


@misconception("project")
def weights_transposed(X, W):
    """The weights were transposed before the product.

    Some libraries store weights as `(d_out, d_in)` and must turn them. Which shape does `W` have here, by the
    docstring?
    """
    return X @ W.T


@misconception("project")
def entry_by_entry(X, W):
    """`*` multiplied entry by entry, and nothing was summed.

    Each entry of a query is a *sum* of products. Which NumPy operator is the one for matrix products?
    """
    return X * W


@misconception("project")
def outer_product(X, W):
    """Every number of `X` was multiplied with every number of `W`: an outer product, and nothing was summed.

    A token meets the columns of `W` one after the other, and each meeting ends in one number: a sum of `d_in`
    products.
    """
    return np.outer(X, W)


@misconception("project")
def token_became_a_matrix(X, W):
    """A single token, shape `(d_in,)`, came back as a matrix with one row, shape `(1, d_out)`.

    The result has the same leading axes as `X`. A plain vector has none, so nothing needs to be added for it.
    """
    return np.atleast_2d(X) @ W


@misconception("project")
def cut_to_integers(X, W):
    """The results were cut to whole numbers.

    The example has whole numbers only; real weights do not. Look for `int`, or an array that was made with an
    integer type and then filled.
    """
    return (X @ W).astype(int)


@misconception("project")
def overwrites_the_tokens(X, W):
    """The queries were written into `X`, so the caller's tokens are gone.

    Keys and values need the same tokens afterwards. Put the result into a new array, and leave `X` as it is.
    """
    X[...] = X @ W
    return X


@misconception("project")
def two_axes_only(X, W):
    """The code counts on exactly two axes, and `X` may have one, two, three or more.

    Does your code unpack `X.shape` into two names? The product treats all leading axes alike, so you need not
    know how many there are.
    """
    n, _ = X.shape
    Q = np.zeros((n, W.shape[1]))
    for i in range(n):
        Q[i] = X[i] @ W
    return Q


# -------------------------------------------------------------------------------------------- project_qkv


@misconception("project_qkv", slip=True)
def order_q_v_k(X, W_q, W_k, W_v):
    """The keys and the values have changed places.

    The caller unpacks by position. In which order does the docstring return the three?
    """
    return X @ W_q, X @ W_v, X @ W_k


@misconception("project_qkv")
def one_weight_for_all(X, W_q, W_k, W_v):
    """Queries, keys and values are all the same: `W_q` made each of them.

    Each of the three has its own job, and therefore its own weights. Which `W` stands in each of your lines?
    """
    return X @ W_q, X @ W_q, X @ W_q


@misconception("project_qkv")
def values_by_w_k(X, W_q, W_k, W_v):
    """The values were made with the weights of the keys, so that `W_v` is never used.

    A copied line often keeps one old name. Compare the line for the values with the line for the keys.
    """
    return X @ W_q, X @ W_k, X @ W_k


@misconception("project_qkv")
def keys_from_queries(X, W_q, W_k, W_v):
    """The keys were made from the queries, not from the tokens.

    The three projections stand side by side; none of them is a step towards another. What do all three start
    from?
    """
    Q = X @ W_q
    return Q, Q @ W_k, X @ W_v


@misconception("project_qkv")
def forced_to_one_width(X, W_q, W_k, W_v):
    """The three were packed into one array, which needs all of them to have the same width.

    Values may be wider or narrower than keys. Return three arrays, with commas between them.
    """
    return np.array([X @ W_q, X @ W_k, X @ W_v])


@misconception("project_qkv", slip=True)
def glued_together(X, W_q, W_k, W_v):
    """Queries, keys and values came back as one wide array, side by side.

    The caller wants to write `Q, K, V = project_qkv(...)`. Return three arrays, with commas between them.
    """
    return np.concatenate([X @ W_q, X @ W_k, X @ W_v], axis=-1)


# -------------------------------------------------------------------------------------- project_qkv_fused


@misconception("project_qkv_fused", slip=True)
def order_k_q_v(X, W_qkv):
    """The queries and the keys have changed places.

    The columns of `W_qkv` stand in the order that its name tells, from left to right.
    """
    Q, K, V = np.split(X @ W_qkv, 3, axis=-1)
    return K, Q, V


@misconception("project_qkv_fused")
def every_third_column(X, W_qkv):
    """Every third column was taken, so each of the three got columns of all three blocks.

    The columns of Q stand next to each other, then come those of K, then those of V. Where does each block
    begin and end?
    """
    QKV = X @ W_qkv
    return QKV[..., 0::3], QKV[..., 1::3], QKV[..., 2::3]


@misconception("project_qkv_fused")
def blocks_per_head(X, W_qkv):
    """The columns were read as [q k v | q k v], one group for each of two heads.

    Some models store their weights like that. Here there are no heads yet, and three blocks only: Q, then K,
    then V.
    """
    q_1, k_1, v_1, q_2, k_2, v_2 = np.split(X @ W_qkv, 6, axis=-1)
    return np.concatenate([q_1, q_2], -1), np.concatenate([k_1, k_2], -1), np.concatenate([v_1, v_2], -1)


@misconception("project_qkv_fused")
def cut_along_rows(X, W_qkv):
    """The product was cut along its first axis: each part holds some of the tokens, not some of the columns.

    Every token needs a query, a key and a value. Which axis has the length 3·d, and which axis does
    `np.split` cut when you do not tell it?
    """
    Q, K, V = np.split(X @ W_qkv, 3)
    return Q, K, V


@misconception("project_qkv_fused")
def weights_cut_along_rows(X, W_qkv):
    """`W_qkv` was cut along its rows, so the parts do not fit the tokens any more.

    Its rows belong to the `d_in` numbers of a token, and every projection needs all of these. Which axis holds
    the three blocks?
    """
    W_q, W_k, W_v = np.split(W_qkv, 3)
    return X @ W_q, X @ W_k, X @ W_v


@misconception("project_qkv_fused")
def weights_reshaped(X, W_qkv):
    """`W_qkv` was reshaped into three matrices: the shapes fit, but each has numbers of all three blocks.

    A reshape fills row after row, in the order in which the numbers lie in memory. A block of columns needs a
    cut along the columns.
    """
    W_q, W_k, W_v = W_qkv.reshape(3, W_qkv.shape[0], -1)
    return X @ W_q, X @ W_k, X @ W_v


@misconception("project_qkv_fused")
def product_reshaped(X, W_qkv):
    """The product was reshaped into three arrays: the shapes fit, but tokens and blocks are mixed up.

    A reshape fills row after row, in the order in which the numbers lie in memory. A block of columns needs a
    cut along the columns.
    """
    Q, K, V = (X @ W_qkv).reshape(3, *X.shape[:-1], -1)
    return Q, K, V
