"""The checks of 09_vision_transformer that you can see and run. More of them run after you hand in."""

from functools import cache
from pathlib import Path

import numpy as np

from autograder.checking import assert_allclose, points

DATA = Path(__file__).parent / "data"

PATCHES = np.array([[1.0, 2, 5, 6], [3, 4, 7, 8], [9, 10, 13, 14], [11, 12, 15, 16]])
TOKENS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
WITH_CLASS_TOKEN = np.array([[7.0, 8.0], [1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
POSITION = np.array([[0.5, 0.0], [0.0, 0.5], [0.1, 0.2], [0.3, 0.4]])


@points(1)
def test_patchify_example(student):
    """The example by numbers: an image of 4×4 pixels becomes four patches"""
    patches = student.patchify(np.arange(1.0, 17.0).reshape(1, 4, 4), 2)
    assert_allclose(patches, PATCHES, "The first patch has the pixels 1, 2, 5 and 6.", atol=5e-3)


@points(1)
def test_patchify_shapes(student, rng):
    """The examples by shapes: 3×6×10, and a batch of two digits"""
    shape = student.patchify(rng.normal(size=(3, 6, 10)), 2).shape
    assert shape == (15, 12), f"3×6×10 has 15 patches of 3·2·2 numbers, (15, 12); yours is {shape}."
    shape = student.patchify(rng.normal(size=(2, 1, 8, 8)), 2).shape
    assert shape == (2, 16, 4), f"Two digits have 16 patches each, (2, 16, 4); yours is {shape}."


@points(1)
def test_embed_patches_example(student):
    """The example by numbers: four patches, with a mean and a difference for columns"""
    W, b = np.array([[0.25, -1.0], [0.25, 1.0], [0.25, -1.0], [0.25, 1.0]]), np.array([0.0, 0.5])
    tokens = student.embed_patches(PATCHES, W, b)
    expected = [[3.5, 2.5], [5.5, 2.5], [11.5, 2.5], [13.5, 2.5]]
    assert_allclose(tokens, expected, "The first patch becomes (3.5, 2.5).", atol=5e-3)


@points(1)
def test_embed_patches_shapes(student, rng):
    """The example by shapes: two digits with 16 patches of 4 numbers, and tokens of width 32"""
    shape = student.embed_patches(rng.normal(size=(2, 16, 4)), rng.normal(size=(4, 32)), np.ones(32)).shape
    assert shape == (2, 16, 32), f"Each patch becomes a token of width 32, (2, 16, 32); yours is {shape}."


@points(1)
def test_add_class_token_example(student):
    """The example by numbers: (7, 8) in front of three tokens"""
    tokens = student.add_class_token(TOKENS, np.array([7.0, 8.0]))
    assert_allclose(tokens, WITH_CLASS_TOKEN, "The class token is the first row.", atol=5e-3)


@points(1)
def test_add_class_token_shapes(student, rng):
    """The example by shapes: a batch of five, 16×32"""
    shape = student.add_class_token(rng.normal(size=(5, 16, 32)), rng.normal(size=32)).shape
    assert shape == (5, 17, 32), f"Each image gets one row more, (5, 17, 32); yours is {shape}."


@points(1)
def test_add_position_embedding_example(student):
    """The example by numbers: four tokens, each with its own position"""
    tokens = student.add_position_embedding(WITH_CLASS_TOKEN, POSITION)
    expected = [[7.5, 8.0], [1.0, 2.5], [3.1, 4.2], [5.3, 6.4]]
    assert_allclose(tokens, expected, "The class token becomes (7.5, 8).", atol=5e-3)


@points(1)
def test_add_position_embedding_shapes(student, rng):
    """A batch of five, 17×32"""
    shape = student.add_position_embedding(rng.normal(size=(5, 17, 32)), rng.normal(size=(17, 32))).shape
    assert shape == (5, 17, 32), f"The tokens keep their shape, (5, 17, 32); yours is {shape}."


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


@points(1)
def test_gelu_example(student):
    """The example by numbers: -3, -2, -1, 0, 1, 2, 3"""
    values = student.gelu(np.array([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]))
    expected = [0.00, -0.05, -0.16, 0.00, 0.84, 1.95, 3.00]
    assert_allclose(values, expected, "gelu(1) is 0.84, and gelu(-1) is -0.16.", atol=5e-3)


@points(1)
def test_gelu_shapes(student, rng):
    """A batch of two, 5×6"""
    shape = student.gelu(rng.normal(size=(2, 5, 6))).shape
    assert shape == (2, 5, 6), f"Every number has its own answer, (2, 5, 6); yours is {shape}."


@points(1)
def test_mlp_example(student):
    """The example by numbers: (1, 1) becomes (1.91, 0.91)"""
    first = np.array([[1.0, -1.0], [1.0, -1.0]]), np.zeros(2)
    second = np.array([[1.0, 0.0], [1.0, 2.0]]), np.array([0.0, 1.0])
    output = student.mlp(np.array([[1.0, 1.0]]), *first, *second)
    assert_allclose(output, [[1.91, 0.91]], "Between the layers stands (1.95, -0.05).", atol=5e-3)


@points(1)
def test_mlp_shapes(student, rng):
    """A batch of two, 5×6, with 9 hidden columns"""
    layers = rng.normal(size=(6, 9)), rng.normal(size=9), rng.normal(size=(9, 6)), rng.normal(size=6)
    shape = student.mlp(rng.normal(size=(2, 5, 6)), *layers).shape
    assert shape == (2, 5, 6), f"The tokens keep their shape, (2, 5, 6); yours is {shape}."


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
    shape = student.encoder_block(rng.normal(size=(5, 17, 32)), block, 4).shape
    assert shape == (5, 17, 32), f"The tokens keep their shape, (5, 17, 32); yours is {shape}."


@points(1)
def test_vit_logits_shapes(student):
    """The trained model: ten logits for each of three digits, and for one alone"""
    digits, weights, _ = trained()
    shape = student.vit_logits(digits[:3], weights, 4).shape
    assert shape == (3, 10), f"Three digits have ten logits each, (3, 10); yours is {shape}."
    shape = student.vit_logits(digits[0], weights, 4).shape
    assert shape == (10,), f"One digit without a batch has ten logits, (10,); yours is {shape}."


@points(1)
def test_vit_logits_example(student):
    """Three digits: the logits that PyTorch computes with the same weights"""
    digits, weights, logits = trained()
    why = "With the same weights, PyTorch gets other logits."
    assert_allclose(student.vit_logits(digits[:3], weights, 4), logits[:3], why, atol=1e-5)


@cache
def trained():
    """Held-out digits, the trained weights, and the logits that PyTorch makes of them."""
    with np.load(DATA / "digits.npz") as file:
        digits = file["test_images"][:, None] / 16
    with np.load(DATA / "weights.npz") as file:
        weights = dict(file)
    with np.load(DATA / "pytorch.npz") as file:
        return digits, weights, file["logits"]
