import numpy as np


def project(X, W):
    return (np.array(X) @ np.array(W)).tolist()


def project_qkv(X, W_q, W_k, W_v):
    return [project(X, W_q), project(X, W_k), project(X, W_v)]


def project_qkv_fused(X, W_qkv):
    QKV = np.array(project(X, W_qkv))
    return [part.tolist() for part in np.array_split(QKV, 3, axis=-1)]
