"""The checks of 02_scaled_scores that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points


@points(1)
def test_attention_scores_example(student):
    """The example by numbers: q1 and q2 meet k1 and k2"""
    S = student.attention_scores(np.array([[1.0, 2.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    assert_allclose(S, [[1.00, 2.00], [1.00, 1.00]], "q1 scores 1 with k1 and 2 with k2.", atol=5e-3)


@points(1)
def test_attention_scores_rows_are_queries(student, rng):
    """The example by shapes: 3 queries and 7 keys of length 5 give 3×7 scores"""
    shape = student.attention_scores(rng.normal(size=(3, 5)), rng.normal(size=(7, 5))).shape
    assert shape == (3, 7), f"A row for each query and a column for each key is (3, 7); yours is {shape}."


@points(1)
def test_scale_scores_example(student):
    """The example by numbers: scores of keys of length 2"""
    S = student.scale_scores(np.array([[1.0, 2.0], [1.0, 1.0]]), 2)
    assert_allclose(S, [[0.71, 1.41], [0.71, 0.71]], "1 becomes 0.71, and 2 becomes 1.41.", atol=5e-3)


@points(1)
def test_scale_scores_spread(student, rng):
    """Scores with a spread of 16, as keys of length 256 make them, get a spread of 1"""
    spread = student.scale_scores(rng.normal(scale=16, size=(50, 60)), 256).std()
    assert 0.9 < spread < 1.1, f"The spread should be close to 1, and it is {spread:.4g}."
