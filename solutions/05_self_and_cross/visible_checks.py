"""The checks of 05_self_and_cross that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points

X = np.array([[1.0, 1.0], [1.0, 0.0]])
W_Q = np.array([[1.0, 1.0], [0.0, 1.0]])
W_K = np.array([[0.0, 1.0], [1.0, -1.0]])
W_V = np.array([[2.0, 0.0], [0.0, 1.0]])
MASK = np.array([[True, False], [True, True]])
SENTENCES = np.array([[[1.0, 1.0], [1.0, 0.0]], [[2.0, 0.0], [0.0, 1.0]]])  # two of two tokens each
W_LONG_Q = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 2.0]])  # queries and keys of length 3
W_LONG_K = np.array([[0.0, 1.0, 1.0], [1.0, -1.0, 0.0]])
W_WIDE = np.array([[1.0, 0.0, 2.0, 4.0], [0.0, 3.0, 1.0, -4.0]])  # values of width 4


@points(1)
def test_self_attention_example(student):
    """The example by numbers: from the tokens to the output, without and with a mask"""
    output = student.self_attention(X, W_Q, W_K, W_V)
    assert_allclose(output, [[2.00, 0.33], [2.00, 0.50]], "a1 and a2 read each other.", atol=5e-3)
    output = student.self_attention(X, W_Q, W_K, W_V, MASK)
    assert_allclose(output, [[2.00, 1.00], [2.00, 0.50]], "With the mask, a1 reads only itself.", atol=5e-3)


@points(1)
def test_self_attention_shapes(student, rng):
    """Five tokens of width 4, with values of width 6"""
    X, W_v = rng.normal(size=(5, 4)), np.zeros((4, 6))
    X[:, 0], W_v[0] = 1, 2.5
    output = student.self_attention(X, rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), W_v)
    assert output.shape == (5, 6), f"The output has one value for each token, here (5, 6); yours is {output.shape}."
    assert_allclose(output, 2.5, "These weights make all values 2.5, and so every mixture of them.")


@points(1)
def test_self_attention_batch(student):
    """Two sentences in one call: the tokens of one do not see those of the other"""
    output = student.self_attention(SENTENCES, W_LONG_Q, W_LONG_K, W_WIDE)
    first = [[1.00, 1.08, 2.36, 2.56], [1.00, 1.50, 2.50, 2.00]]
    second = [[1.82, 0.27, 3.73, 6.92], [1.97, 0.05, 3.95, 7.79]]
    why = "The scores are divided by the root of 3, the length of a key, and each sentence reads only itself."
    assert_allclose(output, [first, second], why, atol=5e-3)


@points(1)
def test_self_attention_sees_nothing(student):
    """A token that may attend to nothing gets the output 0; one mask for a whole batch"""
    mask = np.array([[False, True], [False, False]])
    output = student.self_attention(SENTENCES, W_LONG_Q, W_LONG_K, W_WIDE, mask)
    why = "Token 1 may attend to token 2 only, so it gets value 2 of its sentence; token 2 gets 0."
    assert_allclose(output, [[[1, 0, 2, 4], [0, 0, 0, 0]], [[0, 3, 1, -4], [0, 0, 0, 0]]], why)


@points(1)
def test_cross_attention_example(student):
    """The example by numbers: b reads a1 and a2"""
    output = student.cross_attention(np.array([[1.0, -1.0]]), X, W_Q, W_K, W_V)
    assert_allclose(output, [[2.00, 0.67]], "b takes 0.67 of v1 and 0.33 of v2.", atol=5e-3)


@points(1)
def test_cross_attention_shapes(student, rng):
    """Three tokens of width 4 read seven tokens of width 5, with values of width 6"""
    X_encoder, W_v = rng.normal(size=(7, 5)), np.zeros((5, 6))
    X_encoder[:, 0], W_v[0] = 1, 2.5
    weights = rng.normal(size=(4, 2)), rng.normal(size=(5, 2)), W_v
    output = student.cross_attention(rng.normal(size=(3, 4)), X_encoder, *weights)
    assert output.shape == (3, 6), f"Three tokens ask, so the output has shape (3, 6); yours is {output.shape}."
    assert_allclose(output, 2.5, "These weights make all values 2.5, and so every mixture of them.")


@points(1)
def test_cross_attention_batch(student):
    """Two translations in one call: each English sentence reads its own Chinese one"""
    X_decoder = np.array([[[1.0, 0, 2], [0, 1, 0]], [[0, 1, 1], [2, 0, 0]]])
    X_encoder = np.array([[[1.0, 1], [1, 0], [0, 1], [2, 0]], [[0, 0], [1, -1], [0, 2], [1, 1]]])
    W_q = np.array([[1.0, 0.0, 1.0], [0.0, 2.0, 0.0], [0.0, 1.0, -1.0]])
    output = student.cross_attention(X_decoder, X_encoder, W_q, W_LONG_K, W_WIDE)
    first = [[1.40, 0.72, 3.04, 4.64], [1.67, 0.27, 3.43, 6.32]]
    second = [[0.95, -2.66, 1.01, 7.33], [0.50, 3.96, 2.32, -3.28]]
    assert_allclose(output, [first, second], "Each of the two has two tokens that ask and four that answer.", atol=5e-3)


@points(1)
def test_cross_attention_mask(student):
    """The caller's mask is used, for a whole batch; a token that may attend to nothing gets the output 0"""
    mask = np.array([[False, True], [False, False], [True, False]])
    output = student.cross_attention(np.ones((2, 3, 2)), SENTENCES, W_LONG_Q, W_LONG_K, W_WIDE, mask=mask)
    first, second = [[1, 0, 2, 4], [0, 0, 0, 0], [1, 3, 3, 0]], [[0, 3, 1, -4], [0, 0, 0, 0], [2, 0, 4, 8]]
    why = "Token 1 reads only token 2 of its encoder, token 2 nothing, token 3 only token 1."
    assert_allclose(output, [first, second], why)
