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
def test_weighted_sum_batch(student):
    """Two sentences in one call: each mixes its own values"""
    A = np.array([[[0.5, 0.5, 0.0], [0.0, 0.25, 0.75]], [[1.0, 0.0, 0.0], [0.25, 0.25, 0.5]]])
    V = np.array([[[2.0, 0, 4, -2], [4, 2, 0, 2], [0, 2, 4, 2]], [[1, 8, 0, 4], [3, 0, 4, 0], [-2, 0, 2, 6]]])
    output = student.weighted_sum(A, V)
    output_by_hand = [[[3, 1, 2, 0], [1, 2, 3, 2]], [[1, 8, 0, 4], [0, 2, 2, 4]]]
    assert_allclose(output, output_by_hand, "In sentence 2, query 1 takes all of value 1, (1, 8, 0, 4).")


@points(1)
def test_weighted_sum_no_weights(student):
    """A query whose weights are all 0 gets a mixture of 0; decimals stay decimals"""
    output = student.weighted_sum(np.array([[0.0, 0, 0], [0.25, 0.5, 0.25]]), np.array([[1.0, 3], [0.5, -1], [2, 0]]))
    assert_allclose(output, [[0, 0], [1, 0.25]], "Nothing of all values is 0, and query 2 gets (1, 0.25).")


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
def test_scaled_dot_product_attention_batch(student):
    """Two sentences in one call, with 2 queries, 4 keys of length 3, and values of width 5"""
    Q = np.array([[[3.0, 0, 0], [0, 2, 0]], [[0, 0, 1], [1, 2, 3]]])
    K = np.array([[[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [[0, 0, 2], [1, 0, 0], [0, -1, 1], [2, 0, 0]]])
    V = np.zeros((2, 4, 5))
    V[:, :, :4] = 10 * np.eye(4)  # value i has a 10 in column i, so that a column tells how much of it was taken
    V[1, :, 4] = 1, 2, 3, 4
    output, weights = student.scaled_dot_product_attention(Q, K, V)
    weights_by_hand = [
        [[0.42, 0.08, 0.08, 0.42], [0.12, 0.38, 0.12, 0.38]],
        [[0.46, 0.14, 0.26, 0.14], [0.83, 0.05, 0.05, 0.08]],
    ]
    why = "The scores are divided by the root of 3, the length of a key."
    assert_allclose(weights, weights_by_hand, why, atol=5e-3)
    first = [[4.25, 0.75, 0.75, 4.25, 0.00], [1.20, 3.80, 1.20, 3.80, 0.00]]
    second = [[4.56, 1.44, 2.56, 1.44, 2.09], [8.26, 0.46, 0.46, 0.82, 1.38]]
    assert_allclose(output, [first, second], "Each sentence mixes its own values.", atol=5e-3)


@points(1)
def test_scaled_dot_product_attention_hides(student):
    """A mask hides whatever the scores are; a query that may attend to nothing gets 0; one mask for a whole batch"""
    Q = np.array([[[-1e5, 1e5], [1, 2], [1, 1]], [[1e5, -1e5], [2, 1], [1, 2]]])
    K = np.array([[[1.0, 0], [0, 1]], [[0, 1], [1, 0]]])
    V = np.array([[[2.0, 1], [2, 0]], [[0, 6], [3, 0]]])
    mask = np.array([[True, False], [False, False], [True, True]])  # of each query: may it attend to key 1, to key 2?
    output, weights = student.scaled_dot_product_attention(Q, K, V, mask)
    first, second = [[1, 0], [0, 0], [0.5, 0.5]], [[1, 0], [0, 0], [0.67, 0.33]]
    why = "Query 1 may attend to key 1 only, although key 2 scores far more, and query 2 to nothing."
    assert_allclose(weights, [first, second], why, atol=5e-3)
    first, second = [[2, 1], [0, 0], [2, 0.5]], [[0, 6], [0, 0], [0.99, 4.02]]
    assert_allclose(output, [first, second], "Query 1 gets value 1, and query 2 gets 0.", atol=5e-3)
    output, _ = student.scaled_dot_product_attention(Q, K, V, np.stack([mask, ~mask]))
    second = [[3, 0], [2.01, 1.98], [0, 0]]
    assert_allclose(output, [first, second], "Each sentence may have a mask of its own, too.", atol=5e-3)


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


@points(1)
def test_causal_mask_five_tokens(student):
    """Five tokens: however long the sentence is, the last one sees all of it"""
    mask = student.causal_mask(5)
    rows = [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]
    assert_allclose(mask, rows, "Token 5 sees all five tokens.")


@points(1)
def test_causal_mask_one_token(student):
    """A token alone sees itself, and its mask is a matrix as well"""
    assert_allclose(student.causal_mask(1), [[1]], "The mask for one token has the shape (1, 1), and is True.")
    assert_allclose(student.causal_mask(4).sum(axis=-1), [1, 2, 3, 4], "Of four tokens, token i sees i of them.")
