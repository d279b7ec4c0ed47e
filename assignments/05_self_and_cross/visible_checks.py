"""The checks of 05_self_and_cross that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points

X = np.array([[1.0, 1.0], [1.0, 0.0]])
W_Q = np.array([[1.0, 1.0], [0.0, 1.0]])
W_K = np.array([[0.0, 1.0], [1.0, -1.0]])
W_V = np.array([[2.0, 0.0], [0.0, 1.0]])
MASK = np.array([[True, False], [True, True]])


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
