"""The checks of 10_learning that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, assert_no_side_effects, points

# The probabilities of these are quarters and eighths: softmax makes (1, 1, 2) / 4 of the first row.
LOGITS = np.log([[1.0, 1.0, 2.0], [6.0, 1.0, 1.0], [1.0, 2.0, 1.0], [1.0, 1.0, 2.0]])
LABELS = np.array([2, 1, 0, 0])
# Two sentences of two tokens each, a projection to three columns, the gradient for these, and the two that come of it.
TOKENS = np.array([[[1.0, 0.0], [0.0, 1.0]], [[2.0, 1.0], [-1.0, 3.0]]])
WIDE = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])
WIDE_GRADIENT = np.array([[[1.0, 2.0, 0.0], [0.0, 1.0, 1.0]], [[1.0, 0.0, 1.0], [2.0, -1.0, 0.0]]])
TOKENS_BY_HAND, WIDE_BY_HAND = [[[1, 2], [2, 0]], [[3, -1], [2, -1]]], [[1, 3, 2], [7, -2, 2]]


@points(1)
def test_cross_entropy_example(student):
    """The example by numbers: 0.41 for the first example, 1.10 for the second, 0.75 for both"""
    logits = np.array([[2.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
    loss = student.cross_entropy(logits, np.array([0, 2]))
    assert_allclose(loss, 0.75, "The right classes have the probabilities 0.67 and 0.33.", atol=5e-3)
    assert_allclose(student.cross_entropy(logits[:1], np.array([0])), 0.41, "-log 0.67 is 0.41.", atol=5e-3)
    assert_allclose(student.cross_entropy(logits[1:], np.array([2])), 1.10, "-log 0.33 is 1.10.", atol=5e-3)


@points(1)
def test_cross_entropy_knows_nothing(student):
    """Who holds ten classes for equally likely loses log 10, which is 2.30, whatever is right"""
    loss = student.cross_entropy(np.full((4, 10), 5.0), np.array([3, 1, 4, 1]))
    assert_allclose(loss, 2.30, "Equal logits give each of ten classes the probability 0.1.", atol=5e-3)
    loss = student.cross_entropy(np.zeros((3, 2)), np.array([1, 1, 0]))
    assert_allclose(loss, 0.69, "Equal logits give each of two classes the probability 0.5.", atol=5e-3)


@points(1)
def test_cross_entropy_four_examples(student):
    """Exactly: four examples, whose right classes have the probabilities 1/2, 1/8, 1/4 and 1/4"""
    why = "The four lose 1, 3, 2 and 2 times log 2, and the mean of these is 2 times log 2."
    assert_allclose(student.cross_entropy(LOGITS, LABELS), 2 * np.log(2), why)


@points(1)
def test_cross_entropy_far_apart(student):
    """Logits of 1000 and -1000: in rows of their own, and in one row"""
    loss = student.cross_entropy(np.array([[-1000.0, -1000.0], [1000.0, 1000.0]]), np.array([0, 1]))
    assert_allclose(loss, 0.69, "However large logits are, equal ones share the probability: 0.5 each.", atol=5e-3)
    logits = np.array([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 0.0]])
    both, second = student.cross_entropy(logits, np.array([0, 0])), student.cross_entropy(logits[1:], np.array([0]))
    why = "The first example loses 0, the second 1000 - (-1000), which is 2000: on average 1000."
    assert_allclose([both, second], [1000, 2000], why)


@points(1)
def test_cross_entropy_gradient_example(student):
    """The example by numbers: two examples, three classes"""
    gradient = student.cross_entropy_gradient(np.array([[2.0, 1.0, 0.0], [1.0, 1.0, 1.0]]), np.array([0, 2]))
    by_hand = [[-0.17, 0.12, 0.05], [0.17, 0.17, -0.33]]
    assert_allclose(gradient, by_hand, "The first entry is (0.67 - 1) / 2: the mean is over 2 examples.", atol=5e-3)


@points(1)
def test_cross_entropy_gradient_rows_sum_to_zero(student, rng):
    """The right class pulls its logit up, the others are pushed down, and a row sums to 0"""
    labels = np.array([3, 0, 0, 6, 2])
    gradient = student.cross_entropy_gradient(rng.normal(size=(5, 7)), labels)
    assert gradient.shape == (5, 7), f"Five examples of seven classes have (5, 7) logits; yours is {gradient.shape}."
    is_right = labels[:, None] == np.arange(7)
    assert np.all(gradient[is_right] < 0), "When the right class gets a larger logit, the loss falls."
    assert np.all(gradient[~is_right] > 0), "When a wrong class gets a larger logit, the loss grows."
    assert_allclose(gradient.sum(axis=-1), 0, "The probabilities of a row sum to 1, and so does the one-hot row.")


@points(1)
def test_cross_entropy_gradient_four_examples(student):
    """Exactly: four examples, with quarters and eighths as probabilities; and one of them alone"""
    gradient = student.cross_entropy_gradient(LOGITS, LABELS)
    by_hand = np.array([[1, 1, -2], [3, -3.5, 0.5], [-3, 2, 1], [-3, 1, 2]]) / 16
    assert_allclose(gradient, by_hand, "Example 1 has (0.25, 0.25, 0.5 - 1), divided by 4 examples.")
    alone = student.cross_entropy_gradient(LOGITS[1:2], LABELS[1:2])
    assert_allclose(alone, [[0.75, -0.875, 0.125]], "Example 2 alone has (0.75, 0.125 - 1, 0.125), divided by 1.")


@points(1)
def test_cross_entropy_gradient_far_apart(student):
    """Logits of 1000 and -1000: where the model is sure and right, nothing is to be learned"""
    gradient = student.cross_entropy_gradient(np.array([[-1000.0, -1000.0], [1000.0, 1000.0]]), np.array([0, 1]))
    assert_allclose(gradient, [[-0.25, 0.25], [0.25, -0.25]], "Equal logits share the probability: 0.5 each.")
    logits = np.array([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 0.0]])
    gradient = student.cross_entropy_gradient(logits, np.array([0, 0]))
    assert_allclose(gradient, [[0, 0, 0], [-0.5, 0.5, 0]], "Example 1 is right, example 2 as wrong as can be.")


@points(1)
def test_projection_gradients_example(student):
    """The example by numbers: three tokens of length 2"""
    X, W = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([[1.0, 1.0], [0.0, 1.0]])
    dX, dW = student.projection_gradients(X, W, np.array([[1.0, 2.0], [0.0, 1.0], [1.0, 0.0]]))
    assert_allclose(dX, [[3, 2], [1, 1], [1, 0]], "dX comes first; token 1 has (1·1 + 2·1, 1·0 + 2·1).")
    assert_allclose(dW, [[1, 3], [2, 2]], "dW comes second; its last entry is 1·2 + 0·1 + 1·0, over three tokens.")


@points(1)
def test_projection_gradients_shapes(student):
    """The example by shapes: tokens 5×4 and weights 4×3; and a single token of decimals"""
    dX, dW = student.projection_gradients(np.full((5, 4), 2.0), np.full((4, 3), 3.0), np.full((5, 3), 0.5))
    assert dX.shape == (5, 4), f"dX is shaped as X, here (5, 4), and yours is {dX.shape}."
    assert dW.shape == (4, 3), f"dW is shaped as W, here (4, 3), and yours is {dW.shape}."
    assert_allclose(dX, 4.5, "Each number of X goes into three of Y: 0.5·3 + 0.5·3 + 0.5·3 is 4.5.")
    assert_allclose(dW, 5, "Each weight is used for five tokens: 2·0.5, five times, is 5.")
    token, column = np.array([[0.5, 1.0, -1.0]]), np.array([[2.0], [0.5], [1.0]])
    dX, dW = student.projection_gradients(token, column, np.array([[0.5]]))
    assert_allclose(dX, [[1, 0.25, 0.5]], "One token, projected to one number: dX is (2, 0.5, 1) times 0.5.")
    assert_allclose(dW, [[0.25], [0.5], [-0.5]], "One token, projected to one number: dW is a column.")


@points(1)
def test_projection_gradients_batch(student):
    """Two sentences in one call: dX for each of them, and one dW, the sum over both"""
    dX, dW = student.projection_gradients(TOKENS, WIDE, WIDE_GRADIENT)
    assert_allclose(dX, TOKENS_BY_HAND, "Token 1 of sentence 1 has (1·1 + 2·0 + 0·2, 1·0 + 2·1 - 0·1).")
    assert_allclose(dW, WIDE_BY_HAND, "Both sentences share W, so its gradient is the sum over their four tokens.")


@points(1)
def test_projection_gradients_grouped(student):
    """The same four tokens, as batches of batches: dW stays what it is, however they are grouped"""
    dX, dW = student.projection_gradients(TOKENS.reshape(2, 2, 1, 2), WIDE, WIDE_GRADIENT.reshape(2, 2, 1, 3))
    assert_allclose(dX, np.reshape(TOKENS_BY_HAND, (2, 2, 1, 2)), "dX is shaped as X, here (2, 2, 1, 2).")
    assert_allclose(dW, WIDE_BY_HAND, "dW is shaped as W, and summed over all axes that stand in front.")


@points(1)
def test_softmax_gradient_example(student):
    """The example by numbers: more of key 1 would cost 1, more of key 2 nothing"""
    A, dA = np.array([[0.33, 0.67], [0.50, 0.50]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    dS = student.softmax_gradient(A, dA)
    assert_allclose(dS, [[0.22, -0.22], [0.25, -0.25]], "Row 1 has 0.33·(1 - 0.33) and 0.67·(0 - 0.33).", atol=5e-3)


@points(1)
def test_softmax_gradient_three_keys(student):
    """Three queries with the weights 0.5, 0.3 and 0.2: the Jacobian of notebook 3, a row for each"""
    A = np.array([[0.5, 0.3, 0.2]] * 3)
    J_by_hand = [[0.25, -0.15, -0.1], [-0.15, 0.21, -0.06], [-0.1, -0.06, 0.16]]
    why = "Where only weight j counts, dS is row j of the Jacobian."
    assert_allclose(student.softmax_gradient(A, np.eye(3)), J_by_hand, why)


@points(1)
def test_softmax_gradient_batch(student):
    """Two sentences in one call: every row by itself"""
    A = np.array([[[0.5, 0.25, 0.25], [0.25, 0.75, 0]], [[0.125, 0.125, 0.75], [0.5, 0.5, 0]]])
    dA = np.array([[[4.0, 0, 8], [2, -2, 6]], [[8, 0, 4], [1, 3, 5]]])
    dS = student.softmax_gradient(A, dA)
    by_hand = [[[0, -1, 1], [0.75, -0.75, 0]], [[0.5, -0.5, 0], [-0.5, 0.5, 0]]]
    assert_allclose(dS, by_hand, "Row 1 of sentence 1 has the mean 0.5·4 + 0.25·0 + 0.25·8, which is 4.")


@points(1)
def test_softmax_gradient_nothing_to_gain(student, rng):
    """Each row sums to 0; where all keys cost the same, there is nothing to learn"""
    dA = rng.normal(size=(3, 5))
    dS = student.softmax_gradient(np.full((3, 5), 0.2), dA)
    assert dS.shape == (3, 5), f"Scores of shape (3, 5) have a gradient of that shape; yours is {dS.shape}."
    assert_allclose(dS.sum(axis=-1), 0, "A level that is added to all scores of a row changes nothing.")
    in_order = np.array_equal(dS.argsort(axis=-1), dA.argsort(axis=-1))
    assert in_order, "Where all weights are equal, the largest dS belongs to the largest dA."
    A = np.array([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.25, 0.25, 0.5]])
    dS = student.softmax_gradient(A, np.array([[7.0, 7.0, 7.0], [1.0, 2.0, 3.0], [2.0, -2.0, 0.0]]))
    why = "For query 1, all keys cost the same; query 2 is saturated; and for query 3 the mean is 0."
    assert_allclose(dS, [[0, 0, 0], [0, 0, 0], [0.5, -0.5, 0]], why)


@points(1)
def test_attention_gradients_example(student):
    """The example by numbers: the second number of both outputs is to shrink"""
    Q, K = np.array([[1.0, 2.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    V, dO = np.array([[2.0, 1.0], [2.0, 0.0]]), np.array([[0.0, 1.0], [0.0, 1.0]])
    dQ, dK, dV = student.attention_gradients(Q, K, V, dO)
    assert_allclose(dV, [[0.00, 0.83], [0.00, 1.17]], "dV comes third; v1 is in both outputs, 0.33 + 0.5.", atol=5e-3)
    assert_allclose(dQ, [[0.16, -0.16], [0.18, -0.18]], "dQ comes first; 0.22 / √2 is 0.16.", atol=5e-3)
    assert_allclose(dK, [[0.33, 0.49], [-0.33, -0.49]], "dK comes second; 0.16·q1 + 0.18·q2.", atol=5e-3)


@points(1)
def test_attention_gradients_shapes(student, rng):
    """The example by shapes: 3 queries and 7 keys of length 5, values of width 6, all the same"""
    Q, K = rng.normal(size=(3, 5)), rng.normal(size=(7, 5))
    dQ, dK, dV = student.attention_gradients(Q, K, np.full((7, 6), 2.5), np.full((3, 6), 0.5))
    assert dQ.shape == (3, 5), f"dQ is shaped as Q, here (3, 5), and yours is {dQ.shape}."
    assert dK.shape == (7, 5), f"dK is shaped as K, here (7, 5), and yours is {dK.shape}."
    assert dV.shape == (7, 6), f"dV is shaped as V, here (7, 6), and yours is {dV.shape}."
    assert_allclose(dQ, 0, "Where all values are the same, it does not matter where a query looks.")
    assert_allclose(dK, 0, "Where all values are the same, it does not matter which key is met.")
    assert_allclose(dV.sum(axis=0), 1.5, "Each query shares out exactly 1: three times 0.5 is handed to the values.")


@points(1)
def test_attention_gradients_batch(student):
    """Two sentences in one call, with 2 queries, 4 keys of length 3, and values of width 2"""
    Q = np.array([[[3.0, 0, 0], [0, 2, 0]], [[0, 0, 1], [1, 2, 3]]])
    K = np.array([[[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [[0, 0, 2], [1, 0, 0], [0, -1, 1], [2, 0, 0]]])
    V = np.array([[[1.0, 0], [0, 2], [3, 0], [1, 1]], [[2, 1], [0, 0], [4, -2], [0, 3]]])
    dO = np.array([[[1.0, 0], [0, 2]], [[2, 1], [-1, 1]]])
    dQ, dK, dV = student.attention_gradients(Q, K, V, dO)
    first = [[0.42, 0.24], [0.08, 0.76], [0.08, 0.24], [0.42, 0.76]]
    second = [[0.09, 1.28], [0.24, 0.19], [0.47, 0.30], [0.21, 0.23]]
    assert_allclose(dV, [first, second], "Query 1 of sentence 1 has given 0.42 of v1, and gets (1, 0).", atol=5e-3)
    why = "Scores have been divided by the root of 3, the length of a key; so are their gradients."
    first, second = [[-0.04, -0.07, 0.07], [-0.22, 0.32, -0.22]], [[-0.56, -0.26, 0.65], [0.39, 0.14, -0.27]]
    assert_allclose(dQ, [first, second], why, atol=5e-3)
    first = [[-0.06, -0.32, 0.00], [-0.14, 0.75, 0.00], [0.25, -0.32, 0.00], [-0.06, -0.12, 0.00]]
    second = [[-0.07, -0.14, -0.01], [0.02, 0.05, -0.28], [-0.14, -0.27, -0.15], [0.18, 0.37, 0.44]]
    assert_allclose(dK, [first, second], why, atol=5e-3)


@points(1)
def test_attention_gradients_root(student):
    """Exactly: keys of length 9, whose root is 3; the query scores 0 with both of them"""
    Q, K = np.zeros((1, 9)), np.zeros((2, 9))
    Q[0, 8], K[0, 0], K[1, 1] = 6, 12, 12
    dQ, dK, dV = student.attention_gradients(Q, K, np.array([[2.0], [0.0]]), np.array([[1.0]]))
    assert_allclose(dV, [[0.5], [0.5]], "Both keys match equally well, so both values get 0.5.")
    dQ_by_hand, dK_by_hand = np.zeros((1, 9)), np.zeros((2, 9))
    dQ_by_hand[0, :2] = 2, -2
    dK_by_hand[:, 8] = 1, -1
    why = "dA is (2, 0), so dS is (0.5, -0.5); divided by the root, 3, it is (0.17, -0.17)."
    assert_allclose(dQ, dQ_by_hand, why)
    assert_allclose(dK, dK_by_hand, why)


@points(1)
def test_descend_example(student):
    """The example by numbers: every array, against its own gradient"""
    weights = {"W": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([1.0, -1.0])}
    gradients = {"W": np.array([[10.0, 0.0], [-10.0, 20.0]]), "b": np.array([0.0, 5.0])}
    after = arrays_of(student.descend(weights, gradients, 0.1), "W", "b")
    assert_allclose(after["W"], [[0, 2], [4, 2]], "W starts with 1 - 0.1·10, which is 0.")
    assert_allclose(after["b"], [1, -1.5], "b ends with -1 - 0.1·5, which is -1.5.")


@points(1)
def test_descend_by_name(student):
    """Names decide what belongs together, in whatever order the gradients come; three arrays, of three shapes"""
    weights = {"W_q": np.full((2, 2), 4.0), "W_k": np.full((2, 2), 6.0), "position": np.full((3, 1, 2), 8.0)}
    gradients = {"position": np.full((3, 1, 2), 2.0), "W_k": np.full((2, 2), -4.0), "W_q": np.full((2, 2), 6.0)}
    after = arrays_of(student.descend(weights, gradients, 0.5), "W_q", "W_k", "position")
    assert after["position"].shape == (3, 1, 2), f"An array keeps its shape; yours is {after['position'].shape}."
    assert_allclose(after["W_q"], 1, "W_q goes from 4 to 4 - 0.5·6.")
    assert_allclose(after["W_k"], 8, "W_k goes from 6 to 6 + 0.5·4: its gradient is negative.")
    assert_allclose(after["position"], 7, "The positions go from 8 to 8 - 0.5·2.")


@points(1)
def test_descend_downhill(student):
    """Five steps downhill: each halves the way to the bottom"""
    bottom, weights = np.array([3.0, -1.0]), {"w": np.array([35.0, 63.0])}
    for left in ([16, 32], [8, 16], [4, 8], [2, 4], [1, 2]):
        # The loss is the squared distance to the bottom, whose gradient is twice the way from there.
        weights = arrays_of(student.descend(weights, {"w": 2 * (weights["w"] - bottom)}, 0.25), "w")
        assert_allclose(weights["w"] - bottom, left, f"A quarter of twice the way is half of it: {left} is left.")


@points(1)
def test_descend_new_dict(student):
    """The dict that was given, and its arrays, stay as they are"""
    weights, gradients = {"W": np.array([[1.0, 2.0]]), "b": np.array([3.0])}, {"W": np.ones((1, 2)), "b": np.ones(1)}
    after = arrays_of(student.descend(weights, gradients, 1.0), "W", "b")
    assert_allclose(after["W"], [[0, 1]], "W goes from (1, 2) to (0, 1).")
    assert_allclose(after["b"], [2], "b goes from 3 to 2.")
    assert_no_side_effects(student.descend, weights, gradients, 1.0)


def arrays_of(answer, *names):
    """A dict of arrays with these names, and nothing else."""
    assert answer is not None, "A dict is asked for, and nothing came back: is there a `return`?"
    assert isinstance(answer, dict), "A dict is asked for, with the names of the weights."
    assert answer.keys() == set(names), f"The names should be {', '.join(names)}; yours are {', '.join(answer)}."
    for name in names:
        assert isinstance(answer[name], np.ndarray), f"An array is asked for under the name {name}."
    return answer
