"""The checks of 06_multi_head that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from drawn import hide_rows, layer, mask_of
from strata import FEW_HEADS, MANY_HEADS, SOME, strata

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# -------------------------------------------------------------------------------------------- split_heads


def split_heads_inputs(rng, lead, n, h, d_head):
    return rng.normal(size=(*lead, n, h * d_head)), h


@points(1)
@pytest.mark.parametrize(
    "stratum", strata(split_heads_inputs, few={"h": FEW_HEADS}, long={"h": MANY_HEADS}, apart=True)
)
def test_split_heads(student, reference, rng, stratum):
    """Every head gets its own columns of every token"""
    stratum.compare(student.split_heads, reference.split_heads, rng)


@points(1)
def test_split_heads_unequal_shares(student, reference, rng):
    """Heads that cannot share the columns equally: a ValueError, however many numbers there are"""
    # In each, the heads divide something else: all numbers, the tokens, the batch, or nothing at all.
    for shape, num_heads in (((5, 7), 3), ((6, 7), 3), ((5, 9), 5), ((10, 3, 7), 2), ((2, 5, 6), 8), ((3, 2), 6)):
        X = rng.normal(size=shape)
        assert_matches(student.split_heads, reference.split_heads, X, num_heads, raises=ValueError)


@points(1)
def test_split_heads_side_effects(student, rng):
    """Your input and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.split_heads, *split_heads_inputs(rng, (), 3, 3, 3))


# -------------------------------------------------------------------------------------------- merge_heads


def merge_heads_inputs(rng, lead, h, n, d_head):
    return (rng.normal(size=(*lead, h, n, d_head)),)


@points(1)
@pytest.mark.parametrize(
    "stratum", strata(merge_heads_inputs, few={"h": FEW_HEADS}, long={"h": MANY_HEADS}, apart=True)
)
def test_merge_heads(student, reference, rng, stratum):
    """Every head becomes a block of columns"""
    stratum.compare(student.merge_heads, reference.merge_heads, rng)


@points(1)
def test_merge_heads_undoes_split_heads(student, reference, rng):
    """There and back again, with a right `split_heads`: two mistakes must not cancel each other out"""
    X = rng.normal(size=(2, 7, 15))
    merged = student.merge_heads(reference.split_heads(X, 3))
    assert_allclose(merged, X, "Tokens that were split and merged must be what they were.")


@points(1)
def test_merge_heads_side_effects(student, rng):
    """Your input and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.merge_heads, *merge_heads_inputs(rng, (), 3, 3, 3))


# ----------------------------------------------------------------------------------- multi_head_attention


def multi_head_attention_inputs(rng, lead, n, h, d_head, *, mask=""):
    d = h * d_head
    layers = *layer(rng, d, 3 * d), *layer(rng, d, d)
    return rng.normal(size=(*lead, n, d)), *layers, h, mask_of(rng, mask, (), n, n)


@points(1)
@pytest.mark.parametrize(
    "stratum",
    strata(
        multi_head_attention_inputs,
        sizes=(2, 3, 5, 7),
        few={"h": FEW_HEADS},
        long={"n": SOME, "h": MANY_HEADS, "d_head": None},
    ),
)
def test_multi_head_attention(student, reference, rng, stratum):
    """Several heads, from tokens to the output"""
    stratum.compare(student.multi_head_attention, reference.multi_head_attention, rng)


@points(1)
def test_multi_head_attention_masks(student, reference, rng):
    """A mask hides what comes later, and all from a token that may attend to nothing, in a batch too"""
    X, *arrays, _, _ = multi_head_attention_inputs(rng, (), 7, 5, 2)
    causal = np.tri(7, dtype=bool)
    before = student.multi_head_attention(X, *arrays, 5, causal)
    X[4:] = rng.normal(size=(3, 10))
    after = student.multi_head_attention(X, *arrays, 5, causal)
    assert_allclose(after[:4], before[:4], "Tokens 5 to 7 are new; the outputs of tokens 1 to 4 must stay.")
    assert np.all(after[4:] != before[4:]), "Tokens 5 to 7 are new, so their own outputs must change."
    for lead in ((), (3,), (2, 3)):
        *arguments, mask = multi_head_attention_inputs(rng, lead, 5, 3, 2, mask="own")
        right = reference.multi_head_attention
        assert_matches(student.multi_head_attention, right, *arguments, mask=hide_rows(rng, mask))
    X, *others = arguments
    tall, one_each = 1e6 * X, rng.permutation(np.eye(5, dtype=bool))  # no number hides the scores that these have
    assert_matches(student.multi_head_attention, right, tall, *others, one_each)


@points(1)
def test_multi_head_attention_without_one_head(student, rng):
    """A head without values: before W_o, its own columns are 0, and the others stay"""
    X, W_qkv, b_qkv, *_ = multi_head_attention_inputs(rng, (), 5, 3, 2)
    full = student.multi_head_attention(X, W_qkv, b_qkv, np.eye(6), np.zeros(6), 3)
    assert full.shape == (5, 6), f"The output has the shape of the tokens, (5, 6); yours is {full.shape}."
    W_qkv[:, 14:16], b_qkv[14:16] = 0, 0  # V is the last third, and head 2 its columns 3 and 4
    less = student.multi_head_attention(X, W_qkv, b_qkv, np.eye(6), np.zeros(6), 3)
    assert_allclose(less[:, 2:4], 0, "Head 2 has only zeros to hand over, so its columns must be 0.")
    assert_allclose(less[:, [0, 1, 4, 5]], full[:, [0, 1, 4, 5]], "Heads 1 and 3 must not notice.")
    assert np.all(full[:, 2:4] != 0), "With its values, head 2 must have something in its columns."


@points(1)
def test_multi_head_attention_side_effects(student, rng):
    """Your inputs, the mask too, and your earlier answers stay as they are; the same call has the same answer"""
    arguments = multi_head_attention_inputs(rng, (), 6, 2, 3, mask="own")
    assert_no_side_effects(student.multi_head_attention, *arguments)
