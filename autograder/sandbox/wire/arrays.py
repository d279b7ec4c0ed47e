"""Arrays on the wire: their type and shape in the header, their bytes in the body."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.sandbox.wire.limits import MAX_DIMENSIONS, MAX_FIELDS, MAX_TEXT, WireError

DTYPES = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}
NATIVE = {name: dtype.newbyteorder("=") for name, dtype in DTYPES.items()}
NAMES = {dtype: name for name, dtype in DTYPES.items()}  # dtype.name says the same, but takes its time
_TEXT = re.compile(r"<U([0-9]{1,6})|\|S([0-9]{1,6})")
_UNITS = re.compile(r"<[mM]8(?:\[[0-9]{0,6}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?")
LAST_CODE_POINT = 0x10FFFF


def described(dtype: np.dtype[Any]) -> Any:
    """The form of an array's type in a header; None where it has none."""
    if dtype in NAMES:
        return NAMES[dtype]
    if dtype == np.longdouble:  # more precision than crosses
        return "float64"
    if dtype.names is not None:
        fields = [[name, described(dtype[name].base), *dtype[name].shape] for name in dtype.names]
        return fields if len(fields) <= MAX_FIELDS and all(isinstance(each[1], str) for each in fields) else None
    little = dtype.newbyteorder("<")
    if little in NAMES:
        return NAMES[little]
    return little.str if _is_text(little.str) or _UNITS.fullmatch(little.str) else None


def packed(array: NDArray[Any]) -> tuple[list[Any], bytes] | None:
    """The type and shape of an array, and its bytes; None where its entries are something else."""
    if array.dtype in NAMES:
        return [NAMES[array.dtype], *array.shape], array.tobytes()
    form = described(array.dtype)
    if form is None:
        return None
    return [form, *array.shape], array.astype(read_dtype(form)).tobytes()


def read_dtype(form: Any) -> np.dtype[Any]:
    """The type that a header names. Raises WireError."""
    if isinstance(form, str):
        if form in DTYPES:
            return DTYPES[form]
        if _is_text(form) or _UNITS.fullmatch(form):
            return np.dtype(form)
    elif isinstance(form, list) and 0 < len(form) <= MAX_FIELDS:
        fields = [_read_field(each) for each in form]
        if len({name for name, *_ in fields}) == len(fields):
            return np.dtype(fields)
    raise WireError("an array of a kind that is not allowed")


def _read_field(field: Any) -> tuple[str, np.dtype[Any], tuple[int, ...]]:
    if not isinstance(field, list) or len(field) < 2:
        raise WireError("an array with a field of no known kind")
    name, form, *shape = field
    if not isinstance(name, str) or not name or not isinstance(form, str) or not is_shape(shape):
        raise WireError("an array with a field of no known kind")
    dtype = read_dtype(form)
    if math.prod(length or 1 for length in shape) * dtype.itemsize > MAX_TEXT * 4:
        raise WireError("an array with a field that is too large")
    return name, dtype, tuple(shape)


def _is_text(form: str) -> bool:
    match = _TEXT.fullmatch(form)
    return match is not None and int(match[1] or match[2]) <= MAX_TEXT


def is_shape(shape: Any) -> bool:
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        return False
    return all(type(length) is int and length >= 0 for length in shape)


def require_text(array: NDArray[Any]) -> None:
    """Text that holds what no character is cannot even be shown. Raises WireError."""
    for name in array.dtype.names or ():
        require_text(array[name])
    if array.dtype.kind == "U" and array.dtype.itemsize and array.size:
        points = np.ascontiguousarray(array).view(np.uint32)
        if int(points.max(initial=0)) > LAST_CODE_POINT:
            raise WireError("an array of text that is none")
