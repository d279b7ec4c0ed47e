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
def test_layer_norm_batch(student):
    """Two sentences in one call: every token has a mean and a variance of its own"""
    gamma, beta = np.array([1.0, 2.0, 1.0, 0.5]), np.array([0.0, 1.0, 0.0, -1.0])
    tokens = np.array(
        [[[1.0, 1, 5, 5], [4, 0, 4, 0], [10, 10, 50, 50]], [[-3, 3, 3, -3], [7, 8, 8, 7], [0, 100, 0, 100]]]
    )
    first = [[-1, -1, 1, -0.5], [1, -1, 1, -1.5], [-1, -1, 1, -0.5]]
    second = [[-1, 3, 1, -1.5], [-1, 3, 1, -1.5], [-1, 3, -1, -0.5]]
    why = "Before gamma and beta, all numbers here become 1 or -1, however large the token is."
    assert_allclose(student.layer_norm(tokens, gamma, beta), [first, second], why, atol=5e-3)


@points(1)
def test_layer_norm_eps(student):
    """eps is added to the variance, inside the root, and it is the caller's; a token of equal numbers becomes beta"""
    tokens = np.array([[1.0, 1.0, 5.0, 5.0], [2.0, 2.0, 2.0, 2.0]])
    gamma, beta = np.ones(4), np.array([0.0, 0.0, 1.0, 1.0])
    normed = student.layer_norm(tokens, gamma, beta, eps=12.0)
    why = "The variance of token 1 is 4, and 4 + 12 is 16: its root is 4, and 2 / 4 is 0.5."
    assert_allclose(normed, [[-0.5, -0.5, 1.5, 1.5], [0, 0, 1, 1]], why, atol=5e-3)
    normed = student.layer_norm(tokens, gamma, beta)
    why = "The variance of token 2 is 0; eps, 1e-5 unless given, keeps it from being 0/0."
    assert_allclose(normed, [[-1, -1, 2, 2], [0, 0, 1, 1]], why, atol=5e-3)


@points(1)
def test_gelu_example(student):
    """The example by numbers: -3, -2, -1, 0, 1, 2, 3"""
    values = student.gelu(np.array([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]))
    expected = [0.00, -0.05, -0.16, 0.00, 0.84, 1.95, 3.00]
    assert_allclose(values, expected, "gelu(1) is 0.84, and gelu(-1) is -0.16.", atol=5e-3)


@points(1)
def test_gelu_shapes(student):
    """A batch of two, 5×6"""
    values = student.gelu(np.full((2, 5, 6), 2.0))
    assert values.shape == (2, 5, 6), f"Every number has its own answer, (2, 5, 6); yours is {values.shape}."
    assert_allclose(values, 1.95, "gelu(2) is 1.95, wherever it stands.", atol=5e-3)


@points(1)
def test_gelu_batch(student):
    """A batch of two, and a vector of one number: each number has its own answer, in its own place"""
    values = student.gelu(np.array([[[-1.5, -0.5], [0.5, 1.5]], [[2.5, 0.0], [-2.5, 0.25]]]))
    first, second = [[-0.10, -0.15], [0.35, 1.40]], [[2.48, 0.00], [-0.02, 0.15]]
    assert_allclose(values, [first, second], "gelu(0.5) is 0.35, and gelu(-0.5) is -0.15.", atol=5e-3)
    assert_allclose(student.gelu(np.array([3.5])), [3.50], "gelu(3.5) is 3.50, alone too.", atol=5e-3)


@points(1)
def test_gelu_exact(student):
    """Exactly, with the error function: four decimals of gelu"""
    values = student.gelu(np.array([-2.5, -1.5, -1.0, 1.0, 1.5, 2.5]))
    expected = [-0.0155, -0.1002, -0.1587, 0.8413, 1.3998, 2.4845]
    assert_allclose(
        values, expected, "The approximations of GELU differ in the fourth decimal; erf is exact.", atol=1e-4
    )


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
def test_mlp_batch(student):
    """Two sentences in one call, with biases in both layers"""
    X = np.array([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [2.0, -1.0]]])
    first = np.array([[1.0, -1.0, 0.0], [0.0, 1.0, 1.0]]), np.array([0.0, 0.5, -1.0])
    second = np.array([[1.0, 2.0], [0.0, 4.0], [-2.0, 1.0]]), np.array([0.5, -1.0])
    output = student.mlp(X, *first, *second)
    expected = [[[1.66, -0.09], [0.50, 4.60]], [[1.34, 2.07], [2.55, 2.80]]]
    assert_allclose(output, expected, "Token 1 of sentence 1 has (1, -0.5, -1) in front of the GELU.", atol=5e-3)


@points(1)
def test_mlp_exact(student):
    """Exactly: four decimals, for a GELU with the error function; a token may have a single number"""
    first, second = (np.array([[2.0, 1.0]]), np.array([0.0, -2.0])), (np.array([[1.0], [1.0]]), np.array([1.0]))
    output = student.mlp(np.array([[1.0], [-0.5]]), *first, *second)
    expected = [[2.7958], [0.8258]]
    assert_allclose(output, expected, "Token 1 has (2, -1) in front of the GELU, token 2 (-1, -2.5).", atol=1e-4)


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


@points(1)
def test_encoder_block_batch(student):
    """Two sentences in one call, with two heads, and with norms that differ"""
    X = np.array([[[1.0, 1.0, 5.0, 5.0], [4.0, 0.0, 0.0, 4.0]], [[0.0, 2.0, 2.0, 0.0], [1.0, 3.0, 0.0, 0.0]]])
    output = student.encoder_block(X, small_block(), 2)
    first = [[0.76, -0.04, 7.67, 8.40], [5.81, -1.06, -2.14, 7.48]]
    second = [[-0.17, 3.20, 4.99, -1.16], [1.50, 4.88, -1.73, -0.75]]
    assert_allclose(output, [first, second], "Each sentence reads itself; norm_1 comes first, then norm_2.", atol=5e-3)


@points(1)
def test_encoder_block_second_branch(student):
    """The second branch starts from X', the result of the first, and has a norm of its own"""
    block = small_block() | {"attention.W_o": np.zeros((4, 4)), "attention.b_o": np.array([4.0, 4.0, -4.0, -4.0])}
    block |= {"mlp.b_1": np.full(4, 20.0), "mlp.b_2": np.full(4, -20.0)}  # GELU lets numbers near 20 pass as they are
    output = student.encoder_block(np.array([[1.0, 1.0, 5.0, 5.0]]), block, 2)
    why = "X' is (5, 5, 1, 1); norm_2 makes (1.5, 0, -1, -0.5) of it, which this MLP adds to X' as it is."
    assert_allclose(output, [[6.5, 5, 0, 0.5]], why, atol=5e-3)


def small_block():
    """A block of width 4 whose projections are identities, with two norms that differ."""
    return {
        "norm_1.gamma": np.array([1.0, 1.0, 2.0, 2.0]),
        "norm_1.beta": np.array([0.0, 0.0, 0.0, 1.0]),
        "attention.W_qkv": np.hstack([np.eye(4)] * 3),
        "attention.b_qkv": np.zeros(12),
        "attention.W_o": np.eye(4),
        "attention.b_o": np.zeros(4),
        "norm_2.gamma": np.array([0.5, 1.0, 1.0, 0.5]),
        "norm_2.beta": np.array([1.0, -1.0, 0.0, 0.0]),
        "mlp.W_1": np.eye(4),
        "mlp.b_1": np.zeros(4),
        "mlp.W_2": np.eye(4),
        "mlp.b_2": np.zeros(4),
    }
