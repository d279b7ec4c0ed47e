"""Makes gradients.npz: what PyTorch's autograd says the gradients are. PyTorch is needed only to make it anew.

    python tests/solutions/golden/make_gradients.py

Everything is float64 and drawn from one seed, so that the same PyTorch makes the same file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

SEED = 1986
TARGET = Path(__file__).with_name("gradients.npz")


def followed(array: np.ndarray) -> torch.Tensor:
    """A tensor whose gradient is asked for."""
    return torch.from_numpy(array).requires_grad_()


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """`torch.nn.functional.cross_entropy`, and its gradient for the logits."""
    leaf = followed(logits)
    loss = torch.nn.functional.cross_entropy(leaf, torch.from_numpy(labels))
    loss.backward()
    return {"logits": logits, "labels": labels, "loss": loss.detach().numpy(), "gradient": leaf.grad.numpy()}


def projection(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """`X @ W` for a batch of batches."""
    X, W, dY = (rng.normal(size=size) for size in [(2, 3, 5, 7), (7, 4), (2, 3, 5, 4)])
    x, w = followed(X), followed(W)
    (x @ w).backward(torch.from_numpy(dY))
    return {"X": X, "W": W, "dY": dY, "dX": x.grad.numpy(), "dW": w.grad.numpy()}


def softmax(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """`torch.softmax`: the weights, and back from them to the scores."""
    S, dA = rng.normal(scale=2, size=(2, 5, 6)), rng.normal(size=(2, 5, 6))
    leaf = followed(S)
    A = torch.softmax(leaf, dim=-1)
    A.backward(torch.from_numpy(dA))
    return {"A": A.detach().numpy(), "dA": dA, "dS": leaf.grad.numpy()}


def attention(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """`torch.nn.functional.scaled_dot_product_attention`."""
    Q, K, V = (rng.normal(size=size) for size in [(2, 3, 5, 7), (2, 3, 6, 7), (2, 3, 6, 8)])
    dO = rng.normal(size=(2, 3, 5, 8))
    q, k, v = map(followed, (Q, K, V))
    torch.nn.functional.scaled_dot_product_attention(q, k, v).backward(torch.from_numpy(dO))
    return {"Q": Q, "K": K, "V": V, "dO": dO, "dQ": q.grad.numpy(), "dK": k.grad.numpy(), "dV": v.grad.numpy()}


def descent(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Self-attention that reads sequences: ten steps of `torch.optim.SGD`, and where each array is then.

    In front of its head, all that the tokens have found is laid in one row.
    """
    X, labels, rate, steps = rng.normal(size=(12, 4, 5)), rng.integers(3, size=12), 0.5, 10
    shapes = {"W_q": (5, 6), "W_k": (5, 6), "W_v": (5, 7), "head.W": (4 * 7, 3)}
    weights = {name: rng.normal(scale=shape[0] ** -0.5, size=shape) for name, shape in shapes.items()}
    leaves = {name: followed(array.copy()) for name, array in weights.items()}
    optimizer = torch.optim.SGD(leaves.values(), lr=rate)
    x, y, losses = torch.from_numpy(X), torch.from_numpy(labels), []
    for _ in range(steps):
        optimizer.zero_grad()
        q, k, v = (x @ leaves[name] for name in ("W_q", "W_k", "W_v"))
        found = torch.nn.functional.scaled_dot_product_attention(q, k, v).reshape(len(x), -1)
        loss = torch.nn.functional.cross_entropy(found @ leaves["head.W"], y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    after = {f"after.{name}": leaf.detach().numpy() for name, leaf in leaves.items()}
    before = {f"before.{name}": array for name, array in weights.items()}
    return {"X": X, "labels": labels, "rate": np.array(rate), "losses": np.array(losses), **before, **after}


def main() -> None:
    rng = np.random.default_rng(SEED)
    far_apart = rng.choice([-1000.0, 0.0, 1000.0], size=(9, 5)) + rng.normal(size=(9, 5))
    groups = {
        "cross_entropy": cross_entropy(rng.normal(scale=2, size=(9, 5)), rng.integers(5, size=9)),
        "far_apart": cross_entropy(far_apart, rng.integers(5, size=9)),
        "projection": projection(rng),
        "softmax": softmax(rng),
        "attention": attention(rng),
        "descent": descent(rng),
    }
    golden = {f"{group}.{name}": array for group, arrays in groups.items() for name, array in arrays.items()}
    np.savez_compressed(TARGET, torch_version=np.array(torch.__version__), **golden)
    print(f"PyTorch {torch.__version__}: {len(golden)} arrays, {TARGET.stat().st_size / 1024:.0f} KB in {TARGET.name}")  # noqa: T201 — a script's report


if __name__ == "__main__":
    main()
