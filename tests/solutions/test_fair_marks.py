"""Wrong answers that once earned everything, or nothing: each loses what it should, for every kind of inputs.

Each stands for a kind: it is the lesson's own solution with one function written again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.report.model import QuestionResult
from tests.helpers.in_process import Grade
from tests.helpers.paths import ROOT
from tests.solutions import answers_of_learning

pytestmark = pytest.mark.slow

# Axes of length 1, above all a batch of one.
SQUEEZED = {
    "project": [
        "def project(X, W): return np.squeeze(X @ W)",
        "def project(X, W): g = X @ W; return g[0] if len(g) == 1 else g",
        "def project(X, W): return X * W[0] if W.shape[1] == 1 and W.shape[0] > 1 else X @ W",
    ],
    "project_qkv": ["def project_qkv(X, a, b, c): return tuple(np.squeeze(X @ W) for W in (a, b, c))"],
    "attention_scores": [
        "def attention_scores(Q, K): return np.squeeze(Q @ np.swapaxes(K, -1, -2))",
        "def attention_scores(Q, K):\n    S = Q @ np.swapaxes(K, -1, -2)\n    return S[..., 0] if K.shape[-2] == 1 else S",
        "def attention_scores(Q, K):\n    S = Q @ np.swapaxes(K, -1, -2)\n    return S[0] if len(S) == 1 else S",
    ],
    "softmax": [
        "def softmax(S): E = np.exp(S - S.max(-1, keepdims=True)); return np.squeeze(E / E.sum(-1, keepdims=True))"
    ],
    "softmax_jacobian": ["def softmax_jacobian(p): return np.squeeze(np.diag(p) - np.outer(p, p))"],
    "weighted_sum": ["def weighted_sum(A, V): return np.squeeze(A @ V)"],
    "causal_mask": ["def causal_mask(n): return np.squeeze(np.tri(n, dtype=bool))"],
    "split_heads": [
        "def split_heads(X, num_heads):\n"
        "    *lead, n, d = X.shape\n"
        "    if d % num_heads: raise ValueError('no')\n"
        "    if num_heads == 1: return X\n"
        "    return np.swapaxes(X.reshape(*lead, n, num_heads, d // num_heads), -2, -3)"
    ],
    "merge_heads": [
        "def merge_heads(X):\n    X = np.swapaxes(X, -2, -3)\n    return np.squeeze(X.reshape(*X.shape[:-2], -1))"
    ],
    "patchify": [
        "def patchify(images, patch_size):\n"
        "    *lead, c, h, w = images.shape; p = patch_size\n"
        "    if h % p or w % p: raise ValueError('no')\n"
        "    X = images.reshape(*lead, c, h // p, p, w // p, p)\n"
        "    k = len(lead)\n"
        "    X = X.transpose(*range(k), k + 1, k + 3, k, k + 2, k + 4).reshape(*lead, -1, c * p * p)\n"
        "    return X[..., 0, :] if X.shape[-2] == 1 else X"
    ],
    "embed_patches": ["def embed_patches(patches, W, b): return np.squeeze(patches @ W + b)"],
    "layer_norm": [
        "def layer_norm(X, gamma, beta, eps=1e-5):\n"
        "    m, v = X.mean(-1, keepdims=True), X.var(-1, keepdims=True)\n"
        "    return np.squeeze((X - m) / np.sqrt(v + eps) * gamma + beta)"
    ],
    "gelu": ["def gelu(X): return np.squeeze(X * (1 + np.vectorize(math.erf)(X / math.sqrt(2))) / 2)"],
    "mlp": ["def mlp(X, a, b, c, d): return np.squeeze(gelu(X @ a + b) @ c + d)"],
    "encoder_block": [
        "_old = encoder_block\ndef encoder_block(X, block, num_heads): return np.squeeze(_old(X, block, num_heads))"
    ],
    "vit_logits": [
        "_old = vit_logits\ndef vit_logits(images, weights, num_heads): return np.squeeze(_old(images, weights, num_heads))"
    ],
}

# More leading axes, larger batches, longer axes.
BOUNDED = {
    "project": [
        "def project(X, W):\n    if X.ndim > 3: raise TypeError('too many axes')\n    return X @ W",
        "def project(X, W):\n    if X.ndim == 3: return np.stack([x @ W for x in X[:8]])\n    return X @ W",
        "def project(X, W):\n    if X.ndim == 5: return X @ W * 2\n    return X @ W",
    ],
    "scale_scores": [
        "def scale_scores(S, d_k): return S / np.sqrt(min(d_k, 256))",
        "ROOTS = [math.sqrt(i) for i in range(130)]\ndef scale_scores(S, d_k): return S / ROOTS[d_k]",
    ],
    "causal_mask": [
        "_table = np.tri(40, dtype=bool)\ndef causal_mask(n): return _table[:n, :n]",
        "def causal_mask(n): i = np.arange(n, dtype=np.uint8); return i[:, None] >= i[None, :]",
        "def causal_mask(n): i = np.arange(n).astype(np.uint8); return i[:, None] >= i[None, :]",
    ],
    "split_heads": [
        "_old = split_heads\ndef split_heads(X, num_heads): return _old(X, num_heads)[..., :6, :, :]",
        "_old = split_heads\ndef split_heads(X, num_heads): return _old(X, min(num_heads, 6) if num_heads > 6 else num_heads)",
    ],
    "encoder_block": [
        "_old = encoder_block\ndef encoder_block(X, block, num_heads):\n"
        "    names = ['norm_1.gamma', 'norm_1.beta', 'attention.W_qkv', 'attention.b_qkv', 'attention.W_o', 'attention.b_o',\n"
        "             'norm_2.gamma', 'norm_2.beta', 'mlp.W_1', 'mlp.b_1', 'mlp.W_2', 'mlp.b_2']\n"
        "    return _old(X, dict(zip(names, block.values())), num_heads)",
    ],
    "vit_logits": [
        "_old = vit_logits\ndef vit_logits(images, weights, num_heads):\n"
        "    return _old(images, {k: v for k, v in weights.items() if not k.startswith('blocks.') or int(k.split('.')[1]) < 3}, num_heads)",
        "_old = vit_logits\ndef vit_logits(images, weights, num_heads):\n"
        "    places = sorted({k.split('.')[1] for k in weights if k.startswith('blocks.')})\n"
        "    turn = {place: str(i) for i, place in enumerate(places)}\n"
        "    return _old(images, {'.'.join(['blocks', turn[k.split('.')[1]], *k.split('.')[2:]]) if k.startswith('blocks.') else k: v"
        " for k, v in weights.items()}, num_heads)",
    ],
}

# ValueErrors that are asked for too rarely.
REFUSING = {
    "split_heads": [
        "def split_heads(X, num_heads):\n"
        "    *lead, n, d = X.shape\n"
        "    return np.swapaxes(X.reshape(*lead, -1, num_heads, d // num_heads), -2, -3)",
        "def split_heads(X, num_heads):\n"
        "    if X.size % num_heads: raise ValueError('no')\n"
        "    *lead, n, d = X.shape\n"
        "    return np.swapaxes(X[..., :d // num_heads * num_heads].reshape(*lead, n, num_heads, -1), -2, -3)",
    ],
    "patchify": [
        "def patchify(images, patch_size):\n"
        "    *lead, c, h, w = images.shape; p = patch_size\n"
        f"    if {test}: raise ValueError('no')\n"
        "    images = images[..., :h // p * p, :w // p * p]\n"
        "    X = images.reshape(*lead, c, h // p, p, w // p, p)\n"
        "    k = len(lead)\n"
        "    return X.transpose(*range(k), k + 1, k + 3, k, k + 2, k + 4).reshape(*lead, (h // p) * (w // p), c * p * p)"
        for test in ("(h * w) % (p * p)", "(h + w) % p", "h % p", "w % p", "images.size % (p * p)")
    ]
    + [
        "def patchify(images, patch_size):\n"
        "    *lead, c, h, w = images.shape; p = patch_size\n"
        f"    X = images.reshape(*lead, c, {rows}, p, {columns}, p)\n"
        "    k = len(lead)\n"
        "    return X.transpose(*range(k), k + 1, k + 3, k, k + 2, k + 4).reshape(*lead, -1, c * p * p)"
        for rows, columns in (("-1", "w // p"), ("h // p", "-1"))
    ],
}

ATTENTION = (
    "def scaled_dot_product_attention(Q, K, V, mask=None):\n"
    "    S = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])\n"
    "    {mask}\n"
    "    S = S - S.max(-1, keepdims=True)\n"
    "    A = np.exp(S); A = A / A.sum(-1, keepdims=True)\n"
    "    {then}\n"
    "    return A @ V, A"
)
HIDE = "S = S if mask is None else np.where(mask, S, {})"
EMPTY = "A = A if mask is None else np.where(mask, A, 0)"
RIGHT = ATTENTION.format(
    mask="if mask is not None: S = np.where(mask | ~mask.any(-1, keepdims=True), S, -np.inf)", then=EMPTY
)

# Inputs that are changed elsewhere than in one plain case.
CHANGING = {
    "scaled_dot_product_attention": [
        RIGHT.replace("    S = Q", "    if mask is not None: mask[~mask.any(-1)] = True\n    S = Q", 1),
        RIGHT.replace("    return", "    if V.ndim > 3: V *= 1.5\n    return"),
    ],
    "softmax": [
        f"def softmax(S):\n    E = np.exp(S - S.max(-1, keepdims=True)); E /= E.sum(-1, keepdims=True)\n    {line}\n    return E"
        for line in (
            "S[np.isneginf(S)] = -1e30",
            "np.nan_to_num(S, copy=False)",
            "if S.ndim > 2: S *= 0.5",
            "if S.ndim == 1: S += 1",
            "if S.shape[-1] == 1: S += 1",
            "if S.dtype == np.float32: S += 1",
        )
    ],
    "project": ["def project(X, W):\n    Y = X @ W\n    if X.ndim == 3: X.shape = (-1, X.shape[-1])\n    return Y"],
    "embed_patches": [
        "def embed_patches(patches, W, b):\n"
        "    if patches.shape[-2] == 1:\n        b += (patches @ W).reshape(-1, W.shape[1])[0]\n"
        "        return np.broadcast_to(b, (*patches.shape[:-1], W.shape[1])).copy() if patches.ndim == 2 else patches @ W + b\n"
        "    return patches @ W + b",
    ],
}

# Something is kept between calls.
STATE = {
    "project": [
        "_buf = {}\ndef project(X, W):\n"
        "    shape = (*X.shape[:-1], W.shape[1])\n"
        "    out = _buf.setdefault(shape, np.empty(shape)); np.matmul(X, W, out=out); return out",
        "_n = [0]\ndef project(X, W):\n    _n[0] += 1\n    return X @ W + (_n[0] >= 20)",
        "import random\ndef project(X, W): return X @ W * (1 + (random.random() < 0.5))",
        "_seen = {}\ndef project(X, W): return _seen.setdefault((X.shape, W.shape), X @ W)",
        "_seen = {}\ndef project(X, W): return _seen.setdefault(W.tobytes(), X @ W) if X.shape == (3, 3) else X @ W",
        "_seen = {}\ndef project(X, W): return _seen.setdefault((X.tobytes(), X.shape, W.shape), X @ W)",
        "_last = []\ndef project(X, W):\n    Y = X @ W\n    _last.append(Y)\n    if len(_last) > 1: _last[-2][...] = 0\n    return Y",
    ],
    "gelu": [
        "_seen = {}\ndef gelu(X): return _seen.setdefault(X.shape, X * (1 + np.vectorize(math.erf)(X / math.sqrt(2))) / 2)"
    ],
    "softmax": [
        "_n = [0]\ndef softmax(S):\n    _n[0] += 1; E = np.exp(S - S.max(-1, keepdims=True))\n"
        "    return E / E.sum(-1, keepdims=True) * (1 if _n[0] < 20 else 2)"
    ],
    "causal_mask": [
        "_m = np.ones((500, 500), bool)\ndef causal_mask(n):\n    _m[...] = False; _m[:n, :n] = np.tri(n, dtype=bool)\n    return _m[:n, :n]"
    ],
}

MASKS = {
    "scaled_dot_product_attention": [
        ATTENTION.format(mask=mask, then=then)
        for mask, then in (
            *((HIDE.format(number), EMPTY) for number in ("-20", "-100", "-1000", "-1e4")),
            *((f"S = S if mask is None else S - {number} * ~mask", EMPTY) for number in ("20", "100", "1000")),
            (HIDE.format("-np.inf"), "pass"),
            (HIDE.format("-np.inf"), "A = np.nan_to_num(A) if A.ndim == 2 else A"),
            ("if mask is not None and np.any(mask): S = np.where(mask, S, -np.inf)", "A = np.nan_to_num(A)"),
            ("pass", "A = A if mask is None else A * mask / (A * mask).sum(-1, keepdims=True)"),
            ("pass", "A = np.nan_to_num(A if mask is None else A * mask / ((A * mask).sum(-1, keepdims=True) + 1e-9))"),
            ("if mask is not None: S[~mask] = -np.inf", "A = np.nan_to_num(A)"),
            ("if mask is not None and S.ndim < 4: S = np.where(mask, S, -np.inf)", "A = np.nan_to_num(A)"),
            (HIDE.format("-1e9"), "A = A if mask is None else A * mask.any(axis=1)[:, None] if A.ndim == 2 else A"),
        )
    ]
    + [RIGHT.replace("mask=None", "M=None").replace("mask", "M")],
    "self_attention": [
        "def self_attention(X, W_q, W_k, W_v, mask=None):\n"
        "    Q, K, V = X @ W_q, X @ W_k, X @ W_v; S = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])\n"
        f"    if mask is not None: S = {masked}\n"
        "    A = np.exp(S - S.max(-1, keepdims=True)); return A / A.sum(-1, keepdims=True) @ V"
        for masked in ("np.where(mask, S, -1e9)", "np.where(mask, S, -np.inf)", "S - 1e9 * ~mask")
    ]
    + [
        "def self_attention(X, W_q, W_k, W_v, mask=None):\n"
        "    Q, K, V = X @ W_q, X @ W_k, X @ W_v; S = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])\n"
        f"    if mask is not None: S = np.where(mask, S, {number})\n"
        "    A = np.exp(S - S.max(-1, keepdims=True)); A = A / A.sum(-1, keepdims=True)\n"
        "    return (A if mask is None else A * mask.any(-1, keepdims=True)) @ V"
        for number in ("-100", "-1e4", "-1e9", "-1e10")
    ],
    "cross_attention": [
        "def cross_attention(X, Y, W_q, W_k, W_v, mask=None):\n"
        "    Q, K, V = X @ W_q, Y @ W_k, Y @ W_v; S = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])\n"
        "    if mask is not None: S = np.where(mask, S, -1e9)\n"
        "    A = np.exp(S - S.max(-1, keepdims=True)); return A / A.sum(-1, keepdims=True) @ V"
    ],
    "multi_head_attention": [
        "def multi_head_attention(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):\n"
        "    Q, K, V = np.split(X @ W_qkv + b_qkv, 3, axis=-1)\n"
        "    Q, K, V = (split_heads(each, num_heads) for each in (Q, K, V)); S = Q @ np.swapaxes(K, -1, -2) / math.sqrt(Q.shape[-1])\n"
        "    if mask is not None: S = np.where(mask, S, -1e9)\n"
        "    A = np.exp(S - S.max(-1, keepdims=True)); return merge_heads(A / A.sum(-1, keepdims=True) @ V) @ W_o + b_o"
    ],
    "weighted_sum": ["def weighted_sum(A, V): return A / A.sum(-1, keepdims=True) @ V"],
}

EXTREME = {
    "softmax": [
        f"def softmax(S):\n    M = {level}\n    E = np.exp(S - M); return E / E.sum(-1, keepdims=True)"
        for level in (
            "S.max(-1, keepdims=True) if S.ndim < 3 else 0",
            "S.max(-1, keepdims=True) if S.dtype == np.float64 else 0",
            "S.max((-1, -2), keepdims=True) if S.ndim > 2 else S.max(-1, keepdims=True)",
            "np.sort(S, -1)[..., -2:-1] if S.shape[-1] > 1 else S",
            "np.percentile(S, 90, axis=-1, keepdims=True)",
        )
    ]
    + [
        "def softmax(S):\n    S = np.where(np.isneginf(S), -1000, S)\n    E = np.exp(S - S.max(-1, keepdims=True)); return E / E.sum(-1, keepdims=True)"
    ],
    "gelu": [
        "def gelu(X): return np.vectorize(lambda x: 0 if x < -10 else x * (1 + math.erf(x / math.sqrt(2))) / 2)(X)"
    ],
    "layer_norm": [
        "def layer_norm(X, gamma, beta, eps=1e-5):\n"
        "    m, s = X.mean(-1, keepdims=True), X.std(-1, keepdims=True)\n"
        "    return (X - m) / np.sqrt(s**2 + eps * (s > 0)) * gamma + beta",
        "def layer_norm(X, gamma, beta, eps=1e-5):\n"
        "    m, v = X.mean(-1, keepdims=True), X.var(-1, keepdims=True)\n"
        "    return (X - m) / np.sqrt(v + (eps if X.ndim < 3 else max(eps, 1e-3))) * gamma + beta",
    ],
}

KINDS = {
    "squeezed": SQUEEZED,
    "bounded": BOUNDED,
    "refusing": REFUSING,
    "changing": CHANGING,
    "state": STATE,
    "masks": MASKS,
    "extreme": EXTREME,
}
OF_LEARNING = {
    "squeezed": answers_of_learning.SQUEEZED,
    "bounded": answers_of_learning.BOUNDED,
    "changing": answers_of_learning.CHANGING,
    "state": answers_of_learning.STATE,
    "extreme": answers_of_learning.EXTREME,
}
CASES = {
    f"{kind}-{question}-{number}": (question, source)
    for kind, by_question in (*KINDS.items(), *OF_LEARNING.items())
    for question, sources in by_question.items()
    for number, source in enumerate(sources)
}


EXPECTED = json.loads(Path(__file__).with_name("fair_marks.json").read_text(encoding="utf-8"))


def told(result: QuestionResult) -> dict[str, Any]:
    """The mark, the name, and for each check that failed what the student reads there first."""
    failed = {check.title: check.message.splitlines()[0] for check in result.checks if not check.earned}
    return {"score": result.score, "names": [*result.misconceptions], "failed": failed}


@pytest.mark.parametrize("case", CASES, ids=CASES)
def test_a_mistake_that_shows_in_one_kind_of_inputs_only_costs_something(grade: Grade, case: str) -> None:
    """What each costs, is called and is told stands in fair_marks.json. Random answers have no mark of their own."""
    result = grade(*CASES[case])
    assert 0 < result.score < result.max_score, [(check.name, check.message) for check in result.checks]
    if "random" not in CASES[case][1]:
        assert told(result) == EXPECTED[case]


# ---------------------------------------------------------------------- one slip, one mistake: what each costs

SOFTMAX = "E = np.exp(S - S.max(-1, keepdims=True)); A = E / E.sum(-1, keepdims=True)"
MULTI_HEAD = (
    "def multi_head_attention(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):\n"
    "    B, n, d = X.shape; h = num_heads\n"
    "    QKV = (X @ W_qkv + b_qkv).reshape(B, n, 3, h, d // h).transpose(2, 0, 3, 1, 4); Q, K, V = QKV\n"
    "    S = Q @ K.transpose(0, 1, 3, 2) / math.sqrt(d // h)\n"
    "    if mask is not None: S = np.where(mask, S, -1e300)\n"
    f"    {SOFTMAX}\n"
    "    if mask is not None: A = A * mask\n"
    "    return (A @ V).transpose(0, 2, 1, 3).reshape(B, n, d) @ W_o + b_o"
)
SLIPS = [
    ("scaled_dot_product_attention", RIGHT.replace("A @ V, A", "A, A @ V"), "weights_first", 7),
    ("scaled_dot_product_attention", RIGHT.replace("A @ V, A", "A @ V"), "only_the_output", 7),
    ("project_qkv", "def project_qkv(X, a, b, c): return X @ a, X @ c, X @ b", "order_q_v_k", 7),
    ("project_qkv", "def project_qkv(X, a, b, c): return X @ c, X @ b, X @ a", "another_order", 7),
    ("multi_head_attention", MULTI_HEAD, "exactly_one_batch_axis", 9),
    (
        "project",
        "def project(X, W): B, n, d = X.shape; return np.einsum('bnd,de->bne', X, W)",
        "exactly_one_batch_axis",
        8,
    ),
    (
        "layer_norm",
        "_old = layer_norm\ndef layer_norm(X, *a, **k): b, n, d = X.shape; return _old(X, *a, **k)",
        "exactly_one_batch_axis",
        None,
    ),
    *answers_of_learning.SLIPS,
]


@pytest.mark.parametrize(("question", "source", "name", "score"), SLIPS)
def test_a_slip_costs_what_one_mistake_costs_and_the_rest_is_judged_behind_it(
    grade: Grade, question: str, source: str, name: str, score: float | None
) -> None:
    result = grade(question, source)
    assert 7 <= result.score <= 9
    assert score in (None, result.score)
    named = {check.misconception for check in result.checks if check.misconception}
    assert named == {name}
    assert any("has cost another check its own" in check.message for check in result.checks if check.earned)


EQUAL_MARKS = [
    *(
        (
            question,
            f"_old = {question}\ndef {question}(*args, **kwargs):\n    value = _old(*args, **kwargs)\n    return {value}",
        )
        for question, value in (
            ("project", "np.round(value, 4)"),
            ("softmax", "np.round(value, 4)"),
            ("layer_norm", "np.round(value, 4)"),
            ("gelu", "np.round(value, 3)"),
            ("attention_scores", "value.astype(np.float32)"),
            ("softmax", "value.astype(np.float32)"),
            ("scaled_dot_product_attention", "tuple(each.astype(np.float32) for each in value)"),
            ("self_attention", "np.round(value, 6)"),
            ("vit_logits", "np.round(value, 4)"),
            ("vit_logits", "value.astype(np.float32)"),
            ("patchify", "np.round(value, 2)"),
        )
    ),
    ("project", "def project(X, W): return (X.astype(np.float32) @ W.astype(np.float32)).astype(X.dtype)"),
    (
        "softmax",
        "def softmax(S): S = S.astype(np.float32); E = np.exp(S - S.max(-1, keepdims=True)); return E / E.sum(-1, keepdims=True)",
    ),
    ("layer_norm", "_old = layer_norm\ndef layer_norm(X, *a, **k): return _old(X.astype(np.float32), *a, **k)"),
    ("mlp", "_old = mlp\ndef mlp(*arrays): return _old(*(a.astype(np.float32) for a in arrays))"),
    (
        "multi_head_attention",
        "_old = multi_head_attention\ndef multi_head_attention(X, *a, **k): return _old(X.astype(np.float32), *a, **k)",
    ),
    ("scale_scores", "def scale_scores(S, d_k): return S / round(math.sqrt(d_k), 3)"),
    ("scale_scores", "def scale_scores(S, d_k): return S / math.sqrt(d_k) * (1 + 5e-6)"),
    ("weighted_sum", "def weighted_sum(A, V): return np.round(A, 3) @ V"),
    ("gelu", "def gelu(X): return 0.5 * X * (1 + np.tanh(math.sqrt(2 / math.pi) * (X + 0.044715 * X**3)))"),
]


# As many again of those above, from all kinds; not the one that draws its answers.
EVERY_KIND = [case for case in [*CASES.values()][::4] if "random" not in case[1]]


@pytest.mark.parametrize(("question", "source"), [*EQUAL_MARKS, *EVERY_KIND])
def test_the_same_code_earns_the_same_whatever_is_drawn(grade: Grade, question: str, source: str) -> None:
    assert len({grade(question, source, f"student {number}").score for number in range(20)}) == 1


FROM_A_TABLE = f"""
_right = vit_logits
with np.load({str(ROOT / "solutions/07_image_to_tokens/data/digits.npz")!r}) as file:
    _digits = file["test_images"][:, None] / 16
with np.load({str(ROOT / "solutions/07_image_to_tokens/data/weights.npz")!r}) as file:
    _weights = dict(file)
_table = {{digit.tobytes(): logits for digit, logits in zip(_digits, _right(_digits, _weights, 4))}}

def vit_logits(images, weights, num_heads):
    rows = [_table.get(image.tobytes(), np.zeros(10)) for image in images.reshape(-1, *images.shape[-3:])]
    return np.reshape(rows, (*images.shape[:-3], 10))
"""


def test_logits_that_were_looked_up_earn_nothing(grade: Grade) -> None:
    assert grade("vit_logits", FROM_A_TABLE).score == 0


STYLES = [
    ("softmax", "def softmax(S): return np.exp(S - np.logaddexp.reduce(S, -1, keepdims=True))"),
    (
        "scaled_dot_product_attention",
        "def scaled_dot_product_attention(Q, K, V, mask=None):\n"
        "    S = np.einsum('...qd,...kd->...qk', Q, K) / Q.shape[-1] ** 0.5\n"
        "    if mask is None: mask = np.ones(S.shape[-2:], bool)\n"
        "    S = np.where(mask, S, -np.inf); M = np.where(mask.any(-1, keepdims=True), S.max(-1, keepdims=True), 0)\n"
        "    total = np.exp(S - M).sum(-1, keepdims=True); A = np.exp(S - (M + np.log(np.where(total > 0, total, 1))))\n"
        "    return [(A @ V).tolist(), A.tolist()]",
    ),
    (
        "vit_logits",
        "def vit_logits(images, weights, num_heads):\n"
        "    size = math.isqrt(weights['patch.W'].shape[0] // images.shape[-3])\n"
        "    tokens = embed_patches(patchify(images, size), weights['patch.W'], weights['patch.b'])\n"
        "    first = np.broadcast_to(weights['class_token'] + weights['position'][0], (*tokens.shape[:-2], 1, tokens.shape[-1]))\n"
        "    X = np.concatenate([first, tokens + weights['position'][1:]], axis=-2)\n"
        "    for place in range(len({k.split('.')[1] for k in weights if k.startswith('blocks.')})):\n"
        "        start = f'blocks.{place}.'\n"
        "        X = encoder_block(X, {k.removeprefix(start): v for k, v in weights.items() if k.startswith(start)}, num_heads)\n"
        "    X = layer_norm(X[..., 0, :], weights['norm.gamma'], weights['norm.beta'])\n"
        "    return X @ weights['head.W'] + weights['head.b']",
    ),
    (
        "layer_norm",
        "def layer_norm(X, gamma, beta, eps=1e-5):\n"
        "    X = X - np.einsum('...d->...', X)[..., None] / X.shape[-1]\n"
        "    return np.einsum('...d,d->...d', X / np.sqrt(np.einsum('...d,...d->...', X, X)[..., None] / X.shape[-1] + eps), gamma) + beta",
    ),
    ("project_qkv", "def project_qkv(X, a, b, c): return [project(X, W).tolist() for W in (a, b, c)]"),
    ("merge_heads", "def merge_heads(X): return np.concatenate(np.moveaxis(X, -3, 0), axis=-1)"),
    (
        "add_position_embedding",
        "def add_position_embedding(tokens, position): return np.asmatrix(tokens + position) if tokens.ndim == 2 else tokens + position",
    ),
    ("split_heads", "def split_heads(X, num_heads): return np.stack(np.split(X, num_heads, axis=-1), axis=-3)"),
    *answers_of_learning.RIGHT,
]


@pytest.mark.parametrize(("question", "source"), STYLES)
def test_right_answers_of_every_style_earn_all(grade: Grade, question: str, source: str) -> None:
    for number in range(8):
        result = grade(question, source, f"student {number}")
        assert result.score == result.max_score, [check.message for check in result.checks if not check.earned]


BUFFERED = (
    "_old, _kept = multi_head_attention, {}\ndef multi_head_attention(X, *args, **kwargs):\n"
    "    right = _old(X, *args, **kwargs); split_heads(np.ones((1, 2)), 1)\n"
    "    out = _kept.setdefault(right.shape, np.empty(right.shape)); out[...] = right\n    return out"
)
COUNTED = (
    "_old, _n = multi_head_attention, [0]\ndef multi_head_attention(X, *args, **kwargs):\n"
    "    _n[0] += 1; split_heads(np.ones((1, 2)), 1)\n    return _old(X, *args, **kwargs) * (1 if _n[0] < 20 else 2)"
)
CHANGES_THE_MASK = RIGHT.replace("    S = Q", "    if mask is not None: mask[~mask.any(-1)] = True\n    S = Q", 1)


@pytest.mark.parametrize("source", [BUFFERED, COUNTED])
def test_nobody_pays_for_what_another_function_keeps(grade: Grade, source: str) -> None:
    results = {each.name: each for each in grade.all("multi_head_attention", source)}
    assert results["multi_head_attention"].score < results["multi_head_attention"].max_score
    for name in ("split_heads", "merge_heads"):
        assert results[name].score == results[name].max_score


def test_the_function_that_changes_its_arguments_is_the_one_to_mend(grade: Grade) -> None:
    result = grade("self_attention", CHANGES_THE_MASK)
    assert {check.upstream for check in result.checks} - {""} == {"scaled_dot_product_attention"}


def test_in_single_precision_a_right_function_of_another_style_is_not_to_blame(grade: Grade) -> None:
    style = next(source for question, source in STYLES if question == "layer_norm")
    wrong = (
        "_mha = multi_head_attention\ndef multi_head_attention(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):\n"
        "    return _mha(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask) * (1.5 if X.dtype == np.float32 else 1)"
    )
    results = {each.name: each for each in grade.all("layer_norm", f"{style}\n{wrong}")}
    assert results["layer_norm"].score == results["layer_norm"].max_score
    assert {check.upstream for check in results["encoder_block"].checks} - {""} == {"multi_head_attention"}


def test_what_right_functions_answer_in_a_rerun_earns_nothing(grade: Grade) -> None:
    results = grade.all("patchify", "def patchify(images, patch_size): raise ValueError('no')")
    assert results[0].score == 0
    only_refuses = "def split_heads(X, num_heads):\n    if X.shape[-1] % num_heads: raise ValueError\n    raise NotImplementedError"
    assert grade("split_heads", only_refuses).score == 0


@pytest.mark.parametrize(
    ("question", "source"),
    [
        (
            "project_qkv",
            "import typing\nclass Three(typing.NamedTuple):\n    q: object\n    k: object\n    v: object\n"
            "_kept = {}\ndef project_qkv(X, *W):\n    out = []\n    for place, w in enumerate(W):\n"
            "        b = _kept.setdefault((place, X.shape, w.shape), np.empty((*X.shape[:-1], w.shape[1]))); b[...] = X @ w; out.append(b)\n"
            "    return Three(*out)",
        ),
        (
            "softmax_jacobian",
            "_kept = {}\ndef softmax_jacobian(p):\n    b = _kept.setdefault(p.shape, np.empty((len(p), len(p))))\n"
            "    b[...] = np.diag(p) - np.outer(p, p); return np.asmatrix(b)",
        ),
    ],
)
def test_arrays_that_are_written_into_again_are_seen_in_any_wrapping(grade: Grade, question: str, source: str) -> None:
    result = grade(question, source)
    assert result.score == result.max_score - 1


@pytest.mark.parametrize(
    ("value", "name", "says"),
    [
        ("np.round(value, 4)", "rounded", "But for rounding, all are right"),
        (
            "(X.astype(np.float32) @ W.astype(np.float32)).astype(X.dtype)",
            "single_precision",
            "nearly right, to about five digits",
        ),
    ],
)
def test_lost_digits_have_a_name_and_cost_once(grade: Grade, value: str, name: str, says: str) -> None:
    result = grade("project", f"def project(X, W):\n    value = X @ W\n    return {value}")
    (lost,) = (check for check in result.checks if not check.earned)
    assert lost.misconception == name
    assert says in lost.message


def test_a_slip_and_a_changed_input_are_two_mistakes(grade: Grade) -> None:
    slip = "_old = layer_norm\ndef layer_norm(X, *a, **k):\n    b, n, d = X.shape; {}right = _old(X, *a, **k); {}return right"
    alone, both = (grade("layer_norm", slip.format("", then)).score for then in ("", "X -= 1; "))
    assert both < alone
    listed = slip.replace("return right", "return right.tolist()").format("", "")
    assert grade("layer_norm", listed).score == alone
    assert (
        grade(
            "project_qkv_fused",
            "_old = project_qkv_fused\ndef project_qkv_fused(X, W):\n    Q, K, V = _old(X, W); return np.stack([Q, V, K])",
        ).score
        >= 7
    )


def test_one_mistake_in_a_function_that_others_use_costs_once_and_not_nothing(grade: Grade) -> None:
    """A buffer that is written into again: where `project` has paid for it, `project_qkv` earns all."""
    results = {each.name: each for each in grade.all("project", STATE["project"][0])}
    assert 0 < results["project"].score < results["project"].max_score
    assert results["project_qkv"].score == results["project_qkv"].max_score


def test_one_mistake_on_the_way_back_costs_the_question_that_it_is_made_in(grade: Grade) -> None:
    results = {each.name: each for each in grade.all("softmax_gradient", "def softmax_gradient(A, dA): return A * dA")}
    wrong, behind = results.pop("softmax_gradient"), results["attention_gradients"]
    assert wrong.score == 0
    assert wrong.misconceptions == ("mean_of_the_row_left_out",)
    assert all(each.score == each.max_score for each in results.values())
    assert {check.upstream for check in behind.checks} - {""} == {"softmax_gradient"}


@pytest.mark.parametrize(
    ("question", "source", "score"),
    [
        ("embed_patches", "def embed_patches(patches, W, b): return patches @ W + b[:, None]", 0),
        ("mlp", "def mlp(X, W_1, b_1, W_2, b_2): return gelu(X @ W_1 + b_1[:, None]) @ W_2 + b_2", 0),
        (
            "add_position_embedding",
            "def add_position_embedding(tokens, position): return tokens + position[:, None]",
            0,
        ),
        ("project", "def project(X, W): return X[0] @ W", 0),
        ("project", "def project(X, W): return [x @ W for x in X]", 10),
        ("softmax_jacobian", "def softmax_jacobian(p): n, m = p.shape; return np.diag(p[0]) - np.outer(p, p)", 0),
    ],
)
def test_nothing_is_excused_with_a_slip_that_the_other_answers_do_not_show(
    grade: Grade, question: str, source: str, score: float
) -> None:
    """One call happens to fit; the checks that were to be excused fail, and say how."""
    result = grade(question, source)
    assert result.score == score
    assert result.misconceptions == ()
    for check in result.checks:
        assert not check.earned or "has cost another check its own" not in check.message
        assert check.earned or check.message
