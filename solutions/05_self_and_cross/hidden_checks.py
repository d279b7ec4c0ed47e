"""The checks of 05_self_and_cross that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# All sizes of a case differ, so that no axis can stand in for another. The square cases are the exception:
# some mistakes raise an error everywhere else, and can be named only where every shape fits. Scores are of
# moderate size: a saturated softmax hides mistakes. No key has the length 4, whose root is also its half.


# ----------------------------------------------------------------------------------------- self_attention


@points(1)
@pytest.mark.parametrize(
    ("batch", "n", "d_in", "d_k", "d_v", "masked"),
    [
        pytest.param((), 3, 6, 5, 7, False, id="a sequence"),
        pytest.param((), 5, 5, 5, 5, True, id="as many tokens as all are wide, with a mask"),
        pytest.param((2,), 7, 5, 3, 6, True, id="a batch, each with a mask of its own"),
        pytest.param((2, 3), 5, 8, 7, 6, False, id="a batch of batches"),
    ],
)
def test_self_attention(student, reference, rng, batch, n, d_in, d_k, d_v, masked):
    """A sequence reads itself"""
    arrays = [rng.normal(size=(*batch, n, d_in)), *weights(rng, (d_in, d_k), (d_in, d_k), (d_in, d_v))]
    if masked:
        arrays.append(some_mask(rng, *batch, n, n))
    assert_matches(student.self_attention, reference.self_attention, *arrays)


@points(1)
def test_self_attention_one_token(student, reference, rng):
    """One token alone reads its own value; numbers of half the precision, float32"""
    arrays = [rng.normal(size=(1, 7)), *weights(rng, (7, 3), (7, 3), (7, 5))]
    arrays = [each.astype(np.float32) for each in arrays]
    assert_matches(student.self_attention, reference.self_attention, *arrays)


@points(1)
def test_self_attention_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are, the mask too"""
    arrays = [rng.normal(size=(5, 5)), *weights(rng, (5, 5), (5, 5), (5, 5))]
    assert_no_side_effects(student.self_attention, *arrays, some_mask(rng, 5, 5))


@points(1)
def test_self_attention_shuffled(student, rng):
    """Shuffled tokens give the same outputs, shuffled in the same way"""
    X, W = rng.normal(size=(6, 5)), weights(rng, (5, 3), (5, 3), (5, 2))
    order = [3, 0, 5, 1, 4, 2]
    output = student.self_attention(X, *W)
    assert output.shape == (6, 2), f"Six tokens, values of width 2: (6, 2), and yours is {output.shape}."
    shuffled = student.self_attention(X[order], *W)
    assert_allclose(shuffled, output[order], "Without a mask, attention does not know the order of tokens.")


@points(1)
def test_self_attention_hides_the_future(student, rng):
    """With a causal mask, new words at the end change no output before them"""
    X, W, mask = rng.normal(size=(7, 5)), weights(rng, (5, 3), (5, 3), (5, 6)), np.tri(7, dtype=bool)
    before = student.self_attention(X, *W, mask=mask)
    X[4:] = rng.normal(size=(3, 5))
    after = student.self_attention(X, *W, mask=mask)
    assert_allclose(after[:4], before[:4], "Tokens 5 to 7 are new; the outputs of tokens 1 to 4 must stay.")
    assert np.all(after[4:] != before[4:]), "Tokens 5 to 7 are new, so their own outputs must change."


# ---------------------------------------------------------------------------------------- cross_attention


@points(1)
@pytest.mark.parametrize(
    ("batch", "n_dec", "n_enc", "d_dec", "d_enc", "d_k", "d_v", "masked"),
    [
        pytest.param((), 3, 5, 6, 7, 8, 2, False, id="a longer original"),
        pytest.param((), 5, 5, 5, 5, 5, 5, True, id="all sizes equal, with a mask"),
        pytest.param((), 6, 3, 7, 7, 5, 2, False, id="tokens of one width, a shorter original"),
        pytest.param((2,), 1, 7, 3, 6, 5, 8, False, id="a batch, with one token that asks"),
        pytest.param((2, 3), 7, 5, 8, 6, 9, 1, True, id="a batch of batches, each with a mask of its own"),
    ],
)
def test_cross_attention(student, reference, rng, batch, n_dec, n_enc, d_dec, d_enc, d_k, d_v, masked):
    """One sequence reads another"""
    arrays = [rng.normal(size=(*batch, n_dec, d_dec)), rng.normal(size=(*batch, n_enc, d_enc))]
    arrays += weights(rng, (d_dec, d_k), (d_enc, d_k), (d_enc, d_v))
    if masked:
        arrays.append(some_mask(rng, *batch, n_dec, n_enc))
    assert_matches(student.cross_attention, reference.cross_attention, *arrays)


@points(1)
def test_cross_attention_float32(student, reference, rng):
    """The mask by name; numbers of half the precision, float32"""
    arrays = [rng.normal(size=(2, 5)), rng.normal(size=(7, 3)), *weights(rng, (5, 6), (3, 6), (3, 8))]
    arrays, mask = [each.astype(np.float32) for each in arrays], some_mask(rng, 2, 7)
    assert_matches(student.cross_attention, reference.cross_attention, *arrays, mask=mask)


@points(1)
def test_cross_attention_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are, the mask too"""
    arrays = [rng.normal(size=(5, 5)), rng.normal(size=(5, 5)), *weights(rng, (5, 5), (5, 5), (5, 5))]
    assert_no_side_effects(student.cross_attention, *arrays, some_mask(rng, 5, 5))


@points(1)
def test_cross_attention_or_self_attention(student, reference, rng):
    """The order of the original does not matter; a sequence that reads itself is self-attention"""
    X_decoder, X_encoder = rng.normal(size=(3, 5)), rng.normal(size=(6, 5))
    W = weights(rng, (5, 7), (5, 7), (5, 2))
    output = student.cross_attention(X_decoder, X_encoder, *W)
    turned = student.cross_attention(X_decoder, X_encoder[::-1], *W)
    assert_allclose(turned, output, "The same tokens in another order hand over the same.")
    same = student.cross_attention(X_encoder, X_encoder, *W)
    expected = reference.self_attention(X_encoder, *W)
    assert_allclose(same, expected, "With one sequence on both sides, it must be self-attention.")


def some_mask(rng, *shape):
    """A mask in which every query may see some keys, and not all."""
    ranks = rng.random(shape).argsort(axis=-1)
    return ranks < rng.integers(1, shape[-1], size=(*shape[:-1], 1))


def weights(rng, *shapes):
    """Matrices of weights of a usual size: small, and not symmetric."""
    return [rng.normal(scale=0.4, size=shape) for shape in shapes]
