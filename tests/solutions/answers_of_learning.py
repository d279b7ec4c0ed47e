"""Answers to 10_learning, right and wrong, that tests hand in in the place of the lesson's own."""

# ruff: noqa: E501 - answers, each in a line

WITH_ONE_HOT = "    one_hot = np.eye(logits.shape[1])[labels]\n"
LOG_SHARES = "    s = logits - logits.max(-1, keepdims=True); lp = s - np.log(np.exp(s).sum(-1, keepdims=True))\n"
MEAN_LOSS = LOG_SHARES + "    return -lp[np.arange(len(labels)), labels].mean()"
SHARES = "    P = softmax(logits); i = np.arange(len(labels))\n"
DW = "X.reshape(-1, X.shape[-1]).T @ dY.reshape(-1, dY.shape[-1])"
BACK = "def softmax_gradient(A, dA): return A * (dA - {})"
FORTH = (
    "def attention_gradients(Q, K, V, dO):\n"
    "    T = lambda M: np.swapaxes(M, -1, -2); O, A = scaled_dot_product_attention(Q, K, V); r = Q.shape[-1] ** 0.5\n"
)
DS = FORTH + "    dS = softmax_gradient(A, dO @ T(V)) / r\n"
END = "    return dS @ K, T(dS) @ Q, T(A) @ dO"

# ------------------------------------------------------------------------------- right, in many styles: these earn all

RIGHT = [
    (
        "cross_entropy",
        "def cross_entropy(logits, labels): return np.mean(np.logaddexp.reduce(logits, axis=1) - np.take_along_axis(logits, labels[:, None], 1)[:, 0])",
    ),
    (
        "cross_entropy",
        "def cross_entropy(logits, labels):\n    total = 0.0\n    for row, label in zip(logits, labels):\n"
        "        top = max(row); total += math.log(sum(math.exp(x - top) for x in row)) + top - row[label]\n"
        "    return total / len(labels)",
    ),
    (
        "cross_entropy",
        "def cross_entropy(logits, labels):\n"
        + WITH_ONE_HOT
        + LOG_SHARES
        + "    return -(one_hot * lp).sum() / len(logits)",
    ),
    (
        "cross_entropy_gradient",
        "def cross_entropy_gradient(logits, labels):\n    P = softmax(logits); P[range(len(labels)), labels] -= 1; P /= len(P); return P",
    ),
    (
        "cross_entropy_gradient",
        "def cross_entropy_gradient(logits, labels): return [((softmax(row) - np.eye(len(row))[k]) / len(labels)).tolist() for row, k in zip(logits, labels)]",
    ),
    (
        "cross_entropy_gradient",
        "def cross_entropy_gradient(logits, labels): return np.asmatrix(np.exp(logits - np.logaddexp.reduce(logits, 1, keepdims=True)) - (labels[:, None] == np.arange(logits.shape[1]))) / len(labels)",
    ),
    (
        "projection_gradients",
        "def projection_gradients(X, W, dY):\n    dW = np.zeros_like(W)\n    for place in np.ndindex(X.shape[:-1]): dW += np.outer(X[place], dY[place])\n    return [(dY @ W.T).tolist(), np.asmatrix(dW)]",
    ),
    (
        "projection_gradients",
        "def projection_gradients(X, W, dY): return dY @ W.T, np.tensordot(X, dY, axes=(tuple(range(X.ndim - 1)),) * 2)",
    ),
    (
        "projection_gradients",
        "def projection_gradients(X, W, dY):\n    dW = np.einsum('...ni,...no->...io', X, dY)\n    return np.einsum('...o,io->...i', dY, W), dW.sum(axis=tuple(range(dW.ndim - 2)))",
    ),
    ("softmax_gradient", BACK.format("np.average(dA, axis=-1, weights=A, keepdims=True)")),
    (
        "softmax_gradient",
        "def softmax_gradient(A, dA):\n    J = A[..., None] * np.eye(A.shape[-1]) - A[..., None] * A[..., None, :]\n    return (J @ dA[..., None])[..., 0]",
    ),
    (
        "softmax_gradient",
        "def softmax_gradient(A, dA):\n    if A.ndim > 2: return [softmax_gradient(a, d) for a, d in zip(A, dA)]\n"
        "    return [[a[j] * (d[j] - sum(x * y for x, y in zip(a, d))) for j in range(len(a))] for a, d in zip(A, dA)]",
    ),
    ("attention_gradients", FORTH + "    dS = A * (dO @ T(V) - (dO * O).sum(-1, keepdims=True)) / r\n" + END),
    (
        "attention_gradients",
        "def attention_gradients(Q, K, V, dO):\n"
        "    if Q.ndim > 2: return tuple(np.stack(each) for each in zip(*map(attention_gradients, Q, K, V, dO)))\n"
        "    A = softmax(Q @ K.T / math.sqrt(Q.shape[1])); dQ, dK, dV = np.zeros(Q.shape), np.zeros(K.shape), np.zeros(V.shape)\n"
        "    for i in range(len(Q)):\n        dS = (np.diag(A[i]) - np.outer(A[i], A[i])) @ V @ dO[i] / math.sqrt(Q.shape[1])\n"
        "        for j in range(len(K)):\n            dQ[i] += dS[j] * K[j]; dK[j] += dS[j] * Q[i]; dV[j] += A[i, j] * dO[i]\n    return dQ, dK, dV",
    ),
    (
        "attention_gradients",
        FORTH + "    dS = softmax_gradient(A, np.einsum('...qd,...kd->...qk', dO, V))\n"
        "    return [(dS @ K / r).tolist(), (T(dS) @ (Q / r)).tolist(), np.einsum('...qk,...qd->...kd', A, dO).tolist()]",
    ),
    (
        "descend",
        "import copy\ndef descend(weights, gradients, rate):\n    new = copy.deepcopy(weights)\n    for name, gradient in gradients.items(): new[name] -= rate * gradient\n    return new",
    ),
    (
        "descend",
        "import collections\ndef descend(weights, gradients, rate):\n    new = collections.OrderedDict()\n    for name in sorted(weights): new[name] = np.subtract(weights[name], gradients[name] * rate)\n    return new",
    ),
    (
        "descend",
        "def descend(weights, gradients, rate): return {**weights, **{k: weights[k] - rate * g for k, g in gradients.items()}}",
    ),
]

# ------------------------------------- wrong for one kind of inputs only, or in what is left: these lose a part of it all

SQUEEZED = {
    "cross_entropy_gradient": [
        "_old = cross_entropy_gradient\ndef cross_entropy_gradient(*a): return np.squeeze(_old(*a))"
    ],
    "projection_gradients": [
        "_old = projection_gradients\ndef projection_gradients(*a): return tuple(map(np.squeeze, _old(*a)))"
    ],
    "softmax_gradient": ["_old = softmax_gradient\ndef softmax_gradient(*a): return np.squeeze(_old(*a))"],
    "attention_gradients": [
        "_old = attention_gradients\ndef attention_gradients(*a): return tuple(map(np.squeeze, _old(*a)))"
    ],
    "descend": ["_old = descend\ndef descend(*a): return {name: np.squeeze(each) for name, each in _old(*a).items()}"],
}
BOUNDED = {
    "cross_entropy": [
        "def cross_entropy(logits, labels):\n    logits, labels = logits[:64], labels[:64]\n" + MEAN_LOSS,
        "def cross_entropy(logits, labels):\n    logits = logits[:, :10]; labels = np.minimum(labels, 9)\n" + MEAN_LOSS,
    ],
    "cross_entropy_gradient": [
        "def cross_entropy_gradient(logits, labels):\n    return (softmax(logits) - np.eye(10)[labels][:, :logits.shape[1]]) / len(labels)",
    ],
    "projection_gradients": [
        "def projection_gradients(X, W, dY):\n    dW = np.swapaxes(X, -1, -2) @ dY\n    return dY @ W.T, dW.sum(axis=0) if dW.ndim > 2 else dW",
        "def projection_gradients(X, W, dY):\n    if X.ndim == 2: X, dY = X[None], dY[None]\n    return (dY @ W.T)[0] if len(X) == 1 else dY @ W.T, sum(x.T @ g for x, g in zip(X, dY))",
    ],
    "softmax_gradient": [
        "_old = softmax_gradient\ndef softmax_gradient(A, dA): return _old(A, dA) if A.ndim != 4 else _old(A, dA)[:, :1]",
    ],
    "attention_gradients": [
        "_old = attention_gradients\ndef attention_gradients(Q, K, V, dO):\n    if Q.ndim < 4: return _old(Q, K, V, dO)\n    return tuple(np.broadcast_to(each[:1], each.shape) for each in _old(Q, K, V, dO))",
        "_old = attention_gradients\ndef attention_gradients(*a): return _old(*a) if a[0].ndim != 4 else [each[:, :1] for each in _old(*a)]",
    ],
    "descend": [
        "_old = descend\ndef descend(weights, gradients, rate): return _old({k: weights[k] for k in list(weights)[:8]}, gradients, rate)",
        "def descend(weights, gradients, rate): return {k: weights[k] - max(rate, 0.01) * gradients[k] for k in weights}",
    ],
}
CHANGING = {
    "cross_entropy": [
        "_old = cross_entropy\ndef cross_entropy(logits, labels):\n    logits -= logits.max(-1, keepdims=True); return _old(logits, labels)"
    ],
    "softmax_gradient": ["def softmax_gradient(A, dA):\n    dA -= (A * dA).sum(-1, keepdims=True)\n    return A * dA"],
    "attention_gradients": [
        FORTH + "    Q /= r; dS = softmax_gradient(A, dO @ T(V))\n    return dS @ K / r, T(dS) @ Q, T(A) @ dO"
    ],
    "descend": [
        "def descend(weights, gradients, rate):\n    new = dict(weights)\n    for name in new: new[name] -= rate * gradients[name]\n    return new",
        "def descend(weights, gradients, rate):\n    for name in gradients: gradients[name] *= rate\n    return {name: weights[name] - gradients[name] for name in weights}",
    ],
}
STATE = {
    "cross_entropy": [
        "_old, _seen = cross_entropy, {}\ndef cross_entropy(logits, labels): return _seen.setdefault(logits.tobytes(), _old(logits, labels))"
    ],
    "descend": [
        "_kept = {}\ndef descend(weights, gradients, rate):\n    new = {}\n    for name in weights:\n"
        "        new[name] = _kept.setdefault((name, weights[name].shape), np.empty(weights[name].shape))\n"
        "        new[name][...] = weights[name] - rate * gradients[name]\n    return new",
        "_calls = []\ndef descend(weights, gradients, rate):\n    _calls.append(0)\n"
        "    return {name: weights[name] - rate * gradients[name] + (len(_calls) >= 20) for name in weights}",
    ],
}
EXTREME = {
    "cross_entropy": [
        "def cross_entropy(logits, labels): return -np.log(softmax(logits)[np.arange(len(labels)), labels]).mean()",
        "def cross_entropy(logits, labels): return -np.log(np.maximum(softmax(logits)[np.arange(len(labels)), labels], 1e-12)).mean()",
        "def cross_entropy(logits, labels): return np.mean(np.log(np.exp(logits).sum(1)) - logits[np.arange(len(labels)), labels])",
    ],
    "cross_entropy_gradient": [
        "def cross_entropy_gradient(logits, labels):\n    E = np.exp(logits); P = E / E.sum(1, keepdims=True); P[np.arange(len(P)), labels] -= 1; return P / len(P)",
    ],
    "softmax_gradient": [
        "def softmax_gradient(A, dA):\n    S = np.log(A); step = 1e-6 * dA\n    return (softmax(S + step) - softmax(S - step)) / 2e-6",
    ],
}

# ----------------------------------------------------------------------------------- right but for the form: these lose once

SLIPS = [
    (
        "projection_gradients",
        "def projection_gradients(X, W, dY): return " + DW + ", dY @ W.T",
        "weights_gradient_first",
        7,
    ),
    (
        "attention_gradients",
        "_old = attention_gradients\ndef attention_gradients(*a): q, k, v = _old(*a); return k, q, v",
        "queries_and_keys_swapped",
        7,
    ),
    (
        "attention_gradients",
        "_old = attention_gradients\ndef attention_gradients(*a): q, k, v = _old(*a); return v, q, k",
        "another_order",
        7,
    ),
    (
        "descend",
        "def descend(weights, gradients, rate): return [weights[k] - rate * gradients[k] for k in weights]",
        "arrays_without_names",
        7,
    ),
]

# ---------------------------------------------------------------------------------------- wrong: each gets the name it has

NAMED = [
    (
        "cross_entropy",
        "sum_over_examples",
        "def cross_entropy(logits, labels):\n" + LOG_SHARES + "    return -np.sum(lp[np.arange(len(labels)), labels])",
    ),
    (
        "cross_entropy",
        "logarithm_of_zero",
        "def cross_entropy(logits, labels):\n    total = 0\n    for row, k in zip(logits, labels): total -= np.log(softmax(row)[k])\n    return total / len(labels)",
    ),
    (
        "cross_entropy",
        "logarithm_of_zero",
        "def cross_entropy(logits, labels):\n"
        + WITH_ONE_HOT
        + "    return -(one_hot * np.log(softmax(logits))).sum(axis=1).mean()",
    ),
    (
        "cross_entropy",
        "logits_overflow",
        "def cross_entropy(logits, labels):\n    P = np.exp(logits) / np.exp(logits).sum(axis=1)[:, None]\n    return np.mean(-np.log(P[range(len(labels)), labels]))",
    ),
    (
        "cross_entropy",
        "logits_overflow",
        "def cross_entropy(logits, labels): return np.mean(np.log(np.exp(logits).sum(1)) - logits[range(len(labels)), labels])",
    ),
    (
        "cross_entropy",
        "probabilities_kept_from_zero",
        "def cross_entropy(logits, labels): return -np.log(np.clip(softmax(logits), 1e-12, 1)[np.arange(len(labels)), labels]).mean()",
    ),
    (
        "cross_entropy",
        "probabilities_kept_from_zero",
        "def cross_entropy(logits, labels):\n"
        + WITH_ONE_HOT
        + "    return -np.sum(one_hot * np.log(softmax(logits) + 1e-10)) / len(labels)",
    ),
    (
        "cross_entropy",
        "divided_by_classes_too",
        "def cross_entropy(logits, labels):\n" + WITH_ONE_HOT + LOG_SHARES + "    return -np.mean(one_hot * lp)",
    ),
    (
        "cross_entropy",
        "columns_of_all_labels",
        "def cross_entropy(logits, labels):\n" + LOG_SHARES + "    return -lp[:, labels].mean()",
    ),
    (
        "cross_entropy",
        "share_of_right_answers",
        "def cross_entropy(logits, labels): return (np.argmax(logits, axis=1) == labels).sum() / len(labels)",
    ),
    (
        "cross_entropy",
        "without_softmax",
        "def cross_entropy(logits, labels): return -logits[np.arange(len(labels)), labels].mean()",
    ),
    (
        "cross_entropy",
        "loss_over_examples",
        "def cross_entropy(logits, labels):\n    s = logits - logits.max(0); lp = s - np.log(np.exp(s).sum(0))\n    return -lp[np.arange(len(labels)), labels].mean()",
    ),
    (
        "cross_entropy",
        "all_classes_counted",
        "def cross_entropy(logits, labels):\n" + LOG_SHARES + "    return -lp.mean()",
    ),
    (
        "cross_entropy",
        "sign_missing",
        "def cross_entropy(logits, labels):\n" + LOG_SHARES + "    return np.mean(lp[np.arange(len(labels)), labels])",
    ),
    (
        "cross_entropy",
        "",
        "def cross_entropy(logits, labels):\n"
        + LOG_SHARES
        + "    return -np.median(lp[np.arange(len(labels)), labels])",
    ),
    (
        "cross_entropy",
        "",
        "def cross_entropy(logits, labels):\n"
        + LOG_SHARES
        + "    return -np.mean(lp[np.arange(len(labels)), labels - 1])",
    ),
    (
        "cross_entropy_gradient",
        "not_divided_by_examples",
        "def cross_entropy_gradient(logits, labels):\n" + SHARES + "    P[i, labels] -= 1; return P",
    ),
    (
        "cross_entropy_gradient",
        "one_hot_minus_softmax",
        "def cross_entropy_gradient(logits, labels): return (np.eye(logits.shape[1])[labels] - softmax(logits)) / len(labels)",
    ),
    (
        "cross_entropy_gradient",
        "one_hot_of_all_labels",
        "def cross_entropy_gradient(logits, labels):\n" + SHARES + "    P[:, labels] -= 1; return P / len(P)",
    ),
    (
        "cross_entropy_gradient",
        "only_the_right_class",
        "def cross_entropy_gradient(logits, labels):\n"
        + SHARES
        + "    G = np.zeros_like(P); G[i, labels] = P[i, labels] - 1; return G / len(P)",
    ),
    (
        "cross_entropy_gradient",
        "logits_minus_one_hot",
        "def cross_entropy_gradient(logits, labels):\n    G = logits.copy(); G[np.arange(len(G)), labels] -= 1; return G / len(G)",
    ),
    (
        "cross_entropy_gradient",
        "numbers_of_the_classes_subtracted",
        "def cross_entropy_gradient(logits, labels): return (softmax(logits) - labels.reshape(-1, 1)) / len(labels)",
    ),
    (
        "cross_entropy_gradient",
        "stopped_at_the_probabilities",
        "def cross_entropy_gradient(logits, labels): return -np.eye(logits.shape[1])[labels] / softmax(logits) / len(labels)",
    ),
    (
        "cross_entropy_gradient",
        "divided_by_all_entries",
        "def cross_entropy_gradient(logits, labels): return (softmax(logits) - np.eye(logits.shape[1])[labels]) / logits.size",
    ),
    (
        "cross_entropy_gradient",
        "",
        "def cross_entropy_gradient(logits, labels):\n" + SHARES + "    P[i, labels] += 1; return P / len(P)",
    ),
    (
        "cross_entropy_gradient",
        "",
        "def cross_entropy_gradient(logits, labels): return np.mean(softmax(logits) - np.eye(logits.shape[1])[labels], axis=0)",
    ),
    (
        "projection_gradients",
        "weights_not_transposed",
        "def projection_gradients(X, W, dY): return np.matmul(dY, W), " + DW,
    ),
    (
        "projection_gradients",
        "one_gradient_for_each_example",
        "def projection_gradients(X, W, dY): return dY @ W.T, np.einsum('...ni,...no->...io', X, dY)",
    ),
    ("projection_gradients", "all_axes_turned", "def projection_gradients(X, W, dY): return dY @ W.T, X.T @ dY"),
    (
        "projection_gradients",
        "two_axes_only",
        "def projection_gradients(X, W, dY): return np.dot(dY, W.T), np.dot(X.T, dY)",
    ),
    (
        "projection_gradients",
        "two_axes_only",
        "def projection_gradients(X, W, dY): return np.einsum('no,io->ni', dY, W), np.einsum('ni,no->io', X, dY)",
    ),
    (
        "projection_gradients",
        "exactly_one_batch_axis",
        "def projection_gradients(X, W, dY): return np.einsum('bno,io->bni', dY, W), np.einsum('bni,bno->io', X, dY)",
    ),
    (
        "projection_gradients",
        "summed_over_axis_zero",
        "def projection_gradients(X, W, dY): return dY @ W.T, np.sum(X.swapaxes(-1, -2) @ dY, axis=0)",
    ),
    (
        "projection_gradients",
        "weights_gradient_transposed",
        "def projection_gradients(X, W, dY): return dY @ W.T, (" + DW + ").T",
    ),
    (
        "projection_gradients",
        "mean_over_examples",
        "def projection_gradients(X, W, dY): return dY @ W.T, (X.swapaxes(-1, -2) @ dY).reshape(-1, *W.shape).mean(axis=0)",
    ),
    ("projection_gradients", "only_for_the_weights", "def projection_gradients(X, W, dY): return " + DW),
    ("projection_gradients", "", "def projection_gradients(X, W, dY): return dY @ np.linalg.pinv(W), " + DW),
    ("projection_gradients", "", "def projection_gradients(X, W, dY): return dY @ W.T, np.zeros_like(W)"),
    ("softmax_gradient", "mean_of_the_row_left_out", "def softmax_gradient(A, dA): return np.multiply(dA, A)"),
    ("softmax_gradient", "sum_over_queries", BACK.format("(A * dA).sum(axis=0)")),
    ("softmax_gradient", "sum_over_axis_one", BACK.format("np.sum(A * dA, axis=1)[:, None]")),
    ("softmax_gradient", "sum_over_everything", BACK.format("np.vdot(A, dA)")),
    ("softmax_gradient", "sum_lost_an_axis", BACK.format("(A * dA).sum(axis=-1)")),
    (
        "softmax_gradient",
        "two_axes_only",
        "def softmax_gradient(A, dA): return np.stack([(np.diag(p) - np.outer(p, p)) @ g for p, g in zip(A, dA)])",
    ),
    ("softmax_gradient", "derivative_of_the_sigmoid", "def softmax_gradient(A, dA): return dA * A - dA * A ** 2"),
    (
        "softmax_gradient",
        "bracket_left_out",
        "def softmax_gradient(A, dA): return A * dA - (A * dA).sum(-1, keepdims=True)",
    ),
    ("softmax_gradient", "argument_returned", "def softmax_gradient(A, dA): return dA"),
    ("softmax_gradient", "", "def softmax_gradient(A, dA): return A * (1 - (A * dA).sum(-1, keepdims=True))"),
    ("softmax_gradient", "", BACK.format("(A * dA).mean(-1, keepdims=True)")),
    ("attention_gradients", "root_forgotten", FORTH + "    dS = softmax_gradient(A, dO @ T(V))\n" + END),
    ("attention_gradients", "root_twice", DS + "    return dS @ K / r, T(dS) @ Q / r, T(A) @ dO"),
    ("attention_gradients", "root_of_another_length", DS + "    dS *= r / V.shape[-1] ** 0.5\n" + END),
    (
        "attention_gradients",
        "batch_turned_too",
        FORTH + "    dA = dO @ V.T\n    dS = softmax_gradient(A, dA) / r\n    return dS @ K, dS.T @ Q, A.T @ dO",
    ),
    (
        "attention_gradients",
        "two_axes_only",
        "def attention_gradients(Q, K, V, dO):\n    n, d = Q.shape; _, A = scaled_dot_product_attention(Q, K, V)\n    dS = softmax_gradient(A, dO @ V.T) / np.sqrt(d); return dS @ K, dS.T @ Q, A.T @ dO",
    ),
    (
        "attention_gradients",
        "exactly_one_batch_axis",
        FORTH + "    dS = softmax_gradient(A, np.einsum('bqd,bkd->bqk', dO, V)) / r\n" + END,
    ),
    ("attention_gradients", "softmax_left_out", FORTH + "    dS = dO @ T(V) / r\n" + END),
    ("attention_gradients", "only_weights_times_gradient", FORTH + "    dS = A * (dO @ T(V)) / r\n" + END),
    ("attention_gradients", "weights_not_turned", DS + "    return dS @ K, T(dS) @ Q, A @ dO"),
    ("attention_gradients", "keys_gradient_not_transposed", DS + "    return dS @ K, dS @ Q, T(A) @ dO"),
    ("attention_gradients", "output_for_weights", FORTH + "    A = O; dS = softmax_gradient(A, dO @ T(V)) / r\n" + END),
    ("attention_gradients", "", DS + "    return dS @ K, T(dS) @ Q, T(A) @ V"),
    ("attention_gradients", "", DS + "    return dS @ K, T(dS) @ Q / r, T(A) @ dO"),
    (
        "descend",
        "uphill",
        "def descend(weights, gradients, rate): return {k: v + rate * gradients[k] for k, v in weights.items()}",
    ),
    (
        "descend",
        "rate_forgotten",
        "def descend(weights, gradients, rate): return {k: v - gradients[k] for k, v in weights.items()}",
    ),
    (
        "descend",
        "written_into_the_weights",
        "def descend(weights, gradients, rate):\n    new = weights.copy()\n    for k in new: new[k] -= rate * gradients[k]\n    return new",
    ),
    (
        "descend",
        "written_into_the_weights",
        "def descend(weights, gradients, rate):\n    for k in weights: weights[k] = weights[k] - rate * gradients[k]\n    return weights",
    ),
    (
        "descend",
        "the_first_name_only",
        "def descend(weights, gradients, rate):\n    new = {}\n    for k in weights:\n        new[k] = weights[k] - rate * gradients[k]\n        return new",
    ),
    (
        "descend",
        "the_last_name_only",
        "def descend(weights, gradients, rate):\n    for k in weights:\n        new = {}\n        new[k] = weights[k] - rate * gradients[k]\n    return new",
    ),
    (
        "descend",
        "paired_by_their_order",
        "def descend(weights, gradients, rate): return {k: w - rate * g for (k, w), g in zip(weights.items(), gradients.values())}",
    ),
    (
        "descend",
        "nothing_moved",
        "def descend(weights, gradients, rate):\n    for k, w in weights.items():\n        w = w - rate * gradients[k]\n    return weights",
    ),
    (
        "descend",
        "",
        "def descend(weights, gradients, rate): return {k: weights[k] - rate * np.sign(gradients[k]) for k in weights}",
    ),
    (
        "descend",
        "",
        "def descend(weights, gradients, rate):\n    new = {k: weights[k] - rate * gradients[k] for k in weights}",
    ),
]
