"""The checks of 02_scaled_scores that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# All sizes of a case differ, so that no axis can stand in for another. The square cases are the exception:
# some mistakes raise an error everywhere else, and can be named only where every shape fits. No key has the
# length 4, because the root of 4 is also the half of 4.


@points(1)
@pytest.mark.parametrize(
    ("batch", "n_q", "n_k", "d_k"),
    [
        pytest.param((), 3, 5, 6, id="more keys than queries"),
        pytest.param((), 3, 3, 3, id="as many queries and keys as they are long"),
        pytest.param((), 1, 7, 5, id="one query"),
        pytest.param((2,), 6, 3, 5, id="a batch; more queries than keys"),
        pytest.param((2, 3), 5, 6, 7, id="a batch of batches"),
    ],
)
def test_attention_scores(student, reference, rng, batch, n_q, n_k, d_k):
    """Every query meets every key"""
    Q, K = rng.normal(size=(*batch, n_q, d_k)), rng.normal(size=(*batch, n_k, d_k))
    assert_matches(student.attention_scores, reference.attention_scores, Q, K)


@points(1)
def test_attention_scores_float32(student, reference, rng):
    """Numbers of half the precision, float32"""
    Q, K = rng.normal(size=(6, 8)).astype(np.float32), rng.normal(size=(2, 8)).astype(np.float32)
    assert_matches(student.attention_scores, reference.attention_scores, Q, K)


@points(1)
def test_attention_scores_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    assert_no_side_effects(student.attention_scores, rng.normal(size=(5, 5)), rng.normal(size=(5, 5)))


@points(1)
def test_attention_scores_pair_by_pair(student, rng):
    """A score depends only on its own query and its own key"""
    Q, K = rng.normal(size=(5, 7)), rng.normal(size=(3, 7))
    alone = student.attention_scores(Q[2:3], K[1:2])
    together = student.attention_scores(Q, K)
    assert alone.shape == (1, 1), "One query and one key make one score, of shape (1, 1)."
    assert together.shape == (5, 3), "5 queries and 3 keys make scores of shape (5, 3)."
    assert_allclose(together[2, 1], alone[0, 0], "Other queries and keys must not change a pair's score.")
    doubled = student.attention_scores(2 * Q, K)
    assert_allclose(doubled, 2 * together, "Queries twice as long must score twice as much.")


@points(1)
@pytest.mark.parametrize(
    ("scores", "d_k"),
    [
        pytest.param((3, 5), 7, id="more keys than queries"),
        pytest.param((6, 6), 64, id="as many queries as keys"),
        pytest.param((1, 3), 11, id="one query"),
        pytest.param((2, 7, 3), 5, id="a batch"),
        pytest.param((3, 2, 5, 7), 13, id="a batch of batches"),
    ],
)
def test_scale_scores(student, reference, rng, scores, d_k):
    """Scores of all shapes are scaled"""
    assert_matches(student.scale_scores, reference.scale_scores, rng.normal(scale=3, size=scores), d_k)


@points(1)
def test_scale_scores_float32(student, reference, rng):
    """Numbers of half the precision, float32"""
    S = rng.normal(scale=3, size=(6, 2)).astype(np.float32)
    assert_matches(student.scale_scores, reference.scale_scores, S, 10)


@points(1)
def test_scale_scores_keeps_inputs(student, rng):
    """The array that you are given stays as it is"""
    assert_no_side_effects(student.scale_scores, rng.normal(scale=3, size=(5, 3)), 7)


@points(1)
def test_scale_scores_four_times_the_length(student, rng):
    """Keys four times as long: the scores are divided by twice as much"""
    S = rng.normal(scale=3, size=(3, 6))
    short, long = student.scale_scores(S, 7), student.scale_scores(S, 28)
    assert_allclose(long, short / 2, "Four times the length makes scores twice as wide.")
    assert_allclose(student.scale_scores(S, 1), S, "The scores of keys of length 1 stay as they are.")
