"""Makes what 07 and 09 ship: the digits and the weights of a small Vision Transformer, and its logits.

    python -m venv /tmp/training
    /tmp/training/bin/pip install torch==2.13.0 scikit-learn==1.9.1 numpy
    /tmp/training/bin/python training/train_digits_vit.py

Needed only to train anew: nobody learns, grades or tests with PyTorch or scikit-learn. It takes two minutes on one
core; the same versions on the same kind of machine make the same files.

Steps, learning rate and augmentation were chosen on a part of the training images. The held-out images were used for
nothing but the numbers that this script prints.
"""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.nn import functional

SEED = 2020
ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "solutions" / "07_image_to_tokens" / "data"
PYTORCH = ROOT / "solutions" / "09_vision_transformer" / "data" / "pytorch.npz"
GOLDEN = ROOT / "tests" / "solutions" / "golden" / "vit.npz"

DARKEST = 16  # of a pixel
PATCH_SIZE, WIDTH, HEADS, HIDDEN, DEPTH, CLASSES = 2, 32, 4, 64, 2, 10
STEPS, BATCH, LEARNING_RATE, WEIGHT_DECAY, LABEL_SMOOTHING = 4600, 64, 3e-3, 0.1, 0.1
LEAST_ACCURACY, LARGEST_FILE = 0.97, 300_000


class VisionTransformer(nn.Module):
    """The model of the course, made of PyTorch's own modules: pre-norm blocks, exact GELU, eps 1e-5, no dropout."""

    def __init__(
        self,
        channels: int = 1,
        patches: int = 16,
        patch_size: int = PATCH_SIZE,
        width: int = WIDTH,
        heads: int = HEADS,
        hidden: int = HIDDEN,
    ) -> None:
        super().__init__()
        self.patch = nn.Conv2d(channels, width, patch_size, stride=patch_size)
        self.class_token = nn.Parameter(0.02 * torch.randn(width))
        self.position = nn.Parameter(0.02 * torch.randn(patches + 1, width))
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(width, heads, hidden, 0.0, activation="gelu", batch_first=True, norm_first=True)
            for _ in range(DEPTH)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        """(batch, C, H, W) → (batch, classes)."""
        tokens = self.patch(images).flatten(2).transpose(1, 2)  # (batch, N, d)
        class_tokens = self.class_token.expand(len(tokens), 1, -1)  # (batch, 1, d)
        tokens = torch.cat([class_tokens, tokens], dim=1) + self.position  # (batch, N+1, d)
        for block in self.blocks:
            tokens = block(tokens)
        return self.head(self.norm(tokens)[:, 0])


def weights_of(model: VisionTransformer) -> dict[str, np.ndarray]:
    """The weights under the course's names, every matrix as `X @ W` wants it: PyTorch keeps (d_out, d_in)."""
    weights = {
        "patch.W": model.patch.weight.flatten(1).T,  # (d, C, P, P) → (C·P·P, d)
        "patch.b": model.patch.bias,
        "class_token": model.class_token,
        "position": model.position,
    }
    for place, block in enumerate(model.blocks):
        weights |= {f"blocks.{place}.{name}": array for name, array in weights_of_block(block).items()}
    weights |= {
        "norm.gamma": model.norm.weight,
        "norm.beta": model.norm.bias,
        "head.W": model.head.weight.T,
        "head.b": model.head.bias,
    }
    return {name: np.ascontiguousarray(array.detach().numpy()) for name, array in weights.items()}


def weights_of_block(block: nn.TransformerEncoderLayer) -> dict[str, Tensor]:
    return {
        "norm_1.gamma": block.norm1.weight,
        "norm_1.beta": block.norm1.bias,
        "attention.W_qkv": block.self_attn.in_proj_weight.T,  # rows of W_q, W_k, W_v → columns [Q | K | V]
        "attention.b_qkv": block.self_attn.in_proj_bias,
        "attention.W_o": block.self_attn.out_proj.weight.T,
        "attention.b_o": block.self_attn.out_proj.bias,
        "norm_2.gamma": block.norm2.weight,
        "norm_2.beta": block.norm2.bias,
        "mlp.W_1": block.linear1.weight.T,
        "mlp.b_1": block.linear1.bias,
        "mlp.W_2": block.linear2.weight.T,
        "mlp.b_2": block.linear2.bias,
    }


def digits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Images (1797, 1, 8, 8) from 0 to 1, their labels, and which of them are held out: every fifth."""
    loaded = load_digits()
    images = loaded.images[:, None] / DARKEST
    return images, loaded.target, np.arange(len(images)) % 5 == 4


def train(
    model: nn.Module, images: np.ndarray, labels: np.ndarray, steps: int = STEPS, augment: bool = True
) -> nn.Module:
    """Train on images (n, 1, 8, 8); with `augment`, each is bent a little, each time in another way."""
    x, y = torch.from_numpy(images).float(), torch.from_numpy(labels)
    optimizer = torch.optim.AdamW(model.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.1)
    epochs = math.ceil(steps / math.ceil(len(x) / BATCH))
    batches = [batch for _ in range(epochs) for batch in torch.randperm(len(x)).split(BATCH)]
    for batch in batches[:steps]:
        seen = bent(x[batch]) if augment else x[batch]
        loss = functional.cross_entropy(model(seen), y[batch], label_smoothing=LABEL_SMOOTHING)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model.eval()


def bent(images: Tensor) -> Tensor:
    """The images a little turned, sheared, stretched and moved."""
    turn, shear = 0.1 * between_minus_1_and_1(2, len(images))
    stretch = 1 + 0.06 * between_minus_1_and_1(2, len(images))
    move = 0.125 * between_minus_1_and_1(2, len(images))  # half a pixel
    upper = torch.stack([turn.cos() * stretch[0], shear - turn.sin(), move[0]], dim=1)  # (n, 3)
    lower = torch.stack([turn.sin(), turn.cos() * stretch[1], move[1]], dim=1)  # (n, 3)
    grid = functional.affine_grid(torch.stack([upper, lower], dim=1), list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, align_corners=False)


def between_minus_1_and_1(*shape: int) -> Tensor:
    return 2 * torch.rand(shape) - 1


@torch.no_grad()
def logits_of(model: nn.Module, images: np.ndarray) -> np.ndarray:
    """What a model's float32 weights give when everything is computed in float64, as NumPy does."""
    logits = model.double()(torch.from_numpy(images)).numpy()
    model.float()
    return logits


def accuracy(model: nn.Module, images: np.ndarray, labels: np.ndarray) -> float:
    return float(np.mean(logits_of(model, images).argmax(axis=-1) == labels))


@torch.no_grad()
def golden(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """What PyTorch's modules make of random numbers, in float64: coloured images, higher than wide, a large eps."""
    size, width, heads, hidden = 2, 10, 5, 14
    images, tokens = rng.normal(size=(4, 3, 10, 6)), rng.normal(scale=2, size=(2, 7, width))
    gamma, beta = rng.normal(1, 0.5, size=width), rng.normal(size=width)
    model = VisionTransformer(3, 15, size, width, heads, hidden).double().eval()
    for parameter in model.parameters():
        scale = parameter.shape[-1] ** -0.5 if parameter.ndim > 1 else 0.4
        parameter.add_(torch.from_numpy(rng.normal(scale=scale, size=tuple(parameter.shape))))
    x, t, g, b = map(torch.from_numpy, (images, tokens, gamma, beta))
    block = model.blocks[0]
    return {
        "images": images,
        "patches": functional.unfold(x, size, stride=size).transpose(1, 2).numpy(),
        "embedded": model.patch(x).flatten(2).transpose(1, 2).numpy(),
        "tokens": tokens,
        "gamma": gamma,
        "beta": beta,
        "normed": functional.layer_norm(t, (width,), g, b, eps=0.1).numpy(),
        "activated": functional.gelu(t).numpy(),
        "after_mlp": block.linear2(functional.gelu(block.linear1(t))).numpy(),
        "after_block": block(t).numpy(),
        "num_heads": np.array(heads),
        "logits": model(x).numpy(),
        **{f"weights.{name}": array for name, array in weights_of(model).items()},
    }


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 — a script's report


def save(path: Path, **arrays: np.ndarray) -> int:
    """Write a compressed .npz file; returns its size."""
    np.savez_compressed(path, **arrays)
    size = path.stat().st_size
    say(f"{path.relative_to(ROOT)}: {len(arrays)} arrays, {size / 1000:.0f} KB")
    return size


def main() -> None:
    torch.set_num_threads(1)  # the order of a sum depends on their number, and so do its last digits
    torch.use_deterministic_algorithms(True)
    images, labels, held_out = digits()

    torch.manual_seed(SEED)
    started = time.perf_counter()
    model = VisionTransformer()
    train(model, images[~held_out], labels[~held_out])
    weights, seconds = weights_of(model), time.perf_counter() - started
    reached = accuracy(model, images[held_out], labels[held_out])
    say(f"{sum(array.size for array in weights.values()):,} weights, trained for {seconds:.0f} s")
    say(f"accuracy on the {held_out.sum()} held-out images: {reached:.1%}")
    if reached < LEAST_ACCURACY:
        raise SystemExit(f"that is less than {LEAST_ACCURACY:.0%}: nothing is written")

    for folder in (DATA, PYTORCH.parent):
        folder.mkdir(exist_ok=True)
    pixels, classes = (DARKEST * images[:, 0]).astype(np.uint8), labels.astype(np.uint8)
    held = {"test_images": pixels[held_out], "test_labels": classes[held_out]}
    save(DATA / "digits.npz", train_images=pixels[~held_out], train_labels=classes[~held_out], **held)
    if save(DATA / "weights.npz", **weights) > LARGEST_FILE:
        raise SystemExit(f"the weights take more than {LARGEST_FILE:,} bytes")
    save(PYTORCH, logits=logits_of(model, images[held_out]))
    save(GOLDEN, torch_version=np.array(torch.__version__), **golden(np.random.default_rng(SEED)))

    last = np.arange(len(images)) >= len(images) - held_out.sum()
    torch.manual_seed(SEED)
    other = train(VisionTransformer(), images[~last], labels[~last])
    say(f"trained anew, with the last {last.sum()} images held out: {accuracy(other, images[last], labels[last]):.1%}")


if __name__ == "__main__":
    main()
