"""The reference solutions of 07 to 09 against PyTorch, against their formulas as plain loops, and on digits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from autograder.course.loader import load_course
from tests.helpers.formulas import multi_head_by_loops, product_by_loops
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

Array = NDArray[np.float64]

COURSE = load_course(ROOT / "solutions")
CAPSTONE = COURSE.assignment("09_vision_transformer")
DATA = COURSE.assignment("07_image_to_tokens").folder / "data"  # what 08 and 09 read as well
GOLDEN = Path(__file__).with_name("golden") / "vit.npz"
LARGEST_WEIGHTS = 300_000  # bytes


def references(assignment: str, *names: str) -> list[Callable[..., object]]:
    return [COURSE.assignment(assignment).functions[name] for name in names]


patchify, embed_patches, add_class_token, add_position_embedding = references(
    "07_image_to_tokens", "patchify", "embed_patches", "add_class_token", "add_position_embedding"
)
layer_norm, gelu, mlp, encoder_block = references("08_encoder_block", "layer_norm", "gelu", "mlp", "encoder_block")
(vit_logits,) = references("09_vision_transformer", "vit_logits")

SIZES = st.integers(1, 4)
BATCHES = st.lists(st.integers(1, 3), max_size=2).map(tuple)


def matrices(*shape: int) -> st.SearchStrategy[Array]:
    return arrays(np.float64, shape, elements=st.floats(-3, 3))


# ------------------------------------------------------------------------------- the formulas, entry by entry


def patches_by_loops(image: Array, size: int) -> Array:
    """Row r·(W/P) + c holds pixel (r·P + i, c·P + j) of channel k in its column (k·P + i)·P + j; of one image."""
    channels, height, width = image.shape
    columns = width // size
    patches = np.empty(((height // size) * columns, channels * size * size))
    for k, y, x in np.ndindex(image.shape):
        (row, i), (column, j) = divmod(y, size), divmod(x, size)
        patches[row * columns + column, (k * size + i) * size + j] = image[k, y, x]
    return patches


def norm_by_loops(tokens: Array, gamma: Array, beta: Array, eps: float) -> Array:
    """gamma_c (x_c - mean) / √(variance + eps) + beta_c, with each token's own mean and variance; of one sequence."""
    normed = np.empty(tokens.shape)
    for token, x in enumerate(tokens.tolist()):
        mean = math.fsum(x) / len(x)
        variance = math.fsum((each - mean) ** 2 for each in x) / len(x)
        for c, each in enumerate(x):
            normed[token, c] = float(gamma[c]) * (each - mean) / math.sqrt(variance + eps) + float(beta[c])
    return normed


def mlp_by_loops(X: Array, W_1: Array, b_1: Array, W_2: Array, b_2: Array) -> Array:
    hidden = product_by_loops(X, W_1) + b_1
    for place in np.ndindex(hidden.shape):
        x = float(hidden[place])
        hidden[place] = x / 2 * math.erfc(-x / math.sqrt(2))
    return product_by_loops(hidden, W_2) + b_2


def block_by_loops(X: Array, block: Mapping[str, Array], num_heads: int) -> Array:
    """X' = X + attention(norm_1(X)), then X' + mlp(norm_2(X')); of one sequence."""
    attention = [block[f"attention.{name}"] for name in ("W_qkv", "b_qkv", "W_o", "b_o")]
    layers = [block[f"mlp.{name}"] for name in ("W_1", "b_1", "W_2", "b_2")]
    normed = norm_by_loops(X, block["norm_1.gamma"], block["norm_1.beta"], 1e-5)
    middle = X + multi_head_by_loops(normed, *attention, num_heads)
    normed = norm_by_loops(middle, block["norm_2.gamma"], block["norm_2.beta"], 1e-5)
    return middle + mlp_by_loops(normed, *layers)


def logits_by_loops(image: Array, size: int, depth: int, weights: Mapping[str, Array], num_heads: int) -> Array:
    tokens = product_by_loops(patches_by_loops(image, size), weights["patch.W"]) + weights["patch.b"]
    X = np.array([weights["class_token"], *tokens]) + weights["position"]
    for place in range(depth):
        prefix = f"blocks.{place}."
        names = [name for name in weights if name.startswith(prefix)]
        X = block_by_loops(X, {name.removeprefix(prefix): weights[name] for name in names}, num_heads)
    class_token = norm_by_loops(X, weights["norm.gamma"], weights["norm.beta"], 1e-5)[:1]
    return product_by_loops(class_token, weights["head.W"])[0] + weights["head.b"]


def block_shapes(d: int, hidden: int) -> dict[str, tuple[int, ...]]:
    return {
        "norm_1.gamma": (d,),
        "norm_1.beta": (d,),
        "attention.W_qkv": (d, 3 * d),
        "attention.b_qkv": (3 * d,),
        "attention.W_o": (d, d),
        "attention.b_o": (d,),
        "norm_2.gamma": (d,),
        "norm_2.beta": (d,),
        "mlp.W_1": (d, hidden),
        "mlp.b_1": (hidden,),
        "mlp.W_2": (hidden, d),
        "mlp.b_2": (d,),
    }


def drawn(seed: int, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(scale=shape[0] ** -0.5, size=shape) for name, shape in shapes.items()}


# -------------------------------------------------------------------------------------------- images to tokens


@given(st.data(), BATCHES, SIZES, SIZES, SIZES, SIZES)
def test_each_pixel_goes_where_it_belongs(data, batch, channels, rows, columns, size):
    images = data.draw(matrices(*batch, channels, rows * size, columns * size))
    patches = patchify(images, size)
    assert patches.shape == (*batch, rows * columns, channels * size * size)
    for image in np.ndindex(batch):
        assert np.array_equal(patches[image], patches_by_loops(images[image], size))


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 5))
def test_patches_that_cannot_cover_the_image_are_refused(height, width, size):
    if height % size or width % size:
        with pytest.raises(ValueError, match=rf"{size}×{size} .* {height}×{width}"):
            patchify(np.zeros((2, height, width)), size)
    else:
        assert patchify(np.zeros((2, height, width)), size).shape[-1] == 2 * size * size


@given(st.data(), BATCHES, SIZES, SIZES, SIZES)
def test_tokens_of_patches_are_a_projection_with_a_bias(data, batch, n, d_in, d):
    patches = data.draw(matrices(*batch, n, d_in))
    W, b = data.draw(matrices(d_in, d)), data.draw(matrices(d))
    tokens = embed_patches(patches, W, b)
    assert tokens.shape == (*batch, n, d)
    for image in np.ndindex(batch):
        assert_allclose(tokens[image], product_by_loops(patches[image], W) + b, rtol=1e-9, atol=1e-9)


@given(st.data(), BATCHES, SIZES, SIZES)
def test_class_token_comes_first_and_every_token_gets_its_position(data, batch, n, d):
    tokens, class_token = data.draw(matrices(*batch, n, d)), data.draw(matrices(d))
    position = data.draw(matrices(n + 1, d))
    longer = add_class_token(tokens, class_token)
    placed = add_position_embedding(longer, position)
    assert longer.shape == placed.shape == (*batch, n + 1, d)
    for image in np.ndindex(batch):
        rows = [class_token, *tokens[image]]
        assert longer[image].tolist() == [row.tolist() for row in rows]
        assert placed[image].tolist() == [(row + place).tolist() for row, place in zip(rows, position, strict=True)]


# ---------------------------------------------------------------------------------------------- inside a block


@given(st.data(), BATCHES, SIZES, st.integers(2, 5), st.floats(1e-3, 1))
def test_layer_norm_is_its_formula(data, batch, n, d, eps):
    X, gamma, beta = data.draw(matrices(*batch, n, d)), data.draw(matrices(d)), data.draw(matrices(d))
    normed = layer_norm(X, gamma, beta, eps)
    assert normed.shape == X.shape
    for sequence in np.ndindex(batch):
        assert_allclose(normed[sequence], norm_by_loops(X[sequence], gamma, beta, eps), rtol=1e-9, atol=1e-9)


def test_layer_norm_adds_a_hundred_thousandth_when_it_is_not_told_what():
    X, gamma, beta = np.array([[0.0, 0.002, 0.004]]), np.ones(3), np.zeros(3)
    assert np.array_equal(layer_norm(X, gamma, beta), layer_norm(X, gamma, beta, 1e-5))


@given(BATCHES.flatmap(lambda shape: arrays(np.float64, shape, elements=st.floats(-40, 40))))
def test_gelu_is_each_number_times_its_normal_probability(X):
    found = gelu(X)
    assert found.shape == X.shape
    assert_allclose(found, X * scipy.special.ndtr(X), rtol=1e-9, atol=1e-13)


@given(st.data(), BATCHES, SIZES, SIZES, SIZES)
def test_mlp_is_two_layers_with_gelu_between(data, batch, n, d, hidden):
    X = data.draw(matrices(*batch, n, d))
    layers = [data.draw(matrices(*shape)) for shape in [(d, hidden), (hidden,), (hidden, d), (d,)]]
    output = mlp(X, *layers)
    assert output.shape == X.shape
    for sequence in np.ndindex(batch):
        assert_allclose(output[sequence], mlp_by_loops(X[sequence], *layers), rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(st.integers(0, 10**6), BATCHES, SIZES, SIZES, SIZES, SIZES)
def test_a_block_is_two_branches_added_to_the_tokens(seed, batch, n, num_heads, d_head, hidden):
    d = num_heads * d_head
    X = np.random.default_rng(seed).normal(size=(*batch, n, d))
    block = drawn(seed + 1, block_shapes(d, hidden))
    output = encoder_block(X, block, num_heads)
    assert output.shape == X.shape
    for sequence in np.ndindex(batch):
        assert_allclose(output[sequence], block_by_loops(X[sequence], block, num_heads), rtol=1e-7, atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), BATCHES, SIZES, st.integers(1, 2), st.integers(1, 3), st.integers(0, 12), SIZES)
def test_logits_are_read_off_the_class_token(seed, batch, channels, size, num_heads, depth, classes):
    rows, columns, hidden, d = 2, 3, 5, 2 * num_heads
    shapes = {
        "patch.W": (channels * size * size, d),
        "patch.b": (d,),
        "class_token": (d,),
        "position": (rows * columns + 1, d),
        "norm.gamma": (d,),
        "norm.beta": (d,),
        "head.W": (d, classes),
        "head.b": (classes,),
    }
    for place in range(depth):  # more than ten blocks as well: their numbers then differ in length
        shapes |= {f"blocks.{place}.{name}": shape for name, shape in block_shapes(d, hidden).items()}
    weights = drawn(seed, shapes)
    images = np.random.default_rng(seed + 1).normal(size=(*batch, channels, rows * size, columns * size))
    logits = vit_logits(images, weights, num_heads)
    assert logits.shape == (*batch, classes)
    image = tuple(0 for _ in batch)
    expected = logits_by_loops(images[image], size, depth, weights, num_heads)
    assert_allclose(logits[image], expected, rtol=1e-6, atol=1e-8)


# ---------------------------------------------------------------------------------------------------- PyTorch


@pytest.fixture(scope="module")
def golden() -> dict[str, Array]:
    with np.load(GOLDEN) as file:
        return dict(file)


def weights_of(golden: Mapping[str, Array], prefix: str = "weights.") -> dict[str, Array]:
    return {name.removeprefix(prefix): array for name, array in golden.items() if name.startswith(prefix)}


def test_patches_are_those_that_pytorch_unfolds(golden):
    assert np.array_equal(patchify(golden["images"], 2), golden["patches"])


def test_embedded_patches_are_pytorchs_strided_convolution(golden):
    weights = weights_of(golden)
    found = embed_patches(patchify(golden["images"], 2), weights["patch.W"], weights["patch.b"])
    assert_allclose(found, golden["embedded"], rtol=1e-9, atol=1e-12)


def test_layer_norm_is_the_one_of_pytorch_with_a_large_eps(golden):
    found = layer_norm(golden["tokens"], golden["gamma"], golden["beta"], 0.1)
    assert_allclose(found, golden["normed"], rtol=1e-9, atol=1e-12)


def test_gelu_is_the_one_of_pytorch(golden):
    assert_allclose(gelu(golden["tokens"]), golden["activated"], rtol=1e-9, atol=1e-12)


def test_mlp_is_the_one_of_pytorch(golden):
    layers = [golden[f"weights.blocks.0.mlp.{name}"] for name in ("W_1", "b_1", "W_2", "b_2")]
    assert_allclose(mlp(golden["tokens"], *layers), golden["after_mlp"], rtol=1e-9, atol=1e-12)


def test_a_block_is_pytorchs_encoder_layer_with_the_norms_first(golden):
    block = weights_of(golden, "weights.blocks.0.")
    found = encoder_block(golden["tokens"], block, int(golden["num_heads"]))
    assert_allclose(found, golden["after_block"], rtol=1e-9, atol=1e-12)


def test_logits_are_those_of_pytorch(golden):
    found = vit_logits(golden["images"], weights_of(golden), int(golden["num_heads"]))
    assert_allclose(found, golden["logits"], rtol=1e-9, atol=1e-12)


# ---------------------------------------------------------------------------------------- handwritten digits


@pytest.fixture(scope="module")
def digits() -> dict[str, NDArray[np.uint8]]:
    with np.load(DATA / "digits.npz") as file:
        return dict(file)


@pytest.fixture(scope="module")
def weights() -> dict[str, NDArray[np.float32]]:
    with np.load(DATA / "weights.npz") as file:
        return dict(file)


@pytest.fixture(scope="module")
def logits(digits, weights) -> Array:
    found = vit_logits(digits["test_images"][:, None] / 16, weights, 4)
    assert isinstance(found, np.ndarray)
    return found


def test_the_digits_are_those_that_the_readme_describes(digits):
    for part, count in {"train": 1438, "test": 359}.items():
        pixels, labels = digits[f"{part}_images"], digits[f"{part}_labels"]
        assert (pixels.shape, labels.shape) == ((count, 8, 8), (count,))
        assert (pixels.min(), pixels.max()) == (0, 16)
        assert set(labels.tolist()) == set(range(10))


def test_the_weights_are_small_and_have_the_names_of_the_course(weights):
    assert (DATA / "weights.npz").stat().st_size <= LARGEST_WEIGHTS
    assert {array.dtype for array in weights.values()} == {np.dtype(np.float32)}
    count = f"{sum(array.size for array in weights.values()):,}"
    assert count in CAPSTONE.lesson
    assert count in (DATA / "README.md").read_text()
    outside = {name: array.shape for name, array in weights.items() if not name.startswith("blocks.")}
    assert outside == {
        "patch.W": (4, 32),
        "patch.b": (32,),
        "class_token": (32,),
        "position": (17, 32),
        "norm.gamma": (32,),
        "norm.beta": (32,),
        "head.W": (32, 10),
        "head.b": (10,),
    }
    for place in range(2):
        block = weights_of(weights, f"blocks.{place}.")
        assert {name: array.shape for name, array in block.items()} == block_shapes(32, 64)


def test_logits_of_the_held_out_digits_are_those_of_pytorch(logits):
    with np.load(CAPSTONE.folder / "data" / "pytorch.npz") as file:
        assert_allclose(logits, file["logits"], rtol=0, atol=1e-9)


def test_the_held_out_digits_are_read_as_well_as_the_lesson_and_the_readme_say(digits, logits):
    right = int(np.sum(logits.argmax(axis=-1) == digits["test_labels"]))
    assert right / len(logits) >= 0.97
    share = f"{100 * right / len(logits):.1f} %"
    assert f"{right} of {len(logits)}, which is {share}" in CAPSTONE.lesson
    assert f"{right} of the {len(logits)} held-out images right: **{share}**" in (DATA / "README.md").read_text()


def test_without_positions_the_transformer_cannot_tell_an_image_from_its_puzzle(digits, weights):
    images = digits["test_images"][:20, None] / 16
    pieces = [images[..., y : y + 2, x : x + 2] for y in range(0, 8, 2) for x in range(0, 8, 2)]
    order = np.random.default_rng(seed=0).permutation(16).reshape(4, 4)
    puzzles = np.block([[pieces[piece] for piece in row] for row in order])
    blind = {**weights, "position": np.zeros_like(weights["position"])}
    assert_allclose(vit_logits(puzzles, blind, 4), vit_logits(images, blind, 4), rtol=1e-9)
    assert not np.allclose(vit_logits(puzzles, weights, 4), vit_logits(images, weights, 4))


# --------------------------------------------------------------------------------- the examples of the lesson


def test_the_examples_by_numbers():
    patches = patchify(np.arange(1.0, 17.0).reshape(1, 4, 4), 2)
    assert patches.tolist() == [[1, 2, 5, 6], [3, 4, 7, 8], [9, 10, 13, 14], [11, 12, 15, 16]]
    W, b = np.array([[0.25, -1.0], [0.25, 1.0], [0.25, -1.0], [0.25, 1.0]]), np.array([0.0, 0.5])
    assert embed_patches(patches, W, b)[0].tolist() == [3.5, 2.5]
    x = np.array([1.0, 1.0, 5.0, 5.0])
    normed = layer_norm(x, np.array([1.0, 2.0, 1.0, 2.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.round(normed, 2).tolist() == [-1, -2, 2, 3]
    values = np.round(gelu(np.array([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0])), 2)
    assert values.tolist() == [-0.0, -0.05, -0.16, 0.0, 0.84, 1.95, 3.0]
    W_1, W_2 = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([[1.0, 0.0], [1.0, 2.0]])
    output = mlp(np.array([[1.0, 1.0]]), W_1, np.zeros(2), W_2, np.array([0.0, 1.0]))
    assert np.round(output, 2).tolist() == [[1.91, 0.91]]
    block = {name: np.ones(shape) if "gamma" in name else np.zeros(shape) for name, shape in block_shapes(2, 2).items()}
    block |= {"attention.W_qkv": np.hstack([np.eye(2)] * 3), "attention.W_o": np.eye(2)}
    block |= {"mlp.W_1": np.eye(2), "mlp.W_2": np.eye(2)}
    assert np.round(encoder_block(np.array([[1.0, 5.0]]), block, 1), 2).tolist() == [[-0.16, 6.84]]


# ------------------------------------------------------------------------------------------- what holds for all


def test_inputs_stay_as_they_are():
    rng = np.random.default_rng(seed=0)
    square, row = rng.normal(size=(6, 6)), rng.normal(size=6)
    block, images = drawn(0, block_shapes(6, 6)), rng.normal(size=(2, 1, 6, 6))
    outside = {"patch.W": (4, 6), "patch.b": (6,), "class_token": (6,), "position": (10, 6), "head.W": (6, 3)}
    weights = drawn(1, outside | {"head.b": (3,), "norm.gamma": (6,), "norm.beta": (6,)})
    weights |= {f"blocks.0.{name}": array for name, array in block.items()}
    calls = [
        (patchify, images, 2),
        (embed_patches, square, square, row),
        (add_class_token, square, row),
        (add_position_embedding, square, square),
        (layer_norm, square, row, row),
        (gelu, square),
        (mlp, square, square, row, square, row),
        (encoder_block, square, block, 2),
        (vit_logits, images, weights, 3),
    ]
    given_arrays = [square, row, images, *block.values(), *weights.values()]
    copies = [array.copy() for array in given_arrays]
    for function, *arguments in calls:
        function(*arguments)
        for array, copy in zip(given_arrays, copies, strict=True):
            assert np.array_equal(array, copy)
