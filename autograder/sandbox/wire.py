"""Messages between the grader and a worker: a length, a JSON header, raw array bytes. No pickle in either direction.

A frame is `!IQ` (length of the header, length of the body), the header (JSON), the body (the bytes of all arrays,
in the order in which the header names them). Every length is checked before it is believed.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.sandbox import messages
from autograder.sandbox.execute import MAX_NAME_CHARS
from autograder.sandbox.protocol import Matrix, Opaque
from autograder.text import on_one_line

PREFIX = struct.Struct("!IQ")
DTYPES = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}
NATIVE = {name: dtype.newbyteorder("=") for name, dtype in DTYPES.items()}
NAMES = {dtype: name for name, dtype in DTYPES.items()}  # dtype.name says the same, but takes its time
MAX_DIMENSIONS = 16
MAX_DEPTH = 32
NO_LIMIT = 1 << 62  # the limit of what the grader itself sends
MAX_HEADER_BYTES = 1 << 19  # of JSON: each becomes a hundred in memory
MAX_INT = 1 << 63
SCALARS = (bool, float, str)


class WireError(Exception):
    """The other side sent something that is not a frame."""


def encode(message: Mapping[str, Any], limit: int) -> bytes:
    """A whole frame. Raises WireError when it would be longer than `limit` bytes."""
    buffers: list[bytes] = []
    header = json.dumps(_pack(message, buffers, MAX_DEPTH), separators=(",", ":")).encode()
    body = b"".join(buffers)
    if len(header) > MAX_HEADER_BYTES and limit < NO_LIMIT:
        raise WireError(messages.header_too_long(f"{MAX_HEADER_BYTES:,}"))
    if PREFIX.size + len(header) + len(body) > limit:
        raise WireError(messages.answer_too_long(f"{len(header) + len(body):,}", f"{limit:,}"))
    return PREFIX.pack(len(header), len(body)) + header + body


def lengths(prefix: bytes, limit: int) -> int:
    """How many bytes follow a frame's prefix. Raises WireError when they are more than `limit`."""
    header, body = PREFIX.unpack(prefix)
    if header > MAX_HEADER_BYTES and limit < NO_LIMIT:
        raise WireError(f"a header of {header:,} bytes where {MAX_HEADER_BYTES:,} are allowed")
    if PREFIX.size + header + body > limit:
        raise WireError(f"{header + body:,} bytes where {limit:,} are allowed")
    return int(header + body)


def decode(prefix: bytes, rest: bytes, limit: int) -> dict[str, Any]:
    """The message in a frame. Raises WireError for anything that `encode` could not have written."""
    header_length, body_length = PREFIX.unpack(prefix)
    if header_length > MAX_HEADER_BYTES and limit < NO_LIMIT:
        raise WireError(f"a header of {header_length:,} bytes where {MAX_HEADER_BYTES:,} are allowed")
    if len(rest) != header_length + body_length:
        raise WireError("a frame of another length than it says")
    try:
        tree = json.loads(rest[:header_length])
        reader = _Reader(memoryview(rest)[header_length:], limit)
        message = reader.unpack(tree, MAX_DEPTH + 1)  # `_pack` puts something opaque where it goes no deeper
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise WireError(f"a malformed frame ({type(error).__name__})") from None
    if not isinstance(message, dict) or reader.left:
        raise WireError("a frame that does not hold one message")
    return message


def _pack(value: Any, buffers: list[bytes], depth: int) -> Any:
    """The JSON form of a value; arrays leave their bytes in `buffers`, what has no form becomes opaque."""
    if depth == 0:
        return {"opaque": type(value).__name__[:MAX_NAME_CHARS]}
    kind = type(value)
    if value is None or kind in (bool, float, str) or (kind is int and abs(value) < MAX_INT):
        return value
    if isinstance(value, Matrix):
        return _pack_array(value.array, buffers)
    if isinstance(value, np.matrix):
        packed = _pack_array(np.asarray(value), buffers)
        return {"matrix": packed["array"]} if "array" in packed else packed
    if isinstance(value, np.ndarray | np.generic):
        return _pack_array(np.asarray(value), buffers)
    if isinstance(value, Opaque):
        return {"opaque": value.type}
    if isinstance(value, dict) and all(type(key) is str for key in value):
        return {"dict": {key: _pack(item, buffers, depth - 1) for key, item in value.items()}}
    if isinstance(value, list | tuple):
        return {"tuple" if isinstance(value, tuple) else "list": [_pack(v, buffers, depth - 1) for v in value]}
    return {"opaque": kind.__name__[:MAX_NAME_CHARS]}


def _pack_array(array: NDArray[Any], buffers: list[bytes]) -> dict[str, Any]:
    if array.dtype not in NAMES:  # another byte order, or more precision than crosses the wire
        name = "float64" if array.dtype == np.longdouble else array.dtype.name
        if name not in DTYPES:
            return {"opaque": f"array of {array.dtype.name}"}
        array = array.astype(DTYPES[name])
    buffers.append(array.tobytes())
    return {"array": [NAMES[array.dtype], *array.shape]}


class _Reader:
    """Turns a header's JSON back into values, taking array bytes from the body in order."""

    def __init__(self, body: memoryview, limit: int) -> None:
        self._body = body
        self._limit = limit
        self._taken = 0
        self._claimed = 0  # bytes of all arrays, were none of their axes empty

    @property
    def left(self) -> int:
        return len(self._body) - self._taken

    def unpack(self, tree: Any, depth: int) -> Any:
        if depth == 0:
            raise WireError("a message nested too deeply")
        if tree is None or isinstance(tree, SCALARS) or (type(tree) is int and abs(tree) < MAX_INT):
            return tree
        if not isinstance(tree, dict):
            raise WireError("a value of no known kind")
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
        raise WireError("a value of no known kind")

    def _array(self, content: Any) -> NDArray[Any]:
        name, *shape = content
        if name not in DTYPES or len(shape) > MAX_DIMENSIONS:
            raise WireError("an array of a kind that is not allowed")
        for length in shape:
            if type(length) is not int or length < 0:
                raise WireError("an array with an impossible shape")
        dtype = DTYPES[name]
        # An empty array is counted as if it were not: (0, 10**9) is no bytes, but summing it over axis 0 is many.
        # All are counted together, for a list of arrays becomes one.
        self._claimed += math.prod(length or 1 for length in shape) * dtype.itemsize
        if self._claimed > self._limit:
            raise WireError("arrays larger than are allowed")
        count = math.prod(shape)
        size = count * dtype.itemsize
        if size > self.left:
            raise WireError("an array that claims more bytes than were sent")
        flat = np.frombuffer(self._body, dtype, count, self._taken) if count else np.empty(0, dtype)
        self._taken += size
        return flat.astype(NATIVE[name]).reshape(shape)
