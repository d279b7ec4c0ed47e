"""The reference solutions of 10 against PyTorch's autograd, slopes, and their formulas written out as plain loops."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from autograder.course.loader import load_course
from tests.helpers.formulas import Array, attention_by_loops, product_by_loops
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

COURSE = load_course(ROOT / "solutions")
GOLDEN = Path(__file__).with_name("golden") / "gradients.npz"

softmax_jacobian = COURSE.assignment("03_softmax").functions["softmax_jacobian"]
QUESTIONS = COURSE.assignment("10_learning").functions
cross_entropy, cross_entropy_gradient = QUESTIONS["cross_entropy"], QUESTIONS["cross_entropy_gradient"]
projection_gradients, softmax_gradient = QUESTIONS["projection_gradients"], QUESTIONS["softmax_gradient"]
attention_gradients, descend = QUESTIONS["attention_gradients"], QUESTIONS["descend"]

SIZES = st.integers(1, 5)
BATCHES = st.lists(st.integers(1, 3), max_size=2).map(tuple)
MODERATE = st.floats(-3, 3)
STEP = 1e-5  # of central differences: they err by about its square, and rounding by some 1e-16 / STEP


def matrices(*shape: int, elements: st.SearchStrategy[float] = MODERATE) -> st.SearchStrategy[Array]:
    return arrays(np.float64, shape, elements=elements)


@st.composite
def examples(draw: st.DrawFn, elements: st.SearchStrategy[float] = MODERATE) -> tuple[Array, Array]:
    """Logits, and the label of each row."""
    n, classes = draw(SIZES), draw(SIZES)
    labels = draw(st.lists(st.integers(0, classes - 1), min_size=n, max_size=n))
    return draw(matrices(n, classes, elements=elements)), np.array(labels)


def slopes(loss: Callable[..., float], parameters: Sequence[Array], number: int) -> Array:
    """How fast a loss of several arrays grows with each entry of one of them."""
    found = np.zeros(parameters[number].shape)
    for place in np.ndindex(found.shape):
        ends = []
        for step in (STEP, -STEP):
            moved = [each.copy() for each in parameters]
            moved[number][place] += step
            ends.append(loss(*moved))
        found[place] = (ends[0] - ends[1]) / (2 * STEP)
    return found


# ------------------------------------------------------------------------------------ the loss and its gradient


@given(examples(st.floats(-1000, 1000)))
def test_cross_entropy_is_the_mean_of_what_scipy_says_at_any_level(example):
    logits, labels = example
    losses = [-scipy.special.log_softmax(row)[label] for row, label in zip(logits, labels, strict=True)]
    assert cross_entropy(logits, labels) == pytest.approx(math.fsum(losses) / len(losses), rel=1e-9, abs=1e-12)


@given(examples())
def test_cross_entropy_is_its_formula(example):
    logits, labels = example
    losses = []
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        losses.append(-math.log(math.exp(row[label]) / math.fsum(map(math.exp, row))))
    assert cross_entropy(logits, labels) == pytest.approx(math.fsum(losses) / len(losses), rel=1e-9, abs=1e-12)


@given(examples())
def test_its_gradient_is_its_formula_and_its_slope(example):
    logits, labels = example
    found = cross_entropy_gradient(logits, labels)
    for i, j in np.ndindex(logits.shape):
        share = math.exp(logits[i, j]) / math.fsum(map(math.exp, logits[i]))
        assert found[i, j] == pytest.approx((share - (labels[i] == j)) / len(labels), rel=1e-9, abs=1e-12)
    expected = slopes(lambda moved: cross_entropy(moved, labels), [logits], 0)
    assert_allclose(found, expected, rtol=0, atol=1e-8)


@given(examples(st.floats(-1000, 1000)))
def test_the_rows_of_the_gradient_sum_to_0_at_any_level(example):
    gradient = cross_entropy_gradient(*example)
    assert np.all(np.isfinite(gradient))
    assert_allclose(gradient.sum(axis=-1), 0, atol=1e-12)


# ------------------------------------------------------------------------------------------- the way back


@given(st.data(), BATCHES, SIZES, SIZES, SIZES)
def test_projection_gradients_are_their_formulas_and_slopes(data, batch, n, d_in, d_out):
    X, W = data.draw(matrices(*batch, n, d_in)), data.draw(matrices(d_in, d_out))
    dY = data.draw(matrices(*batch, n, d_out))
    dX, dW = projection_gradients(X, W, dY)
    total = np.zeros(W.shape)
    for sequence in np.ndindex(batch):
        assert_allclose(dX[sequence], product_by_loops(dY[sequence], W.T), rtol=1e-9, atol=1e-9)
        total += product_by_loops(X[sequence].T, dY[sequence])
    assert_allclose(dW, total, rtol=1e-9, atol=1e-9)
    for number, found in enumerate((dX, dW)):
        expected = slopes(lambda x, w: float(np.sum(x @ w * dY)), [X, W], number)
        assert_allclose(found, expected, rtol=0, atol=1e-7)


@given(st.data(), BATCHES, SIZES, SIZES)
def test_softmax_gradient_is_the_jacobian_of_notebook_3_row_by_row(data, batch, n_q, n_k):
    A = scipy.special.softmax(data.draw(matrices(*batch, n_q, n_k)), axis=-1)
    dA = data.draw(matrices(*batch, n_q, n_k))
    dS = softmax_gradient(A, dA)
    assert dS.shape == A.shape
    for row in np.ndindex(A.shape[:-1]):
        assert_allclose(dS[row], softmax_jacobian(A[row]) @ dA[row], rtol=1e-9, atol=1e-12)


@given(st.data(), SIZES, SIZES, SIZES, SIZES)
def test_attention_gradients_are_slopes_of_its_formula(data, n_q, n_k, d_k, d_v):
    Q, K = data.draw(matrices(n_q, d_k)), data.draw(matrices(n_k, d_k))
    V, dO = data.draw(matrices(n_k, d_v)), data.draw(matrices(n_q, d_v))
    found = attention_gradients(Q, K, V, dO)
    assert len(found) == 3

    def loss(*moved: Array) -> float:
        return float(np.sum(attention_by_loops(*moved)[0] * dO))

    for number, gradient in enumerate(found):
        assert_allclose(gradient, slopes(loss, [Q, K, V], number), rtol=0, atol=1e-6)


@given(st.data(), BATCHES, SIZES, SIZES, SIZES, SIZES)
def test_attention_gradients_of_a_batch_are_those_of_its_members(data, batch, n_q, n_k, d_k, d_v):
    Q, K = data.draw(matrices(*batch, n_q, d_k)), data.draw(matrices(*batch, n_k, d_k))
    V, dO = data.draw(matrices(*batch, n_k, d_v)), data.draw(matrices(*batch, n_q, d_v))
    found = attention_gradients(Q, K, V, dO)
    assert [each.shape for each in found] == [Q.shape, K.shape, V.shape]
    for sequence in np.ndindex(batch):
        alone = attention_gradients(Q[sequence], K[sequence], V[sequence], dO[sequence])
        for one, other in zip(found, alone, strict=True):
            assert_allclose(one[sequence], other, rtol=1e-9, atol=1e-12)


@given(st.data(), st.dictionaries(st.text(), st.lists(SIZES, max_size=3).map(tuple)), MODERATE)
def test_descend_moves_every_array_against_its_own_gradient(data, shapes, rate):
    weights = {name: data.draw(matrices(*shape)) for name, shape in shapes.items()}
    gradients = {name: data.draw(matrices(*shape)) for name, shape in [*shapes.items()][::-1]}
    after = descend(weights, gradients, rate)
    assert after.keys() == weights.keys()
    for name, shape in shapes.items():
        for place in np.ndindex(shape):
            assert after[name][place] == weights[name][place] - rate * gradients[name][place]


# ---------------------------------------------------------------------------------------------------- PyTorch


@pytest.fixture(scope="module")
def golden() -> dict[str, Array]:
    with np.load(GOLDEN) as file:
        return dict(file)


def group(golden: dict[str, Array], prefix: str, *names: str) -> list[Array]:
    return [golden[f"{prefix}.{name}"] for name in names]


@pytest.mark.parametrize("prefix", ["cross_entropy", "far_apart"])
def test_cross_entropy_and_its_gradient_are_those_of_pytorch(golden, prefix):
    logits, labels, loss, gradient = group(golden, prefix, "logits", "labels", "loss", "gradient")
    assert_allclose(cross_entropy(logits, labels), loss, rtol=1e-12)
    assert_allclose(cross_entropy_gradient(logits, labels), gradient, rtol=1e-9, atol=1e-15)


def test_projection_gradients_are_those_of_pytorch(golden):
    X, W, dY, *expected = group(golden, "projection", "X", "W", "dY", "dX", "dW")
    for found, wanted in zip(projection_gradients(X, W, dY), expected, strict=True):
        assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


def test_softmax_gradient_is_the_one_of_pytorch(golden):
    A, dA, dS = group(golden, "softmax", "A", "dA", "dS")
    assert_allclose(softmax_gradient(A, dA), dS, rtol=1e-9, atol=1e-12)


def test_attention_gradients_are_those_of_pytorch(golden):
    Q, K, V, dO, *expected = group(golden, "attention", "Q", "K", "V", "dO", "dQ", "dK", "dV")
    for found, wanted in zip(attention_gradients(Q, K, V, dO), expected, strict=True):
        assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


def test_ten_steps_lead_where_those_of_pytorch_lead(golden):
    """All six together: the loss on the way, and the weights at the end."""
    X, labels, rate, losses = group(golden, "descent", "X", "labels", "rate", "losses")
    names = ("W_q", "W_k", "W_v", "head.W")
    weights = {name: golden[f"descent.before.{name}"] for name in names}
    attention = COURSE.assignment("04_attention").functions["scaled_dot_product_attention"]
    for expected in losses:
        Q, K, V = (X @ weights[name] for name in names[:3])
        output, _ = attention(Q, K, V)
        row = output.reshape(len(X), -1)
        logits = row @ weights["head.W"]
        assert_allclose(cross_entropy(logits, labels), expected, rtol=1e-9)
        d_row, d_head = projection_gradients(row, weights["head.W"], cross_entropy_gradient(logits, labels))
        back = attention_gradients(Q, K, V, d_row.reshape(output.shape))
        gradients = {
            name: projection_gradients(X, weights[name], gradient)[1]
            for name, gradient in zip(names[:3], back, strict=True)
        }
        weights = descend(weights, {**gradients, "head.W": d_head}, float(rate))
    assert losses[-1] < losses[0] / 5
    for name in names:
        assert_allclose(weights[name], golden[f"descent.after.{name}"], rtol=1e-9, atol=1e-12)


# ------------------------------------------------------------------------------------------- what holds for all

SQUARE, LABELS = (5, 5), np.array([0, 3, 3, 1, 4])
CALLS = [
    pytest.param(lambda logits: cross_entropy(logits, LABELS), 1, id="cross_entropy"),
    pytest.param(lambda logits: cross_entropy_gradient(logits, LABELS), 1, id="cross_entropy_gradient"),
    pytest.param(projection_gradients, 3, id="projection_gradients"),
    pytest.param(softmax_gradient, 2, id="softmax_gradient"),
    pytest.param(attention_gradients, 4, id="attention_gradients"),
    pytest.param(lambda W, dW: descend({"W": W}, {"W": dW}, 0.1), 2, id="descend"),
]


@pytest.mark.parametrize(("function", "count"), CALLS)
def test_inputs_stay_as_they_are(function, count):
    rng = np.random.default_rng(seed=0)
    given_arrays = [rng.normal(size=SQUARE) for _ in range(count)]
    copies = [array.copy() for array in given_arrays]
    function(*given_arrays)
    for array, copy in zip(given_arrays, copies, strict=True):
        assert np.array_equal(array, copy)
