"""The checks of 01_projection that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest
from drawn import weights
from strata import strata

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# ------------------------------------------------------------------------------------------------ project


def project_inputs(rng, lead, n, d_in, d_out):
    return rng.normal(size=(*lead, n, d_in)), weights(rng, d_in, d_out)


@points(1)
@pytest.mark.parametrize("stratum", strata(project_inputs, apart=True))
def test_project(student, reference, rng, stratum):
    """Every token is projected"""
    stratum.compare(student.project, reference.project, rng)


@points(1)
def test_project_one_token(student, reference, rng):
    """One token, as a plain vector"""
    X, W = project_inputs(rng, (), 3, 7, 5)
    assert_matches(student.project, reference.project, X[1], W)


@points(1)
def test_project_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.project, *project_inputs(rng, (), 3, 3, 3))


# -------------------------------------------------------------------------------------------- project_qkv


def project_qkv_inputs(rng, lead, n, d_in, d_k, d_v):
    W_q, W_k, W_v = weights(rng, d_in, d_k), weights(rng, d_in, d_k), weights(rng, d_in, d_v)
    return rng.normal(size=(*lead, n, d_in)), W_q, W_k, W_v


@points(1)
@pytest.mark.parametrize("stratum", strata(project_qkv_inputs, long={"d_k": None}, apart=True))
def test_project_qkv(student, reference, rng, stratum):
    """Queries, keys and values"""
    stratum.compare(student.project_qkv, reference.project_qkv, rng)


@points(1)
def test_project_qkv_own_weights(student, rng):
    """New weights for the keys change the keys, and nothing else"""
    X, W_q, W_k, W_v = project_qkv_inputs(rng, (), 5, 6, 3, 2)
    Q, K, V = student.project_qkv(X, W_q, W_k, W_v)
    new_Q, new_K, new_V = student.project_qkv(X, W_q, 2 * W_k, W_v)
    assert_allclose(new_Q, Q, "Only W_k was changed, so Q must stay as it was.")
    assert_allclose(new_K, 2 * K, "Twice the weights W_k must give twice the keys K.")
    assert_allclose(new_V, V, "Only W_k was changed, so V must stay as it was.")
    assert np.any(new_K != K), "W_k was changed, so K must change, too."


@points(1)
def test_project_qkv_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.project_qkv, *project_qkv_inputs(rng, (), 5, 5, 5, 5))


# -------------------------------------------------------------------------------------- project_qkv_fused


def project_qkv_fused_inputs(rng, lead, n, d_in, d):
    return rng.normal(size=(*lead, n, d_in)), weights(rng, d_in, 3 * d)


@points(1)
@pytest.mark.parametrize("stratum", strata(project_qkv_fused_inputs, apart=True))
def test_project_qkv_fused(student, reference, rng, stratum):
    """One product, cut into three"""
    stratum.compare(student.project_qkv_fused, reference.project_qkv_fused, rng)


@points(1)
def test_project_qkv_fused_or_separate(student, reference, rng):
    """One product or three: the same queries, keys and values"""
    X, W_q, W_k, W_v = project_qkv_inputs(rng, (), 5, 6, 8, 8)
    W_qkv = np.concatenate([W_q, W_k, W_v], axis=1)
    assert_matches(student.project_qkv_fused, reference.project_qkv_fused, X, W_qkv)
    separate = student.project_qkv(X, W_q, W_k, W_v)
    fused = student.project_qkv_fused(X, W_qkv)
    for name, one, other in zip("QKV", fused, separate, strict=True):
        assert_allclose(one, other, f"{name} of `project_qkv_fused` must equal {name} of `project_qkv`.")


@points(1)
def test_project_qkv_fused_side_effects(student, rng):
    """Your inputs and your earlier answers stay as they are, and the same call has the same answer"""
    assert_no_side_effects(student.project_qkv_fused, *project_qkv_fused_inputs(rng, (), 6, 6, 2))
