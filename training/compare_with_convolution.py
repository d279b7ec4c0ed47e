"""How many images does a Vision Transformer need, and how many does a convolution? Prints what 09 draws.

    /tmp/training/bin/python training/compare_with_convolution.py

Both models have about as many weights, and are trained alike on the same images, without augmentation: what a model
does not know by its design, it must see. Needs what train_digits_vit.py needs; takes about ten minutes on one core.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from train_digits_vit import CLASSES, VisionTransformer, accuracy, digits, say, train

SIZES, STEPS, SEEDS = (50, 100, 200, 400, 800, 1438), 2000, (0, 1, 2)


def convolution() -> nn.Module:
    """Two layers of 3×3 filters, each with a pooling behind it, and two linear layers."""
    return nn.Sequential(
        *(nn.Conv2d(1, 24, 3, padding=1), nn.GELU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(24, 48, 3, padding=1), nn.GELU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(192, 32), nn.GELU(), nn.Linear(32, CLASSES)),
    )


def main() -> None:
    torch.set_num_threads(1)
    images, labels, held_out = digits()
    models = {"Vision Transformer": VisionTransformer, "convolution": convolution}
    for name, model in models.items():
        say(f"{name}: {sum(parameter.numel() for parameter in model().parameters()):,} weights")
    for size in SIZES:
        for name, model in models.items():
            reached = []
            for seed in SEEDS:
                torch.manual_seed(seed)
                chosen = np.random.default_rng(seed).permutation(np.flatnonzero(~held_out))[:size]
                trained = train(model(), images[chosen], labels[chosen], STEPS, augment=False)
                reached.append(accuracy(trained, images[held_out], labels[held_out]))
            say(f"{size:5} images, {name:18}: {np.mean(reached):.1%}  (from {min(reached):.1%} to {max(reached):.1%})")


if __name__ == "__main__":
    main()
