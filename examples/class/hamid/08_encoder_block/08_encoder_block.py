import math

import numpy as np


def layer_norm(X, gamma, beta, eps=1e-5):
    result = np.zeros(X.shape)
    for place in np.ndindex(*X.shape[:-1]):
        x = X[place]
        mean = sum(x) / len(x)
        variance = sum((x - mean) ** 2) / len(x)
        result[place] = gamma * (x - mean) / math.sqrt(variance + eps) + beta
    return result


def gelu(X):
    result = np.zeros(X.shape)
    for place in np.ndindex(*X.shape):
        result[place] = X[place] / 2 * (1 + math.erf(X[place] / math.sqrt(2)))
    return result


def mlp(X, W_1, b_1, W_2, b_2):
    return gelu(X @ W_1 + b_1) @ W_2 + b_2


def attention(X, block, heads):
    d = X.shape[-1]
    QKV = X @ block["attention.W_qkv"] + block["attention.b_qkv"]
    outputs = []
    for h in range(heads):
        Q, K, V = [QKV[..., i * d + h * d // heads:i * d + (h + 1) * d // heads] for i in range(3)]
        A = np.exp(Q @ K.swapaxes(-1, -2) / math.sqrt(d // heads))
        outputs.append(A / A.sum(axis=-1, keepdims=True) @ V)
    return np.concatenate(outputs, axis=-1) @ block["attention.W_o"] + block["attention.b_o"]


def encoder_block(X, block, num_heads):
    X = layer_norm(X + attention(X, block, num_heads), block["norm_1.gamma"], block["norm_1.beta"])
    M = mlp(X, block["mlp.W_1"], block["mlp.b_1"], block["mlp.W_2"], block["mlp.b_2"])
    return layer_norm(X + M, block["norm_2.gamma"], block["norm_2.beta"])
