"""The checks of 01_projection that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points

X = np.array([[1.0, 1.0], [1.0, 0.0]])
W_Q = np.array([[1.0, 1.0], [0.0, 1.0]])
W_K = np.array([[0.0, 1.0], [1.0, -1.0]])
W_V = np.array([[2.0, 0.0], [0.0, 1.0]])
# Two sentences of three tokens each.
SENTENCES = np.array([[[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]], [[2.0, 0.0], [0.0, 3.0], [-1.0, 1.0]]])
W_WIDE = np.array([[1.0, 0.0, 2.0, -1.0], [0.0, 1.0, 1.0, 3.0]])


@points(1)
def test_project_example(student):
    """The example by numbers: a1 and a2 become q1 and q2"""
    Q = student.project(X, W_Q)
    assert_allclose(Q, [[1.00, 2.00], [1.00, 1.00]], "q1 is (1, 2) and q2 is (1, 1), one per row.", atol=5e-3)


@points(1)
def test_project_shapes(student):
    """The example by shapes: a 1×4 row, a token (4,) and a stack 5×4, each times 4×3"""
    for tokens, queries in [((1, 4), (1, 3)), ((4,), (3,)), ((5, 4), (5, 3))]:
        Q = student.project(np.ones(tokens), np.full((4, 3), 0.5))
        assert Q.shape == queries, f"Tokens of shape {tokens} should give {queries}, and yours gave {Q.shape}."
        assert_allclose(Q, 2.0, "Where all tokens are 1 and all weights 0.5, four halves make 2.")


@points(1)
def test_project_batch(student):
    """Two sentences of three tokens each, in one call: each keeps its own place"""
    Q = student.project(SENTENCES, W_WIDE)
    first = [[1, 1, 3, 2], [1, 0, 2, -1], [0, 1, 1, 3]]
    second = [[2, 0, 4, -2], [0, 3, 3, 9], [-1, 1, -1, 4]]
    assert_allclose(Q, [first, second], "Sentence 1 is projected as if it were alone, and so is sentence 2.")


@points(1)
def test_project_decimals(student):
    """Weights with decimals: nothing is rounded, and nothing is cut to whole numbers"""
    Q = student.project(np.array([[0.5, 1.0], [3.0, -0.25]]), np.array([[0.5, 0.25, 1.0], [1.0, -0.5, 0.5]]))
    Q_by_hand = [[1.25, -0.375, 1], [1.25, 0.875, 2.875]]
    assert_allclose(Q, Q_by_hand, "q1 is (1.25, -0.375, 1): its decimals must all be there.")


@points(1)
def test_project_qkv_example(student):
    """The example by numbers: queries, keys and values of a1 and a2"""
    Q, K, V = student.project_qkv(X, W_Q, W_K, W_V)
    assert_allclose(Q, [[1.00, 2.00], [1.00, 1.00]], "The first thing to return is Q.", atol=5e-3)
    assert_allclose(K, [[1.00, 0.00], [0.00, 1.00]], "The second thing to return is K.", atol=5e-3)
    assert_allclose(V, [[2.00, 1.00], [2.00, 0.00]], "The third thing to return is V.", atol=5e-3)


@points(1)
def test_project_qkv_widths(student):
    """Values may be wider than queries and keys"""
    weights = np.full((4, 3), 0.5), np.full((4, 3), 0.75), np.full((4, 6), 1.25)
    Q, K, V = student.project_qkv(np.ones((5, 4)), *weights)
    assert Q.shape == (5, 3), f"Q should have shape (5, 3), and yours has {Q.shape}."
    assert K.shape == (5, 3), f"K should have shape (5, 3), and yours has {K.shape}."
    assert V.shape == (5, 6), f"V should have shape (5, 6), and yours has {V.shape}."
    for name, numbers, four in [("Q", Q, 2.0), ("K", K, 3.0), ("V", V, 5.0)]:
        assert_allclose(numbers, four, f"All tokens are 1, so {name} has four times the number in its weights.")


@points(1)
def test_project_qkv_batch(student):
    """Two sentences in one call, and values that are wider than queries and keys"""
    Q, K, V = student.project_qkv(SENTENCES, W_Q, W_K, W_WIDE)
    Q_by_hand = [[[1, 2], [1, 1], [0, 1]], [[2, 2], [0, 3], [-1, 0]]]
    assert_allclose(Q, Q_by_hand, "Q has the queries of sentence 1, and then those of sentence 2.")
    K_by_hand = [[[1, 0], [0, 1], [1, -1]], [[0, 2], [3, -3], [1, -2]]]
    assert_allclose(K, K_by_hand, "K has the keys of sentence 1, and then those of sentence 2.")
    first = [[1, 1, 3, 2], [1, 0, 2, -1], [0, 1, 1, 3]]
    second = [[2, 0, 4, -2], [0, 3, 3, 9], [-1, 1, -1, 4]]
    assert_allclose(V, [first, second], "V has the values of both sentences, each four numbers wide.")


@points(1)
def test_project_qkv_decimals(student):
    """Values of width 1 stay columns, and decimals stay decimals"""
    Q, K, V = student.project_qkv(X, W_Q / 4, W_K / 8, np.array([[0.5], [0.125]]))
    assert_allclose(Q, [[0.25, 0.5], [0.25, 0.25]], "A quarter of the weights makes a quarter of the queries.")
    assert_allclose(K, [[0.125, 0], [0, 0.125]], "An eighth of the weights makes an eighth of the keys.")
    assert_allclose(V, [[0.625], [0.5]], "V has one column here, and it is still a column: its shape is (2, 1).")


@points(1)
def test_project_qkv_fused_example(student):
    """The example by numbers: one product gives Q, K and V"""
    W_qkv = np.array([[1.0, 1.0, 0.0, 1.0, 2.0, 0.0], [0.0, 1.0, 1.0, -1.0, 0.0, 1.0]])
    Q, K, V = student.project_qkv_fused(X, W_qkv)
    assert_allclose(Q, [[1.00, 2.00], [1.00, 1.00]], "Q is the first block of columns.", atol=5e-3)
    assert_allclose(K, [[1.00, 0.00], [0.00, 1.00]], "K is the second block of columns.", atol=5e-3)
    assert_allclose(V, [[2.00, 1.00], [2.00, 0.00]], "V is the third block of columns.", atol=5e-3)


@points(1)
def test_project_qkv_fused_zeros(student, rng):
    """Where the weights of V are zero, V is zero, and Q and K are not"""
    W_qkv = rng.uniform(0.5, 1, size=(4, 9))
    W_qkv[:, 6:] = 0
    Q, K, V = student.project_qkv_fused(rng.uniform(0.5, 1, size=(5, 4)), W_qkv)
    assert Q.shape == K.shape == V.shape == (5, 3), "Each of the three should have shape (5, 3)."
    assert_allclose(V, 0, "The last third of the columns of W_qkv makes V, and here it is all zero.")
    assert np.all(Q > 0), "The first third of the columns of W_qkv makes Q, and here it is all positive."
    assert np.all(K > 0), "The second third of the columns of W_qkv makes K, and here it is all positive."


@points(1)
def test_project_qkv_fused_batch(student):
    """Three sentences in one call: it is the columns that are cut, and neither sentences nor tokens"""
    sentences = np.array([[[1.0, 0, 1], [0, 1, 0]], [[0, 0, 2], [1, 1, 0]], [[-1, 0, 0], [0, 2, 1]]])
    W_qkv = np.array([[1.0, 0, 0, 2, 4, 0], [0, 1, 1, 0, 0, 3], [1, 1, -1, 0, 0, 5]])
    Q, K, V = student.project_qkv_fused(sentences, W_qkv)
    Q_by_hand = [[[2, 1], [0, 1]], [[2, 2], [1, 1]], [[-1, 0], [1, 3]]]
    assert_allclose(Q, Q_by_hand, "Q has the left two columns of the product, of all sentences.")
    K_by_hand = [[[-1, 2], [1, 0]], [[-2, 0], [1, 2]], [[0, -2], [1, 0]]]
    assert_allclose(K, K_by_hand, "K has the middle two columns, of all sentences.")
    V_by_hand = [[[4, 5], [0, 3]], [[0, 10], [4, 3]], [[-4, 0], [0, 11]]]
    assert_allclose(V, V_by_hand, "V has the right two columns, of all sentences.")


@points(1)
def test_project_qkv_fused_decimals(student):
    """Blocks of one column each stay columns, and decimals stay decimals"""
    Q, K, V = student.project_qkv_fused(X, np.array([[0.5, 0.125, 3.0], [1.0, -0.25, 0.75]]))
    assert_allclose(Q, [[1.5], [0.5]], "Q is the first of three columns, and still a column: its shape is (2, 1).")
    assert_allclose(K, [[-0.125], [0.125]], "K is the second column, with all of its decimals.")
    assert_allclose(V, [[3.75], [3]], "V is the third column.")
