"""Mistakes that students really make in 09_vision_transformer: what each computes, and the hint it earns."""

import math

import numpy as np
from lesson import (
    add_class_token,
    add_position_embedding,
    embed_patches,
    encoder_block,
    gelu,
    layer_norm,
    mlp,
    multi_head_attention,
    part_of,
    patchify,
    project,
    softmax,
    vit_logits,
)

from autograder.checking import misconception

# ----------------------------------------------------------------------------------------------- patchify


@misconception("patchify")
def reshaped_only(images, patch_size):
    """The image was reshaped, and no axes changed places: the shape is right, but the first patch is a piece
    of the first row of pixels.

    A reshape keeps the numbers in their order. First cut H and W into two axes each, and bring the axes of
    the grid to the front.
    """
    return images.reshape(patchify(images, patch_size).shape)


@misconception("patchify")
def channels_last(images, patch_size):
    """In every patch, the channels stand last: the numbers of one pixel come one after the other.

    Some libraries store images so. Here a row holds the whole patch of the first channel, then that of the
    second. In what order do your axes stand before the last reshape?
    """
    *leading, C, _, _ = images.shape
    patches = patchify(images, patch_size)
    pixels = patches.reshape(*leading, -1, C, patch_size**2)
    return np.swapaxes(pixels, -1, -2).reshape(patches.shape)


@misconception("patchify")
def down_the_columns(images, patch_size):
    """The patches run down the columns of the grid, and not along its rows.

    The second patch stands to the *right* of the first. Which of your two loops, or of your two axes of the
    grid, comes first?
    """
    *leading, C, H, W = images.shape
    grid = images.reshape(*leading, C, H // patch_size, patch_size, W // patch_size, patch_size)
    grid = np.moveaxis(grid, (-2, -4), (-5, -4))
    return grid.reshape(patchify(images, patch_size).shape)


@misconception("patchify")
def pixels_transposed(images, patch_size):
    """Inside every patch, rows and columns of pixels have changed places.

    The pixels of a patch are taken from left to right, and then the next row. Which of the two axes of length
    P comes first before the last reshape?
    """
    *leading, C, _, _ = images.shape
    patches = patchify(images, patch_size)
    pixels = patches.reshape(*leading, -1, C, patch_size, patch_size)
    return np.swapaxes(pixels, -1, -2).reshape(patches.shape)


@misconception("patchify")
def image_transposed(images, patch_size):
    """The whole image was transposed: the patches run down the columns, and so do the pixels in them.

    Rows come first, twice: rows of patches, and inside a patch rows of pixels. Where does your code swap the
    two?
    """
    return patchify(np.swapaxes(images, -1, -2), patch_size)


@misconception("patchify")
def height_and_width_swapped(images, patch_size):
    """Height and width have changed places in the reshape. For square images, that is the same.

    The shape is (..., C, H, W): the height is the last axis but one. In which order does your code unpack it?
    """
    *leading, C, W, H = images.shape
    P = patch_size
    if H % P or W % P:
        raise ValueError("the patches do not fit")
    grid = images.reshape(*leading, C, H // P, P, W // P, P)
    return np.moveaxis(grid, (-4, -2), (-5, -4)).reshape(*leading, -1, C * P * P)


@misconception("patchify")
def pixels_from_all_over(images, patch_size):
    """Each patch holds pixels from all over the image, and none of them are neighbours.

    When H is cut in two, the grid comes first and the pixels of a patch second: `(..., H/P, P, ...)`, and not
    `(..., P, H/P, ...)`.
    """
    *leading, C, H, W = images.shape
    P = patch_size
    if H % P or W % P:
        raise ValueError("the patches do not fit")
    grid = images.reshape(*leading, C, P, H // P, P, W // P)
    return np.moveaxis(grid, (-3, -1), (-5, -4)).reshape(*leading, -1, C * P * P)


@misconception("patchify")
def each_channel_apart(images, patch_size):
    """Each channel was cut into patches of its own, so that there are C times as many.

    A patch goes through all channels: it has C·P·P numbers. Where does the axis of the channels belong?
    """
    *leading, C, H, W = images.shape
    alone = images.reshape(*leading, C, 1, H, W)
    return patchify(alone, patch_size).reshape(*leading, -1, patch_size**2)


@misconception("patchify")
def grid_kept(images, patch_size):
    """The patches still lie in a grid, with an axis for its rows and one for its columns.

    A transformer reads a sequence: lay the patches in one row, `(..., N, C·P·P)`.
    """
    *leading, _, H, W = images.shape
    return patchify(images, patch_size).reshape(*leading, H // patch_size, W // patch_size, -1)


@misconception("patchify")
def patches_not_flattened(images, patch_size):
    """The patches are still little images, with axes for channels, rows and columns.

    A token is made of a row of numbers: flatten each patch to C·P·P of them.
    """
    *leading, C, _, _ = images.shape
    return patchify(images, patch_size).reshape(*leading, -1, C, patch_size, patch_size)


@misconception("patchify")
def no_batch_allowed(images, patch_size):
    """The code counts on exactly three axes, and there may be a batch in front.

    Does your code unpack `images.shape` into three names? `*leading, C, H, W = images.shape` takes any number
    of axes.
    """
    (C, H, W), P = images.shape, patch_size
    grid = images.reshape(C, H // P, P, W // P, P).transpose(1, 3, 0, 2, 4)
    return grid.reshape(-1, C * P * P)


@misconception("patchify")
def batch_expected(images, patch_size):
    """The code counts on exactly one batch axis, and there may be none, or several.

    Does your code unpack `images.shape` into four names? `*leading, C, H, W = images.shape` takes any number
    of axes.
    """
    (batch, C, H, W), P = images.shape, patch_size
    grid = images.reshape(batch, C, H // P, P, W // P, P).transpose(0, 2, 4, 1, 3, 5)
    return grid.reshape(batch, -1, C * P * P)


@misconception("patchify")
def rest_cut_off(images, patch_size):
    """What the patches could not cover was silently cut off.

    Pixels that vanish without a word are hard to find later. Raise a `ValueError` instead.
    """
    *_, H, W = images.shape
    return patchify(images[..., : H - H % patch_size, : W - W % patch_size], patch_size)


# ------------------------------------------------------------------------------------------ embed_patches


@misconception("embed_patches")
def embedding_transposed(patches, W, b):
    """The weights were transposed before the product.

    Some libraries store weights as `(d_out, d_in)` and must turn them. Here a projection is `X @ W`, always.
    """
    return patches @ W.T + b


@misconception("embed_patches")
def embedding_on_the_left(patches, W, b):
    """The weights stand on the left of the patches.

    Patches are rows. Write the shapes below the product: which order lets C·P·P meet C·P·P?
    """
    return W @ patches + b


@misconception("embed_patches")
def embedding_entry_by_entry(patches, W, b):
    """`*` multiplied entry by entry, and nothing was summed.

    Each number of a token is a sum over all numbers of the patch. Which operator multiplies *and* sums?
    """
    return patches * W + b


@misconception("embed_patches")
def embedding_without_bias(patches, W, b):
    """The bias `b` was not added.

    A projection with a bias is `X @ W + b`. Which of your arguments have you not used yet?
    """
    return patches @ W


@misconception("embed_patches")
def bias_before_the_product(patches, W, b):
    """The bias was added to the patches, before the product, and so it was projected, too.

    A projection with a bias is `X @ W + b`: first the product, then the bias.
    """
    return (patches + b) @ W


# ---------------------------------------------------------------------------------------- add_class_token


@misconception("add_class_token")
def class_token_at_the_end(tokens, class_token):
    """The class token stands behind the other tokens.

    It goes in front, as the first row: later, the answer is read there. In which order does your list name
    the two?
    """
    return np.roll(add_class_token(tokens, class_token), -1, axis=-2)


@misconception("add_class_token")
def class_token_added_up(tokens, class_token):
    """The class token was added to every token, and there is no token more than before.

    It is a token of its own, with a row of its own. Which function joins arrays?
    """
    return tokens + class_token


@misconception("add_class_token")
def class_token_beside_each(tokens, class_token):
    """The class token was joined to every token along the columns, so that all tokens are twice as wide.

    The last axis counts the columns of a token. Which axis counts the tokens?
    """
    return np.concatenate([np.broadcast_to(class_token, tokens.shape), tokens], axis=-1)


@misconception("add_class_token")
def one_image_more(tokens, class_token):
    """The class token was put along the first axis. In a batch, that is one image more, and not one token
    more.

    For one image, that is the same. Count the axis from the end: tokens are the last but one.
    """
    return np.concatenate([np.broadcast_to(class_token, (1, *tokens.shape[1:])), tokens], axis=0)


@misconception("add_class_token")
def stacked_without_batch(tokens, class_token):
    """The class token became a single row, and that cannot be joined to a batch.

    For one image, that is enough. With a batch, each image needs a row of its own: `(..., 1, d)`.
    """
    return np.concatenate([class_token[None, :], tokens])


@misconception("add_class_token")
def first_token_replaced(tokens, class_token):
    """The class token took the place of the first patch, whose token is lost.

    There is one token more afterwards: `(..., N+1, d)`.
    """
    return np.concatenate([add_class_token(tokens, class_token)[..., :1, :], tokens[..., 1:, :]], axis=-2)


@misconception("add_class_token")
def class_token_of_zeros(tokens, class_token):
    """The first token is all zeros.

    A row was made for the class token, but the numbers of `class_token` were not put there.
    """
    return add_class_token(tokens, np.zeros_like(class_token))


# --------------------------------------------------------------------------------- add_position_embedding


@misconception("add_position_embedding")
def one_position_for_all(tokens, position):
    """All tokens got the same position, the first.

    Each place has a row of its own in `position`. Look for an index that picks one of them.
    """
    return tokens + position[0]


@misconception("add_position_embedding")
def positions_beside(tokens, position):
    """The positions were joined to the tokens as further columns.

    That would keep the two apart, but all tokens would be twice as wide. Here positions are *added*.
    """
    return np.concatenate([tokens, np.broadcast_to(position, tokens.shape)], axis=-1)


@misconception("add_position_embedding")
def positions_multiplied(tokens, position):
    """Tokens and positions were multiplied.

    A position near 0 would wipe its token out. Here positions are *added*.
    """
    return tokens * position


@misconception("add_position_embedding")
def class_token_left_out(tokens, position):
    """The class token got no position.

    It has a row in `position` as well, the first. Both arrays have N+1 rows, so nothing needs to be cut.
    """
    return np.concatenate([tokens[..., :1, :], tokens[..., 1:, :] + position[1:]], axis=-2)


@misconception("add_position_embedding")
def positions_off_by_one(tokens, position):
    """The class token got no position, and every patch got the position of the token before it.

    The first row of `position` belongs to the class token. Both arrays have N+1 rows, so nothing needs to be
    cut.
    """
    return np.concatenate([tokens[..., :1, :], tokens[..., 1:, :] + position[:-1]], axis=-2)


@misconception("add_position_embedding")
def positions_unused(tokens, position):
    """The tokens came back as they were, without positions.

    Which of your arguments have you not used yet?
    """
    return tokens + np.zeros_like(position)


@misconception("add_position_embedding")
def overwrites_the_tokens(tokens, position):
    """`+=` wrote the sum into the array that was handed in.

    The caller may still need the tokens as they were. `tokens + position` makes a new array.
    """
    tokens += position
    return tokens


# --------------------------------------------------------------------------------------------- layer_norm


def normed(X, gamma, beta, eps, axis=-1):
    """The right layer norm, but for the axis."""
    mean, variance = X.mean(axis=axis, keepdims=True), X.var(axis=axis, keepdims=True)
    return gamma * (X - mean) / np.sqrt(variance + eps) + beta


@misconception("layer_norm")
def divided_by_d_minus_1(X, gamma, beta, eps=1e-5):
    """The variance was divided by d - 1, and not by d.

    Statistics does so for samples, with `ddof=1`. Here we have all numbers of the token: divide by d.
    """
    variance = X.var(axis=-1, keepdims=True, ddof=1)
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / np.sqrt(variance + eps) + beta


@misconception("layer_norm")
def divided_by_variance(X, gamma, beta, eps=1e-5):
    """The tokens were divided by the variance, and not by its root.

    The variance is a square. What must be done to it, so that a token that is 10 times as large becomes the
    same?
    """
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / (X.var(axis=-1, keepdims=True) + eps) + beta


@misconception("layer_norm")
def over_tokens(X, gamma, beta, eps=1e-5):
    """Mean and variance were taken over the tokens, separately for every column.

    Each token is normalised by itself. Which axis holds the numbers of one token?
    """
    return normed(X, gamma, beta, eps, axis=-2)


@misconception("layer_norm")
def over_everything(X, gamma, beta, eps=1e-5):
    """There was one mean and one variance for the whole array.

    Each token is normalised by itself. Did you tell `mean` and `var` an axis?
    """
    return normed(X, gamma, beta, eps, axis=None)


@misconception("layer_norm")
def eps_outside_the_root(X, gamma, beta, eps=1e-5):
    """`eps` was added outside the root, to the standard deviation.

    The formula has it inside: first add it to the variance, then take the root.
    """
    deviation = X.std(axis=-1, keepdims=True)
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / (deviation + eps) + beta


@misconception("layer_norm")
def eps_on_top(X, gamma, beta, eps=1e-5):
    """`eps` was added above the line, to the numbers that are divided.

    It is there to keep the divisor from being 0: it belongs under the root.
    """
    return gamma * (X - X.mean(axis=-1, keepdims=True) + eps) / X.std(axis=-1, keepdims=True) + beta


@misconception("layer_norm")
def without_eps(X, gamma, beta, eps=1e-5):
    """`eps` was not used.

    A token whose numbers are all equal has the variance 0. Which of your arguments have you not used yet?
    """
    return normed(X, gamma, beta, 0)


@misconception("layer_norm")
def eps_always_the_same(X, gamma, beta, eps=1e-5):
    """`eps` was always 0.00001, whatever the caller asked for.

    The number in the first line is only the default. Does your code mention `eps`, or the number?
    """
    return normed(X, gamma, beta, 1e-5)


@misconception("layer_norm")
def without_gamma(X, gamma, beta, eps=1e-5):
    """The tokens were not multiplied by `gamma`.

    Every column has a scale of its own. Which of your arguments have you not used yet?
    """
    return normed(X, 1, beta, eps)


@misconception("layer_norm")
def without_beta(X, gamma, beta, eps=1e-5):
    """`beta` was not added.

    Every column has a shift of its own. Which of your arguments have you not used yet?
    """
    return normed(X, gamma, 0, eps)


@misconception("layer_norm")
def without_gamma_and_beta(X, gamma, beta, eps=1e-5):
    """Neither `gamma` nor `beta` was used.

    After mean and variance, every column is scaled by its `gamma` and shifted by its `beta`.
    """
    return normed(X, 1, 0, eps)


@misconception("layer_norm")
def gamma_and_beta_swapped(X, gamma, beta, eps=1e-5):
    """`gamma` and `beta` have changed places.

    `gamma` is what the columns are multiplied by, and `beta` is added.
    """
    return normed(X, beta, gamma, eps)


@misconception("layer_norm")
def beta_before_gamma(X, gamma, beta, eps=1e-5):
    """`beta` was added before the product with `gamma`, and so it was scaled, too.

    First multiply by `gamma`, then add `beta`. Look at your brackets.
    """
    return gamma * normed(X, 1, beta, eps)


@misconception("layer_norm")
def not_centred(X, gamma, beta, eps=1e-5):
    """The mean was not subtracted.

    After the norm, the numbers of a token have the mean 0, before `gamma` and `beta`. What stands above the
    line in the formula?
    """
    return gamma * X / np.sqrt(X.var(axis=-1, keepdims=True) + eps) + beta


@misconception("layer_norm")
def mean_square_for_variance(X, gamma, beta, eps=1e-5):
    """The mean was not subtracted, and the mean of the squares stands in the place of the variance.

    That is another norm, RMSNorm, which some models use. Here both the mean and the variance count.
    """
    return gamma * X / np.sqrt(np.mean(X**2, axis=-1, keepdims=True) + eps) + beta


@misconception("layer_norm")
def only_centred(X, gamma, beta, eps=1e-5):
    """The mean was subtracted, but nothing was divided.

    After the norm, the numbers of a token have the variance 1, before `gamma` and `beta`. What stands below
    the line in the formula?
    """
    return gamma * (X - X.mean(axis=-1, keepdims=True)) + beta


@misconception("layer_norm")
def norm_without_keepdims(X, gamma, beta, eps=1e-5):
    """Mean and variance have lost an axis: they cannot be subtracted row by row, or they meet the wrong
    tokens.

    With `keepdims=True`, a mean has the shape `(..., 1)`, and goes with its own row.
    """
    return gamma * (X - X.mean(axis=-1)) / np.sqrt(X.var(axis=-1) + eps) + beta


# --------------------------------------------------------------------------------------------------- gelu


@misconception("gelu")
def relu_instead(X):
    """This is ReLU: all negative numbers became 0.

    GELU lets a little of them through: gelu(-1) is -0.16. Multiply every number by its Φ.
    """
    return np.maximum(X, 0)


@misconception("gelu")
def tanh_form(X):
    """This is the approximation of GELU with tanh. It is close, but not the same.

    It comes from times when erf was slow. Here GELU is exact: use `math.erf`.
    """
    return X * (1 + np.tanh(math.sqrt(2 / math.pi) * (X + 0.044715 * X**3))) / 2


@misconception("gelu")
def tanh_form_mistyped(X):
    """This is the approximation of GELU with tanh, with a 0.44715 in it that should be 0.044715.

    It is easily mistyped, and only an approximation. Here GELU is exact: use `math.erf`.
    """
    return X * (1 + np.tanh(math.sqrt(2 / math.pi) * (X + 0.44715 * X**3))) / 2


@misconception("gelu")
def sigmoid_form(X):
    """This is the approximation of GELU with a sigmoid, x · sigmoid(1.702 x).

    It is faster and less exact. Here GELU is exact: use `math.erf`.
    """
    return X / (1 + np.exp(-1.702 * X))


@misconception("gelu")
def silu_instead(X):
    """This is SiLU, x · sigmoid(x), and not GELU.

    Both are smooth gates. In GELU, x is multiplied by the probability Φ(x), and the formula for that has an
    erf.
    """
    return X / (1 + np.exp(-X))


@misconception("gelu")
def erf_without_root(X):
    """The √2 is missing: erf was taken of x, and not of x / √2.

    Look at the brackets of erf in the formula once more.
    """
    return X * (1 + np.vectorize(math.erf)(X)) / 2


@misconception("gelu")
def erf_of_a_product(X):
    """erf was taken of x · √2, and not of x / √2.

    Look at the brackets of erf in the formula once more.
    """
    return X * (1 + np.vectorize(math.erf)(X * math.sqrt(2))) / 2


@misconception("gelu")
def probability_alone(X):
    """This is Φ(x) alone: the probability, and not x times the probability.

    Far to the right, Φ is 1, but GELU lets x pass as it is. What is multiplied by Φ(x)?
    """
    return gelu(X) / X


@misconception("gelu")
def density_for_probability(X):
    """x was multiplied by the density of the normal distribution, the bell curve, and not by the probability
    Φ(x).

    Far to the right, the bell curve goes to 0, and Φ goes to 1. The formula for Φ has an erf.
    """
    return X * np.exp(-(X**2) / 2) / math.sqrt(2 * math.pi)


@misconception("gelu")
def not_halved(X):
    """The result is twice as large as it should be: the ½ is missing.

    1 + erf lies between 0 and 2. Φ is a probability, and lies between 0 and 1.
    """
    return 2 * gelu(X)


@misconception("gelu")
def erf_alone(X):
    """x was multiplied by the erf, and not by Φ(x) = ½ (1 + erf).

    erf lies between -1 and 1. Φ is a probability, and lies between 0 and 1.
    """
    return 2 * gelu(X) - X


@misconception("gelu")
def erf_of_an_array(X):
    """`math.erf` was called with a whole array, and it takes one number.

    `np.vectorize(math.erf)` is a function that takes arrays, and calls `math.erf` for every number in them.
    """
    return X * (1 + math.erf(X / math.sqrt(2))) / 2


# ---------------------------------------------------------------------------------------------------- mlp


@misconception("mlp")
def no_activation(X, W_1, b_1, W_2, b_2):
    """There was no GELU between the two projections.

    Without it, two projections are only another projection. Where does it stand in the formula?
    """
    return (X @ W_1 + b_1) @ W_2 + b_2


@misconception("mlp")
def activation_at_the_end_too(X, W_1, b_1, W_2, b_2):
    """There was a GELU behind the second projection, too.

    What comes out is added to the tokens, and it must be able to be negative. One GELU is enough, between the
    two.
    """
    return gelu(mlp(X, W_1, b_1, W_2, b_2))


@misconception("mlp")
def activation_only_at_the_end(X, W_1, b_1, W_2, b_2):
    """The GELU stands behind the second projection, and not between the two.

    Read the formula from the inside out: project, GELU, project.
    """
    return gelu((X @ W_1 + b_1) @ W_2 + b_2)


@misconception("mlp")
def activation_first(X, W_1, b_1, W_2, b_2):
    """The GELU was applied to the tokens, before the first projection.

    Read the formula from the inside out: project, GELU, project.
    """
    return (gelu(X) @ W_1 + b_1) @ W_2 + b_2


@misconception("mlp")
def layers_swapped(X, W_1, b_1, W_2, b_2):
    """The two layers have changed places.

    `W_1` comes first: it leads from d columns to the hidden ones, and `W_2` leads back.
    """
    return mlp(X, W_2, b_2, W_1, b_1)


@misconception("mlp")
def relu_in_between(X, W_1, b_1, W_2, b_2):
    """There was a ReLU between the two projections, and not a GELU.

    The first transformer had ReLU there. Here it is your own `gelu`.
    """
    return np.maximum(X @ W_1 + b_1, 0) @ W_2 + b_2


@misconception("mlp")
def tanh_form_in_between(X, W_1, b_1, W_2, b_2):
    """Between the two projections, GELU was approximated with tanh.

    It is close, but not the same. Use your own `gelu`, which is exact.
    """
    return tanh_form(X @ W_1 + b_1) @ W_2 + b_2


@misconception("mlp")
def mlp_without_first_bias(X, W_1, b_1, W_2, b_2):
    """The bias `b_1` was not added.

    Each projection adds its bias. Which of your arguments have you not used yet?
    """
    return mlp(X, W_1, np.zeros_like(b_1), W_2, b_2)


@misconception("mlp")
def mlp_without_last_bias(X, W_1, b_1, W_2, b_2):
    """The bias `b_2` was not added.

    Each projection adds its bias. Which of your arguments have you not used yet?
    """
    return mlp(X, W_1, b_1, W_2, np.zeros_like(b_2))


@misconception("mlp")
def mlp_without_biases(X, W_1, b_1, W_2, b_2):
    """No bias was added, neither `b_1` nor `b_2`.

    Each projection adds its bias. Which of your arguments have you not used yet?
    """
    return mlp(X, W_1, np.zeros_like(b_1), W_2, np.zeros_like(b_2))


@misconception("mlp")
def first_bias_after_activation(X, W_1, b_1, W_2, b_2):
    """The bias `b_1` was added behind the GELU.

    A bias belongs to its projection: `X @ W_1 + b_1` is what the GELU is applied to.
    """
    return (gelu(X @ W_1) + b_1) @ W_2 + b_2


@misconception("mlp")
def residual_inside(X, W_1, b_1, W_2, b_2):
    """The tokens were added to the result.

    That sum belongs to `encoder_block`, which adds them once. Leave it out here.
    """
    return X + mlp(X, W_1, b_1, W_2, b_2)


# ------------------------------------------------------------------------------------------ encoder_block


def first_norm(X, block):
    return layer_norm(X, block["norm_1.gamma"], block["norm_1.beta"])


def second_norm(X, block):
    return layer_norm(X, block["norm_2.gamma"], block["norm_2.beta"])


def attend(X, block, num_heads):
    arrays = [block[f"attention.{name}"] for name in ("W_qkv", "b_qkv", "W_o", "b_o")]
    return multi_head_attention(X, *arrays, num_heads)


def think(X, block):
    return mlp(X, *(block[f"mlp.{name}"] for name in ("W_1", "b_1", "W_2", "b_2")))


@misconception("encoder_block")
def post_norm(X, block, num_heads):
    """The norms stand behind the sums, "post-norm", as in the first transformer.

    Here they stand inside the branches, in front of attention and MLP: pre-norm. What is added to the tokens
    is not normalised again.
    """
    X = first_norm(X + attend(X, block, num_heads), block)
    return second_norm(X + think(X, block), block)


@misconception("encoder_block")
def norms_behind_the_branches(X, block, num_heads):
    """The norms stand at the end of the branches, behind attention and MLP.

    They stand at the beginning of the branches: attention and MLP work on normalised tokens.
    """
    X = X + first_norm(attend(X, block, num_heads), block)
    return X + second_norm(think(X, block), block)


@misconception("encoder_block")
def residual_of_the_normalised(X, block, num_heads):
    """The branches were added to the *normalised* tokens.

    The tokens themselves pass by untouched, on the line below the branch. Does your code give the normalised
    tokens the name `X`?
    """
    X = first_norm(X, block)
    X = X + attend(X, block, num_heads)
    X = second_norm(X, block)
    return X + think(X, block)


@misconception("encoder_block")
def no_residuals(X, block, num_heads):
    """Nothing was added to the tokens: only what the branches found came back.

    The lines that pass by the branches are missing, `X + ...`, both of them.
    """
    return think(second_norm(attend(first_norm(X, block), block, num_heads), block), block)


@misconception("encoder_block")
def first_residual_missing(X, block, num_heads):
    """What attention found was not added to the tokens, but took their place.

    X' is `X + attention(...)`. The second sum is right.
    """
    X = attend(first_norm(X, block), block, num_heads)
    return X + think(second_norm(X, block), block)


@misconception("encoder_block")
def second_residual_missing(X, block, num_heads):
    """What the MLP found was not added to the tokens, but took their place.

    The output is `X' + mlp(...)`. The first sum is right.
    """
    X = X + attend(first_norm(X, block), block, num_heads)
    return think(second_norm(X, block), block)


@misconception("encoder_block")
def second_residual_from_the_start(X, block, num_heads):
    """The MLP was added to the X of the beginning, and what attention found was lost on the way.

    The second sum starts from X', the result of the first. Which of the two does your last line name?
    """
    middle = X + attend(first_norm(X, block), block, num_heads)
    return X + think(second_norm(middle, block), block)


@misconception("encoder_block")
def branches_side_by_side(X, block, num_heads):
    """Both branches started from X: the MLP did not see what attention had found.

    The second branch starts from X', the result of the first sum. Which of the two does the second norm get?
    """
    return X + attend(first_norm(X, block), block, num_heads) + think(second_norm(X, block), block)


@misconception("encoder_block")
def first_norm_for_both(X, block, num_heads):
    """The first norm was used for both branches.

    Each norm has a `gamma` and a `beta` of its own, and those of `norm_2` were not used.
    """
    X = X + attend(first_norm(X, block), block, num_heads)
    return X + think(first_norm(X, block), block)


@misconception("encoder_block")
def norms_swapped(X, block, num_heads):
    """The two norms have changed places.

    `norm_1` belongs to attention, and `norm_2` to the MLP.
    """
    X = X + attend(second_norm(X, block), block, num_heads)
    return X + think(first_norm(X, block), block)


@misconception("encoder_block")
def first_norm_missing(X, block, num_heads):
    """Attention worked on tokens that were not normalised.

    Each branch begins with a norm. Where does your code use `norm_1`?
    """
    X = X + attend(X, block, num_heads)
    return X + think(second_norm(X, block), block)


@misconception("encoder_block")
def second_norm_missing(X, block, num_heads):
    """The MLP worked on tokens that were not normalised.

    Each branch begins with a norm. Where does your code use `norm_2`?
    """
    X = X + attend(first_norm(X, block), block, num_heads)
    return X + think(X, block)


@misconception("encoder_block")
def no_norms(X, block, num_heads):
    """No norm was used, neither in front of attention nor in front of the MLP.

    Each branch begins with a norm, which has a `gamma` and a `beta` of its own.
    """
    X = X + attend(X, block, num_heads)
    return X + think(X, block)


@misconception("encoder_block")
def mlp_first(X, block, num_heads):
    """The MLP came first, and attention second.

    First the tokens look at each other, then each of them thinks for itself.
    """
    X = X + think(second_norm(X, block), block)
    return X + attend(first_norm(X, block), block, num_heads)


@misconception("encoder_block")
def mlp_missing(X, block, num_heads):
    """The second branch is missing: the block ends behind attention.

    The output is X' + mlp(norm_2(X')).
    """
    return X + attend(first_norm(X, block), block, num_heads)


@misconception("encoder_block")
def attention_missing(X, block, num_heads):
    """The first branch is missing: no token has looked at another.

    X' is X + attention(norm_1(X)).
    """
    return X + think(second_norm(X, block), block)


@misconception("encoder_block")
def one_head_only(X, block, num_heads):
    """Attention had one head, whatever `num_heads` says.

    `multi_head_attention` takes the number of heads as its last argument before the mask.
    """
    return encoder_block(X, block, 1)


# --------------------------------------------------------------------------------------------- vit_logits


def enter(images, weights):
    """The tokens that enter the first block."""
    tokens = patch_tokens(images, weights)
    return add_position_embedding(add_class_token(tokens, weights["class_token"]), weights["position"])


def patch_tokens(images, weights):
    patch_size = math.isqrt(weights["patch.W"].shape[0] // images.shape[-3])
    return embed_patches(patchify(images, patch_size), weights["patch.W"], weights["patch.b"])


def blocks_of(weights):
    depth = len({name.split(".")[1] for name in weights if name.startswith("blocks.")})
    return [part_of(weights, f"blocks.{i}.") for i in range(depth)]


def run(X, blocks, num_heads):
    for block in blocks:
        X = encoder_block(X, block, num_heads)
    return X


def last_norm(X, weights):
    return layer_norm(X, weights["norm.gamma"], weights["norm.beta"])


def head(X, weights):
    return project(X, weights["head.W"]) + weights["head.b"]


@misconception("vit_logits")
def mean_of_all_tokens(images, weights, num_heads):
    """The answer was read off the mean of all tokens, and not off the class token.

    Some models do so, and have no class token. This one has been trained to gather the answer in its class
    token.
    """
    X = run(enter(images, weights), blocks_of(weights), num_heads)
    return head(last_norm(X, weights).mean(axis=-2), weights)


@misconception("vit_logits")
def mean_of_the_patches(images, weights, num_heads):
    """The answer was read off the mean of the patches' tokens, and not off the class token.

    Some models do so, and have no class token. This one has been trained to gather the answer in its class
    token.
    """
    X = run(enter(images, weights), blocks_of(weights), num_heads)
    return head(last_norm(X, weights)[..., 1:, :].mean(axis=-2), weights)


@misconception("vit_logits")
def last_token(images, weights, num_heads):
    """The answer was read off the last token, which is the patch at the lower right.

    The class token stands in front of all others. Which index has the first row?
    """
    X = run(enter(images, weights), blocks_of(weights), num_heads)
    return head(last_norm(X, weights)[..., -1, :], weights)


@misconception("vit_logits")
def first_patch(images, weights, num_heads):
    """The answer was read off the second row, which is the first patch.

    The class token stands in front of all others. Python counts from 0.
    """
    X = run(enter(images, weights), blocks_of(weights), num_heads)
    return head(last_norm(X, weights)[..., 1, :], weights)


@misconception("vit_logits")
def logits_of_all_tokens(images, weights, num_heads):
    """Every token has logits, and only those of the class token are asked for.

    One image has one answer, `(..., classes)`. Pick the first row of each image before the head.
    """
    return head(last_norm(run(enter(images, weights), blocks_of(weights), num_heads), weights), weights)


@misconception("vit_logits")
def no_final_norm(images, weights, num_heads):
    """The layer norm behind the last block is missing.

    In a pre-norm transformer, no norm comes behind the last sum, so one more is needed: `norm.gamma` and
    `norm.beta`.
    """
    return head(run(enter(images, weights), blocks_of(weights), num_heads)[..., 0, :], weights)


@misconception("vit_logits")
def norm_before_the_blocks(images, weights, num_heads):
    """The last layer norm came too early, in front of the first block.

    It stands behind the last block, in front of the head.
    """
    X = run(last_norm(enter(images, weights), weights), blocks_of(weights), num_heads)
    return head(X[..., 0, :], weights)


@misconception("vit_logits")
def norm_behind_every_block(images, weights, num_heads):
    """The last layer norm was used behind every block.

    It stands behind the *last* block only. Is that line inside your loop?
    """
    X = enter(images, weights)
    for block in blocks_of(weights):
        X = last_norm(encoder_block(X, block, num_heads), weights)
    return head(X[..., 0, :], weights)


@misconception("vit_logits")
def probabilities(images, weights, num_heads):
    """A softmax was applied to the logits.

    It makes probabilities of them. Here the logits themselves are asked for: what the head gives, as it is.
    """
    return softmax(vit_logits(images, weights, num_heads))


@misconception("vit_logits")
def only_the_answer(images, weights, num_heads):
    """Only the class with the largest logit came back.

    Return all logits, one for each class: the caller will look for the largest.
    """
    return vit_logits(images, weights, num_heads).argmax(axis=-1)


@misconception("vit_logits")
def head_without_bias(images, weights, num_heads):
    """The bias of the head was not added.

    The head is a projection with a bias, `head.b`.
    """
    return vit_logits(images, {**weights, "head.b": np.zeros_like(weights["head.b"])}, num_heads)


@misconception("vit_logits")
def first_block_for_all(images, weights, num_heads):
    """Every block had the weights of the first block.

    Each turn of the loop needs the arrays of its own block. Is there a 0 in your code where the number of the
    turn should stand?
    """
    blocks = blocks_of(weights)
    X = run(enter(images, weights), blocks[:1] * len(blocks), num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def last_block_for_all(images, weights, num_heads):
    """Every block had the weights of the last block.

    Each turn of the loop needs the arrays of its own block. Does your code pick them *inside* the loop?
    """
    blocks = blocks_of(weights)
    X = run(enter(images, weights), blocks[-1:] * len(blocks), num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def first_block_only(images, weights, num_heads):
    """Only the first block has run.

    Their number follows from the names, and is in `depth`. Does your `return` stand inside the loop?
    """
    X = run(enter(images, weights), blocks_of(weights)[:1], num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def last_block_only(images, weights, num_heads):
    """Only the last block counts: every block started from the tokens of the beginning.

    Each block takes what the block before it has left. Which name does your loop hand in, and which does it
    give to the result?
    """
    X = run(enter(images, weights), blocks_of(weights)[-1:], num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def blocks_backwards(images, weights, num_heads):
    """The blocks have run in the wrong order, the last one first.

    Block 0 is the first. In which order does your loop count?
    """
    X = run(enter(images, weights), blocks_of(weights)[::-1], num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def positions_before_the_class_token(images, weights, num_heads):
    """The positions were to be added before the class token was there, and there is one position more than
    patches.

    The class token has a position as well. Put it in front first, then add the positions.
    """
    tokens = add_position_embedding(patch_tokens(images, weights), weights["position"])
    return head(tokens, weights)


@misconception("vit_logits")
def class_token_after_positions(images, weights, num_heads):
    """The class token was put in front after the positions had been added, so it has none.

    The class token has a position as well, the first row. Put it in front first, then add the positions.
    """
    tokens = add_position_embedding(patch_tokens(images, weights), weights["position"][1:])
    X = run(add_class_token(tokens, weights["class_token"]), blocks_of(weights), num_heads)
    return head(last_norm(X, weights)[..., 0, :], weights)


@misconception("vit_logits")
def no_positions(images, weights, num_heads):
    """No positions were added, so the model cannot tell an image from its puzzle.

    It is step 4 in the table at the top of the notebook. Where does your code use `position`?
    """
    return vit_logits(images, {**weights, "position": np.zeros_like(weights["position"])}, num_heads)


@misconception("vit_logits")
def vit_with_one_head(images, weights, num_heads):
    """The blocks had one head each, whatever `num_heads` says.

    `encoder_block` takes the number of heads as its last argument. What does your code hand on?
    """
    return vit_logits(images, weights, 1)
