"""The kinds of inputs that the hidden checks of every question draw from: strata, each of which every student meets.

An answer can be right for one kind and wrong for another: for a batch of one, an axis of length 1, a long axis. So the
kinds are fixed, and only the sizes and the numbers inside them are drawn, so that no answer can know them.

A question says how its arguments are drawn, by a function `inputs(rng, lead, ...)`: `lead` are the batch axes, and each
further parameter is a size. One that takes a mask has `*, mask` as well, which is "" for none, "own" for one that has
the batch axes too, and "shared" for one that all of a batch share.
"""

import inspect

import numpy as np
import pytest

from autograder.checking import assert_matches

# None has a whole root, as 4 has, whose root is also its half, none is the product of two others, none is the length of
# a batch axis: so that no axis can stand in for another. Nor is any 2, as in the examples that students see.
SIZES = (3, 5, 7, 8, 11, 13)
SMALL, LARGE = (4, 6), (17, 19)  # lengths of batch axes
EQUAL = (3, 5)
# Lengths of long axes. The ranges are narrow, and well above what an answer may have been made for, so that one which
# holds up to some length fails for everybody.
LONG = (290, 300)
FEW_HEADS, MANY_HEADS = (2, 3, 5), (9, 11)
SOME = (50, 60)  # tokens or patches, where many more would cost too much


class Stratum:
    """One kind of inputs of one question. Each of `draws` yields, for `rng`, lists of arguments."""

    def __init__(self, *draws):
        self._draws = draws

    def compare(self, student_function, reference_function, rng):
        """Assert that the student's function answers all inputs of this kind as the reference does."""
        for draw in self._draws:
            for arguments in draw(rng):
                assert_matches(student_function, reference_function, *arguments)


def strata(inputs, *, sizes=SIZES, few=None, long=None, apart=False, negative=True, without=()):
    """The parameters of a check, a kind of inputs each.

    The sizes that all differ are drawn from `sizes`; those that `few` names, from what it gives. `long` gives for some
    sizes, by name, another range of lengths for the long ones, or None for no such inputs. An answer as nested lists
    must get through: some 20,000 numbers. `apart`: float32 is worth points of its own. `negative`: numbers may all
    be negative. `without` names kinds that there are none of.
    """
    draw = Draw(inputs, sizes, few or {}, long or {})
    kinds = {
        "plain": Stratum(draw.equal, draw.different, *([draw.negative] if negative else [])),
        "each axis of length 1": Stratum(draw.ones),
        "a batch, of many and of one": Stratum(draw.batch),
        "batches of batches": Stratum(draw.batches),
        "long axes": Stratum(draw.long) if apart else Stratum(draw.long, draw.float32),
        "float32": Stratum(draw.float32),
    }
    if not apart:
        del kinds["float32"]
    return [pytest.param(stratum, id=name) for name, stratum in kinds.items() if name not in without]


class Draw:
    """Arguments of each kind for one question."""

    def __init__(self, inputs, lengths, few, long):
        parameters = inspect.signature(inputs).parameters.values()
        self._inputs, self._lengths, self._few, self._long = inputs, lengths, few, long
        self._sizes = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD][2:]
        self._takes_mask = any(each.name == "mask" for each in parameters)

    def _arguments(self, rng, lead=(), mask="", **given):
        """Sizes that all differ, but for those given."""
        for name, counts in self._few.items():
            if name not in given:
                given[name] = int(rng.choice([size for size in counts if size not in given.values()]))
        free = [size for size in self._lengths if size not in given.values()]
        sizes = dict(zip(self._sizes, rng.permutation(free).tolist(), strict=False)) | given
        more = {"mask": mask} if self._takes_mask else {}
        return self._inputs(rng, lead, **sizes, **more)

    def different(self, rng):
        yield self._arguments(rng)

    def equal(self, rng):
        """Some mistakes raise an error everywhere else, and can be named only where every shape fits."""
        yield self._arguments(rng, mask="own", **dict.fromkeys(self._sizes, int(rng.choice(EQUAL))))

    def negative(self, rng):
        """Numbers below 0 only: what is begun with 0 and looks for the largest finds none."""
        yield [negated(each) for each in self._arguments(rng, mask="own")]

    def ones(self, rng):
        """Every second axis, then the others; all at once where two of them make up one width."""
        for names in (self._sizes[::2], self._sizes[1::2], self._sizes if self._few else ()):
            if names:
                yield self._arguments(rng, **dict.fromkeys(names, 1))
        if self._takes_mask:
            for names in (self._sizes[::2], self._sizes[1::2]):
                yield self._arguments(rng, mask="own", **dict.fromkeys(names, 1))

    def batch(self, rng):
        yield self._arguments(rng, (int(rng.choice(LARGE)),), mask="own")
        yield self._arguments(rng, (1,))
        if self._takes_mask:
            yield self._arguments(rng, (1,), mask="own")

    def batches(self, rng):
        small, more = rng.permutation(SMALL).tolist()
        if self._takes_mask:
            yield self._arguments(rng, (small, more), mask="shared")
        yield self._arguments(rng, (small, 1, more), mask="own")

    def long(self, rng):
        for name in self._sizes:
            if lengths := self._long.get(name, LONG):
                yield self._arguments(rng, **{name: int(rng.integers(*lengths))})
        if self._takes_mask:
            tokens = [name for name in self._sizes if name.startswith("n")]
            yield self._arguments(
                rng, mask="own", **dict(zip(tokens, rng.permutation(range(*SOME)).tolist(), strict=False))
            )

    def float32(self, rng):
        yield [single(each) for each in self._arguments(rng, mask="own")]


def single(value):
    """An array of float64, or those in a dict, as float32; all else as it is."""
    if isinstance(value, dict):
        return {name: single(each) for name, each in value.items()}
    is_double = isinstance(value, np.ndarray) and value.dtype == np.float64
    return value.astype(np.float32) if is_double else value


def negated(value):
    """An array of float64 with all signs below 0; all else as it is."""
    is_double = isinstance(value, np.ndarray) and value.dtype == np.float64
    return -np.abs(value) if is_double else value
