"""The checks of 06_multi_head that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# All sizes of a case differ, so that no axis can stand in for another. The square cases are the exception:
# there a wrong order of axes has the right shape. Scores are of moderate size: a saturated softmax hides
# mistakes.


# -------------------------------------------------------------------------------------------- split_heads


@points(1)
@pytest.mark.parametrize(
    ("batch", "n", "d", "h"),
    [
        pytest.param((), 7, 15, 3, id="three heads"),
        pytest.param((), 3, 9, 3, id="as many heads as tokens, and as wide"),
        pytest.param((), 5, 6, 1, id="one head"),
        pytest.param((2,), 5, 18, 6, id="a batch; more heads than tokens"),
        pytest.param((2, 3), 7, 30, 5, id="a batch of batches"),
    ],
)
def test_split_heads(student, reference, rng, batch, n, d, h):
    """Every head gets its own columns of every token"""
    assert_matches(student.split_heads, reference.split_heads, rng.normal(size=(*batch, n, d)), h)


@points(1)
def test_split_heads_float32(student, reference, rng):
    """One token, with one column for each head; numbers of half the precision, float32"""
    assert_matches(student.split_heads, reference.split_heads, rng.normal(size=(1, 5)).astype(np.float32), 5)


@points(1)
def test_split_heads_keeps_inputs(student, rng):
    """The array that you are given stays as it is"""
    assert_no_side_effects(student.split_heads, rng.normal(size=(3, 9)), 3)


@points(1)
def test_split_heads_unequal_shares(student, reference, rng):
    """Heads that cannot share the columns equally: a ValueError"""
    assert_matches(student.split_heads, reference.split_heads, rng.normal(size=(5, 7)), 3)
    assert_matches(student.split_heads, reference.split_heads, rng.normal(size=(2, 5, 6)), 8)


# -------------------------------------------------------------------------------------------- merge_heads


@points(1)
@pytest.mark.parametrize(
    ("batch", "h", "n", "d_head"),
    [
        pytest.param((), 3, 7, 5, id="three heads"),
        pytest.param((), 3, 3, 3, id="as many heads as tokens, and as wide"),
        pytest.param((), 1, 5, 6, id="one head"),
        pytest.param((2,), 6, 5, 3, id="a batch; more heads than tokens"),
        pytest.param((2, 3), 5, 7, 6, id="a batch of batches"),
    ],
)
def test_merge_heads(student, reference, rng, batch, h, n, d_head):
    """Every head becomes a block of columns"""
    assert_matches(student.merge_heads, reference.merge_heads, rng.normal(size=(*batch, h, n, d_head)))


@points(1)
def test_merge_heads_float32(student, reference, rng):
    """One token, with one column for each head; numbers of half the precision, float32"""
    assert_matches(student.merge_heads, reference.merge_heads, rng.normal(size=(5, 1, 1)).astype(np.float32))


@points(1)
def test_merge_heads_keeps_inputs(student, rng):
    """The array that you are given stays as it is"""
    assert_no_side_effects(student.merge_heads, rng.normal(size=(3, 3, 3)))


@points(1)
def test_merge_heads_undoes_split_heads(student, reference, rng):
    """There and back again, with a right `split_heads`: two mistakes must not cancel each other out"""
    X = rng.normal(size=(2, 7, 15))
    merged = student.merge_heads(reference.split_heads(X, 3))
    assert_allclose(merged, X, "Tokens that were split and merged must be what they were.")


# ----------------------------------------------------------------------------------- multi_head_attention


@points(1)
@pytest.mark.parametrize(
    ("batch", "n", "d", "h", "masked"),
    [
        pytest.param((), 7, 15, 3, False, id="three heads"),
        pytest.param((), 3, 9, 3, True, id="as many heads as tokens, and as wide, with a mask"),
        pytest.param((2,), 5, 18, 6, True, id="a batch, with a mask"),
        pytest.param((2, 3), 7, 30, 5, False, id="a batch of batches"),
    ],
)
def test_multi_head_attention(student, reference, rng, batch, n, d, h, masked):
    """Several heads, from tokens to the output"""
    arguments = [rng.normal(size=(*batch, n, d)), *parameters(rng, d), h]
    if masked:
        arguments.append(some_mask(rng, n))
    assert_matches(student.multi_head_attention, reference.multi_head_attention, *arguments)


@points(1)
def test_multi_head_attention_float32(student, reference, rng):
    """One token, with the mask by name; numbers of half the precision, float32"""
    arrays = [each.astype(np.float32) for each in (rng.normal(size=(1, 6)), *parameters(rng, 6))]
    mask = np.array([[True]])
    assert_matches(student.multi_head_attention, reference.multi_head_attention, *arrays, 3, mask=mask)


@points(1)
def test_multi_head_attention_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are, the mask too"""
    arrays = rng.normal(size=(6, 6)), *parameters(rng, 6)
    assert_no_side_effects(student.multi_head_attention, *arrays, 2, some_mask(rng, 6))


@points(1)
def test_multi_head_attention_hides_the_future(student, rng):
    """With a causal mask, new words at the end change no output before them"""
    X, arrays, mask = rng.normal(size=(7, 10)), parameters(rng, 10), np.tri(7, dtype=bool)
    before = student.multi_head_attention(X, *arrays, 5, mask)
    X[4:] = rng.normal(size=(3, 10))
    after = student.multi_head_attention(X, *arrays, 5, mask)
    assert_allclose(after[:4], before[:4], "Tokens 5 to 7 are new; the outputs of tokens 1 to 4 must stay.")
    assert np.all(after[4:] != before[4:]), "Tokens 5 to 7 are new, so their own outputs must change."


@points(1)
def test_multi_head_attention_without_one_head(student, rng):
    """A head without values: before W_o, its own columns are 0, and the others stay"""
    X, (W_qkv, b_qkv, _, _) = rng.normal(size=(5, 6)), parameters(rng, 6)
    full = student.multi_head_attention(X, W_qkv, b_qkv, np.eye(6), np.zeros(6), 3)
    assert full.shape == (5, 6), f"The output has the shape of the tokens, (5, 6); yours is {full.shape}."
    W_qkv[:, 14:16], b_qkv[14:16] = 0, 0  # V is the last third, and head 2 its columns 3 and 4
    less = student.multi_head_attention(X, W_qkv, b_qkv, np.eye(6), np.zeros(6), 3)
    assert_allclose(less[:, 2:4], 0, "Head 2 has only zeros to hand over, so its columns must be 0.")
    assert_allclose(less[:, [0, 1, 4, 5]], full[:, [0, 1, 4, 5]], "Heads 1 and 3 must not notice.")
    assert np.all(full[:, 2:4] != 0), "With its values, head 2 must have something in its columns."


def parameters(rng, d):
    """W_qkv, b_qkv, W_o and b_o: weights that keep the size of the tokens, and biases that are not 0."""
    W_qkv, W_o = rng.normal(scale=d**-0.5, size=(d, 3 * d)), rng.normal(scale=d**-0.5, size=(d, d))
    return W_qkv, rng.normal(scale=0.5, size=3 * d), W_o, rng.normal(scale=0.5, size=d)


def some_mask(rng, n):
    """A mask in which every token may see some tokens, and not all."""
    ranks = rng.random((n, n)).argsort(axis=-1)
    return ranks < rng.integers(1, n, size=(n, 1))
