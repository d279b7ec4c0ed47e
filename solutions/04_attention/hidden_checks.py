"""The checks of 04_attention that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from drawn import hide_rows, mask_of, some_weights
from strata import SOME, strata

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# Scores are of moderate size, unless a check is about what a mask hides: a saturated softmax hides mistakes.

# ------------------------------------------------------------------------------------------- weighted_sum


def weighted_sum_inputs(rng, lead, n_q, n_k, d_v):
    return some_weights(rng, *lead, n_q, n_k), rng.normal(size=(*lead, n_k, d_v))


@points(1)
@pytest.mark.parametrize("stratum", strata(weighted_sum_inputs, negative=False))
def test_weighted_sum(student, reference, rng, stratum):
    """Every query gets its own mixture"""
    stratum.compare(student.weighted_sum, reference.weighted_sum, rng)


@points(1)
def test_weighted_sum_picks(student, reference, rng):
    """A weight of 1 picks one value and leaves the others; a query without any weight gets nothing"""
    V, picked = rng.normal(size=(6, 5)), [4, 0, 5]
    output = student.weighted_sum(np.eye(6)[picked], V)
    assert_allclose(output, V[picked], "Where key j has the weight 1, the output is value j.")
    A = some_weights(rng, 3, 6)
    A[1] = 0
    assert_matches(student.weighted_sum, reference.weighted_sum, A, V)


@points(1)
def test_weighted_sum_mean(student, rng):
    """Equal weights give the mean of the values, and equal values stay as they are"""
    V = rng.normal(size=(5, 3))
    output = student.weighted_sum(np.full((2, 5), 0.2), V)
    assert_allclose(output, [V.mean(axis=0)] * 2, "Equal weights should give the mean of the values.")
    output = student.weighted_sum(some_weights(rng, 40, 6), np.full((6, 2), 1.5))
    assert_allclose(output, np.full((40, 2), 1.5), "When all values are equal, every mixture is that value.")


@points(1)
def test_weighted_sum_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.weighted_sum, *weighted_sum_inputs(rng, (), 5, 5, 5))


# --------------------------------------------------------------------------- scaled_dot_product_attention


def attention_inputs(rng, lead, n_q, n_k, d_k, d_v, *, mask=""):
    Q, K = (rng.uniform(-1.5, 1.5, size=(*lead, n, d_k)) for n in (n_q, n_k))
    V = rng.normal(size=(*lead, n_k, d_v))
    return Q, K, V, mask_of(rng, mask, lead, n_q, n_k)


@points(1)
@pytest.mark.parametrize("stratum", strata(attention_inputs))
def test_scaled_dot_product_attention(student, reference, rng, stratum):
    """Output and weights"""
    stratum.compare(student.scaled_dot_product_attention, reference.scaled_dot_product_attention, rng)


@points(1)
def test_scaled_dot_product_attention_masks(student, reference, rng):
    """A mask hides whatever the scores are, and all from a query that may attend to nothing"""
    attention, right = student.scaled_dot_product_attention, reference.scaled_dot_product_attention
    for lead, kind in (((), "own"), ((3,), "shared"), ((2, 3), "own")):
        Q, K, V, mask = attention_inputs(rng, lead, 5, 7, 3, 6, mask=kind)
        assert_matches(attention, right, Q, K, V, mask=hide_rows(rng, mask))
    assert_matches(attention, right, Q, K, V, np.zeros((5, 7), dtype=bool))
    # What is hidden stands far above what is seen, here by some 30, some 3000 and some 10 to the power of 12.
    for size in (3.0, 30.0, 1e6):
        Q, K = size * rng.uniform(1, 2, size=(5, 3)), -size * rng.uniform(1, 2, size=(7, 3))
        K[[1, 4]] *= -1
        K[[0, 2, 3, 5, 6]] = K[0]  # those that may be seen are all alike, so that each gets its share
        mask = np.ones((5, 7), dtype=bool)
        mask[:, [1, 4]], mask[3, 5:] = False, False
        if size == 1e6:  # so far out, shares of several keys would be lost to rounding in some right ways to compute
            mask[:, 1:] = False
        assert_matches(attention, right, Q, K, V[0, 0], mask)
    assert_matches(attention, right, *attention_inputs(rng, (2,), 5, 7, 3, 6, mask="own"))


@points(1)
def test_scaled_dot_product_attention_zero_queries(student, rng):
    """Queries of zeros: the output is the mean of all values that may be seen"""
    K, V = rng.normal(size=(7, 3)), rng.normal(size=(7, 5))
    mask = np.array([[True] * 7, [True, False, True, False, False, True, False]])
    output, weights = student.scaled_dot_product_attention(np.zeros((2, 3)), K, V, mask)
    means = [V.mean(axis=0), V[[0, 2, 5]].mean(axis=0)]
    assert_allclose(weights, mask / [[7], [3]], "All keys that may be seen match equally well.")
    assert_allclose(output, means, "With equal weights, the output is the mean of the values.")


@points(1)
def test_scaled_dot_product_attention_side_effects(student, rng):
    """Your inputs, the mask too, and your earlier answers stay as they are; the same call has the same answer"""
    Q, K, V, mask = attention_inputs(rng, (), 5, 5, 5, 5, mask="own")
    assert_no_side_effects(student.scaled_dot_product_attention, Q, K, V, mask)


# -------------------------------------------------------------------------------------------- causal_mask


@points(1)
@pytest.mark.parametrize(
    "lengths",
    [
        pytest.param([(1, 2), (2, 3)], id="one token, and two"),
        pytest.param([(5, 10)], id="a few tokens"),
        pytest.param([SOME, (260, 265)], id="more than 40, and more than 256"),
    ],
)
def test_causal_mask(student, reference, rng, lengths):
    """Each token sees itself and what stands before it"""
    for low, high in lengths:
        assert_matches(student.causal_mask, reference.causal_mask, int(rng.integers(low, high)))


@points(1)
def test_causal_mask_grows(student, reference, rng):
    """A longer sentence begins like a shorter one; the first token sees only itself, the last one all"""
    long, short = student.causal_mask(9), student.causal_mask(5)
    assert long.shape == (9, 9), f"Nine tokens have a mask of shape (9, 9), and yours is {long.shape}."
    assert_allclose(long[:5, :5], short, "What the first five tokens may see does not depend on the others.")
    assert_allclose(long.sum(axis=1), np.arange(1, 10), "Token number i may see i tokens.")
    Q, K, V, _ = attention_inputs(rng, (), 5, 5, 3, 2)
    output, _ = reference.scaled_dot_product_attention(Q, K, V)
    masked, _ = reference.scaled_dot_product_attention(Q, K, V, short.astype(bool))
    assert_allclose(masked[0], V[0], "The first token sees only itself, so its output is its own value.")
    assert_allclose(masked[-1], output[-1], "The last token sees all tokens, as without a mask.")


@points(3)
def test_causal_mask_hides_the_future(student, reference, rng):
    """In attention: new words at the end change no output before them"""
    Q, K, V, _ = attention_inputs(rng, (), 7, 7, 3, 5)
    mask = student.causal_mask(7)
    assert mask.shape == (7, 7), f"The mask for 7 tokens has the shape (7, 7), and yours is {mask.shape}."
    mask = mask.astype(bool)  # whether it holds bools is another check's matter
    before, _ = reference.scaled_dot_product_attention(Q, K, V, mask)
    K[4:], V[4:] = rng.normal(size=(3, 3)), rng.normal(size=(3, 5))
    after, _ = reference.scaled_dot_product_attention(Q, K, V, mask)
    assert_allclose(after[:4], before[:4], "Tokens 5 to 7 are new; the outputs of tokens 1 to 4 must stay.")
    assert np.all(after[4:] != before[4:]), "Tokens 5 to 7 are new, so their own outputs must change."


@points(1)
def test_causal_mask_side_effects(student):
    """Your earlier masks stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.causal_mask, 3)
