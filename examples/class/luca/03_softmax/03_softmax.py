import numpy as np


def softmax(S):
    e = np.exp(S - S.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


def softmax_jacobian(p):
    return np.outer(p, p) - np.diag(p)
