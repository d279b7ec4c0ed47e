def power_mod(base, exponent, modulus):
    if exponent < 0 or modulus < 1:
        raise ValueError("too small")
    return pow(base, exponent, modulus)


def bezout(a, b):
    if b == 0:
        return 0, 1
    x, y = bezout(b, a % b)
    return y - a // b * x, x


def inverse_mod(a, modulus):
    x, y = bezout(a, modulus)
    if a * x + modulus * y != 1:
        raise ValueError
    return x
