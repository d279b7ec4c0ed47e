"""The checks of 02_scaled_scores that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, assert_no_side_effects, points


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
def test_attention_scores_batch(student):
    """Two sentences in one call: queries meet the keys of their own sentence, and no others"""
    Q = np.array([[[1.0, 0, 2], [0, 1, 1]], [[2, 1, 0], [0, 0, -1]]])
    K = np.array([[[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], [[0, 2, 1], [1, 0, 1], [3, 0, 0], [1, 1, 2]]])
    S = student.attention_scores(Q, K)
    S_by_hand = [[[1, 0, 2, 3], [0, 1, 1, 2]], [[2, 2, 6, 3], [-1, -1, 0, -2]]]
    assert_allclose(S, S_by_hand, "Two sentences with 2 queries and 4 keys each have scores (2, 2, 4).")


@points(1)
def test_attention_scores_decimals(student):
    """A score may be any number: long vectors score more, and decimals stay decimals"""
    S = student.attention_scores(np.array([[0.5, 0.25], [50.0, 25.0]]), np.array([[1, 0.5], [-1.0, 0], [0.25, 1]]))
    S_by_hand = [[0.625, -0.5, 0.375], [62.5, -50, 37.5]]
    assert_allclose(S, S_by_hand, "q2 is 100 times as long as q1, and so are its scores.")


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


@points(1)
def test_scale_scores_batch(student):
    """Two sentences in one call, with keys of length 9: all scores are divided by 3"""
    S = student.scale_scores(np.array([[[3.0, 6, 0], [9, 3, -3]], [[0, 12, 6], [-6, 3, 30]]]), 9)
    S_by_hand = [[[1, 2, 0], [3, 1, -1]], [[0, 4, 2], [-2, 1, 10]]]
    assert_allclose(S, S_by_hand, "Each score stays in its place, and is a third of what it was.")


@points(1)
def test_scale_scores_decimals(student):
    """All decimals are kept, and the scores that you were given stay as they are"""
    S = np.array([[1.0, 3.0, 5.0], [2.0, -7.0, 24.0]])
    scaled = student.scale_scores(S, 64)
    scaled_by_hand = [[0.125, 0.375, 0.625], [0.25, -0.875, 3]]
    assert_allclose(scaled, scaled_by_hand, "The root of 64 is 8, and an eighth of 1 is 0.125.")
    assert_no_side_effects(student.scale_scores, S, 64)
