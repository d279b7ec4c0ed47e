"""The checks of 07_image_to_tokens that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

PATCHES = np.array([[1.0, 2, 5, 6], [3, 4, 7, 8], [9, 10, 13, 14], [11, 12, 15, 16]])
TOKENS = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
WITH_CLASS_TOKEN = np.array([[7.0, 8.0], [1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
POSITION = np.array([[0.5, 0.0], [0.0, 0.5], [0.1, 0.2], [0.3, 0.4]])


@points(1)
def test_patchify_example(student):
    """The example by numbers: an image of 4×4 pixels becomes four patches"""
    patches = student.patchify(np.arange(1.0, 17.0).reshape(1, 4, 4), 2)
    assert_allclose(patches, PATCHES, "The first patch has the pixels 1, 2, 5 and 6.", atol=5e-3)


@points(1)
def test_patchify_shapes(student):
    """The examples by shapes: 3×6×10, and a batch of two digits"""
    patches = student.patchify(np.ones((3, 6, 10)) * np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1), 2)
    assert patches.shape == (15, 12), f"3×6×10 has 15 patches of 3·2·2 numbers, (15, 12); yours is {patches.shape}."
    why = "Channel 1 is all 1, channel 2 all 2, channel 3 all 3: so is each patch, channel by channel."
    assert_allclose(patches, np.tile([1.0] * 4 + [2.0] * 4 + [3.0] * 4, (15, 1)), why)
    shape = student.patchify(np.ones((2, 1, 8, 8)), 2).shape
    assert shape == (2, 16, 4), f"Two digits have 16 patches each, (2, 16, 4); yours is {shape}."


@points(1)
def test_patchify_batch(student):
    """Two images of two channels and 2×4 pixels: each is cut by itself, and is wider than high"""
    images = np.arange(0.5, 32.5).reshape(2, 2, 2, 4)  # the first row of pixels is 0.5 to 3.5, the next 4.5 to 7.5
    first = [[0.5, 1.5, 4.5, 5.5, 8.5, 9.5, 12.5, 13.5], [2.5, 3.5, 6.5, 7.5, 10.5, 11.5, 14.5, 15.5]]
    second = [[16.5, 17.5, 20.5, 21.5, 24.5, 25.5, 28.5, 29.5], [18.5, 19.5, 22.5, 23.5, 26.5, 27.5, 30.5, 31.5]]
    why = "The first patch of image 1 has 0.5, 1.5, 4.5, 5.5 of channel 1, and then four pixels of channel 2."
    assert_allclose(student.patchify(images, 2), [first, second], why)


def four_patches(images, patch_size):
    """What patches of 2×2 pixels make of an image of 4×4."""
    return PATCHES


def not_covered(images, patch_size):
    """What becomes of an image that the patches cannot cover."""
    raise ValueError("the patches cannot cover the image")


@points(1)
def test_patchify_refuses(student):
    """Patches of 2×2 cover 4×4 pixels; they cannot cover 4×5 or 5×4, and that is a ValueError"""
    image = np.arange(1.0, 17.0).reshape(1, 4, 4)
    assert_allclose(student.patchify(image, 2), PATCHES, "Four patches cover 4×4 pixels.")
    assert_matches(student.patchify, four_patches, image, 2)  # an error counts beside a right answer only
    for shape in [(1, 4, 5), (1, 5, 4)]:
        assert_matches(student.patchify, not_covered, np.ones(shape), 2, raises=ValueError)


@points(1)
def test_embed_patches_example(student):
    """The example by numbers: four patches, with a mean and a difference for columns"""
    W, b = np.array([[0.25, -1.0], [0.25, 1.0], [0.25, -1.0], [0.25, 1.0]]), np.array([0.0, 0.5])
    tokens = student.embed_patches(PATCHES, W, b)
    expected = [[3.5, 2.5], [5.5, 2.5], [11.5, 2.5], [13.5, 2.5]]
    assert_allclose(tokens, expected, "The first patch becomes (3.5, 2.5).", atol=5e-3)


@points(1)
def test_embed_patches_shapes(student):
    """The example by shapes: two digits with 16 patches of 4 numbers, and tokens of width 32"""
    tokens = student.embed_patches(np.ones((2, 16, 4)), np.full((4, 32), 0.5), np.full(32, 3.0))
    assert tokens.shape == (2, 16, 32), f"Each patch becomes a token of width 32, (2, 16, 32); yours is {tokens.shape}."
    assert_allclose(tokens, 5.0, "All pixels are 1, all weights 0.5, all biases 3: four halves and 3 make 5.")


@points(1)
def test_embed_patches_batch(student):
    """Three images of two patches each, in one call: each patch becomes a token in its own place"""
    patches = np.array([[[1.0, 2, 5, 6], [0, 4, 8, 0]], [[-4, 4, 0, 0], [1, 1, 1, 1]], [[2, 0, 0, 6], [3, 3, 5, 5]]])
    W, b = np.array([[0.25, -1.0], [0.25, 1.0], [0.25, -1.0], [0.25, 1.0]]), np.array([0.0, 0.5])
    tokens = student.embed_patches(patches, W, b)
    tokens_by_hand = [[[3.5, 2.5], [3, -3.5]], [[0, 8.5], [1, 0.5]], [[2, 4.5], [4, 0.5]]]
    assert_allclose(tokens, tokens_by_hand, "A token is the mean of its own patch, and a difference.")


@points(1)
def test_embed_patches_decimals(student):
    """Decimals stay decimals, and a patch alone becomes a token alone"""
    patches, W = np.array([[0.5, 1.0, 0.25]]), np.array([[0.25, 1.0], [1.0, 0.5], [0.5, -1.0]])
    tokens = student.embed_patches(patches, W, np.array([0.5, -0.25]))
    assert_allclose(tokens, [[1.75, 0.5]], "0.125 + 1 + 0.125, and the bias 0.5, make 1.75; the shape is (1, 2).")


@points(1)
def test_add_class_token_example(student):
    """The example by numbers: (7, 8) in front of three tokens"""
    tokens = student.add_class_token(TOKENS, np.array([7.0, 8.0]))
    assert_allclose(tokens, WITH_CLASS_TOKEN, "The class token is the first row.", atol=5e-3)


@points(1)
def test_add_class_token_shapes(student):
    """The example by shapes: a batch of five, 16×32"""
    tokens = student.add_class_token(np.full((5, 16, 32), 2.0), np.full(32, 3.0))
    assert tokens.shape == (5, 17, 32), f"Each image gets one row more, (5, 17, 32); yours is {tokens.shape}."
    assert_allclose(tokens[:, 0], 3.0, "The class token is all 3 here, and stands first.")
    assert_allclose(tokens[:, 1:], 2.0, "The tokens of the images are all 2 here, and stand behind it.")


@points(1)
def test_add_class_token_batch(student):
    """Two images in one call: each keeps its own tokens, behind the class token"""
    tokens = np.array([[[1.0, 2, 3], [4, 5, 6]], [[10, 20, 30], [40, 50, 60]]])
    with_class_token = student.add_class_token(tokens, np.array([7.0, 8.0, 9.0]))
    first, second = [[7, 8, 9], [1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 20, 30], [40, 50, 60]]
    assert_allclose(with_class_token, [first, second], "(7, 8, 9) comes first in both images.")


@points(1)
def test_add_class_token_decimals(student):
    """One token with decimals, and a class token with decimals: they become two, and nothing is cut"""
    tokens = student.add_class_token(np.array([[0.5, -1.25, 2.75]]), np.array([0.125, 3.5, -0.5]))
    assert_allclose(tokens, [[0.125, 3.5, -0.5], [0.5, -1.25, 2.75]], "All decimals must still be there.")


@points(1)
def test_add_position_embedding_example(student):
    """The example by numbers: four tokens, each with its own position"""
    tokens = student.add_position_embedding(WITH_CLASS_TOKEN, POSITION)
    expected = [[7.5, 8.0], [1.0, 2.5], [3.1, 4.2], [5.3, 6.4]]
    assert_allclose(tokens, expected, "The class token becomes (7.5, 8).", atol=5e-3)


@points(1)
def test_add_position_embedding_shapes(student):
    """A batch of five, 17×32"""
    tokens = student.add_position_embedding(np.full((5, 17, 32), 2.0), np.full((17, 32), 0.5))
    assert tokens.shape == (5, 17, 32), f"The tokens keep their shape, (5, 17, 32); yours is {tokens.shape}."
    assert_allclose(tokens, 2.5, "Tokens of 2 at positions of a half become 2.5.")


@points(1)
def test_add_position_embedding_batch(student):
    """Two images in one call: the same positions are added to both, a row to each token"""
    images = np.array([[[1.0, 2], [3, 4], [5, 6]], [[10, 20], [30, 40], [50, 60]]])
    tokens = student.add_position_embedding(images, np.array([[0.5, 0.0], [0.0, 0.25], [-1.0, 1.0]]))
    first, second = [[1.5, 2], [3, 4.25], [4, 7]], [[10.5, 20], [30, 40.25], [49, 61]]
    assert_allclose(tokens, [first, second], "Token 1 of both images gets (0.5, 0), token 2 (0, 0.25).")


@points(1)
def test_add_position_embedding_new_array(student):
    """The sum is a new array: the tokens and the positions stay as they are"""
    tokens = student.add_position_embedding(TOKENS, POSITION[:3])
    assert_allclose(tokens, [[1.5, 2], [3, 4.5], [5.1, 6.2]], "Token 1 becomes (1.5, 2).")
    assert_no_side_effects(student.add_position_embedding, TOKENS, POSITION[:3])
