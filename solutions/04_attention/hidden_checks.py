"""The checks of 04_attention that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# All sizes of a case differ, so that no axis can stand in for another. The square cases are the exception:
# some mistakes raise an error everywhere else, and can be named only where every shape fits. Scores are of
# moderate size: a saturated softmax hides mistakes. No key has the length 4, whose root is also its half.


# ------------------------------------------------------------------------------------------- weighted_sum


@points(1)
@pytest.mark.parametrize(
    ("batch", "n_q", "n_k", "d_v"),
    [
        pytest.param((), 3, 5, 7, id="more keys than queries"),
        pytest.param((), 3, 3, 3, id="as many queries and keys as values are wide"),
        pytest.param((2,), 6, 3, 5, id="a batch; more queries than keys"),
        pytest.param((2, 3), 5, 7, 6, id="a batch of batches"),
    ],
)
def test_weighted_sum(student, reference, rng, batch, n_q, n_k, d_v):
    """Every query gets its own mixture"""
    A, V = some_weights(rng, *batch, n_q, n_k), rng.normal(size=(*batch, n_k, d_v))
    assert_matches(student.weighted_sum, reference.weighted_sum, A, V)


@points(1)
def test_weighted_sum_float32(student, reference, rng):
    """One query; numbers of half the precision, float32"""
    A, V = some_weights(rng, 1, 8).astype(np.float32), rng.normal(size=(8, 3)).astype(np.float32)
    assert_matches(student.weighted_sum, reference.weighted_sum, A, V)


@points(1)
def test_weighted_sum_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    assert_no_side_effects(student.weighted_sum, some_weights(rng, 5, 5), rng.normal(size=(5, 5)))


@points(1)
def test_weighted_sum_picks(student, rng):
    """A weight of 1 picks one value and leaves the others"""
    V, picked = rng.normal(size=(6, 5)), [4, 0, 5]
    output = student.weighted_sum(np.eye(6)[picked], V)
    assert_allclose(output, V[picked], "Where key j has the weight 1, the output is value j.")


@points(1)
def test_weighted_sum_mean(student, rng):
    """Equal weights give the mean of the values, and equal values stay as they are"""
    V = rng.normal(size=(5, 3))
    output = student.weighted_sum(np.full((2, 5), 0.2), V)
    assert_allclose(output, [V.mean(axis=0)] * 2, "Equal weights should give the mean of the values.")
    output = student.weighted_sum(some_weights(rng, 3, 6), np.full((6, 2), 1.5))
    assert_allclose(output, np.full((3, 2), 1.5), "When all values are equal, every mixture is that value.")


# --------------------------------------------------------------------------- scaled_dot_product_attention


@points(1)
@pytest.mark.parametrize(
    ("batch", "n_q", "n_k", "d_k", "d_v", "masked"),
    [
        pytest.param((), 3, 5, 6, 7, False, id="more keys than queries"),
        pytest.param((), 5, 5, 5, 5, True, id="all sizes equal, with a mask"),
        pytest.param((2,), 7, 6, 3, 5, True, id="a batch, each with a mask of its own"),
        pytest.param((2, 3), 5, 7, 8, 6, False, id="a batch of batches"),
    ],
)
def test_scaled_dot_product_attention(student, reference, rng, batch, n_q, n_k, d_k, d_v, masked):
    """Output and weights"""
    arrays = [rng.normal(size=(*batch, *size)) for size in [(n_q, d_k), (n_k, d_k), (n_k, d_v)]]
    if masked:
        arrays.append(some_mask(rng, *batch, n_q, n_k))
    assert_matches(student.scaled_dot_product_attention, reference.scaled_dot_product_attention, *arrays)


@points(1)
def test_scaled_dot_product_attention_float32(student, reference, rng):
    """One query, with the mask by name; numbers of half the precision, float32"""
    arrays = [rng.normal(size=size).astype(np.float32) for size in [(1, 7), (6, 7), (6, 3)]]
    mask = some_mask(rng, 1, 6)
    attention = student.scaled_dot_product_attention
    assert_matches(attention, reference.scaled_dot_product_attention, *arrays, mask=mask)


@points(1)
def test_scaled_dot_product_attention_nothing_to_see(student, reference, rng):
    """A query that may attend to nothing gets weights and output 0"""
    arrays = [rng.normal(size=size) for size in [(5, 3), (7, 3), (7, 6)]]
    mask = some_mask(rng, 5, 7)
    mask[[1, 4]] = False
    attention = student.scaled_dot_product_attention
    assert_matches(attention, reference.scaled_dot_product_attention, *arrays, mask)


@points(1)
def test_scaled_dot_product_attention_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are, the mask too"""
    arrays = [rng.normal(size=(5, 5)) for _ in range(3)]
    assert_no_side_effects(student.scaled_dot_product_attention, *arrays, some_mask(rng, 5, 5))


@points(1)
def test_scaled_dot_product_attention_zero_queries(student, rng):
    """Queries of zeros: the output is the mean of all values that may be seen"""
    K, V = rng.normal(size=(7, 3)), rng.normal(size=(7, 5))
    mask = np.array([[True] * 7, [True, False, True, False, False, True, False]])
    output, weights = student.scaled_dot_product_attention(np.zeros((2, 3)), K, V, mask)
    means = [V.mean(axis=0), V[[0, 2, 5]].mean(axis=0)]
    assert_allclose(weights, mask / [[7], [3]], "All keys that may be seen match equally well.")
    assert_allclose(output, means, "With equal weights, the output is the mean of the values.")


# -------------------------------------------------------------------------------------------- causal_mask


@points(1)
@pytest.mark.parametrize(
    "n",
    [
        pytest.param(1, id="one token"),
        pytest.param(2, id="two tokens"),
        pytest.param(7, id="seven tokens"),
        pytest.param(40, id="forty tokens"),
    ],
)
def test_causal_mask(student, reference, n):
    """Each token sees itself and what stands before it"""
    assert_matches(student.causal_mask, reference.causal_mask, n)


@points(1)
def test_causal_mask_grows(student):
    """A longer sentence begins like a shorter one"""
    long, short = student.causal_mask(9), student.causal_mask(5)
    assert long.shape == (9, 9), f"Nine tokens have a mask of shape (9, 9), and yours is {long.shape}."
    assert_allclose(long[:5, :5], short, "What the first five tokens may see does not depend on the others.")
    assert_allclose(long.sum(axis=1), np.arange(1, 10), "Token number i may see i tokens.")


@points(1)
def test_causal_mask_first_and_last_token(student, reference, rng):
    """In attention: the first token sees only itself, the last one sees all"""
    Q, K, V = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    output, _ = reference.scaled_dot_product_attention(Q, K, V)
    masked, _ = reference.scaled_dot_product_attention(Q, K, V, bools(student.causal_mask(5), 5))
    assert_allclose(masked[0], V[0], "The first token sees only itself, so its output is its own value.")
    assert_allclose(masked[-1], output[-1], "The last token sees all tokens, as without a mask.")


@points(2)
def test_causal_mask_hides_the_future(student, reference, rng):
    """In attention: new words at the end change no output before them"""
    Q, K, V = rng.normal(size=(7, 3)), rng.normal(size=(7, 3)), rng.normal(size=(7, 5))
    mask = bools(student.causal_mask(7), 7)
    before, _ = reference.scaled_dot_product_attention(Q, K, V, mask)
    K[4:], V[4:] = rng.normal(size=(3, 3)), rng.normal(size=(3, 5))
    after, _ = reference.scaled_dot_product_attention(Q, K, V, mask)
    assert_allclose(after[:4], before[:4], "Tokens 5 to 7 are new; the outputs of tokens 1 to 4 must stay.")
    assert np.all(after[4:] != before[4:]), "Tokens 5 to 7 are new, so their own outputs must change."


def bools(mask, n):
    """A student's mask as bools: whether it holds bools is another check's matter."""
    assert mask.shape == (n, n), f"The mask for {n} tokens has the shape {(n, n)}, and yours is {mask.shape}."
    return mask.astype(bool)


def some_weights(rng, *shape):
    """Rows of weights: positive, with the sum 1."""
    return rng.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1])


def some_mask(rng, *shape):
    """A mask in which every query may see some keys, and not all."""
    ranks = rng.random(shape).argsort(axis=-1)
    return ranks < rng.integers(1, shape[-1], size=(*shape[:-1], 1))
