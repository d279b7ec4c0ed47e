"""The checks of 03_numbers that you can see and run. More of them run after you hand in."""

import math

from autograder.checking import assert_allclose, assert_matches, points


def refuse(*_):
    """What is to be done with numbers that are not allowed."""
    raise ValueError


@points(1)
def test_power_mod_example(student):
    """3 to the 5th is 243, and 243 leaves 5 after division by 7"""
    assert_allclose(student.power_mod(3, 5, 7), 5, "243 is 34 times 7, and 5 more.")


@points(1)
def test_power_mod_large(student):
    """An exponent of a hundred digits"""
    exponent = 10**100 + 7
    assert_allclose(student.power_mod(7, exponent, 10**9 + 7), pow(7, exponent, 10**9 + 7), "Python's own pow says so.")


@points(1)
def test_power_mod_edges(student):
    """To the power of 0, and modulo 1"""
    assert_allclose(student.power_mod(5, 0, 9), 1, "Anything to the power of 0 is 1.")
    assert_allclose(student.power_mod(5, 0, 1), 0, "Division by 1 leaves nothing, of whatever number.")


@points(1)
def test_power_mod_refuses(student):
    """An exponent below 0 raises ValueError"""
    assert_allclose(student.power_mod(2, 3, 5), 3, "8 is 5, and 3 more.")
    assert_matches(student.power_mod, refuse, 2, -1, 5, raises=ValueError)


@points(2)
def test_bezout_example(student):
    """240 and 46, whose greatest common divisor is 2"""
    x, y = student.bezout(240, 46)
    assert 240 * x + 46 * y == math.gcd(240, 46), f"240 · {x} + 46 · {y} is {240 * x + 46 * y}; it is to be 2."


@points(1)
def test_inverse_mod_example(student):
    """3 times 5 is 15, and 15 leaves 1 after division by 7"""
    assert_allclose(student.inverse_mod(3, 7), 5, "It is to be at least 0, and below 7.")


@points(1)
def test_inverse_mod_refuses(student):
    """4 has no inverse modulo 6: ValueError"""
    assert_allclose(student.inverse_mod(5, 6), 5, "25 is 4 times 6, and 1 more.")
    assert_matches(student.inverse_mod, refuse, 4, 6, raises=ValueError)
