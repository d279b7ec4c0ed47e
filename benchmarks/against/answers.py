"""A dozen answers to 03_softmax, as a class has them: right in several ways, wrong in several ways, unfinished."""

from __future__ import annotations

SUBTRACTED = """
def softmax(S):
    exponentials = np.exp(S - S.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
"""
OUTER = """
def softmax_jacobian(p):
    return np.diag(p) - np.outer(p, p)
"""
STUB = """
def softmax_jacobian(p):
    raise NotImplementedError()
"""
ZEROS = """
def softmax_jacobian(p):
    return np.zeros((len(p), len(p)))
"""

# By student: softmax, softmax_jacobian.
CLASS = {
    "ana": (SUBTRACTED, OUTER),
    "ben": (
        """
def softmax(S):
    rows = S.reshape(-1, S.shape[-1])
    return np.array([np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in rows]).reshape(S.shape)
""",
        """
def softmax_jacobian(p):
    J = np.zeros((len(p), len(p)))
    for i in range(len(p)):
        for j in range(len(p)):
            J[i, j] = p[i] * (1 - p[i]) if i == j else -p[i] * p[j]
    return J
""",
    ),
    "cem": (
        """
def softmax(S):
    largest = np.max(S, axis=-1)[..., None]
    logarithm = largest + np.log(np.sum(np.exp(S - largest), axis=-1))[..., None]
    return np.exp(S - logarithm)
""",
        "\ndef softmax_jacobian(p):\n    return p[:, None] * (np.eye(len(p)) - p)\n",
    ),
    "dia": (SUBTRACTED, STUB),
    "eva": (SUBTRACTED.replace("axis=-1", "axis=0"), OUTER),
    "finn": (SUBTRACTED.replace(" - S.max(axis=-1, keepdims=True)", ""), OUTER),
    "gus": (SUBTRACTED.replace("axis=-1, keepdims=True", ""), "\ndef softmax_jacobian(p):\n    return np.diag(p)\n"),
    "hana": (SUBTRACTED.replace("max", "min"), "\ndef softmax_jacobian(p):\n    return np.outer(p, p) - np.diag(p)\n"),
    "ivo": (SUBTRACTED.replace("np.exp", "np.exp2"), "\ndef softmax_jacobian(p):\n    return p * (1 - p)\n"),
    "jun": (SUBTRACTED.replace(".sum(axis=-1, keepdims=True)", ".sum(axis=-1)"), OUTER),
    "kai": (SUBTRACTED.replace("S.max(axis=-1, keepdims=True)", "S.max()"), ZEROS),
    "lea": ("\ndef softmax(S):\n    return scores / scores.sum()\n", STUB),
}
