"""Mistakes that students really make in 07_image_to_tokens: what each computes, and the hint it earns."""

import numpy as np
from lesson import add_class_token, patchify

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


@misconception("patchify", slip=True)
def grid_kept(images, patch_size):
    """The patches still lie in a grid, with an axis for its rows and one for its columns.

    A transformer reads a sequence: lay the patches in one row, `(..., N, C·P·P)`.
    """
    *leading, _, H, W = images.shape
    return patchify(images, patch_size).reshape(*leading, H // patch_size, W // patch_size, -1)


@misconception("patchify", slip=True)
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
