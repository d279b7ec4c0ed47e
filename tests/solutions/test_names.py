"""Wrong answers in many spellings: each with the name that a teacher would give it, which is the one it gets."""

# ruff: noqa: E501 - answers, each in a line

from __future__ import annotations

import pytest

from tests.helpers.in_process import Grade
from tests.solutions import answers_of_learning

pytestmark = pytest.mark.slow

# The question, the name, the answer, in place of the lesson's own. Without a name: there is none that would be right.
ANSWERS = [
    ("project", "two_axes_only", "def project(X, W): return np.einsum('ij,jk->ik', X, W)"),
    ("project", "two_axes_only", "def project(X, W): return np.array([[x @ w for w in W.T] for x in X])"),
    ("project", "other_places", "def project(X, W): return np.tensordot(W.T, X, axes=(1, -1))"),
    ("project", "transposed", "def project(X, W): return (X @ W).T"),
    ("project", "constant_factor", "def project(X, W): return 2 * X @ W"),
    ("project", "sign_turned", "def project(X, W): return -(X @ W)"),
    ("project", "constant_added", "def project(X, W): return X @ W + 1"),
    ("project", "argument_returned", "def project(X, W): return X"),
    ("project", "", "def project(X, W): return np.array([[1., 2.], [1., 1.]])"),
    ("project", "axes_of_length_1", "def project(X, W): return X.dot(W).squeeze()"),
    ("project", "two_axes_only", "def project(X, W): return W.T @ X if X.ndim == 1 else (W.T @ X.T).T"),
    ("project", "nearly_right", "def project(X, W): return np.round(X @ W, 2)"),
    ("project", "single_precision", "def project(X, W): return (X.astype(np.float32) @ W.astype(np.float32))"),
    ("project", "two_axes_only", "def project(X, W): return np.vstack([x @ W for x in X])"),
    ("project_qkv", "another_order", "def project_qkv(X, a, b, c): return X @ b, X @ a, X @ c"),
    ("project_qkv", "values_by_w_k", "def project_qkv(X, a, b, c): return np.dot(X, a), np.dot(X, b), np.dot(X, b)"),
    ("project_qkv", "transposed", "def project_qkv(X, a, b, c): return (X @ a).T, (X @ b).T, (X @ c).T"),
    ("project_qkv_fused", "two_axes_only", "def project_qkv_fused(X, W): return np.split(X @ W, 3, axis=1)"),
    (
        "project_qkv_fused",
        "two_axes_only",
        "def project_qkv_fused(X, W):\n    d = W.shape[1] // 3; Y = X @ W\n    return Y[:, :d], Y[:, d:2*d], Y[:, 2*d:]",
    ),
    ("attention_scores", "two_axes_only", "def attention_scores(Q, K): return np.dot(Q, K.T)"),
    ("attention_scores", "two_axes_only", "def attention_scores(Q, K): return np.einsum('id,jd->ij', Q, K)"),
    (
        "attention_scores",
        "two_axes_only",
        "def attention_scores(Q, K): return np.array([[q @ k for k in K] for q in Q])",
    ),
    ("attention_scores", "two_axes_only", "def attention_scores(Q, K): return np.inner(Q, K)"),
    (
        "attention_scores",
        "keys_ask_queries",
        "def attention_scores(Q, K): return np.einsum('...id,...jd->...ji', Q, K)",
    ),
    (
        "attention_scores",
        "scaled_already",
        "def attention_scores(Q, K): return np.matmul(Q, np.swapaxes(K, -1, -2)) / Q.shape[-1] ** .5",
    ),
    (
        "attention_scores",
        "exactly_one_batch_axis",
        "def attention_scores(Q, K): B, n, d = Q.shape; return np.einsum('bid,bjd->bij', Q, K)",
    ),
    ("attention_scores", "keys_not_transposed", "def attention_scores(Q, K): return Q @ K"),
    ("scale_scores", "divided_by_length", "def scale_scores(S, d_k): return S * d_k ** -1.0"),
    ("scale_scores", "not_scaled", "def scale_scores(S, d_k): return S"),
    ("scale_scores", "example_only", "def scale_scores(S, d_k): return S / np.sqrt(2)"),
    ("scale_scores", "nearly_right", "def scale_scores(S, d_k): return S / (np.sqrt(d_k) + 1e-3)"),
    (
        "softmax",
        "axis_one",
        "def softmax(S):\n    E = np.exp(S - np.max(S, axis=1)[:, None])\n    return E / np.sum(E, axis=1)[:, None]",
    ),
    ("softmax", "two_axes_only", "def softmax(S):\n    E = np.exp(S.T - S.max(1)).T\n    return (E.T / E.sum(1)).T"),
    (
        "softmax",
        "two_axes_only",
        "def softmax(S):\n    out = np.zeros_like(S)\n    for i, row in enumerate(S):\n        e = np.exp(row - row.max()); out[i] = e / e.sum()\n    return out",
    ),
    (
        "softmax",
        "axis_one",
        "def softmax(S): return np.apply_along_axis(lambda r: np.exp(r - r.max()) / np.exp(r - r.max()).sum(), 1, S)",
    ),
    ("softmax", "nothing_subtracted", "def softmax(S): E = np.exp(S); return E / E.sum(axis=-1, keepdims=True)"),
    ("softmax", "over_queries", "def softmax(S):\n    E = np.exp(S - S.max(0))\n    return E / E.sum(0)"),
    ("softmax", "divided_by_largest", "def softmax(S): E = np.exp(S - S.max(-1, keepdims=True)); return E"),
    (
        "softmax",
        "nearly_right",
        "def softmax(S): E = np.exp(S - S.max(-1, keepdims=True)); return E / (E.sum(-1, keepdims=True) + 1e-3)",
    ),
    (
        "softmax",
        "global_maximum_subtracted",
        "def softmax(S): E = np.exp(S - S.max()); return E / E.sum(-1, keepdims=True)",
    ),
    (
        "softmax",
        "axes_of_length_1",
        "def softmax(S): E = np.exp(S - S.max(-1, keepdims=True)); return np.squeeze(E / E.sum(-1, keepdims=True))",
    ),
    (
        "softmax",
        "rounded",
        "def softmax(S): E = np.exp(S - S.max(-1, keepdims=True)); return np.round(E / E.sum(-1, keepdims=True), 4)",
    ),
    (
        "softmax",
        "nearly_right",
        "def softmax(S): E = np.exp((S - S.max(-1, keepdims=True)).astype('f2')); return E / E.sum(-1, keepdims=True)",
    ),
    ("softmax_jacobian", "sign_flipped", "def softmax_jacobian(p): return np.outer(p, p) - np.diag(p)"),
    ("softmax_jacobian", "constant_factor", "def softmax_jacobian(p): return 2 * (np.diag(p) - np.outer(p, p))"),
    (
        "weighted_sum",
        "two_axes_only",
        "def weighted_sum(A, V): return np.array([sum(a * v for a, v in zip(row, V)) for row in A])",
    ),
    ("weighted_sum", "transposed", "def weighted_sum(A, V): return np.swapaxes(A @ V, -1, -2)"),
    ("weighted_sum", "transposed", "def weighted_sum(A, V): return np.einsum('...qk,...kd->...dq', A, V)"),
    ("weighted_sum", "two_axes_only", "def weighted_sum(A, V): return np.dot(A, V)"),
    (
        "scaled_dot_product_attention",
        "two_axes_only",
        "def scaled_dot_product_attention(Q, K, V, mask=None):\n    S = Q @ K.T / np.sqrt(Q.shape[-1])\n    if mask is not None: S = np.where(mask, S, -1e300)\n    S = S - S.max(-1, keepdims=True)\n    A = np.exp(S) / np.exp(S).sum(-1, keepdims=True)\n    if mask is not None: A = A * mask\n    return A @ V, A",
    ),
    (
        "scaled_dot_product_attention",
        "exactly_one_batch_axis",
        "def scaled_dot_product_attention(Q, K, V, mask=None):\n    S = np.einsum('bqd,bkd->bqk', Q, K) / np.sqrt(Q.shape[-1])\n    if mask is not None: S = np.where(mask, S, -1e300)\n    S = S - S.max(-1, keepdims=True)\n    A = np.exp(S) / np.exp(S).sum(-1, keepdims=True)\n    if mask is not None: A = A * mask\n    return A @ V, A",
    ),
    (
        "scaled_dot_product_attention",
        "all_hidden_means_all_seen",
        "def scaled_dot_product_attention(Q, K, V, mask=None):\n    S = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])\n    if mask is not None: S = np.where(mask, S, -1e10)\n    S = S - S.max(-1, keepdims=True)\n    A = np.exp(S) / np.exp(S).sum(-1, keepdims=True)\n    return A @ V, A",
    ),
    (
        "scaled_dot_product_attention",
        "mask_ignored",
        "def scaled_dot_product_attention(Q, K, V, mask=None):\n    S = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])\n    S = S - S.max(-1, keepdims=True)\n    A = np.exp(S) / np.exp(S).sum(-1, keepdims=True)\n    return A @ V, A",
    ),
    (
        "scaled_dot_product_attention",
        "mask_inverted",
        "def scaled_dot_product_attention(Q, K, V, mask=None):\n    S = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])\n    if mask is not None: S = np.where(mask == 0, S, -np.inf)\n    S = S - S.max(-1, keepdims=True)\n    A = np.exp(S) / np.exp(S).sum(-1, keepdims=True)\n    return A @ V, A",
    ),
    ("causal_mask", "only_the_future", "def causal_mask(n): return np.triu(np.ones((n, n))) == 1"),
    ("causal_mask", "not_even_itself", "def causal_mask(n): return np.tri(n, k=-1, dtype=bool)"),
    (
        "self_attention",
        "two_axes_only",
        "def self_attention(X, W_q, W_k, W_v, mask=None):\n    Q, K, V = X @ W_q, X @ W_k, X @ W_v\n    S = Q @ K.T / np.sqrt(Q.shape[-1])\n    if mask is not None: S = np.where(mask, S, -1e300)\n    S = S - S.max(-1, keepdims=True); A = np.exp(S); A = A / A.sum(-1, keepdims=True)\n    return (A if mask is None else A * mask) @ V",
    ),
    (
        "cross_attention",
        "encoder_reads_decoder",
        "def cross_attention(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):\n    Q = project(X_encoder, W_q); K = project(X_decoder, W_k); V = project(X_decoder, W_v)\n    return scaled_dot_product_attention(Q, K, V, mask)[0]",
    ),
    (
        "cross_attention",
        "encoder_reads_decoder",
        "def cross_attention(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):\n    K = project(X_decoder, W_k); V = project(X_decoder, W_v); Q = project(X_encoder, W_q)\n    return scaled_dot_product_attention(Q, K, V, mask)[0]",
    ),
    (
        "cross_attention",
        "encoder_asked",
        "def cross_attention(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):\n    Q = X_decoder @ W_q; K = X_encoder @ W_k; V = X_encoder @ W_v\n    return scaled_dot_product_attention(K, Q, V, mask)[0]",
    ),
    (
        "cross_attention",
        "weights_of_queries_and_keys_swapped",
        "def cross_attention(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):\n    Q = X_decoder @ W_k; K = X_encoder @ W_q; V = X_encoder @ W_v\n    return scaled_dot_product_attention(Q, K, V, mask)[0]",
    ),
    (
        "split_heads",
        "two_axes_only",
        "def split_heads(X, num_heads):\n    n, d = X.shape\n    if d % num_heads: raise ValueError\n    return X.reshape(n, num_heads, d // num_heads).transpose(1, 0, 2)",
    ),
    (
        "split_heads",
        "exactly_one_batch_axis",
        "def split_heads(X, num_heads):\n    B, n, d = X.shape\n    if d % num_heads: raise ValueError\n    return X.reshape(B, n, num_heads, d // num_heads).transpose(0, 2, 1, 3)",
    ),
    (
        "split_heads",
        "reshaped_only",
        "def split_heads(X, num_heads):\n    *lead, n, d = X.shape\n    if d % num_heads: raise ValueError\n    return X.reshape(*lead, num_heads, n, d // num_heads)",
    ),
    ("merge_heads", "three_axes_only", "def merge_heads(X): return np.hstack(list(X))"),
    (
        "merge_heads",
        "three_axes_only",
        "def merge_heads(X): h, n, d = X.shape; return X.transpose(1, 0, 2).reshape(n, h * d)",
    ),
    (
        "patchify",
        "no_batch_allowed",
        "def patchify(images, patch_size):\n    c, h, w = images.shape; p = patch_size\n    if h % p or w % p: raise ValueError\n    return images.reshape(c, h // p, p, w // p, p).transpose(1, 3, 0, 2, 4).reshape(-1, c * p * p)",
    ),
    (
        "layer_norm",
        "eps_always_the_same",
        "def layer_norm(X, gamma, beta, eps=1e-5):\n    return (X - X.mean(-1, keepdims=True)) / np.sqrt(X.var(-1, keepdims=True) + 1e-6) * gamma + beta",
    ),
    (
        "layer_norm",
        "two_axes_only",
        "def layer_norm(X, gamma, beta, eps=1e-5):\n    return (X - X.mean(1)[:, None]) / np.sqrt(X.var(1)[:, None] + eps) * gamma + beta",
    ),
    (
        "layer_norm",
        "eps_outside_the_root",
        "def layer_norm(X, gamma, beta, eps=1e-5):\n    return (X - X.mean(-1, keepdims=True)) / (X.std(-1, keepdims=True) + eps) * gamma + beta",
    ),
    (
        "layer_norm",
        "over_tokens",
        "def layer_norm(X, gamma, beta, eps=1e-5):\n    return (X - X.mean(0)) / np.sqrt(X.var(0) + eps) * gamma + beta",
    ),
    ("gelu", "probability_alone", "def gelu(X): return (1 + np.vectorize(math.erf)(X / math.sqrt(2))) / 2"),
    (
        "encoder_block",
        "residual_of_the_normalised",
        "_arrays = lambda block, *names: [block[name] for name in names]\ndef encoder_block(X, block, num_heads):\n    N = layer_norm(X, *_arrays(block, 'norm_1.gamma', 'norm_1.beta'))\n    X1 = N + multi_head_attention(N, *_arrays(block, 'attention.W_qkv', 'attention.b_qkv', 'attention.W_o', 'attention.b_o'), num_heads)\n    M = layer_norm(X1, *_arrays(block, 'norm_2.gamma', 'norm_2.beta'))\n    return X1 + mlp(M, *_arrays(block, 'mlp.W_1', 'mlp.b_1', 'mlp.W_2', 'mlp.b_2'))",
    ),
    (
        "encoder_block",
        "residual_of_the_normalised",
        "_arrays = lambda block, *names: [block[name] for name in names]\ndef encoder_block(X, block, num_heads):\n    N = layer_norm(X, *_arrays(block, 'norm_1.gamma', 'norm_1.beta'))\n    X1 = X + multi_head_attention(N, *_arrays(block, 'attention.W_qkv', 'attention.b_qkv', 'attention.W_o', 'attention.b_o'), num_heads)\n    M = layer_norm(X1, *_arrays(block, 'norm_2.gamma', 'norm_2.beta'))\n    return M + mlp(M, *_arrays(block, 'mlp.W_1', 'mlp.b_1', 'mlp.W_2', 'mlp.b_2'))",
    ),
    (
        "encoder_block",
        "residual_of_the_normalised",
        "_arrays = lambda block, *names: [block[name] for name in names]\ndef encoder_block(X, block, num_heads):\n    N = layer_norm(X, *_arrays(block, 'norm_1.gamma', 'norm_1.beta'))\n    X1 = N + multi_head_attention(N, *_arrays(block, 'attention.W_qkv', 'attention.b_qkv', 'attention.W_o', 'attention.b_o'), num_heads)\n    M = layer_norm(X1, *_arrays(block, 'norm_2.gamma', 'norm_2.beta'))\n    return N + mlp(M, *_arrays(block, 'mlp.W_1', 'mlp.b_1', 'mlp.W_2', 'mlp.b_2'))",
    ),
    (
        "encoder_block",
        "residual_of_the_normalised",
        "_arrays = lambda block, *names: [block[name] for name in names]\ndef encoder_block(X, block, num_heads):\n    N = layer_norm(X, *_arrays(block, 'norm_1.gamma', 'norm_1.beta'))\n    X1 = N + multi_head_attention(N, *_arrays(block, 'attention.W_qkv', 'attention.b_qkv', 'attention.W_o', 'attention.b_o'), num_heads)\n    M = layer_norm(X1, *_arrays(block, 'norm_2.gamma', 'norm_2.beta'))\n    return M + mlp(M, *_arrays(block, 'mlp.W_1', 'mlp.b_1', 'mlp.W_2', 'mlp.b_2'))",
    ),
    ("gelu", "not_halved", "def gelu(X): return X * (1 + np.vectorize(math.erf)(X / math.sqrt(2)))"),
    ("gelu", "tanh_form", "def gelu(X): return .5 * X * (1 + np.tanh(0.7978845608 * (X + 0.044715 * X ** 3)))"),
    (
        "gelu",
        "two_axes_only",
        "def gelu(X): return np.array([[x * (1 + math.erf(x / math.sqrt(2))) / 2 for x in row] for row in X])",
    ),
    ("mlp", "relu_in_between", "def mlp(X, W_1, b_1, W_2, b_2): return np.maximum(X @ W_1 + b_1, 0) @ W_2 + b_2"),
    (
        "add_class_token",
        "stacked_without_batch",
        "def add_class_token(tokens, class_token): return np.vstack([class_token, tokens])",
    ),
    ("add_position_embedding", "", "def add_position_embedding(tokens, position): return tokens - position"),
    ("add_position_embedding", "positions_unused", "def add_position_embedding(tokens, position): return tokens"),
    (
        "encoder_block",
        "one_head_only",
        "_old = encoder_block\ndef encoder_block(X, block, num_heads): return _old(X, block, 1)",
    ),
    (
        "vit_logits",
        "at_most_four_axes",
        "_old = vit_logits\ndef vit_logits(images, weights, num_heads): return _old(images[None], weights, num_heads)[0] if images.ndim == 3 else _old(images.reshape(-1, *images.shape[-3:]), weights, num_heads)",
    ),
    (
        "vit_logits",
        "",
        "_old = vit_logits\ndef vit_logits(images, weights, num_heads): return np.exp(_old(images, weights, num_heads))",
    ),
    (
        "scaled_dot_product_attention",
        "keys_not_transposed",
        "def scaled_dot_product_attention(Q, K, V, mask=None):\n    S = Q @ K / math.sqrt(Q.shape[-1])\n    if mask is not None: S = np.where(mask, S, -1e300)\n    S = S - S.max(-1, keepdims=True); A = np.exp(S); A = A / A.sum(-1, keepdims=True)\n    if mask is not None: A = A * mask\n    return A @ V, A",
    ),
    (
        "scaled_dot_product_attention",
        "two_axes_only",
        "def scaled_dot_product_attention(Q, K, V, mask=None):\n    S = np.einsum('qd,kd->qk', Q, K) / math.sqrt(Q.shape[-1])\n    if mask is not None: S = np.where(mask, S, -1e300)\n    S = S - S.max(-1, keepdims=True); A = np.exp(S); A = A / A.sum(-1, keepdims=True)\n    if mask is not None: A = A * mask\n    return A @ V, A",
    ),
    (
        "self_attention",
        "two_axes_only",
        "def self_attention(X, W_q, W_k, W_v, mask=None):\n    n, d = X.shape\n    return scaled_dot_product_attention(X @ W_q, X @ W_k, X @ W_v, mask)[0]",
    ),
    (
        "multi_head_attention",
        "two_axes_only",
        "_old = multi_head_attention\ndef multi_head_attention(X, *a, **k):\n    n, d = X.shape\n    return _old(X, *a, **k)",
    ),
    # What a rule or a misconception might be taken for that is another one, or none.
    ("embed_patches", "", "def embed_patches(patches, W, b): return patches @ W + b[:, None]"),
    ("mlp", "", "def mlp(X, W_1, b_1, W_2, b_2): return gelu(X @ W_1 + b_1[:, None]) @ W_2 + b_2"),
    (
        "layer_norm",
        "",
        "def layer_norm(X, gamma, beta, eps=1e-5):\n    m, v = X.mean(-1, keepdims=True), X.var(-1, keepdims=True)\n    return gamma[:, None] * (X - m) / np.sqrt(v + eps) + beta[:, None]",
    ),
    ("add_position_embedding", "", "def add_position_embedding(tokens, position): return tokens + position[:, None]"),
    ("project", "", "def project(X, W): return X[0] @ W"),
    ("project", "", "def project(X, W): return [x @ W for x in X]"),
    ("softmax_jacobian", "", "def softmax_jacobian(p):\n    n, m = p.shape\n    return np.diag(p[0]) - np.outer(p, p)"),
    ("scale_scores", "", "def scale_scores(S, d_k): return S / np.sqrt(d_k - 1)"),
    (
        "softmax",
        "two_axes_only",
        "def softmax(S): return np.array([[np.exp(x - max(r)) / sum(np.exp(y - max(r)) for y in r) for x in r] for r in S])",
    ),
    ("project", "example_only", "def project(X, W): return np.round(X @ W)"),
    ("gelu", "", "def gelu(X): return X * (1 + np.vectorize(math.erf)(X / 2)) / 2"),
    ("gelu", "other_shape", "_old = gelu\ndef gelu(X): return _old(X).ravel()"),
    ("merge_heads", "other_shape", "def merge_heads(X): return np.swapaxes(X, -3, -2)"),
    ("softmax", "", "def softmax(S): return np.full(S.shape, 1e10)"),
    (
        "merge_heads",
        "exactly_one_batch_axis",
        "def merge_heads(X):\n    h, n, d = X.shape[-3:]\n    return np.swapaxes(X, -2, -3).reshape(-1, n, h * d)",
    ),
    ("project_qkv", "constant_factor", "def project_qkv(X, a, b, c): return 2 * X @ a, X @ b, X @ c"),
    ("softmax", "keepdims_missing", "def softmax(S): e = np.exp(S - S.max(axis=-1)); return e / e.sum(axis=-1)"),
    (
        "layer_norm",
        "without_eps",
        "def layer_norm(X, gamma, beta, eps=1e-5): return (X - X.mean(-1, keepdims=True)) / np.sqrt(X.var(-1, keepdims=True)) * gamma + beta",
    ),
    ("scale_scores", "", "def scale_scores(S, d_k): return S / d_k ** 1/2"),
    ("softmax", "", "def softmax(S): return S.astype(object)"),
    ("softmax", "", "def softmax(S): return np.broadcast_to(0.0, (10**5, 10**5))"),
    ("softmax", "", "def softmax(S): return (S + 1j)"),
    ("softmax", "", "def softmax(S): return [[]]"),
    ("softmax", "", "def softmax(S): return S.astype(np.longdouble) * np.longdouble('1e4000')"),
    *answers_of_learning.NAMED,
]


@pytest.mark.parametrize(
    ("question", "name", "source"),
    ANSWERS,
    ids=[f"{name or 'none'}-{question}-{number}" for number, (question, name, _) in enumerate(ANSWERS)],
)
def test_a_wrong_answer_gets_the_name_that_a_teacher_would_give_it(
    grade: Grade, question: str, name: str, source: str
) -> None:
    result = grade(question, source)
    assert result.score < result.max_score
    assert set(result.misconceptions) == ({name} if name else set())
    for check in result.checks:
        if check.misconception:
            assert check.message.endswith(check.lesson)
            assert len(check.lesson.splitlines()) in (1, 2)
