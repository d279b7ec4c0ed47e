# %% [markdown]
# # 03 · Numbers of a hundred digits
#
# Python's whole numbers have as many digits as they need. What makes computing with them fast is **recursion**: to
# answer a question about a large number, ask the same about a smaller one. Three functions, each a few lines long, and
# with them you can send a secret message.

# %%
from autograder import check

# %% [markdown]
# ## A power, and what is left of it
#
# We want the remainder of $b^e$ after division by $m$, for an $e$ of a hundred digits. Nobody can write $b^e$ down: it
# has more digits than the world has atoms. But half of the way is enough to know the whole of it,
#
# $$b^{e} = (b^{e/2})^2 \quad (e \text{ even}), \qquad b^{e} = b \cdot b^{e-1} \quad (e \text{ odd}), \qquad b^0 = 1,$$
#
# and remainders may be taken at every step. That halves $e$ at least every other step, so that a few hundred steps will
# do. (`pow(b, e, m)` does the same in C. Use it to test yours.)


# %% power_mod
def power_mod(base, exponent, modulus):
    """The remainder of base ** exponent after division by modulus.

    base: int
    exponent: int, at least 0; of a hundred digits, perhaps
    modulus: int, at least 1

    Returns an int, at least 0 and below modulus. Raises ValueError where exponent or modulus is smaller than it may be.
    """
    ### BEGIN SOLUTION
    if exponent < 0 or modulus < 1:
        raise ValueError("the exponent is to be 0 or more, and the modulus 1 or more")
    if exponent == 0:
        return 1 % modulus
    if exponent % 2:
        return base * power_mod(base, exponent - 1, modulus) % modulus
    half = power_mod(base, exponent // 2, modulus)
    return half * half % modulus
    ### END SOLUTION


# %% [markdown]
# ## Two numbers that make a third
#
# The **greatest common divisor** of $a$ and $b$ is Euclid's: $\gcd(a, 0) = a$, and $\gcd(a, b) = \gcd(b, a \bmod b)$.
# It is always some multiple of $a$ and some multiple of $b$ together (Bézout's identity):
#
# $$a x + b y = \gcd(a, b)$$
#
# Take the same steps as Euclid: if $x'$ and $y'$ do it for $b$ and $a \bmod b$, then $x = y'$ and
# $y = x' - \lfloor a / b \rfloor \, y'$ do it for $a$ and $b$. There is more than one such pair, and **any** of them
# is right.


# %% bezout
def bezout(a, b):
    """Two numbers with a * x + b * y = gcd(a, b).

    a, b: int, at least 0, and not both 0

    Returns a tuple (x, y) of int. Any that fits is right.
    """
    ### BEGIN SOLUTION
    if b == 0:
        return 1, 0
    x, y = bezout(b, a % b)
    return y, x - a // b * y
    ### END SOLUTION


# %% [markdown]
# ## To divide where there are only remainders
#
# The **inverse** of $a$ modulo $m$ is the number $i$ with $a i \bmod m = 1$: to multiply by it is to divide by $a$.
# From $a x + m y = 1$ one can read it off, for $m y$ leaves no remainder. Where $a$ and $m$ have a common divisor,
# there is none.


# %% inverse_mod
def inverse_mod(a, modulus):
    """The number that gives 1 when multiplied by a, modulo modulus.

    a: int, at least 0
    modulus: int, at least 2

    Returns an int, at least 0 and below modulus. Raises ValueError where there is none.
    """
    ### BEGIN SOLUTION
    x, y = bezout(a, modulus)
    if a * x + modulus * y != 1:
        raise ValueError(f"{a} has no inverse modulo {modulus}")
    return x % modulus
    ### END SOLUTION


# %% [markdown]
# ## A secret message
#
# With these three functions you have RSA (Rivest, Shamir and Adleman, 1978). Anyone who knows $n$ and $e$ can lock a
# message; who knows the two primes that $n$ is made of can open it.

# %%
P, Q = 2**89 - 1, 2**127 - 1  # both are prime
N, E = P * Q, 65537
try:
    D = inverse_mod(E, (P - 1) * (Q - 1))
    locked = power_mod(int.from_bytes(b"Meet me at noon."), E, N)
    opened = power_mod(locked, D, N)
    print("Locked:", str(locked)[:60], "…")
    print("Opened:", opened.to_bytes((opened.bit_length() + 7) // 8))
except NotImplementedError:
    print("First write the three functions above.")

# %% [markdown]
# ## Before you hand in
#
# Restart the kernel and run all cells, so that only what stands here counts. Save, run `autograder check` in the
# terminal, then hand in this file.
