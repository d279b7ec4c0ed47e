"""The checks of 07_image_to_tokens that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points

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
