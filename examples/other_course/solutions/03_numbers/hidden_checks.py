"""The checks of 03_numbers that run after handing in: other numbers, drawn for each student."""

import math

import pytest

from autograder.checking import assert_matches, assert_no_side_effects, points


def big(rng, digits):
    """A whole number of so many digits."""
    return int("".join(map(str, [rng.integers(1, 10), *rng.integers(0, 10, digits - 1)])))


def fits(a, b):
    """Compares by what x and y are for: whatever the reference has, any that make the divisor are right."""

    def compare(answer, _right):
        x, y = answer
        return type(x) is int and type(y) is int and a * x + b * y == math.gcd(a, b)

    return compare


@points(2)
@pytest.mark.parametrize("digits", [1, 9, 30, 100], ids=["one digit", "nine", "thirty", "a hundred"])
def test_power_mod(student, reference, rng, digits):
    """Exponents of up to a hundred digits"""
    for _ in range(3):
        arguments = big(rng, 3), big(rng, digits), big(rng, 12)
        assert_matches(student.power_mod, reference.power_mod, *arguments)


@points(1)
def test_power_mod_negative_base(student, reference, rng):
    """A base below 0"""
    assert_matches(student.power_mod, reference.power_mod, -big(rng, 4), 2 * big(rng, 3) + 1, big(rng, 6))


@points(1)
def test_power_mod_of_zero(student, reference, rng):
    """To the power of 0, also modulo 1"""
    for modulus in (1, 2, big(rng, 4)):
        assert_matches(student.power_mod, reference.power_mod, big(rng, 2), 0, modulus)


@points(1)
def test_power_mod_raises(student, reference, rng):
    """What is too small is refused, the exponent and the modulus, and nothing else"""
    assert_matches(student.power_mod, reference.power_mod, 3, big(rng, 2), big(rng, 6))
    for arguments in ((3, -big(rng, 2), 5), (3, big(rng, 2), 0), (3, big(rng, 2), -7)):
        assert_matches(student.power_mod, reference.power_mod, *arguments, raises=ValueError)


@points(3)
@pytest.mark.parametrize("digits", [1, 4, 60], ids=["one digit", "four", "sixty"])
def test_bezout(student, reference, rng, digits):
    """Numbers with a common divisor, and without one"""
    for common in (1, big(rng, digits)):
        a, b = common * big(rng, digits), common * big(rng, digits)
        assert_matches(student.bezout, reference.bezout, a, b, compare=fits(a, b))


@points(1)
@pytest.mark.parametrize(("a", "b"), [(0, 5), (5, 0), (7, 7)], ids=["0 first", "0 last", "the same twice"])
def test_bezout_edges(student, reference, a, b):
    """One of them is 0, or both are the same"""
    assert_matches(student.bezout, reference.bezout, a, b, compare=fits(a, b))


@points(2)
def test_inverse_mod(student, reference, rng):
    """Modulo primes of up to 157 digits"""
    for prime in (101, 10**9 + 7, 2**521 - 1):
        assert_matches(student.inverse_mod, reference.inverse_mod, big(rng, 2), prime)
        assert_matches(student.inverse_mod, reference.inverse_mod, prime - big(rng, 2), prime)


@points(2)
def test_inverse_mod_raises(student, reference, rng):
    """Numbers that share a divisor"""
    common = big(rng, 3)
    for arguments in ((common * big(rng, 2), common * big(rng, 4)), (0, big(rng, 2))):
        assert_matches(student.inverse_mod, reference.inverse_mod, *arguments, raises=ValueError)


@points(1)
def test_inverse_mod_again(student):
    """The same call has the same answer"""
    assert_no_side_effects(student.inverse_mod, 17, 3120)
