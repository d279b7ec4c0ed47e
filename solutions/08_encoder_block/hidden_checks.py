"""The checks of 08_encoder_block that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from drawn_weights import layer, norm, some_block

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# All sizes of a case differ, so that no axis can stand in for another. The square cases are the exception:
# some mistakes raise an error everywhere else, and can be named only where every shape fits. Eps is large,
# gamma is not 1, beta not 0.


# --------------------------------------------------------------------------------------------- layer_norm


@points(1)
@pytest.mark.parametrize(
    "tokens",
    [
        pytest.param((6, 5), id="six tokens"),
        pytest.param((7, 7), id="as many tokens as they are wide"),
        pytest.param((3, 10, 8), id="a batch"),
        pytest.param((2, 3, 5, 7), id="a batch of batches"),
    ],
)
def test_layer_norm(student, reference, rng, tokens):
    """Every token by itself, with a large eps"""
    X = rng.normal(rng.normal(scale=2, size=(*tokens[:-1], 1)), 1.5, size=tokens)
    assert_matches(student.layer_norm, reference.layer_norm, X, *norm(rng, tokens[-1]), 0.1)


@points(1)
def test_layer_norm_default_eps(student, reference, rng):
    """Tokens whose numbers are nearly equal, with the eps that you have when none is given"""
    X = rng.normal(2, 0.003, size=(6, 5))
    assert_matches(student.layer_norm, reference.layer_norm, X, *norm(rng, 5))


@points(1)
def test_layer_norm_float32(student, reference, rng):
    """One token, as a plain vector, with eps by name; numbers of half the precision, float32"""
    arrays = [each.astype(np.float32) for each in (rng.normal(size=7), *norm(rng, 7))]
    assert_matches(student.layer_norm, reference.layer_norm, *arrays, eps=0.1)


@points(1)
def test_layer_norm_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    assert_no_side_effects(student.layer_norm, rng.normal(size=(6, 6)), *norm(rng, 6))


@points(1)
def test_layer_norm_forgets_level_and_size(student, rng):
    """A token that is shifted, or ten times as large, is normalised to the same"""
    X, (gamma, beta) = rng.normal(size=(5, 8)), norm(rng, 8)
    normed = student.layer_norm(X, gamma, beta, 0.0)
    assert_allclose(student.layer_norm(X + 3, gamma, beta, 0.0), normed, "The level of a token is forgotten.")
    assert_allclose(student.layer_norm(10 * X, gamma, beta, 0.0), normed, "The size of a token is forgotten.")
    pattern = (normed - beta) / gamma
    assert_allclose(np.mean(pattern**2, axis=-1), 1, "Before gamma and beta, the variance of a token is 1.")


# --------------------------------------------------------------------------------------------------- gelu


@points(1)
@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((7,), id="a vector"),
        pytest.param((6, 5), id="a matrix"),
        pytest.param((3, 5, 2), id="a batch"),
        pytest.param((2, 3, 5, 7), id="a batch of batches"),
    ],
)
def test_gelu(student, reference, rng, shape):
    """Numbers around 0"""
    assert_matches(student.gelu, reference.gelu, rng.normal(scale=1.5, size=shape))


@points(1)
def test_gelu_float32(student, reference, rng):
    """Numbers of half the precision, float32"""
    assert_matches(student.gelu, reference.gelu, rng.normal(scale=1.5, size=(5, 6)).astype(np.float32))


@points(1)
def test_gelu_keeps_inputs(student, rng):
    """The array that you are given stays as it is"""
    assert_no_side_effects(student.gelu, rng.normal(size=(5, 6)))


@points(1)
def test_gelu_far_out(student, rng):
    """Far to the right, numbers stay as they are; far to the left, they become 0"""
    far = rng.uniform(10, 1000, size=(3, 5))
    assert_allclose(student.gelu(far), far, "A number beyond 10 passes as it is.")
    assert_allclose(student.gelu(-far), 0, "A number below -10 is held back.")


@points(1)
def test_gelu_of_opposite_numbers(student, rng):
    """gelu(x) - gelu(-x) is x"""
    X = rng.normal(size=(4, 7))
    difference = student.gelu(X) - student.gelu(-X)
    assert_allclose(difference, X, "Φ(x) and Φ(-x) sum to 1, so gelu(x) - gelu(-x) is x.")


# ---------------------------------------------------------------------------------------------------- mlp


@points(1)
@pytest.mark.parametrize(
    ("tokens", "hidden"),
    [
        pytest.param((6, 5), 7, id="six tokens"),
        pytest.param((7, 7), 7, id="as many tokens as all are wide"),
        pytest.param((3, 10, 8), 15, id="a batch"),
        pytest.param((2, 3, 5, 8), 6, id="a batch of batches, fewer hidden columns"),
    ],
)
def test_mlp(student, reference, rng, tokens, hidden):
    """Two layers for every token"""
    layers = *layer(rng, tokens[-1], hidden), *layer(rng, hidden, tokens[-1])
    assert_matches(student.mlp, reference.mlp, rng.normal(size=tokens), *layers)


@points(1)
def test_mlp_float32(student, reference, rng):
    """A single token; numbers of half the precision, float32"""
    arrays = rng.normal(size=(1, 6)), *layer(rng, 6, 11), *layer(rng, 11, 6)
    assert_matches(student.mlp, reference.mlp, *(each.astype(np.float32) for each in arrays))


@points(1)
def test_mlp_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    assert_no_side_effects(student.mlp, rng.normal(size=(6, 6)), *layer(rng, 6, 6), *layer(rng, 6, 6))


@points(1)
def test_mlp_one_by_one(student, rng):
    """A token alone comes out as it does among others"""
    X, layers = rng.normal(size=(7, 5)), (*layer(rng, 5, 12), *layer(rng, 12, 5))
    output, alone = student.mlp(X, *layers), student.mlp(X[2:3], *layers)
    assert output.shape == (7, 5), f"Seven tokens of width 5 keep their shape; yours is {output.shape}."
    assert_allclose(alone, output[2:3], "In the MLP, no token looks at another.")


@points(1)
def test_mlp_gate_wide_open(student, rng):
    """Where the first layer gives large numbers only, the GELU lets them pass: two projections are left"""
    X, (W_1, b_1), (W_2, b_2) = rng.normal(size=(6, 5)), layer(rng, 5, 8), layer(rng, 8, 5)
    output = student.mlp(X, W_1, b_1 + 50, W_2, b_2)
    assert_allclose(output, (X @ W_1 + b_1 + 50) @ W_2 + b_2, "GELU leaves numbers beyond 10 as they are.")


# ------------------------------------------------------------------------------------------ encoder_block


@points(1)
@pytest.mark.parametrize(
    ("tokens", "num_heads", "hidden"),
    [
        pytest.param((7, 15), 3, 10, id="three heads"),
        pytest.param((6, 6), 2, 6, id="as many tokens as all are wide"),
        pytest.param((2, 5, 18), 6, 7, id="a batch"),
        pytest.param((2, 3, 7, 10), 5, 16, id="a batch of batches"),
    ],
)
def test_encoder_block(student, reference, rng, tokens, num_heads, hidden):
    """Two branches, each added to the tokens"""
    X, block = rng.normal(0.5, 1.5, size=tokens), some_block(rng, tokens[-1], hidden)
    assert_matches(student.encoder_block, reference.encoder_block, X, block, num_heads)


@points(1)
def test_encoder_block_float32(student, reference, rng):
    """A single token; numbers of half the precision, float32"""
    X = rng.normal(size=(1, 6)).astype(np.float32)
    block = {name: each.astype(np.float32) for name, each in some_block(rng, 6, 11).items()}
    assert_matches(student.encoder_block, reference.encoder_block, X, block, 3)


@points(1)
def test_encoder_block_keeps_inputs(student, rng):
    """The tokens that you are given stay as they are, and all arrays of the block"""
    assert_no_side_effects(student.encoder_block, rng.normal(size=(6, 6)), some_block(rng, 6, 6), 2)


@points(1)
def test_encoder_block_with_nothing_to_say(student, rng):
    """When both branches give 0, the tokens pass as they are"""
    X, block = rng.normal(1, 2, size=(7, 10)), some_block(rng, 10, 12)
    for name in ("attention.W_o", "attention.b_o", "mlp.W_2", "mlp.b_2"):
        block[name] = np.zeros_like(block[name])
    assert_allclose(student.encoder_block(X, block, 5), X, "Both branches add 0, so the output must be X.")


@points(1)
def test_encoder_block_shuffled(student, rng):
    """Shuffled tokens give the same outputs, shuffled in the same way"""
    X, block, order = rng.normal(size=(6, 10)), some_block(rng, 10, 7), [3, 0, 5, 1, 4, 2]
    output = student.encoder_block(X, block, 2)
    assert output.shape == (6, 10), f"The tokens keep their shape, (6, 10); yours is {output.shape}."
    assert_allclose(student.encoder_block(X[order], block, 2), output[order], "A block knows no order.")


# ---------------------------------------------------------------------------------------------------------
