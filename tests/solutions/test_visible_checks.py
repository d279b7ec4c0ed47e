"""What students can see and run: a batch for each question that takes one, and no mistake that passes unseen."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.checking.comparison.arrays import agrees
from autograder.checking.comparison.tolerance import Tolerance
from autograder.checking.recognition.misconceptions import Misconception, changes
from autograder.course.loader import Assignment, load_course
from autograder.sandbox.execute import copied, execute
from autograder.sandbox.protocol import Raised, Reply, Returned
from tests.helpers.in_process import submission
from tests.helpers.paths import ROOT
from tests.helpers.visible import Call, VisibleChecks, failed

pytestmark = pytest.mark.slow

COURSE = load_course(ROOT / "solutions")
OF = {question: assignment for assignment in COURSE.assignments for question in assignment.questions}
LEADING = re.compile(r"^ *(?P<name>\w+): (?:\(\.\.\.(?P<axes>[^)]*)\)|an array of any shape)", re.MULTILINE)
WITHOUT_LEADING_AXES = {"softmax_jacobian", "causal_mask", "cross_entropy", "cross_entropy_gradient", "descend"}


def own_axes(question: str) -> int | None:
    """How many axes the first argument has by itself, as its docstring says; None where no others may lead."""
    function = OF[question].functions[question]
    first = next(iter(inspect.signature(function).parameters))
    said = LEADING.search(inspect.getdoc(function) or "")
    if said is None or said["name"] != first:
        return None
    return (said["axes"] or "").count(",")


BATCHED = {question: max(axes, 2) for question in OF if (axes := own_axes(question)) is not None}


@pytest.fixture(scope="module")
def visible() -> Iterator[VisibleChecks]:
    with VisibleChecks() as opened:
        yield opened


# ---------------------------------------------------------------------------------------------------- batches


def is_batch(question: str, args: list[Any]) -> bool:
    """Whether a call has several members in a batch, all different."""
    first = args[0]
    return first.ndim > BATCHED[question] and len({member.tobytes() for member in first}) == len(first) > 1


def test_which_questions_take_a_batch_stands_in_their_docstrings() -> None:
    assert OF.keys() - BATCHED.keys() == WITHOUT_LEADING_AXES


@pytest.mark.parametrize("question", OF)
def test_the_reference_passes_all_visible_checks_at_home(visible: VisibleChecks, question: str) -> None:
    result, _ = visible.run(OF[question], question, OF[question].reference)
    assert failed(result) == set()


@pytest.mark.parametrize("question", BATCHED)
def test_a_visible_check_calls_each_question_that_takes_a_batch_with_one(visible: VisibleChecks, question: str) -> None:
    _, calls = visible.run(OF[question], question, OF[question].reference)
    assert any(is_batch(question, call.args) for call in calls)


@pytest.mark.parametrize("question", BATCHED)
def test_members_of_a_batch_that_have_changed_places_are_seen(visible: VisibleChecks, question: str) -> None:
    right = OF[question].functions[question]

    def turned(*args: Any, **kwargs: Any) -> Any:
        answer = right(*args, **kwargs)
        if not is_batch(question, list(args)):
            return answer
        return tuple(np.roll(each, 1, 0) for each in answer) if isinstance(answer, tuple) else np.roll(answer, 1, 0)

    result, _ = visible.run_with(OF[question], question, turned)
    assert failed(result)


# --------------------------------------------------------------------------------------------- misconceptions

KNOWN = [
    pytest.param(assignment, known, number, id=f"{known.question}-{known.name}-{number}")
    for assignment in COURSE.assignments
    for known in assignment.misconceptions
    for number in range(len(known.functions))
]


@pytest.mark.parametrize(("assignment", "known", "number"), KNOWN)
def test_each_misconception_fails_a_visible_check_and_is_told_from_all_others(
    visible: VisibleChecks, assignment: Assignment, known: Misconception, number: int
) -> None:
    """By what the checks see of it before they end, so that it can be named at home."""
    result, calls = visible.run_with(assignment, known.question, known.functions[number])
    assert failed(result)
    candidates = {
        other.name
        for other in assignment.misconceptions
        if other.question == known.question
        for function in other.functions
        if all(is_like(call, execute(function, copied(call.args), copied(call.kwargs))) for call in calls)
    }
    assert candidates == {known.name}


def is_like(call: Call, reply: Reply) -> bool:
    """Whether what came of a call is the same, in numbers, in the words of an exception and in changed arguments."""
    if isinstance(call.reply, Raised) and isinstance(reply, Raised):
        return (call.reply.type, call.reply.message) == (reply.type, reply.message)
    if not isinstance(call.reply, Returned) or not isinstance(reply, Returned):
        return False
    tolerance = Tolerance.of([*call.args, *call.kwargs.values()])
    same = agrees(call.reply.value, reply.value, tolerance, nan_is_nan=True)
    return same and changes(call.reply) == changes(reply)


# ------------------------------------------------------------------------------------- other wrong variants

EXPONENTIALS = "E = np.exp(S - {}); return E / E.sum(-1, keepdims=True)"
ATTENTION = (
    "S = Q @ np.swapaxes(K, -1, -2) / math.sqrt({})\n"
    "    if mask is not None: S = np.where(mask, S, -1e9)\n"
    "    A = softmax(S); return {}"
)
# Each passes all visible checks of its question but these, so that each is needed.
VARIANTS = {
    "project": [
        ("def project(X, W): return (X @ W).astype(int)", {"decimals"}),
        ("def project(X, W): return np.round(X @ W, 1)", {"decimals"}),
        ("def project(X, W):\n    if X.ndim == 1: return X @ W\n    n, d = X.shape; return X @ W", {"batch"}),
    ],
    "project_qkv": [
        ("def project_qkv(X, *W): return tuple((X @ each).astype(int) for each in W)", {"decimals"}),
        ("def project_qkv(X, *W): return tuple((X @ each).squeeze() for each in W)", {"decimals"}),
        ("def project_qkv(X, *W): n, d = X.shape; return tuple(X @ each for each in W)", {"batch"}),
    ],
    "project_qkv_fused": [
        ("def project_qkv_fused(X, W): return np.split(X @ W, 3, axis=1)", {"batch"}),
        ("def project_qkv_fused(X, W): return np.hsplit(X @ W, 3)", {"batch"}),
        (
            "def project_qkv_fused(X, W): d = W.shape[1] // 3; Y = X @ W; return Y[:, :d], Y[:, d:2*d], Y[:, 2*d:]",
            {"batch"},
        ),
        ("def project_qkv_fused(X, W): return np.split((X @ W).astype(int), 3, axis=-1)", {"decimals"}),
    ],
    "attention_scores": [
        ("def attention_scores(Q, K): return np.dot(Q, K.T)", {"batch"}),
        ("def attention_scores(Q, K): return (Q @ np.swapaxes(K, -1, -2)).astype(int)", {"decimals"}),
    ],
    "scale_scores": [
        ("def scale_scores(S, d_k): return np.round(S / np.sqrt(d_k), 2)", {"decimals"}),
        ("def scale_scores(S, d_k): S /= np.sqrt(d_k); return S", {"decimals"}),
        ("def scale_scores(S, d_k): n_q, n_k = S.shape; return S / np.sqrt(d_k)", {"batch"}),
    ],
    "softmax": [
        (f"def softmax(S): {EXPONENTIALS.format('S.max()')}", {"own_maximum"}),
        (f"def softmax(S): {EXPONENTIALS.format('S.mean(-1, keepdims=True)')}", {"own_maximum"}),
        (f"def softmax(S): S -= S.max(-1, keepdims=True); {EXPONENTIALS.format('0')}", {"own_maximum"}),
        ("def softmax(S): E = np.exp(S - S.max(1, keepdims=True)); return E / E.sum(1, keepdims=True)", {"batch"}),
    ],
    "softmax_jacobian": [
        (
            "def softmax_jacobian(p):\n    n = len(p); J = np.tile(-p * (1 - p) / (n - 1), (n, 1))\n"
            "    np.fill_diagonal(J, p * (1 - p)); return J",
            {"three_keys", "weight_zero"},
        ),
        ("def softmax_jacobian(p): return np.outer(p, p) * (np.diag(1 / p) - 1)", {"weight_zero"}),
    ],
    "weighted_sum": [
        ("def weighted_sum(A, V): return A / A.sum(-1, keepdims=True) @ V", {"no_weights"}),
        ("def weighted_sum(A, V): return np.einsum('ij,jk->ik', A, V)", {"batch"}),
    ],
    "scaled_dot_product_attention": [
        (
            "_right = scaled_dot_product_attention\ndef scaled_dot_product_attention(Q, K, V, mask=None):\n"
            "    return _right(Q * math.sqrt(Q.shape[-1] / K.shape[-2]), K, V, mask)",
            {"batch"},
        ),
        (
            "def scaled_dot_product_attention(Q, K, V, mask=None):\n    " + ATTENTION.format("Q.shape[-1]", "A @ V, A"),
            {"hides"},
        ),
    ],
    "causal_mask": [
        (
            "def causal_mask(n): return np.tri(n, dtype=bool) & ~np.tri(n, k=-3, dtype=bool)",
            {"five_tokens", "one_token"},
        ),
        ("def causal_mask(n): return np.tri(n, dtype=bool).squeeze()", {"one_token"}),
    ],
    "self_attention": [
        (
            "def self_attention(X, W_q, W_k, W_v, mask=None):\n    Q, K, V = X @ W_q, X @ W_k, X @ W_v\n    "
            + ATTENTION.format("Q.shape[-1]", "A @ V"),
            {"sees_nothing"},
        ),
        (
            "def self_attention(X, W_q, W_k, W_v, mask=None):\n"
            "    W_q = W_q * math.sqrt(W_q.shape[1] / W_q.shape[0])\n"
            "    return scaled_dot_product_attention(X @ W_q, X @ W_k, X @ W_v, mask)[0]",
            {"batch"},
        ),
    ],
    "cross_attention": [
        (
            "def cross_attention(X, Y, W_q, W_k, W_v, mask=None):\n"
            "    return scaled_dot_product_attention(X @ W_q, Y @ W_k, Y @ W_v)[0]",
            {"mask"},
        ),
        (
            "def cross_attention(X, Y, W_q, W_k, W_v, mask=None):\n    Q, K, V = X @ W_q, Y @ W_k, Y @ W_v\n    "
            + ATTENTION.format("Q.shape[-1]", "A @ V"),
            {"mask"},
        ),
        (
            "def cross_attention(X, Y, W_q, W_k, W_v, mask=None):\n"
            "    if X.ndim > 2 and mask is None: Y = np.stack([Y[0]] * len(Y))\n"
            "    return scaled_dot_product_attention(X @ W_q, Y @ W_k, Y @ W_v, mask)[0]",
            {"batch"},
        ),
    ],
    "split_heads": [
        (
            "def split_heads(X, num_heads):\n    w = X.shape[-1] // num_heads\n"
            "    return np.stack([X[..., i * w:(i + 1) * w] for i in range(num_heads)], axis=-3)",
            {"refuses"},
        ),
        (
            "def split_heads(X, num_heads):\n    *lead, n, d = X.shape\n"
            "    return np.moveaxis(X.reshape(n, *lead, num_heads, d // num_heads), 0, -2)",
            {"batch"},
        ),
    ],
    "merge_heads": [
        ("_right = merge_heads\ndef merge_heads(X): return _right(X).astype(int)", {"batch", "one_head"}),
        (
            "def merge_heads(X):\n    *lead, h, n, d = X.shape\n"
            "    return np.moveaxis(X, -2, 0).reshape(*lead, n, h * d)",
            {"batch"},
        ),
        (
            "_right = merge_heads\ndef merge_heads(X): return _right(X) if X.shape[-3] > 1 else X",
            {"one_head"},
        ),
    ],
    "multi_head_attention": [
        (
            "_right = multi_head_attention\ndef multi_head_attention(X, W, b, W_o, b_o, h, mask=None):\n"
            "    return _right(X, W, b, W_o.T, b_o, h, mask)",
            {"batch", "sees_nothing"},
        ),
        (
            "def multi_head_attention(X, W, b, W_o, b_o, h, mask=None):\n"
            "    Q, K, V = (split_heads(each, h) for each in np.split(X @ W + b, 3, axis=-1))\n    "
            + ATTENTION.format("Q.shape[-1]", "merge_heads(A @ V) @ W_o + b_o"),
            {"sees_nothing"},
        ),
    ],
    "patchify": [
        (
            "_right = patchify\ndef patchify(images, P):\n    *_, H, W = images.shape\n"
            "    return _right(images[..., :H // P * P, :W // P * P], P)",
            {"refuses"},
        ),
        (
            "def patchify(images, P):\n    *lead, C, W, H = images.shape\n    if W % P or H % P: raise ValueError\n"
            "    X = np.moveaxis(images.reshape(*lead, C, H // P, P, W // P, P), (-4, -2), (-5, -4))\n"
            "    return X.reshape(*lead, -1, C * P * P)",
            {"batch"},
        ),
    ],
    "embed_patches": [
        ("def embed_patches(patches, W, b): return np.round(patches @ W + b, 1)", {"decimals"}),
        (
            "def embed_patches(patches, W, b):\n    *lead, n, d = patches.shape\n"
            "    return np.moveaxis((patches @ W + b).reshape(n, *lead, -1), 0, -2)",
            {"batch"},
        ),
    ],
    "add_class_token": [
        (
            "def add_class_token(tokens, class_token):\n    *lead, n, d = tokens.shape\n"
            "    out = np.zeros((*lead, n + 1, d), dtype=int); out[..., 0, :] = class_token; out[..., 1:, :] = tokens\n"
            "    return out",
            {"decimals"},
        ),
        (
            "def add_class_token(tokens, class_token):\n"
            "    if tokens.ndim == 2: return np.vstack([class_token, tokens])\n"
            "    return np.stack([np.vstack([class_token, tokens[0]]) for image in tokens])",
            {"batch"},
        ),
    ],
    "add_position_embedding": [
        (
            "def add_position_embedding(tokens, position):\n"
            "    return np.stack([token + place for token, place in zip(tokens, position)])",
            {"batch"},
        ),
        ("def add_position_embedding(tokens, position): tokens += position; return tokens", {"new_array"}),
    ],
    "layer_norm": [
        (
            "def layer_norm(X, gamma, beta, eps=1e-5):\n"
            "    return gamma * (X - X.mean(-1, keepdims=True)) / (X.std(-1, keepdims=True) + eps) + beta",
            {"eps"},
        ),
        (
            "def layer_norm(X, gamma, beta, eps=1e-5):\n"
            "    return gamma * (X - X.mean(-1, keepdims=True)) / np.sqrt(X.var(-1, keepdims=True) + 1e-5) + beta",
            {"eps"},
        ),
    ],
    "gelu": [
        ("def gelu(X): return X * (1 + np.tanh(math.sqrt(2 / math.pi) * (X + 0.044715 * X**3))) / 2", {"exact"}),
        ("_right = gelu\ndef gelu(X): return np.round(_right(X), 3)", {"exact"}),
    ],
    "mlp": [
        ("_right = mlp\ndef mlp(*arrays): return np.round(_right(*arrays), 2)", {"exact"}),
        ("def mlp(X, W_1, b_1, W_2, b_2): return (gelu(X @ W_1) + b_1) @ W_2 + b_2", {"batch", "exact"}),
    ],
    "encoder_block": [
        (
            "_right = encoder_block\ndef encoder_block(X, block, num_heads):\n"
            "    first = {f'norm_2.{name}': block[f'norm_1.{name}'] for name in ('gamma', 'beta')}\n"
            "    return _right(X, {**block, **first}, num_heads)",
            {"batch", "second_branch"},
        ),
        ("_right = encoder_block\ndef encoder_block(X, block, num_heads): return _right(X, block, 1)", {"batch"}),
    ],
    "vit_logits": [
        (
            "_right = vit_logits\ndef vit_logits(images, weights, num_heads):\n"
            "    one = images.ndim == 3; images = images[None] if one else images; B, C, H, W = images.shape\n"
            "    logits = _right(images, weights, num_heads); return logits[0] if one else logits",
            {"batches"},
        ),
        (
            "_right = vit_logits\ndef vit_logits(images, weights, num_heads): return _right(images, weights, 4)",
            {"other_model"},
        ),
    ],
    "cross_entropy": [
        (
            "def cross_entropy(logits, labels):\n"
            "    return -np.mean(np.log(softmax(logits)[np.arange(len(labels)), labels] + 1e-12))",
            {"far_apart"},
        ),
        ("_right = cross_entropy\ndef cross_entropy(*arrays): return np.round(_right(*arrays), 2)", {"four_examples"}),
    ],
    "cross_entropy_gradient": [
        (
            "def cross_entropy_gradient(logits, labels):\n    E = np.exp(logits); P = E / E.sum(-1, keepdims=True)\n"
            "    P[np.arange(len(labels)), labels] -= 1; return P / len(labels)",
            {"far_apart"},
        ),
        (
            "_right = cross_entropy_gradient\ndef cross_entropy_gradient(logits, labels):\n"
            "    return _right(logits, labels) * len(labels) / 2",
            {"four_examples"},
        ),
    ],
    "projection_gradients": [
        ("def projection_gradients(X, W, dY): return dY @ W.T, X.T @ dY", {"batch", "grouped"}),
        (
            "def projection_gradients(X, W, dY):\n    dW = np.swapaxes(X, -1, -2) @ dY\n"
            "    return dY @ W.T, dW if X.ndim == 2 else dW.sum(axis=0)",
            {"grouped"},
        ),
        (
            "_right = projection_gradients\ndef projection_gradients(*arrays):\n"
            "    return tuple(each.astype(int) for each in _right(*arrays))",
            {"shapes"},
        ),
    ],
    "softmax_gradient": [
        (
            "def softmax_gradient(A, dA): return np.array([(np.diag(p) - np.outer(p, p)) @ g for p, g in zip(A, dA)])",
            {"batch"},
        ),
        (
            "_right = softmax_gradient\ndef softmax_gradient(A, dA): return np.round(_right(A, dA), 2)",
            {"nothing_to_gain"},
        ),
    ],
    "attention_gradients": [
        (
            "_right = attention_gradients\ndef attention_gradients(Q, K, V, dO):\n"
            "    dQ, dK, dV = _right(Q, K, V, dO); turn = math.sqrt(Q.shape[-1] / V.shape[-1])\n"
            "    return dQ * turn, dK * turn, dV",
            {"batch", "root"},
        ),
        (
            "def attention_gradients(Q, K, V, dO):\n    _, A = scaled_dot_product_attention(Q, K, V)\n"
            "    dS = softmax_gradient(A, dO @ V.T) / math.sqrt(Q.shape[-1]); return dS @ K, dS.T @ Q, A.T @ dO",
            {"batch"},
        ),
    ],
    "descend": [
        (
            "def descend(weights, gradients, rate):\n    pairs = zip(weights.items(), gradients.values())\n"
            "    return {name: array - rate * gradient for (name, array), gradient in pairs}",
            {"by_name"},
        ),
        (
            "def descend(weights, gradients, rate):\n    new = dict(weights)\n"
            "    for name in new: new[name] -= rate * gradients[name]\n    return new",
            {"new_dict"},
        ),
    ],
}
CASES = [
    pytest.param(question, source, checks, id=f"{question}-{number}")
    for question, variants in VARIANTS.items()
    for number, (source, checks) in enumerate(variants)
]


def test_there_are_two_wrong_variants_of_each_question() -> None:
    assert VARIANTS.keys() == OF.keys()
    assert min(map(len, VARIANTS.values())) >= 2


@pytest.mark.parametrize(("question", "source", "checks"), CASES)
def test_a_wrong_variant_fails_just_the_check_that_is_about_it(
    visible: VisibleChecks, question: str, source: str, checks: set[str]
) -> None:
    result, _ = visible.run(OF[question], question, submission(OF[question], source))
    assert failed(result) == {f"test_{question}_{check}" for check in checks}
