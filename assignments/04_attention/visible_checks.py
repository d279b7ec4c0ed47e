"""The checks of 04_attention that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points

Q = np.array([[1.0, 2.0], [1.0, 1.0]])
K = np.array([[1.0, 0.0], [0.0, 1.0]])
V = np.array([[2.0, 1.0], [2.0, 0.0]])
MASK = np.array([[True, False], [True, True]])


@points(1)
def test_weighted_sum_example(student):
    """The example by numbers: two mixtures of v1 and v2"""
    output = student.weighted_sum(np.array([[0.33, 0.67], [0.50, 0.50]]), V)
    assert_allclose(output, [[2.00, 0.33], [2.00, 0.50]], "q1 takes 0.33 of v1 and 0.67 of v2.", atol=5e-3)


@points(1)
def test_weighted_sum_shapes(student, rng):
    """The example by shapes: weights 3×5 and values 5×7 give 3×7"""
    output = student.weighted_sum(rng.dirichlet(np.ones(5), size=3), np.full((5, 7), 2.5))
    assert output.shape == (3, 7), f"Three queries and values of width 7 give (3, 7); yours is {output.shape}."
    assert_allclose(output, 2.5, "Where all values are 2.5, every mixture of them is 2.5.")


@points(1)
def test_scaled_dot_product_attention_example(student):
    """The example by numbers: output and weights, without and with a mask"""
    output, weights = student.scaled_dot_product_attention(Q, K, V)
    assert_allclose(output, [[2.00, 0.33], [2.00, 0.50]], "The output is the first to return.", atol=5e-3)
    assert_allclose(weights, [[0.33, 0.67], [0.50, 0.50]], "The weights are the second.", atol=5e-3)
    output, weights = student.scaled_dot_product_attention(Q, K, V, MASK)
    assert_allclose(weights, [[1.00, 0.00], [0.50, 0.50]], "Where q1 may not see k2, k1 gets all.", atol=5e-3)
    assert_allclose(output, [[2.00, 1.00], [2.00, 0.50]], "Where q1 may not see k2, it gets v1.", atol=5e-3)


@points(1)
def test_scaled_dot_product_attention_shapes(student, rng):
    """The example by shapes: 3 queries and 7 keys of length 5, values of width 6"""
    arrays = rng.normal(size=(3, 5)), rng.normal(size=(7, 5)), np.full((7, 6), 2.5)
    output, weights = student.scaled_dot_product_attention(*arrays)
    assert output.shape == (3, 6), f"The output should have shape (3, 6), and yours has {output.shape}."
    assert weights.shape == (3, 7), f"The weights should have shape (3, 7), and yours have {weights.shape}."
    assert_allclose(weights.sum(axis=-1), 1, "Each query shares out exactly 1.")
    assert_allclose(output, 2.5, "Where all values are 2.5, every mixture of them is 2.5.")


@points(1)
def test_causal_mask_example(student):
    """The example: the mask for three tokens"""
    mask = student.causal_mask(3)
    assert_allclose(mask, [[1, 0, 0], [1, 1, 0], [1, 1, 1]], "Token 1 sees one token, token 2 sees two.")


@points(1)
def test_causal_mask_is_boolean(student):
    """The mask holds True and False, and not numbers"""
    mask = student.causal_mask(2)
    assert_allclose(mask, [[1, 0], [1, 1]], "Of two tokens, the first sees itself, the second sees both.")
    assert mask.dtype == np.bool_, f"The mask should be an array of bool, and yours is one of {mask.dtype}."
