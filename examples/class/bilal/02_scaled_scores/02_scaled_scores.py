import numpy as np


def attention_scores(Q, K):
    return np.einsum("...qd,...kd->...qk", Q, K)


def scale_scores(S, d_k):
    return np.einsum("...,->...", S, 1 / np.sqrt(d_k))
