"""Weights for the hidden checks of several assignments, drawn afresh for each student."""


def layer(rng, d_in, d_out):
    """W and b of a projection: weights that keep the size of the tokens, and biases that are not 0."""
    return rng.normal(scale=d_in**-0.5, size=(d_in, d_out)), rng.normal(scale=0.5, size=d_out)


def norm(rng, d):
    """Gamma and beta: neither 1 and 0 nor near each other."""
    return rng.uniform(0.5, 2, size=d), rng.normal(scale=0.7, size=d)


def some_block(rng, d, hidden):
    """All arrays of an encoder block."""
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
    return dict(zip(names, [each for pair in pairs for each in pair], strict=True))
