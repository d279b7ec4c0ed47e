"""Mistakes that students really make in 05_self_and_cross: what each computes, and the hint that it earns."""

import numpy as np
from lesson import causal_mask, project, project_qkv, scaled_dot_product_attention

from autograder.checking import misconception


def scaled_by(scale, Q, K, V, mask):
    """The right attention, but for what its scores are divided by."""
    return scaled_dot_product_attention(Q * np.sqrt(Q.shape[-1]) / scale, K, V, mask)


# ----------------------------------------------------------------------------------------- self_attention


@misconception("self_attention")
def values_are_the_keys(X, W_q, W_k, W_v, mask=None):
    """The keys were handed over in the place of the values, so that `W_v` is never used.

    Keys are for finding, values are for handing over. What stands in the third place of your call?
    """
    Q, K, _ = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, K, mask)[0]


@misconception("self_attention")
def values_are_the_tokens(X, W_q, W_k, W_v, mask=None):
    """The tokens themselves were mixed, without a projection by `W_v`.

    What is handed over has weights of its own, as queries and keys have.
    """
    Q, K, _ = project_qkv(X, W_q, W_k, W_v)
    return scaled_dot_product_attention(Q, K, X, mask)[0]


@misconception("self_attention")
def queries_and_keys_swapped(X, W_q, W_k, W_v, mask=None):
    """`W_q` and `W_k` have changed places, so the keys ask and the queries answer.

    `project_qkv` takes the weights by position. In which order does it want them, and in which order does it
    return the three?
    """
    return scaled_dot_product_attention(*project_qkv(X, W_k, W_q, W_v), mask)[0]


@misconception("self_attention")
def not_projected(X, W_q, W_k, W_v, mask=None):
    """The tokens were used as queries, keys and values as they are: no `W` was used.

    Each of the three is a projection of the tokens. Which function from notebook 1 makes all three?
    """
    return scaled_dot_product_attention(X, X, X, mask)[0]


@misconception("self_attention")
def self_without_mask(X, W_q, W_k, W_v, mask=None):
    """The mask was not handed on, so every token saw every other.

    The mask is an argument of `scaled_dot_product_attention`, too. Does your call of it mention `mask`?
    """
    return scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v))[0]


@misconception("self_attention")
def self_not_scaled(X, W_q, W_k, W_v, mask=None):
    """The scores were not scaled.

    The formula divides them by the root of `d_k`. `scaled_dot_product_attention` does so for you.
    """
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_by(1, Q, K, V, mask)[0]


@misconception("self_attention")
def self_root_of_width_of_tokens(X, W_q, W_k, W_v, mask=None):
    """The scores were divided by the root of `d_in`, the width of the tokens.

    It is queries and keys that are compared, and not the tokens themselves. How long is a key?
    """
    Q, K, V = project_qkv(X, W_q, W_k, W_v)
    return scaled_by(np.sqrt(X.shape[-1]), Q, K, V, mask)[0]


@misconception("self_attention")
def self_weights_returned(X, W_q, W_k, W_v, mask=None):
    """The weights came back, and not the output.

    `scaled_dot_product_attention` returns two things. Which of them comes first?
    """
    return scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v), mask)[1]


@misconception("self_attention", slip=True)
def self_both_returned(X, W_q, W_k, W_v, mask=None):
    """Output and weights came back, and only the output is asked for.

    `scaled_dot_product_attention` returns two things. Give them two names, and return one.
    """
    return scaled_dot_product_attention(*project_qkv(X, W_q, W_k, W_v), mask)


# ---------------------------------------------------------------------------------------- cross_attention


@misconception("cross_attention")
def encoder_reads_itself(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """The queries were made from the encoder, so the encoder reads itself, and the decoder has no part in it.

    The decoder asks, and it gets one output for each of its tokens. From which sequence do the queries come?
    """
    Q, K, V = project(X_encoder, W_q), project(X_encoder, W_k), project(X_encoder, W_v)
    return scaled_dot_product_attention(Q, K, V, mask)[0]


@misconception("cross_attention")
def decoder_reads_itself(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """Keys and values were made from the decoder, so the decoder reads only itself.

    The decoder asks, but the answers are in the original. From which sequence must keys and values come?
    """
    Q, K, V = project(X_decoder, W_q), project(X_decoder, W_k), project(X_decoder, W_v)
    return scaled_dot_product_attention(Q, K, V, mask)[0]


@misconception("cross_attention", constants={"queries_first": (False,)})
def encoder_reads_decoder(X_decoder, X_encoder, W_q, W_k, W_v, mask=None, *, queries_first=True):
    """Decoder and encoder have changed places: the original reads the translation.

    The decoder is about to write and needs to know something. So which of the two asks?
    """
    if queries_first:  # where the widths differ, it raises with the sizes of what is made first
        Q = project(X_encoder, W_q)
    K, V = project(X_decoder, W_k), project(X_decoder, W_v)
    if not queries_first:
        Q = project(X_encoder, W_q)
    return scaled_dot_product_attention(Q, K, V, mask)[0]


@misconception("cross_attention")
def encoder_asked(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """The encoder asked and the decoder answered: queries and keys have changed places.

    The decoder's queries ask, and each of them gets a row of weights. `scaled_dot_product_attention` takes its
    arrays by position. In which order does it want them?
    """
    Q, K, V = project(X_decoder, W_q), project(X_encoder, W_k), project(X_encoder, W_v)
    return scaled_dot_product_attention(K, Q, V, mask)[0]


@misconception("cross_attention")
def weights_of_queries_and_keys_swapped(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """`W_q` and `W_k` have changed places: the queries were made by the one, and the keys by the other.

    `W_q` is as high as a token of the decoder is wide, and `W_k` as one of the encoder. Which sequence does each
    of them belong to?
    """
    Q, K, V = project(X_decoder, W_k), project(X_encoder, W_q), project(X_encoder, W_v)
    return scaled_dot_product_attention(Q, K, V, mask)[0]


@misconception("cross_attention")
def values_from_decoder(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """The keys come from the encoder, but the values come from the decoder.

    Key j and value j belong to the same token: the key finds it, the value is what it hands over. Make both
    from one sequence.
    """
    Q, K, V = project(X_decoder, W_q), project(X_encoder, W_k), project(X_decoder, W_v)
    return scaled_dot_product_attention(Q, K, V, mask)[0]


@misconception("cross_attention")
def keys_from_decoder(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """The values come from the encoder, but the keys come from the decoder.

    Key j and value j belong to the same token: the key finds it, the value is what it hands over. Make both
    from one sequence.
    """
    Q, K, V = project(X_decoder, W_q), project(X_decoder, W_k), project(X_encoder, W_v)
    return scaled_dot_product_attention(Q, K, V, mask)[0]


@misconception("cross_attention")
def causal_unasked(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """A causal mask was added, which nobody asked for.

    The original is complete before the translation begins, so there is no future to hide. Use the caller's
    mask, and no other.
    """
    Q, K, V = project(X_decoder, W_q), project(X_encoder, W_k), project(X_encoder, W_v)
    causal = np.tri(Q.shape[-2], K.shape[-2], dtype=bool)
    return scaled_dot_product_attention(Q, K, V, causal if mask is None else mask & causal)[0]


@misconception("cross_attention")
def causal_for_the_decoder(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """A causal mask of n_dec × n_dec was used in the place of the caller's mask.

    It hides the decoder's future from the decoder: that is for self-attention. Here the keys belong to the
    encoder, which may be seen from end to end.
    """
    Q, K, V = project(X_decoder, W_q), project(X_encoder, W_k), project(X_encoder, W_v)
    return scaled_dot_product_attention(Q, K, V, causal_mask(X_decoder.shape[-2]))[0]


@misconception("cross_attention")
def cross_without_mask(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """The mask was not handed on, so every token of the decoder saw all of the original.

    The mask is an argument of `scaled_dot_product_attention`, too. Does your call of it mention `mask`?
    """
    Q, K, V = project(X_decoder, W_q), project(X_encoder, W_k), project(X_encoder, W_v)
    return scaled_dot_product_attention(Q, K, V)[0]


@misconception("cross_attention")
def cross_not_scaled(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """The scores were not scaled.

    The formula divides them by the root of `d_k`. `scaled_dot_product_attention` does so for you.
    """
    Q, K, V = project(X_decoder, W_q), project(X_encoder, W_k), project(X_encoder, W_v)
    return scaled_by(1, Q, K, V, mask)[0]


@misconception("cross_attention", slip=True)
def cross_both_returned(X_decoder, X_encoder, W_q, W_k, W_v, mask=None):
    """Output and weights came back, and only the output is asked for.

    `scaled_dot_product_attention` returns two things. Give them two names, and return one.
    """
    Q, K, V = project(X_decoder, W_q), project(X_encoder, W_k), project(X_encoder, W_v)
    return scaled_dot_product_attention(Q, K, V, mask)
