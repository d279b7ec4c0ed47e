"""Regions of inputs: kinds of arguments for which alone an answer may be wrong, from what the checks hand over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, permutations
from typing import Any

import numpy as np

from autograder.course.mutants import messages

Arguments = Mapping[str, Any]  # of one call, by the names of parameters
AXIS_LENGTHS, SIZES, ENTRIES = (8, 32, 128), (16, 256, 4096), (3, 10, 30)
LARGE, SMALL = (10, 100), 1e-2
MAX_AXES_BEYOND = 1  # more than any array that was handed over


@dataclass(frozen=True)
class Region:
    """A kind of inputs in words, and whether a call is of it.

    `is_plain`: whoever reads the question expects such inputs; if no check draws any, that is for the author to know.
    """

    words: str
    holds: Callable[[Arguments], bool]
    is_plain: bool = False


Test = tuple[str, Callable[[Any], Any]]


def regions_of(calls: Sequence[Arguments], text: str) -> list[Region]:
    """All regions that the parameters of a function can be in, judged by what they have been in `calls`.

    text: the function's docstring, which says of an array that has leading axes `(..., n)`, and of infinity `inf`
    """
    names = list(dict.fromkeys(chain.from_iterable(calls)))
    plain, others = [Region(messages.EVERYWHERE, lambda _call: True)], []
    for name in names:
        values = [call[name] for call in calls if name in call]
        if len(values) < len(calls) or any(value is None for value in values):
            plain += _given(name)
        for words, kind, test in _plain(name, values, text):
            plain.append(_region(words, name, kind, test, is_plain=True))
        for words, kind, test in _of_one(name, values):
            others.append(_region(words, name, kind, test))
    return [*plain, *others, *_of_two(names, calls)]


def _given(name: str) -> Iterator[Region]:
    yield Region(messages.not_given(name), lambda call: call.get(name) is None, is_plain=True)
    yield Region(messages.given(name), lambda call: call.get(name) is not None, is_plain=True)


def _region(words: str, name: str, kind: Any, test: Callable[[Any], Any], *, is_plain: bool = False) -> Region:
    return Region(words, lambda call: isinstance(call.get(name), kind) and bool(test(call[name])), is_plain)


def _plain(name: str, values: Sequence[Any], text: str) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """The smallest of each kind, and what the question's text says of the parameter."""
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    if arrays:
        least = min(array.ndim for array in arrays)
        for axis in range(-1, -least - 1, -1):
            words = messages.axis_is(name, axis, 1)
            yield words, np.ndarray, _along(axis, _is(1))
        if re.search(rf"^ *{re.escape(name)}\b[^:\n]*:.*\.\.\.", text, re.MULTILINE):
            yield messages.batch(name), np.ndarray, lambda x: x.ndim > least
            yield messages.batch_of_one(name), np.ndarray, lambda x: x.ndim > least and _members(x, least) == 1
        kinds = {array.dtype.kind for array in arrays}
        if "b" in kinds:
            yield messages.row_all_false(name), np.ndarray, _truths(lambda x: (~x.any(axis=-1)).any())
        if "f" in kinds:
            yield messages.of_dtype(name, "float32"), np.ndarray, lambda x: x.dtype == np.float32
            if re.search(r"\binf|∞|\\infty", text):
                yield messages.has_infinity(name), np.ndarray, _numeric(lambda x: np.isinf(x).any())
    for kind in (str, list | tuple):
        if any(isinstance(value, kind) for value in values):
            yield messages.empty(name), kind, lambda x: len(x) == 0
            yield messages.single(name), kind, lambda x: len(x) == 1


def _of_one(name: str, values: Sequence[Any]) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    if arrays:
        tests = chain(_shapes(name, arrays), _contents(name, arrays))
        yield from ((words, np.ndarray, test) for words, test in tests)
    kinds: tuple[tuple[Any, Callable[[str], Iterator[Test]]], ...] = (
        (bool | np.bool_, _truth),
        (int | float | np.number, _number),
        (str, _text),
        (list | tuple | set | frozenset, _entries),
        (dict, _mapping),
    )
    for kind, make in kinds:
        if any(isinstance(value, kind) for value in values):
            yield from ((words, kind, test) for words, test in make(name))


def _is(number: int) -> Callable[[Any], Any]:
    return lambda x: not isinstance(x, bool) and x == number


def _exceeds(number: int) -> Callable[[Any], Any]:
    return lambda x: x > number


def _is_a(kind: type) -> Callable[[Any], Any]:
    return lambda x: isinstance(x, kind)


def _along(axis: int, test: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Whether the length of an array along an axis, if it has so many, is such."""
    return lambda x: x.ndim >= -axis and test(x.shape[axis])


def _axes(count: int) -> Callable[[Any], Any]:
    return lambda x: x.ndim == count


def _has_more(size: int) -> Callable[[Any], Any]:
    return lambda x: (x.size if isinstance(x, np.ndarray) else len(x)) > size


def _has_beyond(size: int) -> Callable[[Any], Any]:
    return lambda x: (np.abs(x[np.isfinite(x)]) > size).any()


def _members(array: Any, least: int) -> int:
    """How many a batch has, of arrays with so many axes."""
    return int(np.prod(array.shape[: array.ndim - least]))


def _shapes(name: str, arrays: Sequence[Any]) -> Iterator[Test]:
    least, most = min(array.ndim for array in arrays), max(array.ndim for array in arrays)
    for axis in range(-1, -most - 1, -1):
        for length in (1, 2):
            yield messages.axis_is(name, axis, length), _along(axis, _is(length))
        for length in AXIS_LENGTHS:
            yield messages.axis_longer(name, axis, length), _along(axis, _exceeds(length))
    yield messages.batch(name), lambda x: x.ndim > least
    yield messages.batch_of_one(name), lambda x: x.ndim > least and _members(x, least) == 1
    yield messages.batch_of_several(name), lambda x: x.ndim > least and _members(x, least) > 1
    for count in range(most + MAX_AXES_BEYOND + 1):
        yield messages.axes(name, count), _axes(count)
    yield messages.empty(name), lambda x: x.size == 0
    yield messages.single(name), lambda x: x.size == 1
    for size in SIZES:
        yield messages.larger(name, size), _has_more(size)
    if most > 1:
        yield messages.square(name), lambda x: x.ndim > 1 and x.shape[-1] == x.shape[-2]
        yield messages.not_square(name), lambda x: x.ndim > 1 and x.shape[-1] != x.shape[-2]
    yield messages.not_contiguous(name), lambda x: not x.flags.c_contiguous


def _contents(name: str, arrays: Sequence[Any]) -> Iterator[Test]:
    kinds = {array.dtype.kind for array in arrays}
    if "b" in kinds:
        yield messages.row_all_false(name), _truths(lambda x: (~x.any(axis=-1)).any())
        yield messages.row_all_true(name), _truths(lambda x: x.all(axis=-1).any())
    if kinds & {*"iuf"}:
        yield messages.of_dtype(name, "float32"), lambda x: x.dtype == np.float32
        yield messages.of_dtype(name, "float64"), lambda x: x.dtype == np.float64
        yield messages.of_dtype(name, "int"), lambda x: x.dtype.kind in "iu"
        yield from ((words, _numeric(test)) for words, test in _numbers(name))


def _numeric(test: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: x.dtype.kind in "iuf" and x.size and test(x)


def _truths(test: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: x.dtype.kind == "b" and x.ndim and test(x)


def _numbers(name: str) -> Iterator[Test]:
    yield messages.has_negative(name), lambda x: (x < 0).any()
    yield messages.all_negative(name), lambda x: (x < 0).all()
    yield messages.has_zero(name), lambda x: (x == 0).any()
    yield messages.all_zero(name), lambda x: (x == 0).all()
    yield messages.has_infinity(name), lambda x: np.isinf(x).any()
    yield messages.has_nan(name), lambda x: np.isnan(x).any()
    for size in LARGE:
        yield messages.has_large(name, size), _has_beyond(size)
    yield messages.all_small(name), lambda x: (np.abs(x) < SMALL).all()
    yield messages.has_twice(name), lambda x: np.unique(x).size < x.size
    yield messages.all_alike(name), lambda x: x.size > 1 and (x == x.flat[0]).all()
    yield messages.in_order(name), lambda x: x.ndim and (x[..., :-1] <= x[..., 1:]).all()


def _truth(name: str) -> Iterator[Test]:
    yield messages.is_value(name, "True"), bool
    yield messages.is_value(name, "False"), lambda x: not x


def _number(name: str) -> Iterator[Test]:
    for value in (0, 1, 2):
        yield messages.number_is(name, value), _is(value)
    yield messages.negative(name), lambda x: x < 0
    for value in ENTRIES + LARGE[1:]:
        yield messages.beyond(name, value), _exceeds(value)
    yield messages.odd(name), lambda x: x % 2 == 1
    yield messages.even(name), lambda x: x % 2 == 0
    yield messages.fraction(name), lambda x: x % 1 != 0


def _text(name: str) -> Iterator[Test]:
    yield from _lengths(name)
    yield messages.has_upper(name), lambda x: x != x.lower()
    yield messages.has_space(name), lambda x: any(map(str.isspace, x))
    yield messages.has_digit(name), lambda x: any(map(str.isdigit, x))
    yield messages.has_sign(name), lambda x: any(not each.isalnum() and not each.isspace() for each in x)
    yield messages.beyond_ascii(name), lambda x: not x.isascii()
    yield messages.has_twice(name), lambda x: len(set(x)) < len(x)


def _lengths(name: str) -> Iterator[Test]:
    yield messages.empty(name), lambda x: len(x) == 0
    yield messages.single(name), lambda x: len(x) == 1
    for size in ENTRIES:
        yield messages.larger(name, size), _has_more(size)


def _entries(name: str) -> Iterator[Test]:
    yield from _lengths(name)
    for kind in (list, tuple, set):
        yield messages.of_type(name, kind.__name__), _is_a(kind)
    yield messages.has_twice(name), _safe(lambda x: len(set(x)) < len(x))
    yield messages.all_alike(name), _safe(lambda x: len(x) > 1 and len(set(x)) == 1)
    yield messages.has_negative(name), _safe(lambda x: any(each < 0 for each in x))
    yield messages.has_zero(name), _safe(lambda x: any(each == 0 for each in x))
    yield messages.in_order(name), _safe(lambda x: list(x) == sorted(x))
    yield messages.nested(name), lambda x: any(isinstance(each, list | tuple | dict) for each in x)


def _mapping(name: str) -> Iterator[Test]:
    yield from _lengths(name)
    yield (
        messages.of_dtype(name, "float32"),
        lambda x: any(getattr(each, "dtype", None) == np.float32 for each in x.values()),
    )
    yield messages.has_twice(name), _safe(lambda x: len(set(x.values())) < len(x))
    yield messages.has_zero(name), _safe(lambda x: 0 in [each for each in x.values() if isinstance(each, int | float)])
    yield (
        messages.has_negative(name),
        _safe(lambda x: any(isinstance(each, int | float) and each < 0 for each in x.values())),
    )
    yield messages.nested(name), lambda x: any(isinstance(each, list | tuple | dict) for each in x.values())


def _safe(test: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A question that makes no sense for some entries is answered by no."""

    def asked(value: Any) -> Any:
        try:
            return bool(test(value))
        except (TypeError, ValueError):
            return False

    return asked


def _of_two(names: Sequence[str], calls: Sequence[Arguments]) -> Iterator[Region]:
    """What two arguments have in common."""

    def arrays(test: Callable[[Any, Any], Any], one: str, other: str) -> Callable[[Arguments], bool]:
        def holds(call: Arguments) -> bool:
            left, right = call.get(one), call.get(other)
            return isinstance(left, np.ndarray) and isinstance(right, np.ndarray) and bool(test(left, right))

        return holds

    has_array = {name for name in names for call in calls if isinstance(call.get(name), np.ndarray)}
    for one, other in permutations([name for name in names if name in has_array], 2):
        yield Region(messages.fewer_axes(one, other), arrays(lambda x, y: x.ndim < y.ndim, one, other))
        if names.index(one) < names.index(other):
            yield Region(messages.same_shape(one, other), arrays(lambda x, y: x.shape == y.shape, one, other))
            last = arrays(lambda x, y: x.ndim and y.ndim and x.shape[-1] == y.shape[-1], one, other)
            yield Region(messages.same_last_axis(one, other), last)
    has_number = {name for name in names for call in calls if type(call.get(name)) is int}
    for one in names:
        for other in names:
            for axis in (-1, -2) if one in has_number and other in has_array else ():
                yield Region(messages.as_long_as(one, other, axis), _is_length(one, other, axis))


def _is_length(one: str, other: str, axis: int) -> Callable[[Arguments], bool]:
    def holds(call: Arguments) -> bool:
        number, array = call.get(one), call.get(other)
        return isinstance(array, np.ndarray) and array.ndim >= -axis and number == array.shape[axis]

    return holds
