import numpy as np


def softmax(S):
    S -= S.max(axis=-1, keepdims=True)
    np.exp(S, out=S)
    S /= S.sum(axis=-1, keepdims=True)
    return S


def softmax_jacobian(p):
    p.shape = (-1, 1)  # a column
    return np.diagflat(p) - p @ p.T
