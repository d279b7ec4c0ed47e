"""What trusted functions answer, remembered: the reference and the misconceptions get the same call again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np

from autograder.sandbox.execute import execute
from autograder.sandbox.protocol import Reply, Returned, bytes_of
from autograder.sandbox.wire.values import instance_of

MAX_BYTES = 32 << 20  # of calls and of the arrays in their answers
EXACT = (bool, int, str, bytes, range)  # of these, equal ones are the same
FUNCTIONS = (FunctionType, BuiltinFunctionType, type, np.ufunc, type(np.sum))


class Memo:
    """Calls trusted functions, each once for the same arguments. Nobody writes into what it gives."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, tuple[Reply, int]] = OrderedDict()
        self._bytes = 0

    def reply(self, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """What `function`, of which nothing is random, answers to copies of these arguments."""
        key = function, _key(args), _key(kwargs)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key][0]
        reply = execute(function, args, kwargs)
        size = bytes_of(args) + bytes_of(kwargs) + bytes_of(reply.value if isinstance(reply, Returned) else None)
        self._known[key] = reply, size
        self._bytes += size
        while self._bytes > MAX_BYTES:
            _, (_, freed) = self._known.popitem(last=False)
            self._bytes -= freed
        return reply


def _key(value: Any) -> Hashable:
    """What two values share if they are alike to the last bit. What can change unseen is like nothing else."""
    kind = type(value)
    if value is None or kind in EXACT:
        return kind, value
    if kind in (float, complex):
        return kind, repr(value)  # 0.0 and -0.0 are equal, and 1 / x of them is not
    if isinstance(value, np.ndarray):
        return object() if value.dtype.hasobject else (kind, value.shape, value.dtype.str, value.tobytes())
    if isinstance(value, np.generic):
        return kind, value.dtype.str, value.tobytes()
    if isinstance(value, Mapping):
        return kind, *((_key(name), _key(each)) for name, each in value.items())
    if isinstance(value, list | tuple):
        return kind, *map(_key, value)
    if isinstance(value, set | frozenset):
        return kind, frozenset(map(_key, value))
    if isinstance(value, np.random.Generator):
        return kind, _key(value.bit_generator.state)
    if instance := instance_of(value):
        return instance.type, _key(instance.fields)
    return value if isinstance(value, FUNCTIONS) else object()  # which is not remembered
