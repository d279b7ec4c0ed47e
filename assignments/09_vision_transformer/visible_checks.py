"""The checks of 09_vision_transformer that you can see and run. More of them run after you hand in."""

from functools import cache
from pathlib import Path

import numpy as np

from autograder.checking import assert_allclose, points

# Digits and weights lie once, with the first assignment that reads them.
DATA = Path(__file__).parents[1] / "07_image_to_tokens" / "data"
PYTORCH = Path(__file__).parent / "data" / "pytorch.npz"


@points(1)
def test_vit_logits_shapes(student):
    """The trained model: ten logits for each of three digits, and for one alone"""
    digits, weights, _ = trained()
    shape = student.vit_logits(digits[:3], weights, 4).shape
    assert shape == (3, 10), f"Three digits have ten logits each, (3, 10); yours is {shape}."
    alone = student.vit_logits(digits[0], weights, 4)
    assert alone.shape == (10,), f"One digit without a batch has ten logits, (10,); yours is {alone.shape}."
    doubled = student.vit_logits(digits[0], weights | {"head.W": 2 * weights["head.W"]}, 4)
    why = "A head with weights twice as large has logits twice as large, before its bias."
    assert_allclose(doubled - weights["head.b"], 2 * (alone - weights["head.b"]), why)
    assert np.ptp(alone) > 1, "The logits of a digit should tell its ten classes apart."


@points(1)
def test_vit_logits_example(student):
    """Three digits: the logits that PyTorch computes with the same weights"""
    digits, weights, logits = trained()
    why = "With the same weights, PyTorch gets other logits."
    assert_allclose(student.vit_logits(digits[:3], weights, 4), logits[:3], why, atol=1e-5)
    turned = weights | {"head.W": weights["head.W"][:, ::-1], "head.b": weights["head.b"][::-1]}
    why = "When the classes are counted backwards, so are the logits."
    assert_allclose(student.vit_logits(digits[3:6], turned, 4), logits[3:6, ::-1], why, atol=1e-5)


@points(1)
def test_vit_logits_batches(student):
    """Two batches of three digits each, in one call: every digit has its own logits, in its own place"""
    digits, weights, logits = trained()
    larger = weights | {"head.b": weights["head.b"] + 10}
    answer = student.vit_logits(digits[:6].reshape(2, 3, 1, 8, 8), larger, 4)
    why = "With 10 more in head.b, every logit is 10 larger than what PyTorch gets."
    assert_allclose(answer, logits[:6].reshape(2, 3, 10) + 10, why, atol=1e-5)


@points(1)
def test_vit_logits_other_model(student):
    """One block instead of two, and two heads instead of four: the arguments tell how many there are"""
    digits, weights, _ = trained()
    first_only = {name: array for name, array in weights.items() if not name.startswith("blocks.1.")}
    answer = student.vit_logits(digits[:1], first_only, 2)
    expected = [[-0.22, 1.00, -1.96, -0.43, 0.78, -1.02, 0.81, 1.09, -0.59, -0.68]]
    why = "The names in `weights` tell the number of blocks, `num_heads` that of heads."
    assert_allclose(answer, expected, why, atol=5e-3)


@cache
def trained():
    """Held-out digits, the trained weights, and the logits that PyTorch makes of them."""
    with np.load(DATA / "digits.npz") as file:
        digits = file["test_images"][:, None] / 16
    with np.load(DATA / "weights.npz") as file:
        weights = dict(file)
    with np.load(PYTORCH) as file:
        return digits, weights, file["logits"]
