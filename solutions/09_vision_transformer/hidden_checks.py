"""The checks of 09_vision_transformer that run after handing in: other numbers, other shapes, and laws."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from autograder.checking import assert_allclose, assert_keeps_inputs, assert_matches, points

# All sizes of a case differ, so that no axis can stand in for another. The square cases are the exception:
# some mistakes raise an error everywhere else, and can be named only where every shape fits. Images have
# several channels and are wider than high, or higher than wide; eps is large, gamma is not 1, beta not 0.

DATA = Path(__file__).parent / "data"


# ----------------------------------------------------------------------------------------------- patchify


@points(1)
@pytest.mark.parametrize(
    ("batch", "channels", "height", "width", "patch_size"),
    [
        pytest.param((), 3, 10, 14, 2, id="three channels, a wide image"),
        pytest.param((), 3, 9, 9, 3, id="as many channels as patches and pixels in a row"),
        pytest.param((7,), 2, 15, 12, 3, id="a batch of high images"),
        pytest.param((2, 3), 5, 4, 14, 2, id="a batch of batches"),
    ],
)
def test_patchify(student, reference, rng, batch, channels, height, width, patch_size):
    """Every patch becomes a row"""
    images = rng.normal(size=(*batch, channels, height, width))
    assert_matches(student.patchify, reference.patchify, images, patch_size)


@points(1)
def test_patchify_float32(student, reference, rng):
    """A patch as large as the image, and patches of one pixel; numbers of half the precision, float32"""
    assert_matches(student.patchify, reference.patchify, rng.random((3, 5, 5)).astype(np.float32), 5)
    assert_matches(student.patchify, reference.patchify, rng.random((3, 5, 7)).astype(np.float32), 1)


@points(1)
def test_patchify_keeps_inputs(student, rng):
    """The array that you are given stays as it is"""
    assert_keeps_inputs(student.patchify, rng.normal(size=(3, 6, 6)), 2)


@points(1)
def test_patchify_does_not_fit(student, reference, rng):
    """Patches that cannot cover the image, across or down: a ValueError"""
    assert_matches(student.patchify, reference.patchify, rng.normal(size=(3, 6, 10)), 3)
    assert_matches(student.patchify, reference.patchify, rng.normal(size=(2, 3, 10, 6)), 3)


@points(1)
def test_patchify_one_patch(student, rng):
    """Ink in a single patch appears in a single row"""
    images = np.zeros((2, 3, 6, 10))
    patch = rng.normal(size=(3, 2, 2))
    images[1, :, 2:4, 6:8] = patch  # second row of patches, fourth from the left
    patches = student.patchify(images, 2)
    assert patches.shape == (2, 15, 12), f"Two images have (2, 15, 12) numbers; yours are {patches.shape}."
    assert_allclose(patches[1, 8], patch.ravel(), "Row 2, column 4 of a grid with 5 columns is patch 9.")
    assert_allclose(np.delete(patches[1], 8, axis=0), 0, "Where there is no ink, the patches are 0.")


# ------------------------------------------------------------------------------------------ embed_patches


@points(1)
@pytest.mark.parametrize(
    ("patches", "d"),
    [
        pytest.param((6, 12), 7, id="six patches"),
        pytest.param((9, 9), 9, id="as many patches as they and the tokens are wide"),
        pytest.param((3, 10, 8), 15, id="a batch"),
        pytest.param((2, 3, 5, 12), 6, id="a batch of batches"),
    ],
)
def test_embed_patches(student, reference, rng, patches, d):
    """Every patch becomes a token"""
    arrays = rng.normal(size=patches), *layer(rng, patches[-1], d)
    assert_matches(student.embed_patches, reference.embed_patches, *arrays)


@points(1)
def test_embed_patches_float32(student, reference, rng):
    """A single patch; numbers of half the precision, float32"""
    arrays = [each.astype(np.float32) for each in (rng.normal(size=(1, 12)), *layer(rng, 12, 5))]
    assert_matches(student.embed_patches, reference.embed_patches, *arrays)


@points(1)
def test_embed_patches_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    assert_keeps_inputs(student.embed_patches, rng.normal(size=(6, 6)), *layer(rng, 6, 6))


@points(1)
def test_embed_patches_one_by_one(student, rng):
    """A patch alone becomes the same token as among others"""
    patches, (W, b) = rng.normal(size=(7, 12)), layer(rng, 12, 5)
    tokens = student.embed_patches(patches, W, b)
    alone = student.embed_patches(patches[3:4], W, b)
    assert tokens.shape == (7, 5), f"Seven patches become seven tokens of width 5; yours is {tokens.shape}."
    assert_allclose(alone, tokens[3:4], "Other patches must not change the token of a patch.")


@points(1)
def test_embed_patches_is_a_convolution(student, rng):
    """With `patchify`, it is a convolution whose filters move by their own size"""
    images, (W, b) = rng.normal(size=(2, 3, 9, 6)), layer(rng, 27, 5)
    tokens = student.embed_patches(student.patchify(images, 3), W, b)
    assert_allclose(tokens, strided_convolution(images, W, b, 3), "Each column of W is a filter of 3×3×3.")


def strided_convolution(images, W, b, size):
    """Filters that move over the images in steps of their size; the places in one row, (batch, N, d)."""
    filters = W.T.reshape(len(b), images.shape[1], size, size)
    rows, columns = images.shape[2] // size, images.shape[3] // size
    found = np.zeros((len(images), rows, columns, len(b)))
    for row, column in np.ndindex(rows, columns):
        top, left = row * size, column * size
        under = images[:, :, top : top + size, left : left + size]
        found[:, row, column] = np.einsum("bchw,dchw->bd", under, filters) + b
    return found.reshape(len(images), rows * columns, len(b))


# ---------------------------------------------------------------------------------------- add_class_token


@points(1)
@pytest.mark.parametrize(
    "tokens",
    [
        pytest.param((6, 5), id="six tokens"),
        pytest.param((7, 7), id="as many tokens as they are wide"),
        pytest.param((3, 10, 8), id="a batch"),
        pytest.param((5, 5, 5), id="a batch of as many images as tokens"),
        pytest.param((2, 3, 5, 7), id="a batch of batches"),
    ],
)
def test_add_class_token(student, reference, rng, tokens):
    """Every image gets a class token"""
    arrays = rng.normal(size=tokens), rng.normal(size=tokens[-1])
    assert_matches(student.add_class_token, reference.add_class_token, *arrays)


@points(1)
def test_add_class_token_float32(student, reference, rng):
    """A single token; numbers of half the precision, float32"""
    arrays = [rng.normal(size=size).astype(np.float32) for size in ((1, 6), 6)]
    assert_matches(student.add_class_token, reference.add_class_token, *arrays)


@points(1)
def test_add_class_token_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    assert_keeps_inputs(student.add_class_token, rng.normal(size=(3, 6, 6)), rng.normal(size=6))


@points(1)
def test_add_class_token_same_for_all(student, rng):
    """All images get the same class token, and keep their own tokens"""
    tokens, class_token = rng.normal(size=(3, 5, 6)), rng.normal(size=6)
    result = student.add_class_token(tokens, class_token)
    assert result.shape == (3, 6, 6), f"Five tokens and one: (3, 6, 6), and yours is {result.shape}."
    assert_allclose(result[:, 0], [class_token] * 3, "The first token of every image is the class token.")
    assert_allclose(result[:, 1:], tokens, "Behind it, every image keeps its tokens, in their order.")


# --------------------------------------------------------------------------------- add_position_embedding


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
def test_add_position_embedding(student, reference, rng, tokens):
    """Every token gets its position"""
    arrays = rng.normal(size=tokens), rng.normal(size=tokens[-2:])
    assert_matches(student.add_position_embedding, reference.add_position_embedding, *arrays)


@points(1)
def test_add_position_embedding_float32(student, reference, rng):
    """A class token alone; numbers of half the precision, float32"""
    arrays = [rng.normal(size=(1, 6)).astype(np.float32) for _ in range(2)]
    assert_matches(student.add_position_embedding, reference.add_position_embedding, *arrays)


@points(1)
def test_add_position_embedding_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    assert_keeps_inputs(student.add_position_embedding, rng.normal(size=(7, 5)), rng.normal(size=(7, 5)))


@points(1)
def test_add_position_embedding_tells_places_apart(student, rng):
    """Equal tokens at different places become different, by the difference of their positions"""
    token, position = rng.normal(size=5), rng.normal(size=(7, 5))
    result = student.add_position_embedding(np.tile(token, (7, 1)), position)
    assert result.shape == (7, 5), f"The tokens keep their shape, (7, 5); yours is {result.shape}."
    expected = position - position[0]
    assert_allclose(result - result[0], expected, "Equal tokens differ by their positions only.")


@points(1)
def test_add_position_embedding_same_for_all(student, rng):
    """An image alone gets the same positions as in a batch"""
    tokens, position = rng.normal(size=(3, 7, 5)), rng.normal(size=(7, 5))
    together = student.add_position_embedding(tokens, position)
    alone = student.add_position_embedding(tokens[1], position)
    assert together.shape == (3, 7, 5), f"The tokens keep their shape, (3, 7, 5); yours is {together.shape}."
    assert_allclose(alone, together[1], "The positions are the same for every image.")


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
    assert_keeps_inputs(student.layer_norm, rng.normal(size=(6, 6)), *norm(rng, 6))


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
    assert_keeps_inputs(student.gelu, rng.normal(size=(5, 6)))


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
    assert_keeps_inputs(student.mlp, rng.normal(size=(6, 6)), *layer(rng, 6, 6), *layer(rng, 6, 6))


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
    assert_keeps_inputs(student.encoder_block, rng.normal(size=(6, 6)), some_block(rng, 6, 6), 2)


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


# --------------------------------------------------------------------------------------------- vit_logits


@points(1)
@pytest.mark.parametrize(
    ("images", "patch_size", "d", "num_heads", "hidden", "classes", "depth"),
    [
        pytest.param((3, 4, 10), 2, 6, 3, 14, 5, 2, id="one image with three channels, two blocks"),
        pytest.param((5, 1, 9, 6), 3, 10, 2, 8, 3, 1, id="a batch of high images, one block"),
        pytest.param((2, 3, 2, 6, 8), 2, 15, 5, 7, 4, 3, id="a batch of batches, three blocks"),
    ],
)
def test_vit_logits(student, reference, rng, images, patch_size, d, num_heads, hidden, classes, depth):
    """From pixels to logits"""
    weights = some_weights(rng, images[-3:], patch_size, d, hidden, classes, depth)
    assert_matches(student.vit_logits, reference.vit_logits, rng.normal(size=images), weights, num_heads)


@points(1)
def test_vit_logits_keeps_inputs(student, rng):
    """The images that you are given stay as they are, and all arrays among the weights"""
    weights = some_weights(rng, (3, 6, 6), 2, 9, 9, 4, 2)
    assert_keeps_inputs(student.vit_logits, rng.normal(size=(3, 6, 6)), weights, 3)


@points(1)
def test_vit_logits_of_a_puzzle(student, rng):
    """Shuffled patches: without positions, the logits stay the same; with positions, they change"""
    weights, image = some_weights(rng, (3, 4, 6), 2, 10, 7, 5, 2), rng.normal(size=(3, 4, 6))
    pieces = [image[:, top : top + 2, left : left + 2] for top in (0, 2) for left in (0, 2, 4)]
    puzzle = np.block([[pieces[4], pieces[0], pieces[5]], [pieces[1], pieces[3], pieces[2]]])
    before, after = student.vit_logits(image, weights, 5), student.vit_logits(puzzle, weights, 5)
    assert np.all(before != after), "With positions, it matters where a patch is."
    weights["position"] = np.zeros_like(weights["position"])
    before, after = student.vit_logits(image, weights, 5), student.vit_logits(puzzle, weights, 5)
    assert_allclose(after, before, "Without positions, the order of the patches does not matter.")


@points(1)
def test_vit_logits_of_pytorch(student):
    """Twenty digits: within 0.00001, the logits that PyTorch computes with the trained weights"""
    digits, _, weights, logits = trained()
    found = student.vit_logits(digits[-20:], weights, 4)
    why = "With the same weights, PyTorch gets other logits."
    assert_allclose(found, logits[-20:], why, rtol=0, atol=1e-5)


@points(2)
def test_vit_logits_reads_digits(student):
    """It reads handwriting: of 100 held-out digits, at least 96 are right"""
    digits, labels, weights, _ = trained()
    logits = student.vit_logits(digits[:100], weights, 4)
    assert logits.shape == (100, 10), f"100 digits have (100, 10) logits, and yours are {logits.shape}."
    right = np.sum(logits.argmax(axis=-1) == labels[:100])
    assert right >= 96, f"Of 100 digits, yours reads {right} right; with these weights, 98 are possible."


# ---------------------------------------------------------------------------------------------------------


def layer(rng, d_in, d_out):
    """W and b of a projection: weights that keep the size of the tokens, and biases that are not 0."""
    return rng.normal(scale=d_in**-0.5, size=(d_in, d_out)), rng.normal(scale=0.5, size=d_out)


def norm(rng, d):
    """Gamma and beta: neither 1 and 0 nor near each other."""
    return rng.uniform(0.5, 2, size=d), rng.normal(scale=0.7, size=d)


def some_block(rng, d, hidden):
    """All arrays of an encoder block."""
    names = [
        *(
            "norm_1.gamma",
            "norm_1.beta",
            "attention.W_qkv",
            "attention.b_qkv",
            "attention.W_o",
            "attention.b_o",
        ),
        *("norm_2.gamma", "norm_2.beta", "mlp.W_1", "mlp.b_1", "mlp.W_2", "mlp.b_2"),
    ]
    pairs = (
        norm(rng, d),
        layer(rng, d, 3 * d),
        layer(rng, d, d),
        norm(rng, d),
        layer(rng, d, hidden),
        layer(rng, hidden, d),
    )
    return dict(zip(names, [each for pair in pairs for each in pair], strict=True))


def some_weights(rng, image, patch_size, d, hidden, classes, depth):
    """All arrays of a Vision Transformer for images of the shape (C, H, W); every block has its own."""
    channels, height, width = image
    W, b = layer(rng, channels * patch_size**2, d)
    weights = {"patch.W": W, "patch.b": b, "class_token": rng.normal(size=d)}
    weights["position"] = rng.normal(size=(height // patch_size * (width // patch_size) + 1, d))
    for place in range(depth):
        weights |= {f"blocks.{place}.{name}": each for name, each in some_block(rng, d, hidden).items()}
    weights["norm.gamma"], weights["norm.beta"] = norm(rng, d)
    weights["head.W"], weights["head.b"] = layer(rng, d, classes)
    return weights


@cache
def trained():
    """Held-out digits and what they are, the trained weights, and the logits that PyTorch makes of them."""
    with np.load(DATA / "digits.npz") as file:
        digits, labels = file["test_images"][:, None] / 16, file["test_labels"]
    with np.load(DATA / "weights.npz") as file:
        weights = dict(file)
    with np.load(DATA / "pytorch.npz") as file:
        return digits, labels, weights, file["logits"]
