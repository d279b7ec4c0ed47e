"""The reference solutions of 01 to 03 against SciPy, and against their formulas written out as plain loops."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from autograder.course.loader import load_course
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

Array = NDArray[np.float64]

COURSE = load_course(ROOT / "solutions")


def references(assignment: str, *names: str) -> list[Callable[..., object]]:
    return [COURSE.assignment(assignment).functions[name] for name in names]


project, project_qkv, project_qkv_fused = references("01_projection", "project", "project_qkv", "project_qkv_fused")
attention_scores, scale_scores = references("02_scaled_scores", "attention_scores", "scale_scores")
softmax, softmax_jacobian = references("03_softmax", "softmax", "softmax_jacobian")

SIZES = st.integers(1, 5)
BATCHES = st.lists(st.integers(1, 3), max_size=2).map(tuple)
MODERATE = st.floats(-10, 10)


def matrices(*shape: int, elements: st.SearchStrategy[float] = MODERATE) -> st.SearchStrategy[Array]:
    return arrays(np.float64, shape, elements=elements)


# ------------------------------------------------------------------------------- the formulas, entry by entry


def projection_by_loops(X: Array, W: Array) -> Array:
    """y_j = Σ_i x_i W_ij, for every token."""
    d_in, d_out = W.shape
    Y = np.empty((*X.shape[:-1], d_out))
    for token in np.ndindex(X.shape[:-1]):
        for j in range(d_out):
            Y[(*token, j)] = math.fsum(float(X[(*token, i)]) * float(W[i, j]) for i in range(d_in))
    return Y


def scores_by_loops(Q: Array, K: Array) -> Array:
    """s_ij = Σ_c q_ic k_jc, for every sequence."""
    *batch, n_q, d_k = Q.shape
    n_k = K.shape[-2]
    S = np.empty((*batch, n_q, n_k))
    for *sequence, i, j in np.ndindex(S.shape):
        products = (float(Q[(*sequence, i, c)]) * float(K[(*sequence, j, c)]) for c in range(d_k))
        S[(*sequence, i, j)] = math.fsum(products)
    return S


def jacobian_by_loops(p: Array) -> Array:
    """∂p_i/∂s_j = p_i (1 - p_i) where i = j, and -p_i p_j elsewhere."""
    n = len(p)
    return np.array([[p[i] * (1 - p[i]) if i == j else -p[i] * p[j] for j in range(n)] for i in range(n)])


# ---------------------------------------------------------------------------------------------- 01_projection


@given(st.data(), st.one_of(BATCHES, st.tuples(SIZES, SIZES, SIZES)), SIZES, SIZES)
def test_project_is_the_sum_of_products(data, leading, d_in, d_out):
    X, W = data.draw(matrices(*leading, d_in)), data.draw(matrices(d_in, d_out))
    assert_allclose(project(X, W), projection_by_loops(X, W), rtol=1e-9, atol=1e-9)


@given(st.data(), BATCHES, SIZES, SIZES, SIZES, SIZES)
def test_project_qkv_projects_with_each_weight_in_turn(data, batch, n, d_in, d_k, d_v):
    X = data.draw(matrices(*batch, n, d_in))
    weights = [data.draw(matrices(d_in, width)) for width in (d_k, d_k, d_v)]
    found = project_qkv(X, *weights)
    assert len(found) == 3
    for one, W in zip(found, weights, strict=True):
        assert_allclose(one, projection_by_loops(X, W), rtol=1e-9, atol=1e-9)


@given(st.data(), BATCHES, SIZES, SIZES, SIZES)
def test_project_qkv_fused_takes_its_blocks_from_left_to_right(data, batch, n, d_in, d):
    X, W_qkv = data.draw(matrices(*batch, n, d_in)), data.draw(matrices(d_in, 3 * d))
    found = project_qkv_fused(X, W_qkv)
    assert len(found) == 3
    for place, one in enumerate(found):
        block = np.array([[row[place * d + column] for column in range(d)] for row in W_qkv])
        assert_allclose(one, projection_by_loops(X, block), rtol=1e-9, atol=1e-9)


# ------------------------------------------------------------------------------------------- 02_scaled_scores


@given(st.data(), BATCHES, SIZES, SIZES, SIZES)
def test_attention_scores_are_dot_products(data, batch, n_q, n_k, d_k):
    Q, K = data.draw(matrices(*batch, n_q, d_k)), data.draw(matrices(*batch, n_k, d_k))
    assert_allclose(attention_scores(Q, K), scores_by_loops(Q, K), rtol=1e-9, atol=1e-9)


@given(st.data(), BATCHES, SIZES, SIZES, st.integers(1, 512))
def test_scale_scores_divides_each_score_by_the_root_of_d_k(data, batch, n_q, n_k, d_k):
    S = data.draw(matrices(*batch, n_q, n_k))
    scaled = scale_scores(S, d_k)
    assert scaled.shape == S.shape
    for index in np.ndindex(S.shape):
        assert scaled[index] == pytest.approx(S[index] / math.sqrt(d_k), rel=1e-12, abs=1e-300)


# ------------------------------------------------------------------------------------------------- 03_softmax


@given(st.data(), BATCHES, SIZES, SIZES)
def test_softmax_is_the_one_of_scipy_at_any_level(data, batch, n_q, n_k):
    S = data.draw(matrices(*batch, n_q, n_k, elements=st.floats(-1000, 1000)))
    assert_allclose(softmax(S), scipy.special.softmax(S, axis=-1), rtol=1e-9, atol=1e-300)


@given(arrays(np.float64, SIZES, elements=MODERATE))
def test_softmax_of_one_row_is_its_share_of_the_exponentials(s):
    total = math.fsum(math.exp(score) for score in s)
    assert_allclose(softmax(s), [math.exp(score) / total for score in s], rtol=1e-9)


@given(st.data(), SIZES, SIZES)
def test_a_score_of_minus_infinity_is_as_good_as_no_key(data, n_q, n_k):
    S = data.draw(matrices(n_q, n_k))
    place = data.draw(st.integers(0, n_k))
    weights = softmax(np.insert(S, place, -np.inf, axis=1))
    assert np.all(weights[:, place] == 0)
    assert_allclose(np.delete(weights, place, axis=1), softmax(S), rtol=1e-9)


@given(arrays(np.float64, SIZES, elements=st.floats(-3, 3)))
def test_softmax_jacobian_is_the_formula_and_the_slope_of_softmax(s):
    p = scipy.special.softmax(s)
    J = softmax_jacobian(p)
    assert_allclose(J, jacobian_by_loops(p), rtol=1e-9, atol=1e-12)
    step = 1e-5
    for j, direction in enumerate(np.eye(len(s))):
        change = scipy.special.softmax(s + step * direction) - scipy.special.softmax(s - step * direction)
        assert_allclose(J[:, j], change / (2 * step), rtol=0, atol=1e-8)


# --------------------------------------------------------------------------------- the example of the lessons


def test_the_example_by_numbers_from_tokens_to_weights():
    X = np.array([[1.0, 1.0], [1.0, 0.0]])
    W_q, W_k = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[0.0, 1.0], [1.0, -1.0]])
    Q, K = project(X, W_q), project(X, W_k)
    assert np.array_equal(Q, [[1, 2], [1, 1]])
    assert np.array_equal(K, [[1, 0], [0, 1]])
    scaled = scale_scores(attention_scores(Q, K), 2)
    assert np.array_equal(np.round(scaled, 2), [[0.71, 1.41], [0.71, 0.71]])
    weights = softmax(scaled)
    assert np.array_equal(np.round(weights, 2), [[0.33, 0.67], [0.50, 0.50]])
    assert np.array_equal(np.round(softmax_jacobian(weights[0]), 2), [[0.22, -0.22], [-0.22, 0.22]])


def test_the_example_by_shapes():
    assert project(np.ones((1, 4)), np.ones((4, 3))).shape == (1, 3)
    assert attention_scores(np.ones((3, 5)), np.ones((7, 5))).shape == (3, 7)


# ------------------------------------------------------------------------------------------- what holds for all


CALLS = [
    pytest.param(project, ((5, 5), (5, 5)), id="project"),
    pytest.param(project_qkv, ((5, 5), (5, 5), (5, 5), (5, 5)), id="project_qkv"),
    pytest.param(project_qkv_fused, ((6, 6), (6, 6)), id="project_qkv_fused"),
    pytest.param(attention_scores, ((5, 5), (5, 5)), id="attention_scores"),
    pytest.param(lambda S: scale_scores(S, 7), ((5, 5),), id="scale_scores"),
    pytest.param(softmax, ((5, 5),), id="softmax"),
    pytest.param(softmax_jacobian, ((5,),), id="softmax_jacobian"),
]


@pytest.mark.parametrize(("function", "shapes"), CALLS)
def test_inputs_stay_as_they_are(function, shapes):
    rng = np.random.default_rng(seed=0)
    given_arrays = [rng.normal(size=shape) for shape in shapes]
    copies = [array.copy() for array in given_arrays]
    function(*given_arrays)
    for array, copy in zip(given_arrays, copies, strict=True):
        assert np.array_equal(array, copy)
