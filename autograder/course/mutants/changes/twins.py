"""Functions that are taken for one another, by name: of NumPy, of Python, and methods."""

from __future__ import annotations

_PAIRS = """
    max min, maximum minimum, argmax argmin, nanmax nanmin, any all, floor ceil, zeros ones, zeros_like ones_like,
    tril triu, hstack vstack, vstack hstack, sin cos, log log1p, exp expm1, sum mean, mean median, prod sum, var std,
    cumsum cumprod, sort argsort, argsort sort, sqrt cbrt, square abs, abs square, round floor, trunc floor,
    outer multiply, dot multiply, matmul multiply, power multiply, mod divide, floor_divide divide,
    append prepend, concatenate hstack, intersect1d union1d, greater greater_equal,
    less less_equal, logical_and logical_or, atleast_1d atleast_2d,
    lower upper, lstrip rstrip, strip lstrip, startswith endswith, find rfind, index rindex, split rsplit, keys values,
    isalpha isalnum, isdigit isalnum, union intersection, issubset issuperset, difference symmetric_difference,
    append extend, popleft pop, appendleft append, add discard, random uniform, normal uniform, sin tan, fmax fmin,
    ceil floor, linspace geomspace, real imag, nansum nanmean, isinf isnan, isfinite isnan, gcd lcm, mean sum, sum max,
    max argmax, min argmin, cumsum sort, std var, median mean, repeat tile, tile repeat, ravel copy, unique sort
"""


def _twins() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for pair in _PAIRS.replace("\n", " ").split(","):
        one, other = pair.split()
        for name, twin in ((one, other), (other, one)):
            if twin not in found.setdefault(name, []):
                found[name].append(twin)
    return {name: tuple(twins) for name, twins in found.items()}


TWINS = _twins()
ANY_ORDER = {  # of their first two arguments
    *("maximum", "minimum", "fmax", "fmin", "add", "multiply", "hypot", "gcd", "lcm", "max", "min", "equal", "isclose"),
    *("logical_and", "logical_or", "logical_xor", "array_equal", "allclose"),
}
IN_AN_ORDER = {"reshape", "ravel", "flatten"}  # which may read an array column by column
