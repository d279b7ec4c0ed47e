"""The checks of 07_image_to_tokens that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from drawn import layer
from strata import SOME, strata

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# ----------------------------------------------------------------------------------------------- patchify


def patchify_inputs(rng, lead, channels, rows, columns, patch_size):
    return rng.normal(size=(*lead, channels, rows * patch_size, columns * patch_size)), patch_size


@points(1)
@pytest.mark.parametrize(
    "stratum",
    strata(
        patchify_inputs,
        sizes=(2, 3, 5, 7),
        few={"patch_size": (2, 3)},
        long={"channels": SOME, "rows": SOME, "columns": SOME, "patch_size": (8, 10)},
    ),
)
def test_patchify(student, reference, rng, stratum):
    """Every patch becomes a row"""
    stratum.compare(student.patchify, reference.patchify, rng)


@points(1)
def test_patchify_does_not_fit(student, reference, rng):
    """Patches that cannot cover the image, across or down: a ValueError, however many pixels there are"""
    # In each, the patch divides something else: one side, the area of the image, the sum of its sides, the batch.
    fits_not = (
        *(((3, 6, 10), 3), ((3, 10, 6), 3), ((3, 9, 4), 3), ((3, 4, 9), 3)),
        *(((2, 4, 9), 6), ((2, 2, 4), 3), ((9, 3, 4, 5), 3)),
    )
    for shape, patch_size in fits_not:
        images = rng.normal(size=shape)
        assert_matches(student.patchify, reference.patchify, images, patch_size, raises=ValueError)


@points(1)
def test_patchify_one_patch(student, reference, rng):
    """Ink in a single patch appears in a single row; a patch as large as the image is all there is"""
    assert_matches(student.patchify, reference.patchify, *patchify_inputs(rng, (), 2, 1, 1, 5))
    images = np.zeros((2, 3, 6, 10))
    patch = rng.normal(size=(3, 2, 2))
    images[1, :, 2:4, 6:8] = patch  # second row of patches, fourth from the left
    patches = student.patchify(images, 2)
    assert patches.shape == (2, 15, 12), f"Two images have (2, 15, 12) numbers; yours are {patches.shape}."
    assert_allclose(patches[1, 8], patch.ravel(), "Row 2, column 4 of a grid with 5 columns is patch 9.")
    assert_allclose(np.delete(patches[1], 8, axis=0), 0, "Where there is no ink, the patches are 0.")
    assert_matches(student.patchify, reference.patchify, np.full((2, 1, 8, 8), 0.5), 2)


@points(1)
def test_patchify_side_effects(student, rng):
    """Your input and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.patchify, *patchify_inputs(rng, (), 3, 3, 3, 2))


# ------------------------------------------------------------------------------------------ embed_patches


def embed_patches_inputs(rng, lead, n, d_in, d):
    return rng.normal(size=(*lead, n, d_in)), *layer(rng, d_in, d)


@points(1)
@pytest.mark.parametrize("stratum", strata(embed_patches_inputs))
def test_embed_patches(student, reference, rng, stratum):
    """Every patch becomes a token"""
    stratum.compare(student.embed_patches, reference.embed_patches, rng)


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


@points(1)
def test_embed_patches_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.embed_patches, *embed_patches_inputs(rng, (), 6, 6, 6))


# ---------------------------------------------------------------------------------------- add_class_token


def add_class_token_inputs(rng, lead, n, d):
    return rng.normal(size=(*lead, n, d)), rng.normal(size=d)


@points(1)
@pytest.mark.parametrize("stratum", strata(add_class_token_inputs, apart=True))
def test_add_class_token(student, reference, rng, stratum):
    """Every image gets a class token"""
    stratum.compare(student.add_class_token, reference.add_class_token, rng)


@points(1)
def test_add_class_token_same_for_all(student, rng):
    """All images get the same class token, and keep their own tokens"""
    tokens, class_token = rng.normal(size=(3, 5, 6)), rng.normal(size=6)
    result = student.add_class_token(tokens, class_token)
    assert result.shape == (3, 6, 6), f"Five tokens and one: (3, 6, 6), and yours is {result.shape}."
    assert_allclose(result[:, 0], [class_token] * 3, "The first token of every image is the class token.")
    assert_allclose(result[:, 1:], tokens, "Behind it, every image keeps its tokens, in their order.")


@points(1)
def test_add_class_token_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.add_class_token, *add_class_token_inputs(rng, (3,), 6, 6))


# --------------------------------------------------------------------------------- add_position_embedding


def add_position_embedding_inputs(rng, lead, n, d):
    return rng.normal(size=(*lead, n, d)), rng.normal(size=(n, d))


@points(1)
@pytest.mark.parametrize("stratum", strata(add_position_embedding_inputs))
def test_add_position_embedding(student, reference, rng, stratum):
    """Every token gets its position"""
    stratum.compare(student.add_position_embedding, reference.add_position_embedding, rng)


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


@points(1)
def test_add_position_embedding_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.add_position_embedding, *add_position_embedding_inputs(rng, (), 7, 5))
