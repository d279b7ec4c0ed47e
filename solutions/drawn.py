"""Weights and masks for the hidden checks of several assignments, drawn afresh for each student."""

import numpy as np


def layer(rng, d_in, d_out):
    """W and b of a projection: weights that keep the size of the tokens, and biases that are not 0."""
    return weights(rng, d_in, d_out), rng.normal(scale=0.5, size=d_out)


def norm(rng, d):
    """Gamma and beta: neither 1 and 0 nor near each other."""
    return rng.uniform(0.5, 2, size=d), rng.normal(scale=0.7, size=d)


def some_block(rng, d, hidden):
    """All arrays of an encoder block, in any order: it is their names that count."""
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
    return shuffled(rng, dict(zip(names, [each for pair in pairs for each in pair], strict=True)))


def shuffled(rng, arrays):
    """The same arrays by name, in another order."""
    names = list(arrays)
    return {names[place]: arrays[names[place]] for place in rng.permutation(len(names))}


def weights(rng, rows, columns):
    """Weights that keep the size of the tokens, and are not symmetric."""
    return rng.normal(scale=rows**-0.5, size=(rows, columns))


def some_weights(rng, *shape):
    """Weights of attention, rows of them: positive, with the sum 1."""
    return rng.dirichlet(np.full(shape[-1], 2.0), size=shape[:-1])


def some_mask(rng, *shape):
    """A mask in which every query may see some keys, and not all where there are several."""
    ranks = rng.random(shape).argsort(axis=-1)
    return ranks < rng.integers(1, max(shape[-1], 2), size=(*shape[:-1], 1))


def mask_of(rng, kind, lead, *shape):
    """What a stratum asks for: "" for no mask, "own" for one with the batch axes, "shared" for one without."""
    return {"": lambda: None, "own": lambda: some_mask(rng, *lead, *shape), "shared": lambda: some_mask(rng, *shape)}[
        kind
    ]()


def hide_rows(rng, mask):
    """The same mask, in which a query may see nothing at all: in a batch, another one of each of its members."""
    hidden = rng.integers(mask.shape[-2], size=mask.shape[:-2])
    return mask & (np.arange(mask.shape[-2]) != hidden[..., None])[..., None]


def lowest_only(scores):
    """A mask in which every query may see but one key, that with which it scores lowest: none hides by itself."""
    return np.arange(scores.shape[-1]) == scores.argmin(axis=-1)[..., None]
