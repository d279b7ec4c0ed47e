"""The checks of 06_multi_head that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, assert_matches, points

X = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]])
HEADS = np.array([[[1.0, 2.0], [5.0, 6.0], [9.0, 10.0]], [[3.0, 4.0], [7.0, 8.0], [11.0, 12.0]]])
BATCH = np.arange(0.5, 24.5).reshape(2, 3, 4)  # two sentences of three tokens: 0.5 to 3.5, 4.5 to 7.5, and so on
BATCH_OF_HEADS = np.array(
    [
        [[[0.5, 1.5], [4.5, 5.5], [8.5, 9.5]], [[2.5, 3.5], [6.5, 7.5], [10.5, 11.5]]],
        [[[12.5, 13.5], [16.5, 17.5], [20.5, 21.5]], [[14.5, 15.5], [18.5, 19.5], [22.5, 23.5]]],
    ]
)
# Two sentences of two tokens, and weights and biases for two heads.
SENTENCES = np.array([[[1.0, 1.0], [1.0, 0.0]], [[2.0, 0.0], [0.0, 1.0]]])
W_QKV = np.array([[1.0, 1.0, 0.0, 1.0, 2.0, 0.0], [0.0, 1.0, 1.0, -1.0, 0.0, 1.0]])
B_QKV = np.array([1.0, -1.0, 0.5, 0.0, -1.0, 2.0])
W_O, B_O = np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([0.5, -3.0])


@points(1)
def test_split_heads_example(student):
    """The example by numbers: three tokens of width 4 become two heads"""
    heads = student.split_heads(X, 2)
    assert_allclose(heads, HEADS, "Head 1 has the left two columns of all three tokens.", atol=5e-3)


@points(1)
def test_split_heads_shapes(student):
    """The example by shapes: a batch of two, 5×6, and three heads"""
    heads = student.split_heads(np.tile([1.0, 1.0, 2.0, 2.0, 3.0, 3.0], (2, 5, 1)), 3)
    assert heads.shape == (2, 3, 5, 2), f"The heads come behind the batch, (2, 3, 5, 2); yours is {heads.shape}."
    for head in range(3):
        assert_allclose(heads[:, head], head + 1, f"The columns of head {head + 1} hold {head + 1} and nothing else.")


@points(1)
def test_split_heads_batch(student):
    """Two sentences in one call: each has its own two heads"""
    heads = student.split_heads(BATCH, 2)
    why = "Head 1 of sentence 2 has the left two columns of that sentence: its first token is (12.5, 13.5) there."
    assert_allclose(heads, BATCH_OF_HEADS, why)


def two_heads(X, num_heads):
    """What two heads make of the four columns of X."""
    return HEADS


def no_equal_shares(X, num_heads):
    """What becomes of heads that cannot share the columns equally."""
    raise ValueError("the columns cannot be shared equally")


@points(1)
def test_split_heads_refuses(student):
    """Two heads can share four columns; three cannot, and that is a ValueError"""
    assert_allclose(student.split_heads(X, 2), HEADS, "Two heads get two of the four columns each.")
    assert_matches(student.split_heads, two_heads, X, 2)  # an error counts beside a right answer only
    assert_matches(student.split_heads, no_equal_shares, X, 3, raises=ValueError)


@points(1)
def test_merge_heads_example(student):
    """The example by numbers: two heads become three tokens of width 4"""
    merged = student.merge_heads(HEADS)
    assert_allclose(merged, X, "Token 1 has 1 and 2 from head 1, then 3 and 4 from head 2.", atol=5e-3)


@points(1)
def test_merge_heads_shapes(student):
    """The example by shapes: a batch of two, with three heads of 5×2"""
    heads = np.ones((2, 3, 5, 2)) * np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    merged = student.merge_heads(heads)
    assert merged.shape == (2, 5, 6), f"Three heads of width 2 give (2, 5, 6); yours is {merged.shape}."
    for head in range(3):
        columns = merged[..., 2 * head : 2 * head + 2]
        assert_allclose(columns, head + 1, f"Head {head + 1} holds {head + 1}, and so do its two columns.")


@points(1)
def test_merge_heads_batch(student):
    """Two sentences in one call: each gets the columns of its own heads"""
    merged = student.merge_heads(BATCH_OF_HEADS)
    why = "Token 1 of sentence 2 has 12.5 and 13.5 from head 1, then 14.5 and 15.5 from head 2."
    assert_allclose(merged, BATCH, why)


@points(1)
def test_merge_heads_one_head(student):
    """A head alone comes back as it is, without the axis of the heads; so do three heads of one column each"""
    merged = student.merge_heads(np.array([[[0.5, -1.25, 2.0], [3.0, 0.75, 4.5]]]))
    assert_allclose(merged, [[0.5, -1.25, 2], [3, 0.75, 4.5]], "One head of width 3 makes tokens of width 3.")
    merged = student.merge_heads(np.array([[[0.5], [3.0]], [[-1.25], [0.75]], [[2.0], [4.5]]]))
    assert_allclose(merged, [[0.5, -1.25, 2], [3, 0.75, 4.5]], "Three heads of width 1 make tokens of width 3.")


@points(1)
def test_multi_head_attention_example(student):
    """The example by numbers: a1 and a2, with one head and with two"""
    tokens = np.array([[1.0, 1.0], [1.0, 0.0]])
    W_qkv = np.array([[1.0, 1.0, 0.0, 1.0, 2.0, 0.0], [0.0, 1.0, 1.0, -1.0, 0.0, 1.0]])
    others = np.zeros(6), np.eye(2), np.zeros(2)
    output = student.multi_head_attention(tokens, W_qkv, *others, 1)
    assert_allclose(output, [[2.00, 0.33], [2.00, 0.50]], "One head gives what notebook 4 gave.", atol=5e-3)
    output = student.multi_head_attention(tokens, W_qkv, *others, 2)
    assert_allclose(output, [[2.00, 0.12], [2.00, 0.27]], "Two heads have one column each.", atol=5e-3)


@points(1)
def test_multi_head_attention_mask(student, rng):
    """With a causal mask, the first token sees only itself, in every head"""
    tokens, W_qkv = rng.normal(size=(5, 6)), rng.normal(scale=0.4, size=(6, 18))
    others = np.zeros(18), np.eye(6), np.zeros(6)
    output = student.multi_head_attention(tokens, W_qkv, *others, 3, np.tri(5, dtype=bool))
    assert output.shape == (5, 6), f"The output has the shape of the tokens, (5, 6); yours is {output.shape}."
    own_value = tokens[0] @ W_qkv[:, 12:]
    assert_allclose(output[0], own_value, "The output of the first token should be its own value.")


@points(1)
def test_multi_head_attention_batch(student):
    """Two sentences in one call, with biases, and with a W_o that mixes the heads"""
    output = student.multi_head_attention(SENTENCES, W_QKV, B_QKV, W_O, B_O, 2)
    first, second = [[-0.77, 5.81], [-1.00, 6.50]], [[-2.36, 1.52], [-1.92, 4.65]]
    why = "Each sentence reads itself; b_qkv is added before the heads are split, W_o and b_o come at the end."
    assert_allclose(output, [first, second], why, atol=5e-3)


@points(1)
def test_multi_head_attention_sees_nothing(student):
    """A token that may attend to nothing gets the output b_o; one mask for all heads and a whole batch"""
    mask = np.array([[False, True], [False, False]])
    output = student.multi_head_attention(SENTENCES, W_QKV, B_QKV, W_O, B_O, 2, mask)
    first, second = [[-0.5, 5.0], [0.5, -3.0]], [[-3.5, 4.0], [0.5, -3.0]]
    why = "Token 1 reads only token 2 of its sentence. Token 2 reads nothing: b_o, (0.5, -3), is all that is left."
    assert_allclose(output, [first, second], why)
