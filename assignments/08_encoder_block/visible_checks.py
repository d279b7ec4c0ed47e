"""The checks of 08_encoder_block that you can see and run. More of them run after you hand in."""

from pathlib import Path

import numpy as np

from autograder.checking import assert_allclose, points

# Digits and weights lie once, with the first assignment that reads them.
DATA = Path(__file__).parents[1] / "07_image_to_tokens" / "data"


@points(1)
def test_layer_norm_example(student):
    """The example by numbers: (1, 1, 5, 5) becomes (-1, -2, 2, 3)"""
    gamma, beta = np.array([1.0, 2.0, 1.0, 2.0]), np.array([0.0, 0.0, 1.0, 1.0])
    normed = student.layer_norm(np.array([[1.0, 1.0, 5.0, 5.0]]), gamma, beta)
    assert_allclose(normed, [[-1, -2, 2, 3]], "The mean is 3, the variance 4, its root 2.", atol=5e-3)


@points(1)
def test_layer_norm_shapes(student, rng):
    """A batch of two, 5×6: every token gets the mean 0"""
    normed = student.layer_norm(rng.normal(loc=3, size=(2, 5, 6)), np.ones(6), np.zeros(6))
    assert normed.shape == (2, 5, 6), f"The tokens keep their shape, (2, 5, 6); yours is {normed.shape}."
    assert_allclose(normed.mean(axis=-1), 0, "The numbers of each token should have the mean 0.")
    assert_allclose(normed.var(axis=-1), 1, "The numbers of each token should have the variance 1.", rtol=1e-2)


@points(1)
def test_gelu_example(student):
    """The example by numbers: -3, -2, -1, 0, 1, 2, 3"""
    values = student.gelu(np.array([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]))
    expected = [0.00, -0.05, -0.16, 0.00, 0.84, 1.95, 3.00]
    assert_allclose(values, expected, "gelu(1) is 0.84, and gelu(-1) is -0.16.", atol=5e-3)


@points(1)
def test_gelu_shapes(student):
    """A batch of two, 5×6"""
    values = student.gelu(np.ones((2, 5, 6)))
    assert values.shape == (2, 5, 6), f"Every number has its own answer, (2, 5, 6); yours is {values.shape}."
    assert_allclose(values, 0.84, "gelu(1) is 0.84, wherever it stands.", atol=5e-3)


@points(1)
def test_mlp_example(student):
    """The example by numbers: (1, 1) becomes (1.91, 0.91)"""
    first = np.array([[1.0, -1.0], [1.0, -1.0]]), np.zeros(2)
    second = np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([0.0, 1.0])
    output = student.mlp(np.array([[1.0, 1.0]]), *first, *second)
    assert_allclose(output, [[1.91, 0.91]], "Between the layers stands (1.95, -0.05).", atol=5e-3)


@points(1)
def test_mlp_shapes(student):
    """A batch of two, 5×6, with 10 hidden columns"""
    layers = np.ones((6, 10)), np.full(10, 14.0), np.full((10, 6), 0.5), np.full(6, -60.0)
    output = student.mlp(np.ones((2, 5, 6)), *layers)
    assert output.shape == (2, 5, 6), f"The tokens keep their shape, (2, 5, 6); yours is {output.shape}."
    assert_allclose(output, 40.0, "6 + 14 is 20, which GELU lets pass; ten halves of that are 100, and 60 less is 40.")


@points(1)
def test_encoder_block_example(student):
    """The example by numbers: (1, 5) becomes (-0.16, 6.84)"""
    block = {
        "norm_1.gamma": np.ones(2),
        "norm_1.beta": np.zeros(2),
        "attention.W_qkv": np.hstack([np.eye(2)] * 3),
        "attention.b_qkv": np.zeros(6),
        "attention.W_o": np.eye(2),
        "attention.b_o": np.zeros(2),
        "norm_2.gamma": np.ones(2),
        "norm_2.beta": np.zeros(2),
        "mlp.W_1": np.eye(2),
        "mlp.b_1": np.zeros(2),
        "mlp.W_2": np.eye(2),
        "mlp.b_2": np.zeros(2),
    }
    output = student.encoder_block(np.array([[1.0, 5.0]]), block, 1)
    assert_allclose(output, [[-0.16, 6.84]], "In the middle of the block, X' is (0, 6).", atol=5e-3)


@points(1)
def test_encoder_block_shapes(student, rng):
    """The second block of the trained model, with the tokens of five images"""
    with np.load(DATA / "weights.npz") as file:
        block = {name.removeprefix("blocks.1."): file[name] for name in file if name.startswith("blocks.1.")}
    X = rng.normal(size=(5, 17, 32))
    shape = student.encoder_block(X, block, 4).shape
    assert shape == (5, 17, 32), f"The tokens keep their shape, (5, 17, 32); yours is {shape}."
    block |= {"attention.W_o": np.zeros((32, 32)), "attention.b_o": np.full(32, 1.5)}
    block |= {"mlp.W_2": np.zeros_like(block["mlp.W_2"]), "mlp.b_2": np.full(32, 2.0)}
    output = student.encoder_block(X, block, 4)
    assert_allclose(output, X + 3.5, "Where the two branches come to 1.5 and 2, the output is X + 3.5.")
