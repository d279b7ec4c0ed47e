"""From values to what a header says of them; the bytes of arrays go beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.sandbox.execute import MAX_NAME_CHARS
from autograder.sandbox.protocol import Matrix, Opaque
from autograder.sandbox.wire import arrays
from autograder.sandbox.wire.limits import MAX_INT, MAX_INT_BITS, MAX_KEYS, CannotCrossError
from autograder.sandbox.wire.values import Handle, Instance, Items, NamedFunction, Remote, instance_of


def pack(value: Any, buffers: list[bytes], depth: int, *, strict: bool) -> Any:
    """The JSON form of a value; arrays leave their bytes in `buffers`, what has no form becomes opaque.

    Where it is `strict`, that raises CannotCrossError.
    """
    kind = type(value)
    if value is None or kind in (bool, float, str) or (kind is int and abs(value) < MAX_INT):
        return value
    if depth == 0:
        return _opaque(kind.__name__, strict=strict)
    if kind is np.ndarray or isinstance(value, np.ndarray | np.generic | Matrix):
        return _pack_array(value, buffers, strict=strict)

    def each(items: Any) -> list[Any]:
        return [pack(item, buffers, depth - 1, strict=strict) for item in items]

    if kind in (list, tuple):
        return {kind.__name__: each(value)}
    if isinstance(value, dict):
        if all(type(key) is str for key in value):
            return {"dict": {key: pack(item, buffers, depth - 1, strict=strict) for key, item in value.items()}}
        if len(value) <= MAX_KEYS:
            return {"pairs": [each(map(plain_key, value)), each(value.values())]}
    elif kind in (set, frozenset) and len(value) <= MAX_KEYS:
        return {kind.__name__: each(map(plain_key, value))}
    elif kind is int and value.bit_length() <= MAX_INT_BITS:
        return {"int": hex(value)}
    elif kind is complex:
        return {"complex": [value.real, value.imag]}
    elif kind in (bytes, bytearray):
        buffers.append(bytes(value))
        return {"bytes": len(value)}
    elif kind is range:
        return {"range": each([value.start, value.stop, value.step])}
    else:
        return _pack_object(value, buffers, depth, strict=strict)
    return _opaque(kind.__name__, strict=strict)


def plain_key(key: Any) -> Any:
    """A key, or a member of a set, with Python's numbers in the place of NumPy's: arrays are none."""
    if isinstance(key, np.generic):
        return key.item()
    return tuple(map(plain_key, key)) if type(key) is tuple else key


def _pack_object(value: Any, buffers: list[bytes], depth: int, *, strict: bool) -> Any:
    kind = type(value)
    if kind is Opaque:
        return {"opaque": value.type}
    if kind is Handle or kind is Remote:
        return {"handle": [value.number, value.type]}
    if kind is NamedFunction:
        return {"function": value.name}
    if kind is Items:
        return {"items": [value.more, pack(list(value.items), buffers, depth - 1, strict=strict)["list"]]}
    if strict and kind is np.random.Generator:
        return {"generator": pack(_plain(value.bit_generator.state), buffers, depth - 1, strict=True)}
    instance = value if kind is Instance else instance_of(value)
    if instance:
        fields = pack(dict(instance.fields), buffers, depth - 1, strict=strict)
        return {"instance": [instance.type[:MAX_NAME_CHARS], fields, instance.is_tuple]}
    if isinstance(value, list | tuple):
        packed = [pack(item, buffers, depth - 1, strict=strict) for item in value]
        return {"tuple" if issubclass(kind, tuple) else "list": packed}
    return _opaque(kind.__name__, strict=strict)


def _pack_array(value: Any, buffers: list[bytes], *, strict: bool) -> Any:
    if isinstance(value, Matrix):
        value = value.array
    if isinstance(value, np.str_ | np.bytes_):
        return pack(value.item(), buffers, 1, strict=strict)
    array = np.asarray(value)
    found = arrays.packed(array)
    if found is None:
        return _opaque(f"array of {array.dtype.name}", strict=strict)
    form, content = found
    buffers.append(content)
    return {"matrix" if isinstance(value, np.matrix) else "array": form}


def _opaque(name: str, *, strict: bool) -> dict[str, str]:
    if strict:
        raise CannotCrossError(name[:MAX_NAME_CHARS])
    return {"opaque": name[:MAX_NAME_CHARS]}


def _plain(state: Any) -> Any:
    """The state of a random generator, of plain values only."""
    if isinstance(state, Mapping):
        return {str(name): _plain(each) for name, each in state.items()}
    return state
