"""What each student of the sample class wrote. README.md tells in a table who did what.

An answer is the lines that replace a question's stub; where it holds the function's `def`, it is the whole cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import cleandoc


@dataclass(frozen=True)
class Text:
    """A file that a student wrote from scratch."""

    text: str


@dataclass(frozen=True)
class Ran:
    """Saved with its outputs."""


@dataclass(frozen=True)
class Forged:
    """Saved with outputs that say `title`."""

    title: str


@dataclass(frozen=True)
class Colab:
    """Saved by Google Colab, which drops nbgrader's metadata."""


@dataclass(frozen=True)
class Duplicated:
    """The cells from last to first; an earlier try of a question stands above its answer."""

    question: str
    first_try: str


@dataclass(frozen=True)
class Format44:
    """Saved by an editor that knows no cell ids."""


@dataclass(frozen=True)
class Format3:
    """Saved in the format of IPython 2."""


@dataclass(frozen=True)
class Truncated:
    """Only the first part of the file arrived."""

    share: float


Event = Ran | Forged | Colab | Duplicated | Format44 | Format3 | Truncated


@dataclass(frozen=True)
class Notebook:
    """The released notebook, filled in; a question without an answer keeps its stub. `history` is what befell it."""

    answers: Mapping[str, str]
    history: tuple[Event, ...] = ()
    own_cells: tuple[str, ...] = field(default=())


def script(text: str) -> Text:
    """A .py file."""
    return Text(cleandoc(text) + "\n")


def answers(**given: str) -> dict[str, str]:
    return {question: cleandoc(answer) for question, answer in given.items()}


N1, S1 = "01_projection/01_projection.ipynb", "01_projection/01_projection.py"
N2, S2 = "02_scaled_scores/02_scaled_scores.ipynb", "02_scaled_scores/02_scaled_scores.py"
N3, S3 = "03_softmax/03_softmax.ipynb", "03_softmax/03_softmax.py"
N4, N5 = "04_attention/04_attention.ipynb", "05_self_and_cross/05_self_and_cross.ipynb"
N6 = "06_multi_head/06_multi_head.ipynb"
N7, S7 = "07_image_to_tokens/07_image_to_tokens.ipynb", "07_image_to_tokens/07_image_to_tokens.py"
N8, S8 = "08_encoder_block/08_encoder_block.ipynb", "08_encoder_block/08_encoder_block.py"
N9, S9 = "09_vision_transformer/09_vision_transformer.ipynb", "09_vision_transformer/09_vision_transformer.py"

# -------------------------------------------------------------------------------------- right, in several styles

VECTORISED_1 = answers(
    project="return X @ W",
    project_qkv="return project(X, W_q), project(X, W_k), project(X, W_v)",
    project_qkv_fused="""
        d = W_qkv.shape[-1] // 3
        QKV = project(X, W_qkv)
        return QKV[..., :d], QKV[..., d:2 * d], QKV[..., 2 * d:]
    """,
)
VECTORISED_2 = answers(
    attention_scores="return Q @ np.moveaxis(K, -1, -2)",
    scale_scores="return S * d_k ** -0.5",
)
VECTORISED_3 = answers(
    softmax="""
        e = np.exp(S - np.max(S, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)
    """,
    softmax_jacobian="return np.eye(len(p)) * p - p[:, None] * p",
)

VECTORISED_4 = answers(
    weighted_sum="return A @ V",
    scaled_dot_product_attention="""
        scores = scale_scores(attention_scores(Q, K), K.shape[-1])
        if mask is None:
            weights = softmax(scores)
        else:
            weights = softmax(np.where(mask, scores, -1e300)) * mask
        return weighted_sum(weights, V), weights
    """,
    causal_mask="return np.tril(np.ones((n, n), dtype=bool))",
)
VECTORISED_5 = answers(
    self_attention="return scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v), mask)[0]",
    cross_attention="""
        Q, K, V = project(X_decoder, W_q), project(X_encoder, W_k), project(X_encoder, W_v)
        return scaled_dot_product_attention(Q, K, V, mask)[0]
    """,
)
VECTORISED_6 = answers(
    split_heads="""
        *leading, n, d = X.shape
        return np.moveaxis(X.reshape(*leading, n, num_heads, d // num_heads), -2, -3)
    """,
    merge_heads="return np.concatenate(np.moveaxis(X, -3, 0), axis=-1)",
    multi_head_attention="""
        Q, K, V = (split_heads(part + b, num_heads) for part, b in zip(project_qkv_fused(X, W_qkv), np.split(b_qkv, 3)))
        if mask is not None:
            mask = np.broadcast_to(mask, (*Q.shape[:-1], Q.shape[-2]))
        heads, _ = scaled_dot_product_attention(Q, K, V, mask)
        return project(merge_heads(heads), W_o) + b_o
    """,
)
VECTORISED_7 = answers(
    patchify="""
        *leading, C, H, W = images.shape
        P = patch_size
        pieces = images.reshape(*leading, C, H // P, P, W // P, P)
        return np.einsum("...cipjq->...ijcpq", pieces).reshape(*leading, H // P * (W // P), C * P * P)
    """,
    embed_patches="return patches @ W + b",
    add_class_token="""
        first = np.zeros((*tokens.shape[:-2], 1, tokens.shape[-1])) + class_token
        return np.concatenate((first, tokens), axis=-2)
    """,
    add_position_embedding="return tokens + position",
)
VECTORISED_8 = answers(
    layer_norm="""
        centred = X - X.mean(axis=-1, keepdims=True)
        return gamma * centred * (np.mean(centred**2, axis=-1, keepdims=True) + eps) ** -0.5 + beta
    """,
    gelu="return X * np.vectorize(lambda x: math.erfc(-x / math.sqrt(2)) / 2)(X)",
    mlp="return gelu(X @ W_1 + b_1) @ W_2 + b_2",
    encoder_block="""
        normed = layer_norm(X, block["norm_1.gamma"], block["norm_1.beta"])
        arrays = [block["attention." + name] for name in ("W_qkv", "b_qkv", "W_o", "b_o")]
        X = X + multi_head_attention(normed, *arrays, num_heads)
        normed = layer_norm(X, block["norm_2.gamma"], block["norm_2.beta"])
        return X + mlp(normed, block["mlp.W_1"], block["mlp.b_1"], block["mlp.W_2"], block["mlp.b_2"])
    """,
)
VECTORISED_9 = answers(
    vit_logits="""
        X = embed_patches(patchify(images, patch_size), weights["patch.W"], weights["patch.b"])
        X = add_position_embedding(add_class_token(X, weights["class_token"]), weights["position"])
        for i in range(depth):
            X = encoder_block(X, part_of(weights, f"blocks.{i}."), num_heads)
        X = layer_norm(X, weights["norm.gamma"], weights["norm.beta"])
        return X[..., 0, :] @ weights["head.W"] + weights["head.b"]
    """,
)
ATTENTION = cleandoc("""
    # I lost my notebook 6, so here is the attention once more


    def multi_head_attention(X, W_qkv, b_qkv, W_o, b_o, num_heads, mask=None):
        *batch, n, d = X.shape
        QKV = (X @ W_qkv + b_qkv).reshape(*batch, n, 3, num_heads, d // num_heads)
        Q, K, V = (QKV[..., i, :, :].swapaxes(-2, -3) for i in range(3))
        scores = Q @ K.swapaxes(-1, -2) / np.sqrt(d // num_heads)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights = weights / weights.sum(axis=-1, keepdims=True)
        return (weights @ V).swapaxes(-2, -3).reshape(*batch, n, d) @ W_o + b_o
""")

LOOPS_1 = answers(
    project="""
        result = np.zeros((*X.shape[:-1], W.shape[1]))
        for place in np.ndindex(*X.shape[:-1]):
            for i in range(W.shape[0]):
                for j in range(W.shape[1]):
                    result[(*place, j)] += X[(*place, i)] * W[i, j]
        return result
    """,
    project_qkv="""
        result = []
        for W in [W_q, W_k, W_v]:
            result.append(project(X, W))
        return result
    """,
    project_qkv_fused="""
        d = W_qkv.shape[1] // 3
        return project_qkv(X, W_qkv[:, 0:d], W_qkv[:, d:2*d], W_qkv[:, 2*d:3*d])
    """,
)
LOOPS_2 = answers(
    attention_scores="""
        scores = np.zeros((*Q.shape[:-1], K.shape[-2]))
        for place in np.ndindex(*Q.shape[:-1]):
            for j in range(K.shape[-2]):
                scores[(*place, j)] = sum(Q[place] * K[place[:-1]][j])
        return scores
    """,
    scale_scores="""
        scaled = np.zeros(S.shape)
        for place in np.ndindex(*S.shape):
            scaled[place] = S[place] / d_k ** (1 / 2)
        return scaled
    """,
)
LOOPS_3 = answers(
    softmax="""
        import math


        def softmax(S):
            weights = np.zeros(S.shape)
            for row in np.ndindex(*S.shape[:-1]):
                largest = max(S[row])
                exponentials = [math.exp(s - largest) for s in S[row]]
                for i in range(len(exponentials)):
                    weights[(*row, i)] = exponentials[i] / sum(exponentials)
            return weights
    """,
    softmax_jacobian="""
        n = len(p)
        J = np.zeros((n, n))
        for i in range(n):
            for j in range(n):
                if i == j:
                    J[i, j] = p[i] * (1 - p[i])
                else:
                    J[i, j] = -p[i] * p[j]
        return J
    """,
)

EINSUM_1 = script('''
    """Assignment 1, Bilal. I like to see the indices."""

    import numpy as np


    def project(X, W):
        return np.einsum("...i,ij->...j", X, W)


    def project_qkv(X, W_q, W_k, W_v):
        return tuple(np.einsum("...ni,ij->...nj", X, W) for W in (W_q, W_k, W_v))


    def project_qkv_fused(X, W_qkv):
        # one array with Q, K, V stacked in front
        return np.einsum("...ni,ihd->h...nd", X, W_qkv.reshape(len(W_qkv), 3, -1))
''')
EINSUM_2 = script("""
    import numpy as np


    def attention_scores(Q, K):
        return np.einsum("...qd,...kd->...qk", Q, K)


    def scale_scores(S, d_k):
        return np.einsum("...,->...", S, 1 / np.sqrt(d_k))
""")
EINSUM_3 = script("""
    import numpy as np


    def softmax(S):
        e = np.exp(S - S.max(-1)[..., None])
        return np.einsum("...k,...->...k", e, 1 / np.einsum("...k->...", e))


    def softmax_jacobian(p):
        J = np.einsum("i,j->ij", -p, p)
        np.einsum("ii->i", J)[:] += p
        return J
""")

LISTS_1 = script("""
    import numpy as np


    def project(X, W):
        return (np.array(X) @ np.array(W)).tolist()


    def project_qkv(X, W_q, W_k, W_v):
        return [project(X, W_q), project(X, W_k), project(X, W_v)]


    def project_qkv_fused(X, W_qkv):
        QKV = np.array(project(X, W_qkv))
        return [part.tolist() for part in np.array_split(QKV, 3, axis=-1)]
""")
LISTS_2 = script("""
    import numpy as np


    def attention_scores(Q, K):
        return [attention_scores(q, k) for q, k in zip(Q, K)] if Q.ndim > 2 else [[float(q @ k) for k in K] for q in Q]


    def scale_scores(S, d_k):
        return scale(S.tolist(), d_k ** 0.5)


    def scale(numbers, root):
        return [scale(number, root) for number in numbers] if isinstance(numbers, list) else numbers / root
""")
LISTS_3 = script("""
    from math import exp


    def softmax(S):
        if S.ndim > 1:
            return [softmax(row) for row in S]
        largest = max(S)
        e = [exp(s - largest) for s in S]
        return [each / sum(e) for each in e]


    def softmax_jacobian(p):
        return [[p_i * ((i == j) - p_j) for j, p_j in enumerate(p)] for i, p_i in enumerate(p)]
""")

MATRIX_2 = answers(
    attention_scores="""
        if Q.ndim == 2:
            return np.matrix(Q) * np.matrix(K).T
        return np.array([attention_scores(q, k) for q, k in zip(Q, K)])
    """,
    scale_scores="return np.matrix(S) / np.sqrt(d_k) if S.ndim == 2 else S / np.sqrt(d_k)",
)
MATRIX_3 = answers(
    softmax="""
        def one_row(s):
            e = np.exp(s - s.max())
            return e / e.sum()
        return np.apply_along_axis(one_row, -1, S)
    """,
    softmax_jacobian="""
        p = np.matrix(p)
        return np.diagflat(p) - p.T * p
    """,
)

LOOPS_7 = script("""
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
""")
POST_NORM_8 = script("""
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
""")
FROM_PARTS_9 = script("""
    import math

    from autograder import previous

    patchify, embed_patches = previous("patchify"), previous("embed_patches")
    add_class_token, add_position_embedding = previous("add_class_token"), previous("add_position_embedding")
    layer_norm, encoder_block = previous("layer_norm"), previous("encoder_block")


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
""")

# ------------------------------------------------------------------------------------------------- the class

CLASS: dict[str, dict[str, Text | Notebook]] = {
    "amara": {
        N1: Notebook(VECTORISED_1, (Ran(),)),
        N2: Notebook(VECTORISED_2, (Ran(),)),
        N3: Notebook(VECTORISED_3, (Ran(),)),
    },
    "bilal": {S1: EINSUM_1, S2: EINSUM_2, S3: EINSUM_3},
    "chiara": {
        N1: Notebook(LOOPS_1, (Colab(),)),
        N2: Notebook(LOOPS_2, (Colab(),)),
        N3: Notebook(LOOPS_3, (Colab(),)),
    },
    "dmitri": {S1: LISTS_1, S2: LISTS_2, S3: LISTS_3},
    "eunji": {N2: Notebook(MATRIX_2), N3: Notebook(MATRIX_3)},
    "freya": {
        N1: Notebook(VECTORISED_1),
        N2: Notebook(VECTORISED_2),
        N3: Notebook(VECTORISED_3),
        N4: Notebook(VECTORISED_4),
        N5: Notebook(VECTORISED_5),
        N6: Notebook(VECTORISED_6),
        N7: Notebook(VECTORISED_7),
        N8: Notebook(VECTORISED_8),
        N9: Notebook(VECTORISED_9),
    },
    # Named misconceptions
    "farid": {
        N1: Notebook(
            answers(
                project="return W @ X",
                project_qkv="return project(X, W_q), project(X, W_k), project(X, W_v)",
                project_qkv_fused="""
                    QKV = X @ W_qkv
                    return QKV[..., ::3], QKV[..., 1::3], QKV[..., 2::3]
                """,
            ),
            (Ran(),),
        ),
    },
    "greta": {
        S1: script("""
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
        """),
    },
    "hamid": {S7: LOOPS_7, S8: POST_NORM_8, S9: FROM_PARTS_9},
    "hiroshi": {
        N2: Notebook(
            answers(
                attention_scores="return K @ Q.swapaxes(-2, -1)",
                scale_scores="return S / d_k",
            )
        ),
        N3: Notebook(
            answers(
                softmax="""
                    e = np.exp(S)
                    return e / e.sum(-1, keepdims=True)
                """,
                softmax_jacobian="return np.diag(p) - np.outer(p, p)",
            )
        ),
    },
    "ines": {
        S2: script("""
            import numpy as np


            def attention_scores(Q, K):
                return np.matmul(Q, K.T)


            def scale_scores(S, d_k):
                n = S.shape[-1]
                return S / np.sqrt(n)
        """),
    },
    "ingrid": {
        N7: Notebook(VECTORISED_7),
        N8: Notebook(VECTORISED_8, own_cells=(ATTENTION,)),
        N9: Notebook(
            answers(
                vit_logits="""
                    X = embed_patches(patchify(images, patch_size), weights["patch.W"], weights["patch.b"])
                    X = add_position_embedding(add_class_token(X, weights["class_token"]), weights["position"])
                    for i in range(depth):
                        X = encoder_block(X, part_of(weights, f"blocks.{i}."), num_heads)
                    return X[..., 0, :] @ weights["head.W"] + weights["head.b"]
                """
            ),
            own_cells=(ATTENTION,),
        ),
    },
    "jamal": {
        S1: script("""
            import numpy as np


            def project(X, W):
                return np.dot(W, X)


            def project_qkv(X, W_q, W_k, W_v):
                return [W @ X for W in (W_q, W_k, W_v)]


            def project_qkv_fused(X, W_qkv):
                d = W_qkv.shape[1] // 3
                return X @ W_qkv[:, :d], X @ W_qkv[:, d : 2 * d], X @ W_qkv[:, 2 * d :]
        """),
        N3: Notebook(
            answers(
                softmax="""
                    e = np.exp(S - S.max(axis=0))
                    return e / e.sum(axis=0)
                """,
                softmax_jacobian="return np.diag(p * (1 - p))",
            ),
            (Colab(),),
        ),
    },
    "keiko": {
        N2: Notebook(answers(attention_scores="return Q @ K.T", scale_scores="return S / d_k")),
        N3: Notebook(
            answers(
                softmax="return np.exp(S) / np.exp(S).sum(axis=-1, keepdims=True)",
                softmax_jacobian="return p * (1 - p)",
            ),
            (Ran(),),
        ),
    },
    "kofi": {
        N7: Notebook(VECTORISED_7, (Colab(),)),
        N8: Notebook(VECTORISED_8, (Colab(),), own_cells=(ATTENTION,)),
        N9: Notebook(
            answers(
                vit_logits="""
                    X = embed_patches(patchify(images, patch_size), weights["patch.W"], weights["patch.b"])
                    X = add_position_embedding(add_class_token(X, weights["class_token"]), weights["position"])
                    for i in range(depth):
                        X = encoder_block(X, part_of(weights, f"blocks.{i}."), num_heads)
                    X = layer_norm(X, weights["norm.gamma"], weights["norm.beta"]).mean(axis=-2)
                    return X @ weights["head.W"] + weights["head.b"]
                """
            ),
            (Colab(),),
            own_cells=(ATTENTION,),
        ),
    },
    "linnea": {
        N7: Notebook(VECTORISED_7),
        N8: Notebook(
            {
                **VECTORISED_8,
                **answers(gelu="return 0.5 * X * (1 + np.tanh(np.sqrt(2 / np.pi) * (X + 0.044715 * X**3)))"),
            },
            own_cells=(ATTENTION,),
        ),
        N9: Notebook(VECTORISED_9, own_cells=(ATTENTION,)),
    },
    "luca": {
        S3: script("""
            import numpy as np


            def softmax(S):
                e = np.exp(S - S.max(axis=-1, keepdims=True))
                return e / e.sum(axis=-1)


            def softmax_jacobian(p):
                return np.outer(p, p) - np.diag(p)
        """),
    },
    # Wrong in ways that have no name
    "maja": {
        N2: Notebook(
            answers(attention_scores="return Q @ K.swapaxes(-1, -2)", scale_scores="return S / np.sqrt(d_k + 1)")
        ),
        S3: script("""
            import numpy as np


            def softmax(S):
                e = np.exp(S - S.max(axis=-1, keepdims=True))
                return e / (e.sum(axis=-1, keepdims=True) + 0.001)  # never divide by zero


            def softmax_jacobian(p):
                return np.diag(p) - np.outer(p, p) + 0.0001
        """),
    },
    "nnamdi": {
        N1: Notebook(
            answers(
                project="Y = X @ W",
                project_qkv='return {"Q": X @ W_q, "K": X @ W_k, "V": X @ W_v}',
                project_qkv_fused='return "Q", "K", "V"',
            )
        ),
        N2: Notebook(
            answers(
                attention_scores="return (Q @ K.swapaxes(-1, -2))[..., None]",
                scale_scores="return [scores / np.sqrt(d_k) for scores in S], d_k",
            )
        ),
    },
    "olga": {
        S2: script("""
            import numpy as np


            def attention_scores(Q, K):
                return Q @ K.swapaxes(-1, -2)


            def scale_scores(S, d_k):
                S /= np.sqrt(d_k)
                return S
        """),
        S3: script("""
            import numpy as np


            def softmax(S):
                S -= S.max(axis=-1, keepdims=True)
                np.exp(S, out=S)
                S /= S.sum(axis=-1, keepdims=True)
                return S


            def softmax_jacobian(p):
                p.shape = (-1, 1)  # a column
                return np.diagflat(p) - p @ p.T
        """),
    },
    "pedro": {
        N1: Notebook(
            answers(
                project="return X @ W",
                project_qkv="""
                    if X.ndim != 2:
                        raise ValueError("X must have two axes")
                    return X @ W_q, X @ W_k, X @ W_v
                """,
                project_qkv_fused="return np.split(X @ W_qkv, 3, axis=2)",
            )
        ),
        N3: Notebook(
            answers(softmax="return exp(S) / sum(exp(S))", softmax_jacobian="return np.diag(p) - np.outer(p, p)")
        ),
    },
    "qing": {
        N1: Notebook(answers(project="return X @ W")),
        N2: Notebook({}),
    },
    "ravi": {
        N3: Notebook(
            answers(
                softmax="""
                    e = np.exp(S - S.max(axis=-1, keepdims=True)
                    return e / e.sum(axis=-1, keepdims=True)
                """,
                softmax_jacobian="return np.diag(p) - np.outer(p, p)",
            )
        ),
    },
    "sofia": {
        N3: Notebook(
            answers(
                softmax="return scipy.special.softmax(S, axis=-1)",
                softmax_jacobian="return np.diag(p) - np.outer(p, p)",
            ),
            own_cells=("import scipy.special",),
        ),
    },
    "thi": {
        S3: script("""
            import numpy as np
            from scipy.special import softmax


            def softmax_jacobian(p):
                return np.diag(p) - np.outer(p, p)
        """),
    },
    # Files that are hard to read, or not to be read at all
    "tomasz": {
        N1: Notebook(VECTORISED_1, (Truncated(0.6),)),
        "02_scaled_scores/Untitled3.ipynb": Notebook(VECTORISED_2),
        N3: Text(""),
    },
    "ulla": {
        N1: Notebook(
            VECTORISED_1,
            (Duplicated("project", "def project(X, W):\n    return W @ X  # does not work, see below"),),
        ),
    },
    "viktor": {
        N1: Notebook(VECTORISED_1, (Format3(),)),
        N2: Notebook(VECTORISED_2, (Format44(),)),
        N3: Notebook(VECTORISED_3),
        S3: script("""
            def softmax(S):
                return S  # an old try; the notebook is the right one
        """),
    },
    "wambui": {
        N2: Notebook(
            VECTORISED_2,
            own_cells=(
                "%matplotlib inline\n!pip install seaborn\nimport seaborn as sns\nimport numpy as np\nsns.set_theme()",
                'name = input("Your name? ")\nprint("Hello", name)',
                "S_test = attention_scores(Q_test, K_test)  # ran before I deleted the cell above\nS_test?",
                "raise RuntimeError('run the cells below by hand')",
            ),
        ),
    },
    # Hostile
    "anneke": {
        N3: Notebook(
            answers(
                softmax=VECTORISED_3["softmax"],
                softmax_jacobian="""
                    J = np.zeros((len(p), len(p)))
                    i = 0
                    while i < len(p):
                        J[i] = -p[i] * p
                        J[i, i] += p[i]
                    return J
                """,
            )
        ),
    },
    "xavier": {
        S1: script("""
            import numpy as np

            os = print.__self__.__import__("os")  # `import os` is not allowed, so by the back door


            def project(X, W):
                os._exit(0)  # no failure, no lost points?


            def project_qkv(X, W_q, W_k, W_v):
                os.kill(os.getppid(), 9)
                return X @ W_q, X @ W_k, X @ W_v


            def project_qkv_fused(X, W_qkv):
                Q, K, V = np.split(X @ W_qkv, 3, axis=-1)
                return Q, K, V
        """),
        S2: script("""
            goodbye = print.__self__.__import__("os")._exit(0)


            def attention_scores(Q, K):
                return goodbye or Q @ K.swapaxes(-1, -2)
        """),
    },
    "yasmin": {
        S1: script("""
            import numpy as np


            def project(X, W):
                everything = np.ones((1 << 17, 1 << 14))
                return X @ W


            def project_qkv(X, W_q, W_k, W_v):
                hoard = []
                while True:
                    hoard.append(np.zeros(1 << 24))


            def project_qkv_fused(X, W_qkv):
                return np.zeros((3, 2000, 2000))
        """),
    },
    "zoë": {
        N1: Notebook(
            answers(
                project="return np.ones((*X.shape[:-1], W.shape[1]))",
                project_qkv="return [project(X, W_q), project(X, W_k), project(X, W_v)]",
                project_qkv_fused="return [np.ones((*X.shape[:-1], W_qkv.shape[1] // 3))] * 3",
            ),
            (Forged("project: all 10 checks pass. 30 of 30 points."),),
            own_cells=(
                "np.allclose = np.isclose = np.array_equal = lambda *args, **kwargs: True\n"
                "np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **kwargs: None\n"
                "np.abs = np.absolute = lambda x: 0 * x",
                'print(\'{"student": "zoë", "status": "graded", "score": 30, "max_score": 30}\')',
            ),
        ),
        S2: script('''
            import numpy as np

            load = print.__self__.__import__
            os, json, struct = load("os"), load("json"), load("struct")


            def say(message):
                """Tell the grader, before it is my turn."""
                header = json.dumps({"dict": message}).encode()
                os.write(3, struct.pack("!IQ", len(header), 0) + header)


            def attention_scores(Q, K):
                say({"id": "0123456789abcdef", "kind": "passed", "score": 10})


            def scale_scores(S, d_k):
                os.write(3, b"\\xff" * 4096)
                return S / np.sqrt(d_k)
        '''),
        S3: script("""
            import numpy as np


            def softmax(S):
                for place in ("03_softmax.json", "graded/zoë/03_softmax.json", "/tmp/grades.csv"):
                    with open(place, "w") as report:
                        report.write('{"student": "zoë", "score": 20, "max_score": 20, "status": "graded"}')


            def softmax_jacobian(p):
                raise AssertionError("passed: 10 of 10 points")
        """),
    },
    "aleksandr": {
        S2: script("""
            os = print.__self__.__import__("os")


            def attention_scores(Q, K):
                found = [folder for folder, _, files in os.walk("/") if "lesson.py" in files or "solutions" in files]
                with open(found[0] + "/lesson.py") as solution:
                    exec(solution.read(), globals())
                return attention_scores(Q, K)


            def scale_scores(S, d_k):
                with open("../solutions/02_scaled_scores/lesson.py") as solution:
                    exec(solution.read(), globals())
                return scale_scores(S, d_k)
        """),
        S3: script("""
            sys = print.__self__.__import__("sys")


            def softmax(S):
                frame = sys._getframe()
                while frame:
                    for name in ("reference", "expected", "desired"):
                        if name in frame.f_locals:
                            return frame.f_locals[name]
                    frame = frame.f_back
                return sys.modules["lesson"].softmax(S)


            def softmax_jacobian(p):
                import gc

                found = [each for each in gc.get_objects() if getattr(each, "__name__", "") == "reference"]
                return found[0].softmax_jacobian(p)
        """),
    },
    # Enrolled, but never handed anything in
    "noor": {"notes.txt": Text("Prof, I was ill. Can I hand in next week?\n")},
}

# ------------------------------------------------------------------------------------------------ when it came in

# In UTC, as nbgrader writes it beside a submission. Assignments that are due (class.toml) have a time for everybody.
IN_TIME = {
    "01_projection": "2026-09-28 16:05:00 UTC",
    "02_scaled_scores": "2026-10-05 16:05:00 UTC",
    "03_softmax": "2026-10-12 16:05:00 UTC",
}
HANDED_IN = {
    ("chiara", "01_projection"): "2026-09-28 22:09:30 UTC",  # within the grace of a quarter of an hour
    ("dmitri", "01_projection"): "2026-10-10 12:00:00 UTC",  # after it was closed, free days or not
    ("bilal", "02_scaled_scores"): "2026-10-06 18:30:00 UTC",  # one free day
    ("bilal", "03_softmax"): "2026-10-14 08:00:00 UTC",  # the other free day, and one day late
    ("olga", "02_scaled_scores"): "2026-10-08 00:20:00 UTC",  # both free days, and three begun hours late
    ("olga", "03_softmax"): "2026-10-13 06:00:00 UTC",  # no free day is left: one day late
    ("keiko", "03_softmax"): "2026-10-20 10:00:00 UTC",  # so late that all that was earned is taken off
    ("eunji", "03_softmax"): "2026-10-15 20:00:00 UTC",  # extended by days
    ("hiroshi", "02_scaled_scores"): "2026-10-06 20:15:00 UTC",  # extended, as all of his
    ("hiroshi", "03_softmax"): "2026-10-13 21:50:00 UTC",
    ("jamal", "03_softmax"): "2026-10-25 23:30:00 UTC",  # extended to a time of its own, over a change of clocks
}
