"""The checks of 08_encoder_block that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from drawn import layer, norm, some_block
from strata import FEW_HEADS, MANY_HEADS, SOME, strata

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# Eps is large, gamma is not 1, beta not 0.

# --------------------------------------------------------------------------------------------- layer_norm


def layer_norm_inputs(rng, lead, n, d):
    X = rng.normal(rng.normal(scale=2, size=(*lead, n, 1)), 1.5, size=(*lead, n, d))
    return X, *norm(rng, d), 0.1


@points(1)
@pytest.mark.parametrize("stratum", strata(layer_norm_inputs))
def test_layer_norm(student, reference, rng, stratum):
    """Every token by itself, with a large eps"""
    stratum.compare(student.layer_norm, reference.layer_norm, rng)


@points(1)
def test_layer_norm_default_eps(student, reference, rng):
    """Tokens whose numbers are nearly equal, or equal, with the eps that you have when none is given"""
    X, *gamma_beta, _ = layer_norm_inputs(rng, (), 6, 5)
    nearly_equal = 2 + 0.002 * X
    assert_matches(student.layer_norm, reference.layer_norm, nearly_equal, *gamma_beta)
    assert_matches(student.layer_norm, reference.layer_norm, np.stack([nearly_equal] * 3), *gamma_beta)
    nearly_equal[[1, 4]] = np.zeros(5), np.full(5, 3.0)
    assert_matches(student.layer_norm, reference.layer_norm, nearly_equal, *gamma_beta)
    assert_matches(student.layer_norm, reference.layer_norm, X[0], *gamma_beta, eps=0.01)
    assert_matches(student.layer_norm, reference.layer_norm, 1e4 + 300 * X, *gamma_beta, eps=0.01)


@points(1)
def test_layer_norm_forgets_level_and_size(student, rng):
    """A token that is shifted, or ten times as large, is normalised to the same"""
    X, (gamma, beta) = rng.normal(size=(5, 8)), norm(rng, 8)
    normed = student.layer_norm(X, gamma, beta, 0.0)
    assert_allclose(student.layer_norm(X + 3, gamma, beta, 0.0), normed, "The level of a token is forgotten.")
    assert_allclose(student.layer_norm(10 * X, gamma, beta, 0.0), normed, "The size of a token is forgotten.")
    pattern = (normed - beta) / gamma
    assert_allclose(np.mean(pattern**2, axis=-1), 1, "Before gamma and beta, the variance of a token is 1.")


@points(1)
def test_layer_norm_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.layer_norm, *layer_norm_inputs(rng, (), 6, 6))


# --------------------------------------------------------------------------------------------------- gelu


def gelu_inputs(rng, lead, n, d):
    return (rng.normal(scale=1.5, size=(*lead, n, d)),)


@points(1)
@pytest.mark.parametrize("stratum", strata(gelu_inputs))
def test_gelu(student, reference, rng, stratum):
    """Numbers around 0"""
    stratum.compare(student.gelu, reference.gelu, rng)


@points(1)
def test_gelu_far_out(student, reference, rng):
    """Far to the right, numbers stay as they are; far to the left, they become 0; and 0 stays 0"""
    far = rng.uniform(10, 1000, size=(3, 5))
    assert_allclose(student.gelu(far), far, "A number beyond 10 passes as it is.")
    assert_allclose(student.gelu(-far), 0, "A number below -10 is held back.")
    for first in (-200.0, 0.0, 3.0):  # what comes first decides the type of `np.vectorize`
        assert_matches(student.gelu, reference.gelu, np.array([first, *rng.normal(size=4), 0.0, 120.0, -120.0]))


@points(1)
def test_gelu_of_opposite_numbers(student, rng):
    """gelu(x) - gelu(-x) is x"""
    X = rng.normal(size=(4, 7))
    difference = student.gelu(X) - student.gelu(-X)
    assert_allclose(difference, X, "Φ(x) and Φ(-x) sum to 1, so gelu(x) - gelu(-x) is x.")


@points(1)
def test_gelu_side_effects(student, rng):
    """Your input and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.gelu, *gelu_inputs(rng, (), 5, 6))


# ---------------------------------------------------------------------------------------------------- mlp


def mlp_inputs(rng, lead, n, d, hidden):
    return rng.normal(size=(*lead, n, d)), *layer(rng, d, hidden), *layer(rng, hidden, d)


@points(1)
@pytest.mark.parametrize("stratum", strata(mlp_inputs, long={"n": SOME}))
def test_mlp(student, reference, rng, stratum):
    """Two layers for every token"""
    stratum.compare(student.mlp, reference.mlp, rng)


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


@points(1)
def test_mlp_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.mlp, *mlp_inputs(rng, (), 6, 6, 6))


# ------------------------------------------------------------------------------------------ encoder_block


def encoder_block_inputs(rng, lead, n, h, d_head, hidden):
    d = h * d_head
    return rng.normal(0.5, 1.5, size=(*lead, n, d)), some_block(rng, d, hidden), h


@points(1)
@pytest.mark.parametrize(
    "stratum",
    strata(
        encoder_block_inputs,
        sizes=(2, 3, 5, 7, 11),
        few={"h": FEW_HEADS},
        long={"n": SOME, "h": MANY_HEADS, "d_head": None},
    ),
)
def test_encoder_block(student, reference, rng, stratum):
    """Two branches, each added to the tokens"""
    stratum.compare(student.encoder_block, reference.encoder_block, rng)


@points(1)
def test_encoder_block_with_nothing_to_say(student, rng):
    """When both branches give 0, the tokens pass as they are"""
    X, block = rng.normal(1, 2, size=(7, 10)), some_block(rng, 10, 12)
    for name in ("attention.W_o", "attention.b_o", "mlp.W_2", "mlp.b_2"):
        block[name] = np.zeros_like(block[name])
    assert_allclose(student.encoder_block(X, block, 5), X, "Both branches add 0, so the output must be X.")
    block["attention.b_o"], block["mlp.b_2"] = rng.normal(size=(2, 10))
    output = student.encoder_block(X, block, 5)
    expected = X + block["attention.b_o"] + block["mlp.b_2"]
    assert_allclose(output, expected, "Where the branches come to their last biases, these are added to X.")


@points(1)
def test_encoder_block_shuffled(student, rng):
    """Shuffled tokens give the same outputs, shuffled in the same way"""
    X, block, order = rng.normal(size=(6, 10)), some_block(rng, 10, 7), [3, 0, 5, 1, 4, 2]
    output = student.encoder_block(X, block, 2)
    assert output.shape == (6, 10), f"The tokens keep their shape, (6, 10); yours is {output.shape}."
    assert_allclose(student.encoder_block(X[order], block, 2), output[order], "A block knows no order.")


@points(1)
def test_encoder_block_side_effects(student, rng):
    """Your inputs, the block too, and your earlier answers stay as they are; the same call has the same answer"""
    assert_no_side_effects(student.encoder_block, *encoder_block_inputs(rng, (), 6, 2, 3, 6))
