"""The reference solutions of 04 and 05 against PyTorch, and against their formulas written out as plain loops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from autograder.course.loader import load_course
from tests.helpers.formulas import Array, Mask, attention_by_loops, multi_head_by_loops, product_by_loops
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

COURSE = load_course(ROOT / "solutions")
GOLDEN = Path(__file__).with_name("golden") / "attention.npz"


def references(assignment: str, *names: str) -> list[Callable[..., object]]:
    return [COURSE.assignment(assignment).functions[name] for name in names]


weighted_sum, scaled_dot_product_attention, causal_mask = references(
    "04_attention", "weighted_sum", "scaled_dot_product_attention", "causal_mask"
)
self_attention, cross_attention = references("05_self_and_cross", "self_attention", "cross_attention")
split_heads, merge_heads, multi_head_attention = references(
    "06_multi_head", "split_heads", "merge_heads", "multi_head_attention"
)

SIZES = st.integers(1, 5)
BATCHES = st.lists(st.integers(1, 3), max_size=2).map(tuple)


def matrices(*shape: int) -> st.SearchStrategy[Array]:
    return arrays(np.float64, shape, elements=st.floats(-3, 3))


def masks(*shape: int) -> st.SearchStrategy[Mask | None]:
    """No mask, or any mask, rows that allow nothing included."""
    return st.none() | arrays(np.bool_, shape)


# ------------------------------------------------------------------------------- the formulas, entry by entry


# ------------------------------------------------------------------------- 04_attention and 05_self_and_cross


@given(st.data(), BATCHES, SIZES, SIZES, SIZES)
def test_weighted_sum_is_the_sum_of_the_values_times_their_weights(data, batch, n_q, n_k, d_v):
    A, V = data.draw(matrices(*batch, n_q, n_k)), data.draw(matrices(*batch, n_k, d_v))
    found = weighted_sum(A, V)
    assert found.shape == (*batch, n_q, d_v)
    for sequence in np.ndindex(batch):
        assert_allclose(found[sequence], product_by_loops(A[sequence], V[sequence]), rtol=1e-9, atol=1e-9)


@given(st.data(), BATCHES, SIZES, SIZES, SIZES, SIZES)
def test_attention_is_its_formula_with_any_mask(data, batch, n_q, n_k, d_k, d_v):
    Q, K = data.draw(matrices(*batch, n_q, d_k)), data.draw(matrices(*batch, n_k, d_k))
    V, mask = data.draw(matrices(*batch, n_k, d_v)), data.draw(masks(*batch, n_q, n_k))
    output, weights = scaled_dot_product_attention(Q, K, V, mask)
    assert output.shape == (*batch, n_q, d_v)
    assert weights.shape == (*batch, n_q, n_k)
    for sequence in np.ndindex(batch):
        own = None if mask is None else mask[sequence]
        expected = attention_by_loops(Q[sequence], K[sequence], V[sequence], own)
        assert_allclose(output[sequence], expected[0], rtol=1e-9, atol=1e-9)
        assert_allclose(weights[sequence], expected[1], rtol=1e-9, atol=1e-12)


def test_a_query_that_may_attend_to_nothing_gets_zeros_and_disturbs_no_other():
    rng = np.random.default_rng(seed=0)
    Q, K, V = rng.normal(size=(3, 2)), rng.normal(size=(4, 2)), rng.normal(size=(4, 5))
    mask = np.array([[True] * 4, [False] * 4, [True, False, True, False]])
    output, weights = scaled_dot_product_attention(Q, K, V, mask)
    assert np.all(output[1] == 0)
    assert np.all(weights[1] == 0)
    others, _ = scaled_dot_product_attention(Q[[0, 2]], K, V, mask[[0, 2]])
    assert_allclose(output[[0, 2]], others, rtol=1e-12)


@given(st.integers(1, 30))
def test_causal_mask_is_true_up_to_the_diagonal(n):
    mask = causal_mask(n)
    assert mask.dtype == np.bool_
    assert mask.tolist() == [[j <= i for j in range(n)] for i in range(n)]


@given(st.data(), BATCHES, SIZES, SIZES, SIZES, SIZES)
def test_self_attention_is_attention_of_three_projections(data, batch, n, d_in, d_k, d_v):
    X, mask = data.draw(matrices(*batch, n, d_in)), data.draw(masks(*batch, n, n))
    weights = [data.draw(matrices(d_in, width)) for width in (d_k, d_k, d_v)]
    found = self_attention(X, *weights, mask)
    assert found.shape == (*batch, n, d_v)
    for sequence in np.ndindex(batch):
        Q, K, V = (product_by_loops(X[sequence], W) for W in weights)
        expected, _ = attention_by_loops(Q, K, V, None if mask is None else mask[sequence])
        assert_allclose(found[sequence], expected, rtol=1e-7, atol=1e-9)


@given(st.data(), BATCHES, SIZES, SIZES, SIZES, SIZES, SIZES, SIZES)
def test_cross_attention_asks_with_one_sequence_and_answers_with_the_other(
    data, batch, n_dec, n_enc, d_dec, d_enc, d_k, d_v
):
    X_decoder, X_encoder = data.draw(matrices(*batch, n_dec, d_dec)), data.draw(matrices(*batch, n_enc, d_enc))
    W_q, W_k, W_v = data.draw(matrices(d_dec, d_k)), data.draw(matrices(d_enc, d_k)), data.draw(matrices(d_enc, d_v))
    mask = data.draw(masks(*batch, n_dec, n_enc))
    found = cross_attention(X_decoder, X_encoder, W_q, W_k, W_v, mask)
    assert found.shape == (*batch, n_dec, d_v)
    for sequence in np.ndindex(batch):
        Q = product_by_loops(X_decoder[sequence], W_q)
        K, V = product_by_loops(X_encoder[sequence], W_k), product_by_loops(X_encoder[sequence], W_v)
        expected, _ = attention_by_loops(Q, K, V, None if mask is None else mask[sequence])
        assert_allclose(found[sequence], expected, rtol=1e-7, atol=1e-9)


# ---------------------------------------------------------------------------------------------- 06_multi_head


@given(st.data(), BATCHES, SIZES, SIZES, SIZES)
def test_head_i_is_the_ith_block_of_columns_and_merging_undoes_it(data, batch, n, num_heads, d_head):
    X = data.draw(matrices(*batch, n, num_heads * d_head))
    heads = split_heads(X, num_heads)
    assert heads.shape == (*batch, num_heads, n, d_head)
    for *sequence, head, token, column in np.ndindex(heads.shape):
        assert heads[(*sequence, head, token, column)] == X[(*sequence, token, head * d_head + column)]
    assert np.array_equal(merge_heads(heads), X)


@given(st.data(), BATCHES, SIZES, SIZES, SIZES)
def test_merge_heads_puts_head_i_into_the_ith_block_of_columns(data, batch, num_heads, n, d_head):
    heads = data.draw(matrices(*batch, num_heads, n, d_head))
    merged = merge_heads(heads)
    assert merged.shape == (*batch, n, num_heads * d_head)
    for *sequence, head, token, column in np.ndindex(heads.shape):
        assert merged[(*sequence, token, head * d_head + column)] == heads[(*sequence, head, token, column)]


@given(SIZES, st.integers(1, 12), st.integers(1, 12))
def test_heads_that_cannot_share_the_columns_equally_are_refused(n, d, num_heads):
    if d % num_heads:
        with pytest.raises(ValueError, match=rf"{num_heads} heads .* {d} columns"):
            split_heads(np.zeros((n, d)), num_heads)
    else:
        assert split_heads(np.zeros((n, d)), num_heads).shape == (num_heads, n, d // num_heads)


@given(st.data(), BATCHES, SIZES, st.integers(1, 3), st.integers(1, 3))
def test_multi_head_attention_is_the_sum_over_its_heads(data, batch, n, num_heads, d_head):
    d = num_heads * d_head
    X, mask = data.draw(matrices(*batch, n, d)), data.draw(masks(n, n))
    parameters = [data.draw(matrices(*shape)) for shape in [(d, 3 * d), (3 * d,), (d, d), (d,)]]
    found = multi_head_attention(X, *parameters, num_heads, mask)
    assert found.shape == (*batch, n, d)
    for sequence in np.ndindex(batch):
        expected = multi_head_by_loops(X[sequence], *parameters, num_heads, mask)
        assert_allclose(found[sequence], expected, rtol=1e-7, atol=1e-8)


# ---------------------------------------------------------------------------------------------------- PyTorch


@pytest.fixture(scope="module")
def golden() -> dict[str, Array]:
    with np.load(GOLDEN) as file:
        return dict(file)


def group(golden: dict[str, Array], prefix: str, *names: str) -> list[Array]:
    return [golden[f"{prefix}.{name}"] for name in names]


def test_attention_is_the_one_of_pytorch(golden):
    Q, K, V, expected = group(golden, "scaled_dot_product", "Q", "K", "V", "output")
    assert_allclose(scaled_dot_product_attention(Q, K, V)[0], expected, rtol=1e-9, atol=1e-12)


def test_attention_with_a_mask_is_the_one_of_pytorch(golden):
    Q, K, V, mask, expected = group(golden, "scaled_dot_product", "Q", "K", "V", "mask", "masked_output")
    assert not mask.any(axis=-1).all(), "one query may attend to nothing"
    assert_allclose(scaled_dot_product_attention(Q, K, V, mask)[0], expected, rtol=1e-9, atol=1e-12)


def test_attention_with_the_causal_mask_is_the_one_of_pytorch(golden):
    Q, K, V, expected = group(golden, "scaled_dot_product", "causal_Q", "causal_K", "causal_V", "causal_output")
    mask = np.broadcast_to(causal_mask(Q.shape[-2]), (*Q.shape[:-1], K.shape[-2]))
    assert_allclose(scaled_dot_product_attention(Q, K, V, mask)[0], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("masked", [False, True])
def test_multi_head_attention_is_the_one_of_pytorch(golden, masked):
    parameters = group(golden, "multi_head", "X", "W_qkv", "b_qkv", "W_o", "b_o")
    num_heads, mask = int(golden["multi_head.num_heads"]), golden["multi_head.mask"] if masked else None
    expected = golden["multi_head.masked_output" if masked else "multi_head.output"]
    assert_allclose(multi_head_attention(*parameters, num_heads, mask), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("masked", [False, True])
def test_the_weights_of_each_head_are_those_of_pytorch(golden, masked):
    X, W_qkv, b_qkv = group(golden, "multi_head", "X", "W_qkv", "b_qkv")
    num_heads, n = int(golden["multi_head.num_heads"]), X.shape[-2]
    Q, K, V = (split_heads(part, num_heads) for part in np.split(X @ W_qkv + b_qkv, 3, axis=-1))
    mask = np.broadcast_to(golden["multi_head.mask"], (len(X), num_heads, n, n)) if masked else None
    _, weights = scaled_dot_product_attention(Q, K, V, mask)
    expected = golden["multi_head.masked_weights" if masked else "multi_head.weights"]
    assert_allclose(weights, expected, rtol=1e-9, atol=1e-12)


# --------------------------------------------------------------------------------- the example of the lessons


TOKENS = np.array([[1.0, 1.0], [1.0, 0.0]])
W_Q, W_K = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, -1.0]])
W_V = np.array([[2.0, 0.0], [0.0, 1.0]])


def test_the_example_by_numbers_of_attention():
    assert np.array_equal(np.round(self_attention(TOKENS, W_Q, W_K, W_V), 2), [[2, 0.33], [2, 0.5]])
    masked = self_attention(TOKENS, W_Q, W_K, W_V, causal_mask(2))
    assert np.array_equal(np.round(masked, 2), [[2, 1], [2, 0.5]])
    crossed = cross_attention(np.array([[1.0, -1.0]]), TOKENS, W_Q, W_K, W_V)
    assert np.array_equal(np.round(crossed, 2), [[2, 0.67]])


def test_the_example_by_numbers_of_multi_head_attention():
    W_qkv, others = np.hstack([W_Q, W_K, W_V]), (np.zeros(6), np.eye(2), np.zeros(2))
    one_head = multi_head_attention(TOKENS, W_qkv, *others, 1)
    assert np.array_equal(np.round(one_head, 2), [[2, 0.33], [2, 0.5]])
    two_heads = multi_head_attention(TOKENS, W_qkv, *others, 2)
    assert np.array_equal(np.round(two_heads, 2), [[2, 0.12], [2, 0.27]])


def test_the_bias_of_the_keys_has_no_effect():
    rng = np.random.default_rng(seed=0)
    X, W_qkv, W_o = rng.normal(size=(5, 6)), rng.normal(size=(6, 18)), rng.normal(size=(6, 6))
    b_qkv, b_o = rng.normal(size=18), rng.normal(size=6)
    before = multi_head_attention(X, W_qkv, b_qkv, W_o, b_o, 3)
    b_qkv[6:12] = rng.normal(size=6)
    assert_allclose(multi_head_attention(X, W_qkv, b_qkv, W_o, b_o, 3), before, rtol=1e-9)


# ------------------------------------------------------------------------------------------- what holds for all


CALLS = [
    pytest.param(weighted_sum, ((5, 5), (5, 5)), False, id="weighted_sum"),
    pytest.param(scaled_dot_product_attention, ((5, 5), (5, 5), (5, 5)), True, id="scaled_dot_product_attention"),
    pytest.param(self_attention, ((5, 5), (5, 5), (5, 5), (5, 5)), True, id="self_attention"),
    pytest.param(cross_attention, ((5, 5), (5, 5), (5, 5), (5, 5), (5, 5)), True, id="cross_attention"),
    pytest.param(lambda X: split_heads(X, 3), ((6, 6),), False, id="split_heads"),
    pytest.param(merge_heads, ((3, 6, 2),), False, id="merge_heads"),
    pytest.param(
        lambda *arguments: multi_head_attention(*arguments[:5], 3, *arguments[5:]),
        ((6, 6), (6, 18), (18,), (6, 6), (6,)),
        True,
        id="multi_head_attention",
    ),
]


@pytest.mark.parametrize(("function", "shapes", "masked"), CALLS)
def test_inputs_stay_as_they_are(function, shapes, masked):
    rng = np.random.default_rng(seed=0)
    given_arrays = [rng.normal(size=shape) for shape in shapes]
    if masked:
        n = shapes[0][0]
        given_arrays.append(rng.random((n, n)) < 0.5)
    copies = [array.copy() for array in given_arrays]
    function(*given_arrays)
    for array, copy in zip(given_arrays, copies, strict=True):
        assert np.array_equal(array, copy)
