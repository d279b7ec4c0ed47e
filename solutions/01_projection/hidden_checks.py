"""The checks of 01_projection that run after handing in: other numbers, other shapes, and laws."""

import numpy as np
import pytest

from autograder.checking import assert_allclose, assert_matches, assert_no_side_effects, points

# All sizes of a case differ, so that no axis can stand in for another. The square cases are the exception:
# some mistakes raise an error everywhere else, and can be named only where every shape fits.


@points(1)
@pytest.mark.parametrize(
    ("tokens", "d_out"),
    [
        pytest.param((3, 5), 2, id="a sequence"),
        pytest.param((7,), 3, id="one token, as a plain vector"),
        pytest.param((1, 6), 5, id="a sequence with one token in it"),
        pytest.param((3, 3), 3, id="as many tokens as they are wide"),
        pytest.param((2, 5, 3), 7, id="a batch of sequences"),
        pytest.param((3, 2, 5, 6), 7, id="a batch of batches"),
    ],
)
def test_project(student, reference, rng, tokens, d_out):
    """Every token is projected"""
    X, W = rng.normal(size=tokens), weights(rng, tokens[-1], d_out)
    assert_matches(student.project, reference.project, X, W)


@points(1)
def test_project_float32(student, reference, rng):
    """Numbers of half the precision, float32"""
    X, W = rng.normal(size=(5, 8)), weights(rng, 8, 3)
    assert_matches(student.project, reference.project, X.astype(np.float32), W.astype(np.float32))


@points(1)
def test_project_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    assert_no_side_effects(student.project, rng.normal(size=(3, 3)), weights(rng, 3, 3))


@points(1)
@pytest.mark.parametrize(
    ("tokens", "d_k", "d_v"),
    [
        pytest.param((3, 5), 2, 7, id="values wider than keys"),
        pytest.param((3, 3), 3, 3, id="all widths equal"),
        pytest.param((1, 7), 5, 3, id="one token; values narrower than keys"),
        pytest.param((2, 5, 6), 3, 8, id="a batch of sequences"),
        pytest.param((3, 2, 7, 5), 6, 8, id="a batch of batches"),
    ],
)
def test_project_qkv(student, reference, rng, tokens, d_k, d_v):
    """Queries, keys and values"""
    X, d_in = rng.normal(size=tokens), tokens[-1]
    W_q, W_k, W_v = weights(rng, d_in, d_k), weights(rng, d_in, d_k), weights(rng, d_in, d_v)
    assert_matches(student.project_qkv, reference.project_qkv, X, W_q, W_k, W_v)


@points(1)
def test_project_qkv_float32(student, reference, rng):
    """Numbers of half the precision, float32"""
    arrays = rng.normal(size=(3, 8)), weights(rng, 8, 6), weights(rng, 8, 6), weights(rng, 8, 5)
    arrays = [array.astype(np.float32) for array in arrays]
    assert_matches(student.project_qkv, reference.project_qkv, *arrays)


@points(1)
def test_project_qkv_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    W_q, W_k, W_v = weights(rng, 5, 5), weights(rng, 5, 5), weights(rng, 5, 5)
    assert_no_side_effects(student.project_qkv, rng.normal(size=(5, 5)), W_q, W_k, W_v)


@points(1)
def test_project_qkv_own_weights(student, rng):
    """New weights for the keys change the keys, and nothing else"""
    X, W_q, W_k, W_v = rng.normal(size=(5, 6)), weights(rng, 6, 3), weights(rng, 6, 3), weights(rng, 6, 2)
    Q, K, V = student.project_qkv(X, W_q, W_k, W_v)
    new_Q, new_K, new_V = student.project_qkv(X, W_q, 2 * W_k, W_v)
    assert_allclose(new_Q, Q, "Only W_k was changed, so Q must stay as it was.")
    assert_allclose(new_K, 2 * K, "Twice the weights W_k must give twice the keys K.")
    assert_allclose(new_V, V, "Only W_k was changed, so V must stay as it was.")
    assert np.any(new_K != K), "W_k was changed, so K must change, too."


@points(1)
@pytest.mark.parametrize(
    ("tokens", "d"),
    [
        pytest.param((5, 7), 6, id="a sequence"),
        pytest.param((9, 9), 3, id="as many tokens as they are wide"),
        pytest.param((1, 3), 5, id="a sequence with one token in it"),
        pytest.param((2, 3, 8), 5, id="a batch of sequences"),
        pytest.param((3, 2, 7, 8), 6, id="a batch of batches"),
    ],
)
def test_project_qkv_fused(student, reference, rng, tokens, d):
    """One product, cut into three"""
    X, W_qkv = rng.normal(size=tokens), weights(rng, tokens[-1], 3 * d)
    assert_matches(student.project_qkv_fused, reference.project_qkv_fused, X, W_qkv)


@points(1)
def test_project_qkv_fused_float32(student, reference, rng):
    """Numbers of half the precision, float32"""
    X, W_qkv = rng.normal(size=(3, 7)).astype(np.float32), weights(rng, 7, 24).astype(np.float32)
    assert_matches(student.project_qkv_fused, reference.project_qkv_fused, X, W_qkv)


@points(1)
def test_project_qkv_fused_keeps_inputs(student, rng):
    """The arrays that you are given stay as they are"""
    assert_no_side_effects(student.project_qkv_fused, rng.normal(size=(6, 6)), weights(rng, 6, 6))


@points(1)
def test_project_qkv_fused_or_separate(student, rng):
    """One product or three: the same queries, keys and values"""
    X, W_q, W_k, W_v = rng.normal(size=(5, 6)), weights(rng, 6, 3), weights(rng, 6, 3), weights(rng, 6, 3)
    separate = student.project_qkv(X, W_q, W_k, W_v)
    fused = student.project_qkv_fused(X, np.concatenate([W_q, W_k, W_v], axis=1))
    for name, one, other in zip("QKV", fused, separate, strict=True):
        assert_allclose(one, other, f"{name} of `project_qkv_fused` must equal {name} of `project_qkv`.")


def weights(rng, rows, columns):
    """Weights of a usual size: small, and not symmetric."""
    return rng.normal(scale=0.4, size=(rows, columns))
