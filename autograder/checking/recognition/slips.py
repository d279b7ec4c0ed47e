"""Slips: answers that are right but for one thing about how they are given.

A slip costs a question the check in which it first shows. What its other checks are about is judged behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autograder.checking.comparison.arrays import Difference, difference, shaped, to_array
from autograder.checking.comparison.plain import Plain
from autograder.checking.comparison.tolerance import Tolerance
from autograder.checking.recognition import messages
from autograder.sandbox.protocol import Matrix, Raised, Reply, Returned
from autograder.sandbox.wire.limits import MAX_DEPTH, CannotCrossError
from autograder.sandbox.wire.pack import pack

DECIMALS = (3, 4, 5, 6, 7)  # fewer are no slip: too little is left
NEARLY = 1e-5  # of the largest number: what single precision leaves of an answer
MAX_BATCHED = 3  # arguments that may have leading axes
MAX_REORDERED = 4  # arrays, whose orders are tried
ERRORS_ABOUT_AXES = ("ValueError", "IndexError", "AxisError", "TypeError")  # of code that expects one more
ONE_BATCH_AXIS, TWO_AXES_ONLY = "exactly_one_batch_axis", "two_axes_only"
CORE_RANKS = (1, 2, 3)  # a token, a sequence, an image or heads


@dataclass(frozen=True)
class Answer:
    """A student's answer to one call, and `expected`, the reference's: an array, or a tuple of several."""

    ask: Callable[[Sequence[Any], Mapping[str, Any]], Reply]
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    reply: Returned | Raised
    expected: Any
    given_tolerance: Tolerance | None = None

    @cached_property
    def value(self) -> Any:
        """What came back, and for numbers in lists the array that they make: it is made once."""
        value = self.reply.value if isinstance(self.reply, Returned) else None
        if isinstance(self.expected, Plain):
            return value
        array = to_array(value) if isinstance(value, list | tuple) else None
        return value if array is None else array

    @property
    def tolerance(self) -> Tolerance:
        return self.given_tolerance or Tolerance.of([*self.args, *self.kwargs.values()])

    @property
    def is_right(self) -> bool:
        return self.is_right_with(self.reply)

    def is_right_with(self, reply: Reply) -> bool:
        value = self.value if reply is self.reply else getattr(reply, "value", None)
        return isinstance(reply, Returned) and difference(value, self.expected, self.tolerance, nan_is_nan=True) is None

    def may_be_given(self, right: Returned) -> bool:
        """Whether what the reference returned could come from a student as well, and would be right."""
        try:
            pack(right.value, [], MAX_DEPTH, strict=True)
        except CannotCrossError:
            return False
        return self.is_right_with(right)


class Slip(Protocol):
    """One thing that is wrong with a question's answers. Instructors read its name, as that of a misconception."""

    @property
    def name(self) -> str: ...

    @property
    def statement(self) -> str:
        """What a student reads of it."""
        ...

    def excuses(self, answer: Answer) -> bool:
        """Whether an answer is right but for this."""
        ...


class Rounded:
    """Rounded to some decimals, at the end."""

    name = "rounded"

    @property
    def statement(self) -> str:
        return messages.ROUNDED

    def excuses(self, answer: Answer) -> bool:
        pairs = _pairs(answer)
        return pairs is not None and any(
            all(_is_rounded(array, wanted, decimals, answer.tolerance) for array, wanted in pairs)
            for decimals in DECIMALS
        )


class Imprecise:
    """Computed in single precision on the way, or with a number that is."""

    name = "single_precision"

    @property
    def statement(self) -> str:
        return messages.IMPRECISE

    def excuses(self, answer: Answer) -> bool:
        pairs = _pairs(answer)
        return pairs is not None and all(_nearly(array, wanted) for array, wanted in pairs)


def _pairs(answer: Answer) -> list[tuple[NDArray[Any], NDArray[Any]]] | None:
    """What came back and what should have, array by array; None where there is nothing to compare."""
    is_plain = isinstance(answer.expected, Plain) or not isinstance(answer.reply, Returned)
    arrays = None if is_plain else shaped(answer.value, answer.expected)
    if arrays is None or isinstance(arrays, Difference):
        return None
    several = isinstance(answer.expected, tuple)
    pairs = zip(arrays, answer.expected, strict=True) if several else [(arrays, answer.expected)]
    return [(np.asarray(array, np.float64), np.asarray(wanted, np.float64)) for array, wanted in pairs]


@dataclass(frozen=True)
class OtherOrder:
    """Several arrays, all of them right, that stand in another order: number `order[i]` is what should be number i."""

    order: tuple[int, ...]

    name = "another_order"

    @property
    def statement(self) -> str:
        return messages.OTHER_ORDER

    def excuses(self, answer: Answer) -> bool:
        value = answer.value
        if isinstance(value, np.ndarray | Matrix):
            stacked = to_array(value)  # one array that has all of them
            fits = stacked is not None and stacked.shape[:1] == (len(self.order),)
            value = list(stacked) if stacked is not None and fits else None
        if not isinstance(value, tuple | list) or len(value) != len(self.order):
            return False
        return answer.is_right_with(Returned(tuple(value[place] for place in self.order)))


def _is_rounded(array: NDArray[Any], wanted: NDArray[Any], decimals: int, tolerance: Tolerance) -> bool:
    """Whether numbers have so few decimals, and are the nearest such ones, as far as the precision allows to say."""
    digits = tolerance.relative / 1000
    if not np.allclose(array, np.round(array, decimals), rtol=digits, atol=1e-12):
        return False
    return bool(np.all(np.abs(array - wanted) <= 0.501 * 10.0**-decimals + tolerance.absolute))


def _nearly(array: NDArray[Any], wanted: NDArray[Any]) -> bool:
    """In single precision, too, what is exactly 0 is 0: a mask that leaks is no matter of digits."""
    with np.errstate(all="ignore"):
        allowed = np.where(wanted == 0, 1e-12, NEARLY * np.max(np.abs(wanted), initial=0))
        return bool(np.all(np.abs(array - wanted) <= allowed))


@dataclass(frozen=True)
class OneBatchAxis:
    """Counts on exactly one batch axis, in front of the first `batched` arguments, which have `core` axes behind it.

    A token alone, where a sequence is what it takes, is a sequence of one.

    With `masks`, in front of boolean arguments too.
    """

    batched: int
    core: int
    masks: bool

    @property
    def name(self) -> str:
        return TWO_AXES_ONLY if self.core == 1 else ONE_BATCH_AXIS

    @property
    def statement(self) -> str:
        return messages.TWO_AXES_ONLY if self.core == 1 else messages.ONE_BATCH_AXIS

    def holds(self, right: Collection[int]) -> bool:
        """Whether it is what the answers show, given how many axes those calls have that are answered rightly."""
        return set(right) == {self.core + 1}

    def excuses(self, answer: Answer) -> bool:
        first = answer.args[0] if answer.args else None
        if not isinstance(first, np.ndarray):
            return False
        missing = max(self.core - first.ndim, 0)
        leading = first.shape[: max(first.ndim - self.core, 0)]
        if len(leading) == 1:
            return False
        one = (int(np.prod(leading)), *(1,) * missing)

        def batch(place: int | str, value: Any) -> Any:
            is_batched = isinstance(place, int) and place < self.batched
            if not isinstance(value, np.ndarray) or not (is_batched or (self.masks and value.dtype == np.bool_)):
                return value
            return value.reshape(one + value.shape[len(leading) :]) if value.shape[: len(leading)] == leading else value

        args = [batch(place, value) for place, value in enumerate(answer.args)]
        kwargs = {name: batch(name, value) for name, value in answer.kwargs.items()}
        reply = answer.ask(args, kwargs)
        if not isinstance(reply, Returned):
            return False
        if isinstance(answer.expected, tuple):
            if not isinstance(reply.value, list | tuple) or len(reply.value) != len(answer.expected):
                return False
            value: Any = tuple(_unbatched(each, one, leading) for each in reply.value)
        else:
            value = _unbatched(reply.value, one, leading)
        return answer.is_right_with(Returned(value))


def _unbatched(value: Any, one: tuple[int, ...], leading: tuple[int, ...]) -> Any:
    array = to_array(value)
    fits = array is not None and array.shape[: len(one)] == one
    return array.reshape(leading + array.shape[len(one) :]) if array is not None and fits else value


def find_slip(answer: Answer) -> Slip | None:
    """The slip that a wrong answer shows, if it is one."""
    if isinstance(answer.expected, Plain):
        return None
    return next((slip for slip in _candidates(answer) if slip.excuses(answer)), None)


def _candidates(answer: Answer) -> Iterator[Slip]:
    yield Rounded()
    yield Imprecise()
    if isinstance(answer.expected, tuple):
        count = len(answer.expected)
        yield from map(OtherOrder, permutations(range(count)) if count <= MAX_REORDERED else ())
    is_about_axes = isinstance(answer.reply, Raised) and answer.reply.type in ERRORS_ABOUT_AXES
    if not is_about_axes or not answer.args or not isinstance(answer.args[0], np.ndarray):
        return
    arrays = sum(isinstance(value, np.ndarray) for value in answer.args)
    has_mask = any(_is_mask(value) for value in (*answer.args, *answer.kwargs.values()))
    core = answer.args[0].ndim  # no axis leads: one that counts on an axis shows it there
    if core in CORE_RANKS:
        for batched in range(1, min(MAX_BATCHED, arrays) + 1):
            yield OneBatchAxis(batched, core, masks=False)
            if has_mask:
                yield OneBatchAxis(batched, core, masks=True)


def _is_mask(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == np.bool_
