"""Makes attention.npz: what PyTorch says attention is. PyTorch is needed only to make it anew.

    python tests/solutions/golden/make_attention.py

Everything is float64 and drawn from one seed, so that the same PyTorch makes the same file.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

SEED = 2017
TARGET = Path(__file__).with_name("attention.npz")


def scaled_dot_product(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """`torch.nn.functional.scaled_dot_product_attention`; in its masks, True means: may attend."""
    attend = torch.nn.functional.scaled_dot_product_attention
    Q, K, V = (rng.normal(size=size) for size in [(2, 3, 5, 7), (2, 3, 6, 7), (2, 3, 6, 8)])
    mask = rng.random((2, 3, 5, 6)) < 0.6
    mask[..., 0] |= ~mask.any(axis=-1)  # every query may attend to something
    mask[0, 0, 0] = False  # but for this one
    causal_Q, causal_K, causal_V = (rng.normal(size=size) for size in [(3, 6, 5), (3, 6, 5), (3, 6, 2)])
    q, k, v, m = map(torch.from_numpy, (Q, K, V, mask))
    causal = map(torch.from_numpy, (causal_Q, causal_K, causal_V))
    return {
        "Q": Q,
        "K": K,
        "V": V,
        "mask": mask,
        "output": attend(q, k, v).numpy(),
        "masked_output": attend(q, k, v, attn_mask=m).numpy(),
        "causal_Q": causal_Q,
        "causal_K": causal_K,
        "causal_V": causal_V,
        "causal_output": attend(*causal, is_causal=True).numpy(),
    }


def multi_head(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """`torch.nn.MultiheadAttention` on one sequence; in its masks, True means the opposite: may not attend.

    It keeps weights as (d_out, d_in). Transposed, they are what the course writes: W_qkv is [W_q | W_k | W_v].
    """
    d, h, n = 12, 3, 5
    layer = torch.nn.MultiheadAttention(d, h, batch_first=True, dtype=torch.float64)
    W_qkv, b_qkv = rng.normal(scale=d**-0.5, size=(d, 3 * d)), rng.normal(scale=0.5, size=3 * d)
    W_o, b_o = rng.normal(scale=d**-0.5, size=(d, d)), rng.normal(scale=0.5, size=d)
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.from_numpy(W_qkv.T))
        layer.in_proj_bias.copy_(torch.from_numpy(b_qkv))
        layer.out_proj.weight.copy_(torch.from_numpy(W_o.T))
        layer.out_proj.bias.copy_(torch.from_numpy(b_o))
    X, mask = rng.normal(size=(2, n, d)), np.tri(n, dtype=bool)
    mask[3, 1] = mask[4, 3] = False  # a mask that is not just causal
    x, hidden = torch.from_numpy(X), torch.from_numpy(~mask)
    with torch.no_grad():
        output, weights = layer(x, x, x, average_attn_weights=False)
        masked_output, masked_weights = layer(x, x, x, attn_mask=hidden, average_attn_weights=False)
    return {
        "X": X,
        "W_qkv": W_qkv,
        "b_qkv": b_qkv,
        "W_o": W_o,
        "b_o": b_o,
        "num_heads": np.array(h),
        "mask": mask,
        "output": output.numpy(),
        "weights": weights.numpy(),
        "masked_output": masked_output.numpy(),
        "masked_weights": masked_weights.numpy(),
    }


def main() -> None:
    rng = np.random.default_rng(SEED)
    groups = {"scaled_dot_product": scaled_dot_product(rng), "multi_head": multi_head(rng)}
    golden = {f"{group}.{name}": array for group, arrays in groups.items() for name, array in arrays.items()}
    np.savez_compressed(TARGET, torch_version=np.array(torch.__version__), **golden)
    print(f"PyTorch {torch.__version__}: {len(golden)} arrays, {TARGET.stat().st_size / 1024:.0f} KB in {TARGET.name}")  # noqa: T201 — a script's report


if __name__ == "__main__":
    main()
