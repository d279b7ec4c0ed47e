import numpy as np


def project(X, W):
    return np.dot(W, X)


def project_qkv(X, W_q, W_k, W_v):
    return [W @ X for W in (W_q, W_k, W_v)]


def project_qkv_fused(X, W_qkv):
    d = W_qkv.shape[1] // 3
    return X @ W_qkv[:, :d], X @ W_qkv[:, d : 2 * d], X @ W_qkv[:, 2 * d :]
