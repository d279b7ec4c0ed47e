"""The kinds of inputs that every hidden check draws from. Every student meets each kind, in sizes of their own.

An answer can be right for one kind and wrong for another: a batch of one, an axis of length 1, a long one. So these
are fixed, and only the sizes and numbers inside them are drawn, for nobody to know them beforehand.
"""

import inspect
from functools import partial

import numpy as np
import pytest

from autograder.checking import assert_matches

# None is 4, whose root is also its half, none the product of two others, and none a length of `LEADING` axes: so no
# axis can stand in for another.
SIZES = (2, 3, 5, 7, 8, 9, 11)
LEADING = (4, 6, 10, 12)
EQUAL = (3, 5)
LONG = (257, 300)


class Stratum:
    """One kind of inputs, for the function that draws them: `inputs(rng, lead, ...)`, behind which stand its sizes."""

    def __init__(self, inputs, draw):
        self._inputs, self._draw = inputs, draw

    def compare(self, student_function, reference_function, rng):
        """Assert that the two agree on all inputs of this kind."""
        for arguments in self._draw(rng, self._inputs):
            assert_matches(student_function, reference_function, *arguments)


def strata(inputs, *, long=None, apart=False, without=()):
    """The parameters of a check, a kind of inputs each.

    `inputs` draws arguments of given sizes. `long` says for some sizes by name how long they get. Where the float32 of
    the long ones stand `apart`, they are worth points of their own. `without` names kinds that the function has not.
    """
    both = () if apart else (float32,)
    kinds = {
        "sizes that all differ": different,
        "sizes that are all the same": equal,
        "each axis of length 1": ones,
        "batches: of one, of many, of batches": batches,
        "long axes" if apart else "long axes; float32": partial(chain, partial(long_axes, long=long or {}), *both),
    }
    if apart:
        kinds["float32, numbers of half the precision"] = float32
    return [pytest.param(Stratum(inputs, draw), id=name) for name, draw in kinds.items() if name not in without]


def sizes(rng, inputs, **given):
    """A size for each parameter of `inputs` behind `rng` and `lead`, all of them different, but for those given."""
    names = list(inspect.signature(inputs).parameters)[2:]
    drawn = rng.permutation([size for size in SIZES if size not in given.values()])
    return {name: given.get(name, int(size)) for name, size in zip(names, drawn, strict=False)}


def different(rng, inputs):
    yield inputs(rng, (), **sizes(rng, inputs))


def equal(rng, inputs):
    """Some mistakes raise an error everywhere else, and can be named only where every shape fits."""
    size = int(rng.choice(EQUAL))
    yield inputs(rng, (), **dict.fromkeys(sizes(rng, inputs), size))


def ones(rng, inputs):
    for name in sizes(rng, inputs):
        yield inputs(rng, (), **sizes(rng, inputs, **{name: 1}))


def batches(rng, inputs):
    small, more, many, most = (int(size) for size in rng.permutation(LEADING[:2]).tolist() + list(LEADING[2:]))
    for lead in ((1,), (int(rng.choice([many, most])),), (small, more), (more, 1, small)):
        yield inputs(rng, lead, **sizes(rng, inputs))


def long_axes(rng, inputs, long):
    for name in sizes(rng, inputs):
        low, high = long.get(name, LONG)
        if high:
            yield inputs(rng, (), **sizes(rng, inputs, **{name: int(rng.integers(low, high))}))


def float32(rng, inputs):
    yield [single(each) for each in inputs(rng, (), **sizes(rng, inputs))]


def chain(*draws_and_arguments):
    *draws, rng, inputs = draws_and_arguments
    for draw in draws:
        yield from draw(rng, inputs)


def single(value):
    """An array, or those in a dict, in float32; all else as it is."""
    if isinstance(value, dict):
        return {name: single(each) for name, each in value.items()}
    is_number = isinstance(value, np.ndarray) and value.dtype == np.float64
    return value.astype(np.float32) if is_number else value
