"""The checks of 01_signals that you can see and run. More of them run after you hand in."""

import numpy as np

from autograder.checking import assert_allclose, points


@points(1)
def test_moving_average_example(student):
    """The example: neighbours in pairs"""
    y = student.moving_average(np.array([1.0, 3.0, 5.0, 7.0]), 2)
    assert_allclose(y, [2.0, 4.0, 6.0], "1 and 3 average to 2, 3 and 5 to 4, 5 and 7 to 6.")


@points(1)
def test_zero_crossings_example(student):
    """The example: down and up again"""
    count = student.zero_crossings(np.array([1.0, -2.0, 0.0, -1.0, 3.0]))
    assert_allclose(count, 2, "Once from 1 to -2, and once from -1 to 3.")
