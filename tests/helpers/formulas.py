"""The formulas of the lessons, written out as plain loops, for more than one of them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def product_by_loops(A: Array, B: Array) -> Array:
    """c_ij = Σ_k a_ik b_kj, of two matrices."""
    (rows, inner), columns = A.shape, B.shape[1]
    C = np.empty((rows, columns))
    for i, j in np.ndindex(C.shape):
        C[i, j] = math.fsum(float(A[i, k]) * float(B[k, j]) for k in range(inner))
    return C


def attention_by_loops(Q: Array, K: Array, V: Array, mask: Mask | None = None) -> tuple[Array, Array]:
    """o_i = Σ_j w_ij v_j with w_ij = exp(s_ij) / Σ_j exp(s_ij), the sum over what i may attend to; of one sequence."""
    (n_q, d_k), (n_k, d_v) = Q.shape, V.shape
    output, weights = np.zeros((n_q, d_v)), np.zeros((n_q, n_k))
    for i in range(n_q):
        seen = [j for j in range(n_k) if mask is None or mask[i, j]]
        dot_products = {j: math.fsum(float(Q[i, c]) * float(K[j, c]) for c in range(d_k)) for j in seen}
        highest = max(dot_products.values(), default=0.0)
        shares = {j: math.exp((product - highest) / math.sqrt(d_k)) for j, product in dot_products.items()}
        for j, share in shares.items():
            weights[i, j] = share / math.fsum(shares.values())
        for c in range(d_v):
            output[i, c] = math.fsum(weights[i, j] * float(V[j, c]) for j in seen)
    return output, weights


def multi_head_by_loops(
    X: Array, W_qkv: Array, b_qkv: Array, W_o: Array, b_o: Array, num_heads: int, mask: Mask | None = None
) -> Array:
    """The heads one after the other: each with its own columns of W_qkv and its own rows of W_o; of one sequence."""
    n, d = X.shape
    d_head = d // num_heads
    output = np.tile(b_o, (n, 1))
    for head in range(num_heads):
        own = slice(head * d_head, (head + 1) * d_head)
        Q, K, V = (product_by_loops(X, W_qkv[:, part * d :][:, own]) + b_qkv[part * d :][own] for part in range(3))
        output += product_by_loops(attention_by_loops(Q, K, V, mask)[0], W_o[own])
    return output
