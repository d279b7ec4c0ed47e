"""Wrong answers made of right ones: off by far more than any tolerance, in all of their numbers or in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from autograder.course.mutants import messages

SHARE = 0.25  # of the largest number, that a wrong one is off
DECIMALS = 4
Spoil = Callable[[Any], Any]


class UnspoiledError(Exception):
    """There is nothing in an answer that could be made wrong."""


def everywhere(value: Any) -> Any:
    return _spoiled(value, slice(None))


def first(value: Any) -> Any:
    return _spoiled(value, 0)


def last(value: Any) -> Any:
    return _spoiled(value, -1)


def squeezed(value: Any) -> Any:
    return _arrays(value, np.squeeze)


def rounded(value: Any) -> Any:
    return _arrays(value, lambda array: np.round(array, DECIMALS) if _is_float(array) else array)


def not_negative(value: Any) -> Any:
    return _arrays(value, lambda array: np.abs(array) if array.dtype.kind in "if" else array)


def nothing(_value: Any) -> None:
    return None


IN_ANY_REGION: dict[str, Spoil] = {
    messages.OFF_EVERYWHERE: everywhere,
    messages.OFF_FIRST: first,
    messages.OFF_LAST: last,
}
OF_ANY_INPUTS: dict[str, Spoil] = {
    messages.SQUEEZED: squeezed,
    messages.ROUNDED: rounded,
    messages.NOT_NEGATIVE: not_negative,
    messages.NOTHING: nothing,
}


def write_into(value: Any) -> bool:
    """Change an argument in place; whether that can be done."""
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "biuf" and value.flags.writeable:
        value[...] = ~value if value.dtype.kind == "b" else value + 1
    elif isinstance(value, list) and value:
        value.reverse()
        value.append(value[0])
    elif isinstance(value, dict) and value:
        value.pop(next(iter(value)))
    elif isinstance(value, set) and value:
        value.pop()
    else:
        return False
    return True


def _arrays(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, np.ndarray):
        return change(value)
    if type(value) in (list, tuple):
        return type(value)(_arrays(each, change) for each in value)
    raise UnspoiledError


def _is_float(array: Any) -> bool:
    return bool(array.dtype.kind == "f")


def _spoiled(value: Any, which: int | slice) -> Any:
    """A value with its first or last number, or with all that can be, made wrong."""
    match value:
        case bool() | np.bool_():
            return not value
        case int() | float() | complex() | np.number():
            number: Any = value
            return type(value)(number + 1 + abs(number) * SHARE)
        case str():
            return _text(value, which)
        case np.ndarray():
            return _array(value, which)
        case list() | tuple() if type(value) in (list, tuple):
            return type(value)(_parts(list(value), which))
        case dict() if value:
            return dict(zip(value, _parts(list(value.values()), which), strict=True))
        case set() | frozenset() if value:
            return type(value)(list(value)[1:])
        case Iterator() if which == 0:
            return chain([_spoiled(next(value, 0), which)], value)
    if is_dataclass(value) and not isinstance(value, type) and fields(value):
        names = [each.name for each in fields(value)]
        parts = _parts([getattr(value, name) for name in names], which)
        return replace(value, **dict(zip(names, parts, strict=True)))
    raise UnspoiledError


def _text(value: str, which: int | slice) -> str:
    if not value or isinstance(which, slice):
        return f"{value[::-1]}x"
    return f"{chr(ord(value[0]) ^ 1)}{value[1:]}" if which == 0 else f"{value[:-1]}{chr(ord(value[-1]) ^ 1)}"


def _array(value: Any, which: int | slice) -> Any:
    if value.dtype.kind not in "biufc" or not value.size:
        raise UnspoiledError
    array = value.copy()
    flat = array.reshape(-1)
    finite = np.flatnonzero(np.isfinite(flat))
    if not finite.size:
        raise UnspoiledError
    chosen = finite[which]
    if array.dtype.kind == "b":
        flat[chosen] = ~flat[chosen]
    else:
        off = 1 if array.dtype.kind in "iu" else SHARE * max(1.0, float(np.max(np.abs(flat[finite]))))
        flat[chosen] += np.asarray(off).astype(array.dtype)
    return flat.reshape(value.shape)


def _parts(parts: list[Any], which: int | slice) -> list[Any]:
    """Some values, of which the first or the last that can be wrong is, or all that can be."""
    places = range(len(parts)) if which != -1 else range(len(parts) - 1, -1, -1)
    done = False
    for place in places:
        try:
            parts[place] = _spoiled(parts[place], which)
            done = True
        except UnspoiledError:
            continue
        if not isinstance(which, slice):
            break
    if not done:
        raise UnspoiledError
    return parts
