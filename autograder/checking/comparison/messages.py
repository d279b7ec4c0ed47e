"""Calls and values in words: by their kind and shape, and never an expected array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.checking.comparison.short import shown
from autograder.language.current import translatable
from autograder.sandbox.protocol import Matrix, Opaque
from autograder.sandbox.wire.values import Handle, Instance, Items

translatable(__name__)

MAX_PARTS_SHOWN = 5  # of a tuple or list
KINDS = {"c": "complex numbers", "O": "objects", "U": "text", "S": "bytes"}


# A call, and values by their kind.


def call(name: str, parameters: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """A call as a student would write it down: `softmax(S: (3, 5))`."""
    names = [*parameters, *[""] * len(args)]
    given = [*zip(names, args, strict=False), *kwargs.items()]
    arguments = ", ".join(_argument(each, value) for each, value in given)
    return f"{name}({arguments})"


def _argument(name: str, value: Any) -> str:
    if isinstance(value, np.ndarray):
        shape = value.shape
        return f"{name}: {shape}" if name else f"{shape}"
    if isinstance(value, Mapping) and any(isinstance(each, np.ndarray) for each in value.values()):
        count = len(value)
        arrays = "1 array" if count == 1 else f"{count} arrays"
        return f"{name}: a dict of {arrays}" if name else f"a dict of {arrays}"
    text = shown(value)
    return f"{name}={text}" if name else text


def described(value: Any) -> str:
    """What came back, by kind and shape."""
    match value:
        case None:
            return "None (is there a `return`?)"
        case Matrix(array):
            shape = array.shape
            return f"a matrix of shape {shape}"
        case np.ndarray() | np.generic() if value.dtype.kind not in "biuf":
            contents = KINDS.get(value.dtype.kind, "something else than numbers")
            return f"an array of {contents}"
        case np.ndarray() | np.generic():
            return shaped(value.shape)
        case bool():
            return "a truth value"
        case int() | float():
            return shaped(())
        case complex():
            return "a complex number"
        case str():
            text = shown(value)
            return f"the text {text}"
        case bytes():
            text = shown(value)
            return f"the bytes {text}"
        case dict() | set() | frozenset():
            kind, count = type(value).__name__, len(value)
            return f"a {kind} of {count}"
        case Handle(_, kind):
            return f"an object of {kind}"
        case Instance(kind):
            return f"an instance of {kind}"
        case Items(items):
            count = len(items)
            return f"an iterator over {count}"
        case list() | tuple():
            kind, count = type(value).__name__, len(value)
            parts = ", ".join(map(_part, value[:MAX_PARTS_SHOWN]))
            if count > MAX_PARTS_SHOWN:
                return f"a {kind} of {count} ({parts}, …)"
            return f"a {kind} of {count} ({parts})"
        case Opaque(kind):
            return f"something of type {kind}"
    kind = type(value).__name__
    return f"something of type {kind}"


def _part(value: Any) -> str:
    """One of several values, in short."""
    shown = value.shape if isinstance(value, np.ndarray) else type(value).__name__
    return f"{shown}"


def shaped(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "a single number"


def array_of(array: NDArray[Any]) -> str:
    """An array that need not hold numbers."""
    kind = array.dtype.kind
    contents = "named fields" if array.dtype.names else KINDS.get(kind, "numbers")
    shape = array.shape
    return f"an array of {contents} of shape {shape}"
