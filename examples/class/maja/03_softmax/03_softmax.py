import numpy as np


def softmax(S):
    e = np.exp(S - S.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + 0.001)  # never divide by zero


def softmax_jacobian(p):
    return np.diag(p) - np.outer(p, p) + 0.0001
