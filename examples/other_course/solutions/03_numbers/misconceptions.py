"""Wrong answers that have a name."""

from lesson import bezout

from autograder.checking import misconception


@misconception("power_mod")
def one_even_modulo_one(base, exponent, modulus):
    """The power of 0 was 1 whatever the modulus: modulo 1, every number leaves 0.

    Where do you take the remainder of the 1 that you begin with?
    """
    if exponent < 0 or modulus < 1:
        raise ValueError
    return 1 if exponent == 0 else pow(base, exponent, modulus)


@misconception("power_mod")
def odd_lost(base, exponent, modulus):
    """The odd steps were lost: `exponent // 2` twice is one less than an odd exponent.

    What is 7 // 2, and what is missing between twice that and 7?
    """
    if exponent < 0 or modulus < 1:
        raise ValueError
    if exponent <= 1:
        return (base if exponent else 1) % modulus
    half = odd_lost(base, exponent // 2, modulus)
    return half * half % modulus


@misconception("power_mod")
def multiplied(base, exponent, modulus):
    """The base was multiplied by the exponent, and not raised to its power.

    What are 3 * 5 and 3 ** 5?
    """
    if exponent < 0 or modulus < 1:
        raise ValueError
    return base * exponent % modulus


@misconception("power_mod")
def takes_all(base, exponent, modulus):
    """Numbers that are too small were not refused.

    The last line of the docstring says what is to happen with them. Python's own words for it: `raise ValueError`.
    """
    if exponent < 0 or modulus < 1:
        return 1
    return pow(base, exponent, modulus)


@misconception("bezout")
def other_way_round(a, b):
    """The two numbers came in the wrong order: x belongs to a, and y to b.

    At the end of the recursion, b is 0. What are x and y there, and which of them does a go with one step before?
    """
    return bezout(a, b)[::-1]


@misconception("bezout")
def divisor_itself(a, b):
    """What came back is made of the divisor, and not of the factors that lead to it.

    Which two numbers are asked for: those that divide, or those to multiply a and b by?
    """
    return (a, b) if b == 0 else divisor_itself(b, a % b)


@misconception("inverse_mod")
def below_zero(a, modulus):
    """The number fits, but lies below 0 now and then: x was given back as `bezout` has it.

    What does `x % modulus` make of a number below 0?
    """
    x, y = bezout(a, modulus)
    if a * x + modulus * y != 1:
        raise ValueError
    return x


@misconception("inverse_mod")
def never_refuses(a, modulus):
    """A number was given back where there is no inverse.

    Multiply it by a. What has to come out, modulo the modulus? Raise ValueError where it does not.
    """
    return bezout(a, modulus)[0] % modulus


@misconception("inverse_mod")
def the_other_factor(a, modulus):
    """It was the factor of the modulus that came back, and not that of a.

    In a · x + m · y = 1, which of the two parts leaves no remainder after division by m?
    """
    x, y = bezout(a, modulus)
    if a * x + modulus * y != 1:
        raise ValueError
    return y % modulus
