"""The checks of 02_scaled_scores that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points


@points(1)
def test_attention_scores_example(student):
    """The example by numbers: q1 and q2 meet k1 and k2"""
    S = student.attention_scores(np.array([[1.0, 2.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    assert_allclose(S, [[1.00, 2.00], [1.00, 1.00]], "q1 scores 1 with k1 and 2 with k2.", atol=5e-3)
    S = student.attention_scores(np.array([[1.0, 2.0], [1.0, 1.0]]), np.array([[1.0, 1.0]]))
    assert_allclose(S, [[3.00], [2.00]], "With a key (1, 1), q1 scores 3, and q2 scores 2.", atol=5e-3)


@points(1)
def test_attention_scores_rows_are_queries(student):
    """The example by shapes: 3 queries and 7 keys of length 5 give 3×7 scores"""
    S = student.attention_scores(np.full((3, 5), 2.0), np.full((7, 5), 0.5))
    assert S.shape == (3, 7), f"A row for each query and a column for each key is (3, 7); yours is {S.shape}."
    assert_allclose(S, 5.0, "Queries of 2 and keys of a half, five numbers each: every pair scores 5.")


@points(1)
def test_scale_scores_example(student):
    """The example by numbers: scores of keys of length 2"""
    S = student.scale_scores(np.array([[1.0, 2.0], [1.0, 1.0]]), 2)
    assert_allclose(S, [[0.71, 1.41], [0.71, 0.71]], "1 becomes 0.71, and 2 becomes 1.41.", atol=5e-3)


@points(1)
def test_scale_scores_spread(student, rng):
    """Scores with a spread of 16, as keys of length 256 make them, get a spread of 1"""
    scaled = student.scale_scores(rng.normal(scale=16, size=(50, 60)), 256)
    assert scaled.shape == (50, 60), f"The scores keep their shape, (50, 60); yours is {scaled.shape}."
    spread = scaled.std()
    assert 0.9 < spread < 1.1, f"The spread should be close to 1, and it is {spread:.4g}."
