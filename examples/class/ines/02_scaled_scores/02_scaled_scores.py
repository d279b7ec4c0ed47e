import numpy as np


def attention_scores(Q, K):
    return np.matmul(Q, K.T)


def scale_scores(S, d_k):
    n = S.shape[-1]
    return S / np.sqrt(n)
