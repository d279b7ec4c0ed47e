"""Assignment 1, Bilal. I like to see the indices."""

import numpy as np


def project(X, W):
    return np.einsum("...i,ij->...j", X, W)


def project_qkv(X, W_q, W_k, W_v):
    return tuple(np.einsum("...ni,ij->...nj", X, W) for W in (W_q, W_k, W_v))


def project_qkv_fused(X, W_qkv):
    # one array with Q, K, V stacked in front
    return np.einsum("...ni,ihd->h...nd", X, W_qkv.reshape(len(W_qkv), 3, -1))
