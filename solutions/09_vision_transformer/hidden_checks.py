"""The checks of 09_vision_transformer that run after handing in: other numbers, other shapes, and laws."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from drawn import layer, norm, shuffled, some_block

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# Digits and weights lie once, with the first assignment that reads them.
DATA = Path(__file__).parents[1] / "07_image_to_tokens" / "data"
PYTORCH = Path(__file__).parent / "data" / "pytorch.npz"
SIZES = ("channels", "rows", "columns", "patch_size", "num_heads", "d_head", "hidden", "classes", "depth")
ALONE = ("channels", "patch_size", "num_heads", "d_head", "classes")  # of length 1, one at a time
SMALLEST = {"rows": 1, "columns": 1, "patch_size": 1, "hidden": 1, "depth": 1}  # one patch of one pixel, one block


# --------------------------------------------------------------------------------------------- vit_logits


def vit_inputs(rng, lead=(), *, dtype=np.float64, **given):
    """Images, all weights, and the number of heads. Sizes that are not given are drawn, small ones."""
    channels, rows, columns = rng.permutation((2, 3, 5)).tolist()
    patch_size, num_heads = rng.permutation((2, 3)).tolist()
    d_head, hidden, classes = rng.permutation((5, 7, 11)).tolist()
    drawn = (channels, rows, columns, patch_size, num_heads, d_head, hidden, classes, 2)
    size = dict(zip(SIZES, drawn, strict=True)) | given
    image = (size["channels"], size["rows"] * size["patch_size"], size["columns"] * size["patch_size"])
    d = size["num_heads"] * size["d_head"]
    weights = some_weights(rng, image, size["patch_size"], d, size["hidden"], size["classes"], size["depth"])
    images = rng.normal(size=(*lead, *image)).astype(dtype)
    return images, {name: each.astype(dtype) for name, each in weights.items()}, size["num_heads"]


@points(1)
@pytest.mark.parametrize(
    "cases",
    [
        pytest.param(
            [((), {}), ((), {"depth": 3}), ((), {"dtype": np.float32})],
            id="one image, two blocks and three; float32",
        ),
        pytest.param(
            [((10,), {"depth": 1}), ((1,), {}), ((2, 4), {}), ((2, 1, 4), {"depth": 1})],
            id="batches of many, of one, of batches",
        ),
        pytest.param(
            [
                ((), {"depth": 12}),
                ((), {"num_heads": 8, "d_head": 2}),
                *(((), {name: 1}) for name in ALONE),
                ((), SMALLEST),
            ],
            id="many blocks, many heads, each axis of length 1",
        ),
    ],
)
def test_vit_logits(student, reference, rng, cases):
    """From pixels to logits"""
    for lead, given in cases:
        assert_matches(student.vit_logits, reference.vit_logits, *vit_inputs(rng, lead, **given))


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
def test_vit_logits_of_pytorch(student, rng):
    """Twenty digits: within 0.00001, the logits that PyTorch computes with the trained weights, classes in any order"""
    digits, _, weights, logits = trained()
    some, order = rng.choice(len(logits), 20, replace=False), rng.permutation(10)
    found = student.vit_logits(digits[some], with_classes(weights, order), 4)
    why = "With the same weights, PyTorch gets other logits."
    assert_allclose(found, logits[some][:, order], why, rtol=0, atol=1e-5)


@points(2)
def test_vit_logits_reads_digits(student, rng):
    """It reads handwriting: of 100 held-out digits, at least 96 are right"""
    digits, labels, weights, _ = trained()
    order = rng.permutation(10)
    logits = student.vit_logits(digits[:100], with_classes(weights, order), 4)
    assert logits.shape == (100, 10), f"100 digits have (100, 10) logits, and yours are {logits.shape}."
    right = np.sum(order[logits.argmax(axis=-1)] == labels[:100])
    assert right >= 96, f"Of 100 digits, yours reads {right} right; with these weights, 98 are possible."


@points(1)
def test_vit_logits_side_effects(student, rng):
    """Your inputs, all weights too, and your earlier answers stay as they are; the same call has the same answer"""
    assert_no_side_effects(student.vit_logits, *vit_inputs(rng, patch_size=2, num_heads=3, d_head=3, rows=3, columns=3))


# ---------------------------------------------------------------------------------------------------------


def with_classes(weights, order):
    """The same transformer, whose logits come in another order, so that none can be looked up."""
    return weights | {"head.W": weights["head.W"][:, order], "head.b": weights["head.b"][order]}


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
    return shuffled(rng, weights)


@cache
def trained():
    """Held-out digits and what they are, the trained weights, and the logits that PyTorch makes of them."""
    with np.load(DATA / "digits.npz") as file:
        digits, labels = file["test_images"][:, None] / 16, file["test_labels"]
    with np.load(DATA / "weights.npz") as file:
        weights = {name: file[name].astype(np.float64) for name in file}
    with np.load(PYTORCH) as file:
        return digits, labels, weights, file["logits"]
