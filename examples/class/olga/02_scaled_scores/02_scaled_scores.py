import numpy as np


def attention_scores(Q, K):
    return Q @ K.swapaxes(-1, -2)


def scale_scores(S, d_k):
    S /= np.sqrt(d_k)
    return S
