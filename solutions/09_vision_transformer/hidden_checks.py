"""The checks of 09_vision_transformer that run after handing in: other numbers, other shapes, and laws."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from drawn_weights import layer, norm, some_block

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# All sizes of a case differ, so that no axis can stand in for another. The square cases are the exception:
# some mistakes raise an error everywhere else, and can be named only where every shape fits. Images have
# several channels and are wider than high, or higher than wide; eps is large, gamma is not 1, beta not 0.

# Digits and weights lie once, with the first assignment that reads them.
DATA = Path(__file__).parents[1] / "07_image_to_tokens" / "data"
PYTORCH = Path(__file__).parent / "data" / "pytorch.npz"


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
    assert_no_side_effects(student.vit_logits, rng.normal(size=(3, 6, 6)), weights, 3)


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
    with np.load(PYTORCH) as file:
        return digits, labels, weights, file["logits"]
