"""The checks of 02_scaled_scores that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from strata import strata

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# --------------------------------------------------------------------------------------- attention_scores


def attention_scores_inputs(rng, lead, n_q, n_k, d_k):
    return rng.normal(size=(*lead, n_q, d_k)), rng.normal(size=(*lead, n_k, d_k))


@points(1)
@pytest.mark.parametrize("stratum", strata(attention_scores_inputs, apart=True))
def test_attention_scores(student, reference, rng, stratum):
    """Every query meets every key"""
    stratum.compare(student.attention_scores, reference.attention_scores, rng)


@points(1)
def test_attention_scores_pair_by_pair(student, rng):
    """A score depends only on its own query and its own key"""
    Q, K = attention_scores_inputs(rng, (), 5, 3, 7)
    alone = student.attention_scores(Q[2:3], K[1:2])
    together = student.attention_scores(Q, K)
    assert alone.shape == (1, 1), "One query and one key make one score, of shape (1, 1)."
    assert together.shape == (5, 3), "5 queries and 3 keys make scores of shape (5, 3)."
    assert_allclose(together[2, 1], alone[0, 0], "Other queries and keys must not change a pair's score.")
    doubled = student.attention_scores(2 * Q, K)
    assert_allclose(doubled, 2 * together, "Queries twice as long must score twice as much.")


@points(1)
def test_attention_scores_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.attention_scores, *attention_scores_inputs(rng, (), 5, 5, 5))


# ------------------------------------------------------------------------------------------- scale_scores


def scale_scores_inputs(rng, lead, n_q, n_k, d_k):
    return rng.normal(scale=3, size=(*lead, n_q, n_k)), d_k


@points(1)
@pytest.mark.parametrize("stratum", strata(scale_scores_inputs, apart=True))
def test_scale_scores(student, reference, rng, stratum):
    """Scores of all shapes are scaled"""
    stratum.compare(student.scale_scores, reference.scale_scores, rng)


@points(1)
def test_scale_scores_four_times_the_length(student, reference, rng):
    """Keys four times as long: the scores are divided by twice as much; scores of 0 stay 0"""
    S, _ = scale_scores_inputs(rng, (), 3, 6, 7)
    short, long = student.scale_scores(S, 7), student.scale_scores(S, 28)
    assert_allclose(long, short / 2, "Four times the length makes scores twice as wide.")
    assert_allclose(student.scale_scores(S, 1), S, "The scores of keys of length 1 stay as they are.")
    assert_matches(student.scale_scores, reference.scale_scores, np.array([[0.0, 0.0, 900.0], [5.0, 0.0, 0.0]]), 7)


@points(1)
def test_scale_scores_side_effects(student, rng):
    """Your input and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.scale_scores, *scale_scores_inputs(rng, (), 5, 3, 7))
