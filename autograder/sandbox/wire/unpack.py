"""From what a header says of values back to them: nothing in it is believed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.sandbox.execute import MAX_NAME_CHARS
from autograder.sandbox.protocol import Matrix, Opaque
from autograder.sandbox.wire.arrays import DTYPES, NATIVE, is_shape, read_dtype, require_text
from autograder.sandbox.wire.limits import MAX_DIMENSIONS, MAX_INT, MAX_INT_BITS, MAX_KEYS, NO_LIMIT, WireError
from autograder.sandbox.wire.values import Handle, Instance, Items, NamedFunction
from autograder.text import on_one_line

SCALARS = (bool, float, str)
GENERATORS = {"PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"}
UNKNOWN = "a value of no known kind"


class Unpacker:
    """Turns a header's JSON back into values, taking the bytes of arrays from the body in order."""

    def __init__(self, body: memoryview, limit: int) -> None:
        self._body = body
        self._limit = limit
        self._taken = 0
        self._claimed = 0  # bytes of all arrays, were none of their axes empty

    @property
    def left(self) -> int:
        return len(self._body) - self._taken

    def unpack(self, tree: Any, depth: int) -> Any:
        if tree is None or isinstance(tree, SCALARS) or (type(tree) is int and abs(tree) < MAX_INT):
            return tree
        if depth == 0:
            raise WireError("a message nested too deeply")
        if not isinstance(tree, dict):
            raise WireError(UNKNOWN)
        ((kind, content),) = tree.items()
        if kind == "array":
            return self._array(content)
        if kind == "dict" and isinstance(content, dict):
            return {key: self.unpack(item, depth - 1) for key, item in content.items()}
        if kind in ("list", "tuple") and isinstance(content, list):
            items = [self.unpack(item, depth - 1) for item in content]
            return tuple(items) if kind == "tuple" else items
        if kind == "matrix":
            return Matrix(self._array(content))
        if kind == "opaque" and isinstance(content, str):
            return Opaque(on_one_line(content[:MAX_NAME_CHARS]))
        return self._other(kind, content, depth)

    def _other(self, kind: str, content: Any, depth: int) -> Any:
        match kind, content:
            case "int", str() if len(content) <= MAX_INT_BITS // 4 + 3:
                return int(content, 16)
            case "complex", [float() | int() as real, float() | int() as imaginary]:
                return complex(real, imaginary)
            case "bytes", int() if type(content) is int and 0 <= content <= self.left:
                self._taken += content
                return bytes(self._body[self._taken - content : self._taken])
            case "set" | "frozenset", list() if len(content) <= MAX_KEYS:
                items = (self.unpack(item, depth - 1) for item in content)
                return set(items) if kind == "set" else frozenset(items)
            case "pairs", [list() as keys, list() as values] if len(keys) <= MAX_KEYS:
                known = [self.unpack(key, depth - 1) for key in keys]  # their bytes come before those of the values
                return dict(zip(known, [self.unpack(value, depth - 1) for value in values], strict=True))
            case "range", [_, _, _]:
                return range(*(self.unpack(each, depth - 1) for each in content))
            case "items", [bool() as more, list() as items]:
                return Items(tuple(self.unpack(item, depth - 1) for item in items), more)
            case "handle", [int() as number, str() as name] if type(number) is int and 0 <= number < MAX_INT:
                return Handle(number, on_one_line(name[:MAX_NAME_CHARS]))
            case "instance", [str() as name, dict() as fields, bool() as is_tuple]:
                read = self.unpack(fields, depth - 1)
                if isinstance(read, dict):
                    told = {str(key): each for key, each in read.items()}
                    return Instance(on_one_line(name[:MAX_NAME_CHARS]), told, is_tuple)
        if self._limit == NO_LIMIT:  # what only the grader says
            return self._trusted(kind, content, depth)
        raise WireError(UNKNOWN)

    def _trusted(self, kind: str, content: Any, depth: int) -> Any:
        if kind == "function" and isinstance(content, str):
            return NamedFunction(content)
        if kind == "generator":
            state = self.unpack(content, depth - 1)
            if state["bit_generator"] in GENERATORS:
                bits = getattr(np.random, state["bit_generator"])()
                bits.state = state
                return np.random.Generator(bits)
        raise WireError(UNKNOWN)

    def _array(self, content: Any) -> NDArray[Any]:
        form, *shape = content
        known = isinstance(form, str) and form in DTYPES
        dtype = DTYPES[form] if known else read_dtype(form)
        if len(shape) > MAX_DIMENSIONS:
            raise WireError("an array of a kind that is not allowed")
        if not is_shape(shape):
            raise WireError("an array with an impossible shape")
        # An empty array is counted as if it were not: (0, 10**9) is no bytes, but summing it over axis 0 is many.
        # All are counted together, for a list of arrays becomes one.
        self._claimed += math.prod(length or 1 for length in shape) * (dtype.itemsize or 1)
        if self._claimed > self._limit:
            raise WireError("arrays larger than are allowed")
        count = math.prod(shape)
        size = count * dtype.itemsize
        if size > self.left:
            raise WireError("an array that claims more bytes than were sent")
        if not dtype.itemsize:
            return np.zeros(shape, dtype)
        flat = np.frombuffer(self._body, dtype, count, self._taken) if count else np.empty(0, dtype)
        self._taken += size
        if known:
            return flat.astype(NATIVE[form]).reshape(shape)
        require_text(flat)
        return flat.copy().reshape(shape)
