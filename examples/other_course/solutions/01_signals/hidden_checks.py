"""The checks of 01_signals that run after handing in: other numbers, other lengths."""

import pytest

from autograder.checking import assert_matches, assert_no_side_effects, points


@points(1)
@pytest.mark.parametrize(
    ("n", "lengths"), [(9, (1, 2)), (9, (4,)), (7, (7,))], ids=["one by one, in pairs", "in fours", "all of them"]
)
def test_moving_average(student, reference, rng, n, lengths):
    """Other numbers"""
    for k in lengths:
        assert_matches(student.moving_average, reference.moving_average, rng.normal(size=n), k)


@points(1)
def test_moving_average_side_effects(student, rng):
    """The array that you are given stays as it is, and the same call has the same answer"""
    assert_no_side_effects(student.moving_average, rng.normal(size=6), 3)


@points(2)
def test_zero_crossings(student, reference, rng):
    """A long signal"""
    assert_matches(student.zero_crossings, reference.zero_crossings, rng.normal(size=50))


@points(2)
def test_zero_crossings_with_zeros(student, reference, rng):
    """A signal with zeros in it"""
    assert_matches(student.zero_crossings, reference.zero_crossings, rng.integers(-1, 2, size=40).astype(float))
    assert_no_side_effects(student.zero_crossings, rng.normal(size=9))
