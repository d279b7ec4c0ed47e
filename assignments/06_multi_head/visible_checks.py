"""The checks of 06_multi_head that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points

X = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]])
HEADS = np.array([[[1.0, 2.0], [5.0, 6.0], [9.0, 10.0]], [[3.0, 4.0], [7.0, 8.0], [11.0, 12.0]]])


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
