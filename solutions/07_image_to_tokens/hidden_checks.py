"""The checks of 07_image_to_tokens that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from drawn_weights import layer

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# All sizes of a case differ, so that no axis can stand in for another. The square cases are the exception:
# some mistakes raise an error everywhere else, and can be named only where every shape fits. Images have
# several channels and are wider than high, or higher than wide.


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
    assert_no_side_effects(student.patchify, rng.normal(size=(3, 6, 6)), 2)


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
    assert_no_side_effects(student.embed_patches, rng.normal(size=(6, 6)), *layer(rng, 6, 6))


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
    assert_no_side_effects(student.add_class_token, rng.normal(size=(3, 6, 6)), rng.normal(size=6))


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
    assert_no_side_effects(student.add_position_embedding, rng.normal(size=(7, 5)), rng.normal(size=(7, 5)))


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


# ---------------------------------------------------------------------------------------------------------
