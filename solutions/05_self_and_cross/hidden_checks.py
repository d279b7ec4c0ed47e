"""The checks of 05_self_and_cross that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from drawn import hide_rows, lowest_only, mask_of, weights
from strata import SOME, strata

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# ----------------------------------------------------------------------------------------- self_attention


def self_attention_inputs(rng, lead, n, d_in, d_k, d_v, *, mask=""):
    W = weights(rng, d_in, d_k), weights(rng, d_in, d_k), weights(rng, d_in, d_v)
    return rng.normal(size=(*lead, n, d_in)), *W, mask_of(rng, mask, lead, n, n)


@points(1)
@pytest.mark.parametrize("stratum", strata(self_attention_inputs, long={"n": SOME}))
def test_self_attention(student, reference, rng, stratum):
    """A sequence reads itself"""
    stratum.compare(student.self_attention, reference.self_attention, rng)


@points(1)
def test_self_attention_shuffled(student, rng):
    """Shuffled tokens give the same outputs, shuffled in the same way"""
    X, *W, _ = self_attention_inputs(rng, (), 6, 5, 3, 2)
    order = [3, 0, 5, 1, 4, 2]
    output = student.self_attention(X, *W)
    assert output.shape == (6, 2), f"Six tokens, values of width 2: (6, 2), and yours is {output.shape}."
    shuffled = student.self_attention(X[order], *W)
    assert_allclose(shuffled, output[order], "Without a mask, attention does not know the order of tokens.")


@points(1)
def test_self_attention_masks(student, reference, rng):
    """A mask hides what comes later, and all from a token that may attend to nothing, in a batch too"""
    X, *W, _ = self_attention_inputs(rng, (), 7, 5, 3, 6)
    causal = np.tri(7, dtype=bool)
    before = student.self_attention(X, *W, mask=causal)
    X[4:] = rng.normal(size=(3, 5))
    after = student.self_attention(X, *W, mask=causal)
    assert_allclose(after[:4], before[:4], "Tokens 5 to 7 are new; the outputs of tokens 1 to 4 must stay.")
    assert np.all(after[4:] != before[4:]), "Tokens 5 to 7 are new, so their own outputs must change."
    for lead, kind in (((), "own"), ((3,), "shared"), ((2, 3), "own")):
        X, *W, mask = self_attention_inputs(rng, lead, 5, 7, 8, 6, mask=kind)
        assert_matches(student.self_attention, reference.self_attention, X, *W, hide_rows(rng, mask))
    X, W_q, W_k, W_v, _ = self_attention_inputs(rng, (), 7, 5, 8, 3)
    mask = lowest_only(X @ W_q @ (X @ W_k).T)
    tall = 1e6 * X  # no number hides the scores that these tokens have
    assert_matches(student.self_attention, reference.self_attention, tall, W_q, W_k, W_v, mask)


@points(1)
def test_self_attention_side_effects(student, rng):
    """Your inputs, the mask too, and your earlier answers stay as they are; the same call has the same answer"""
    assert_no_side_effects(student.self_attention, *self_attention_inputs(rng, (), 5, 5, 5, 5, mask="own"))


# ---------------------------------------------------------------------------------------- cross_attention


def cross_attention_inputs(rng, lead, n_dec, n_enc, d_dec, d_enc, d_k, d_v, *, mask=""):
    W = weights(rng, d_dec, d_k), weights(rng, d_enc, d_k), weights(rng, d_enc, d_v)
    X_decoder, X_encoder = rng.normal(size=(*lead, n_dec, d_dec)), rng.normal(size=(*lead, n_enc, d_enc))
    return X_decoder, X_encoder, *W, mask_of(rng, mask, lead, n_dec, n_enc)


@points(1)
@pytest.mark.parametrize("stratum", strata(cross_attention_inputs))
def test_cross_attention(student, reference, rng, stratum):
    """One sequence reads another"""
    stratum.compare(student.cross_attention, reference.cross_attention, rng)


@points(1)
def test_cross_attention_or_self_attention(student, reference, rng):
    """The order of the original does not matter; a sequence that reads itself is self-attention"""
    X_decoder, X_encoder, *W, _ = cross_attention_inputs(rng, (), 3, 6, 5, 5, 7, 2)
    output = student.cross_attention(X_decoder, X_encoder, *W)
    turned = student.cross_attention(X_decoder, X_encoder[::-1], *W)
    assert_allclose(turned, output, "The same tokens in another order hand over the same.")
    same = student.cross_attention(X_encoder, X_encoder, *W)
    expected = reference.self_attention(X_encoder, *W)
    assert_allclose(same, expected, "With one sequence on both sides, it must be self-attention.")


@points(1)
def test_cross_attention_masks(student, reference, rng):
    """A mask, by name too: a token that may attend to nothing gets 0, in a batch too"""
    for lead, kind in (((), "own"), ((3,), "shared"), ((2, 3), "own")):
        *arrays, mask = cross_attention_inputs(rng, lead, 5, 7, 2, 3, 8, 6, mask=kind)
        assert_matches(student.cross_attention, reference.cross_attention, *arrays, mask=hide_rows(rng, mask))
    X_decoder, X_encoder, W_q, W_k, W_v, _ = cross_attention_inputs(rng, (), 7, 5, 2, 3, 8, 6)
    mask = lowest_only(X_decoder @ W_q @ (X_encoder @ W_k).T)
    tall = 1e6 * X_decoder, 1e6 * X_encoder
    assert_matches(student.cross_attention, reference.cross_attention, *tall, W_q, W_k, W_v, mask)


@points(1)
def test_cross_attention_side_effects(student, rng):
    """Your inputs, the mask too, and your earlier answers stay as they are; the same call has the same answer"""
    assert_no_side_effects(student.cross_attention, *cross_attention_inputs(rng, (), 5, 5, 5, 5, 5, 5, mask="own"))
