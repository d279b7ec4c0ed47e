import numpy as np


def project(X, W):
    n, d_in = X.shape
    result = np.empty((n, W.shape[1]))
    for i in range(n):
        result[i] = X[i] @ W
    return result


def project_qkv(X, W_q, W_k, W_v):
    q = X @ W_q
    k = X @ W_k
    v = X @ W_v
    return q, v, k


def project_qkv_fused(X, W_qkv):
    q, k, v = np.split(X @ W_qkv, 3)
    return q, k, v
