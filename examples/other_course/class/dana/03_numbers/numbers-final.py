def power_mod(base, exponent, modulus):
    if exponent < 0 or modulus < 1:
        raise ValueError("too small")
    return pow(base, exponent, modulus)


def bezout(a, b):
    x, y, u, v = 1, 0, 0, 1
    while b:
        q = a // b
        a, b, x, u, y, v = b, a - q * b, u, x - q * u, v, y - q * v
    return x + u, y + v  # a u + b v is 0 here


def inverse_mod(a, modulus):
    x, y = bezout(a, modulus)
    if (a * x) % modulus != 1:
        raise ValueError("no inverse")
    return x % modulus
