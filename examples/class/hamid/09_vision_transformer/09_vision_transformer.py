import math

import numpy as np


def patchify(images, patch_size):
    height, width = images.shape[-2:]
    if height % patch_size != 0 or width % patch_size != 0:
        raise ValueError("The patches do not fit.")
    patches = []
    for top in range(0, height, patch_size):
        for left in range(0, width, patch_size):
            patch = images[..., top:top + patch_size, left:left + patch_size]
            patches.append(patch.reshape(*images.shape[:-3], -1))
    return np.stack(patches, axis=-2)


def embed_patches(patches, W, b):
    return patches @ W + b


def add_class_token(tokens, class_token):
    if tokens.ndim > 2:
        return np.array([add_class_token(image, class_token) for image in tokens])
    return np.vstack([class_token, tokens])


def add_position_embedding(tokens, position):
    return tokens + position


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


def vit_logits(images, weights, num_heads):
    patch_size = math.isqrt(len(weights["patch.W"]) // images.shape[-3])
    X = embed_patches(patchify(images, patch_size), weights["patch.W"], weights["patch.b"])
    X = add_position_embedding(add_class_token(X, weights["class_token"]), weights["position"])
    i = 0
    while f"blocks.{i}.norm_1.gamma" in weights:
        start = f"blocks.{i}."
        X = encoder_block(X, {k[len(start):]: v for k, v in weights.items() if k.startswith(start)}, num_heads)
        i += 1
    X = layer_norm(X, weights["norm.gamma"], weights["norm.beta"])
    return X[..., 0, :] @ weights["head.W"] + weights["head.b"]
