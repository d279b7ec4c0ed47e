"""What is wrong with a function as a whole, told from all of its answers and not from how it is written.

A rule explains all wrong answers of a question that no misconception explains. Instructors read its name, as that of a
misconception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeGuard

import numpy as np
from numpy.typing import NDArray

from autograder.checking.comparison.arrays import to_array
from autograder.checking.comparison.plain import Plain
from autograder.checking.recognition import messages
from autograder.checking.recognition.kinds import (
    MIN_RIGHT,
    MIN_TELLING,
    Explanation,
    Seen,
    explain_where,
    is_degenerate,
    kind,
)
from autograder.checking.recognition.slips import Answer
from autograder.sandbox.protocol import Returned

Array = NDArray[Any]
MIN_SEEN = 3  # answers, before anything is said of all of them
NEARLY = 1e-2  # of the largest number
TINY = 1e-9  # a factor of which nothing is left
PLAIN = {
    **{str(whole): float(whole) for whole in (1, 2, 3, 4, 5, 10, 100, 1000)},
    **{f"1/{whole}": 1 / whole for whole in (2, 3, 4, 5, 10, 100, 1000)},
    "√2": 2**0.5,
    "1/√2": 2**-0.5,
    "√3": 3**0.5,
    "1/√3": 3**-0.5,
    "π": np.pi,
    "2π": 2 * np.pi,
}


def explain(right: Sequence[Seen], wrong: Sequence[Seen]) -> Explanation | None:
    """What explains all of the wrong answers, beside the right ones of the same question."""
    if len(right) + len(wrong) < MIN_SEEN or not wrong:
        return None
    with np.errstate(all="ignore"):
        pairs = [pair for seen in wrong for pair in _pairs(seen.answer)]
        telling = pairs if _are_telling(pairs) else []
        if telling and (explanation := axes_of_length_1(telling)):
            return explanation
        if explanation := explain_where(right, wrong):
            return explanation
        explanation = _how(right, wrong, telling) if telling else returned_argument([seen.answer for seen in wrong])
    parts = {pair.part for pair in telling}
    if explanation and 0 not in parts and len(parts) == 1:
        return Explanation(explanation.name, messages.of_part(min(parts), explanation.statement))
    return explanation


def _how(right: Sequence[Seen], wrong: Sequence[Seen], pairs: Sequence[Pair]) -> Explanation | None:
    telling_kinds = {kind(seen.answer) for seen in right if not is_degenerate(seen.answer)}
    always = not telling_kinds & {kind(seen.answer) for seen in wrong}  # it is always wrong in such calls
    if always and (found := first_of(OF_ALL_NUMBERS, pairs) or returned_argument([seen.answer for seen in wrong])):
        return found
    return nearly_right(pairs) or _example(right, wrong, pairs)


def first_of(hows: Iterable[How], pairs: Sequence[Pair]) -> Explanation | None:
    """The first of some rules that holds."""
    return next(filter(None, (how(pairs) for how in hows)), None)


# How the numbers are wrong.


class Pair(NamedTuple):
    """An array that came back, and another one that should have; it is number `part` of what is returned, or 0."""

    array: Array
    wanted: Array
    precision: float  # relative to the largest number
    part: int
    digits: float = 0.0  # how far off printed numbers may be, whatever their size

    @property
    def same_shape(self) -> bool:
        return self.array.shape == self.wanted.shape

    @property
    def error(self) -> float:
        """How far off the worst number is, relative to the largest."""
        return float(np.max(np.abs(self.array - self.wanted)) / max(np.max(np.abs(self.wanted)), 1e-300))

    def is_like(self, array: Array, wanted: Array) -> bool:
        """Whether two arrays made of these are the same but for the last digits."""
        if array.shape != wanted.shape:
            return False
        scale = float(np.max(np.abs(wanted), initial=0))
        absolute = max(self.precision * scale / 10, self.digits)
        return bool(np.allclose(array, wanted, rtol=self.precision, atol=absolute))


def _pairs(answer: Answer) -> Iterator[Pair | None]:
    """The arrays of an answer that are not right, each with the right one; None where there is no array."""
    if not isinstance(answer.reply, Returned) or isinstance(answer.expected, Plain):
        yield None
        return
    several = isinstance(answer.expected, tuple)
    value = answer.reply.value if several else answer.value
    parts = list(value) if several and isinstance(value, list | tuple) else [value]
    wanted = list(answer.expected) if several else [answer.expected]
    if len(parts) != len(wanted):
        yield None
        return
    for number, (part, each) in enumerate(zip(parts, wanted, strict=True), 1):
        array, numbers = to_array(part), np.asarray(each, np.float64)
        if array is None or array.size != numbers.size or not np.isfinite(array := array.astype(np.float64)).all():
            yield None
            continue
        pair = Pair(array, numbers, answer.tolerance.relative, number if several else 0)
        if not pair.is_like(pair.array, pair.wanted):
            yield pair


def _are_telling(pairs: Sequence[Pair | None]) -> TypeGuard[Sequence[Pair]]:
    """Whether all wrong answers are numbers, and enough of them, so that it cannot be by chance what is found."""
    return None not in pairs and sum(pair.wanted.size for pair in pairs if pair) >= MIN_TELLING


def transposed(pairs: Sequence[Pair]) -> Explanation | None:
    def holds(pair: Pair) -> bool:
        if pair.wanted.ndim < 2:
            return False
        return any(pair.is_like(pair.array, turned) for turned in (np.swapaxes(pair.wanted, -1, -2), pair.wanted.T))

    return Explanation("transposed", messages.TRANSPOSED) if all(map(holds, pairs)) else None


def by_a_factor(pairs: Sequence[Pair]) -> Explanation | None:
    def ratio(pair: Pair) -> float:
        return float(np.vdot(pair.wanted, pair.array) / np.vdot(pair.wanted, pair.wanted))

    factor = _common(pairs, ratio, np.divide)
    if factor is None or abs(factor) < TINY or abs(factor - 1) < NEARLY:
        return None
    if np.isclose(factor, -1):
        return Explanation("sign_turned", messages.SIGN_TURNED)
    plain = _plain(factor)
    statement = messages.constant_factor(plain) if plain else messages.SAME_FACTOR
    return Explanation("constant_factor", statement)


def by_a_number(pairs: Sequence[Pair]) -> Explanation | None:
    number = _common(pairs, lambda pair: float(np.mean(pair.array - pair.wanted)), np.subtract)
    if number is None:
        return None
    plain = _plain(number)
    return Explanation("constant_added", messages.constant_added(plain) if plain else messages.SAME_NUMBER)


def _common(pairs: Sequence[Pair], of: Callable[[Pair], float], undo: Callable[..., Array]) -> float | None:
    """The one number of which it is due that no array is right."""
    if not all(pair.same_shape and pair.wanted.any() for pair in pairs):
        return None
    first = of(pairs[0])
    return first if all(pair.is_like(undo(pair.array, first), pair.wanted) for pair in pairs) else None


def _plain(number: float) -> str:
    """A number that people put into formulas; others are not told, for a right answer could be computed from them."""
    sign = "-" if number < 0 else ""
    return next((f"{sign}{name}" for name, known in PLAIN.items() if np.isclose(abs(number), known, rtol=1e-5)), "")


How = Callable[[Sequence[Pair]], Explanation | None]


def axes_of_length_1(pairs: Sequence[Pair]) -> Explanation | None:
    def holds(pair: Pair) -> bool:
        longer = [[size for size in array.shape if size != 1] for array in (pair.array, pair.wanted)]
        return longer[0] == longer[1] and pair.is_like(pair.array.reshape(pair.wanted.shape), pair.wanted)

    return Explanation("axes_of_length_1", messages.AXES_OF_LENGTH_1) if all(map(holds, pairs)) else None


def other_shape(pairs: Sequence[Pair]) -> Explanation | None:
    def holds(pair: Pair) -> bool:
        return not pair.same_shape and pair.is_like(pair.array.ravel(), pair.wanted.ravel())

    return Explanation("other_shape", messages.OTHER_SHAPE) if all(map(holds, pairs)) else None


def other_places(pairs: Sequence[Pair]) -> Explanation | None:
    def holds(pair: Pair) -> bool:
        return pair.is_like(np.sort(pair.array, axis=None), np.sort(pair.wanted, axis=None))

    told_apart = any(len(np.unique(pair.wanted)) >= MIN_TELLING for pair in pairs)
    return Explanation("other_places", messages.OTHER_PLACES) if told_apart and all(map(holds, pairs)) else None


def nearly_right(pairs: Sequence[Pair]) -> Explanation | None:
    if not all(pair.same_shape and pair.wanted.any() for pair in pairs):
        return None
    errors = [pair.error for pair in pairs]
    holds = np.median(errors) < NEARLY and max(errors) < 10 * NEARLY
    return Explanation("nearly_right", messages.nearly_right(f"{np.median(errors):.0e}")) if holds else None


OF_ALL_NUMBERS: tuple[How, ...] = (transposed, by_a_factor, by_a_number, other_shape, other_places)


def returned_argument(wrong: Sequence[Answer]) -> Explanation | None:
    """It is the same argument that comes back each time."""
    for place in range(min(len(answer.args) for answer in wrong)):
        if all(_is_argument(answer, place) for answer in wrong):
            return Explanation("argument_returned", messages.argument_returned(place + 1))
    return None


def _is_argument(answer: Answer, place: int) -> bool:
    given = answer.args[place]
    array = to_array(answer.value)
    is_array = isinstance(given, np.ndarray) and array is not None and array.ndim
    return bool(is_array and array is not None and array.shape == given.shape and np.array_equal(array, given))


def _example(right: Sequence[Seen], wrong: Sequence[Seen], pairs: Sequence[Pair]) -> Explanation | None:
    examples_only = bool(right) and all(seen.visible for seen in right)
    has_shapes = all(pair.same_shape for pair in pairs)
    holds = examples_only and has_shapes and sum(not seen.visible for seen in wrong) >= MIN_RIGHT
    return Explanation("example_only", messages.EXAMPLE_ONLY) if holds else None
