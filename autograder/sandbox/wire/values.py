"""Plain values: all that an answer or an argument may be made of, and what stands for the rest.

The worker, the grader and the student's own notebook see them alike. Portable.
"""

from __future__ import annotations

import builtins
import dataclasses
import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.sandbox.protocol import Matrix, Opaque
from autograder.sandbox.wire.limits import MAX_FIELDS

MAX_ITEMS = 10_000  # that are read of an iterator
TRUSTED_MODULES = {"numpy": np, "builtins": builtins}


@dataclass(frozen=True)
class Instance:
    """Stands for an instance of a dataclass, a named tuple, a member of an enumeration: its type, and its fields."""

    type: str
    fields: Mapping[str, Any]
    is_tuple: bool = False  # which it is as well, then

    @property
    def parts(self) -> tuple[Any, ...]:
        return tuple(self.fields.values())

    def __hash__(self) -> int:
        return hash((self.type, tuple(self.fields.items())))


@dataclass(frozen=True)
class Items:
    """Stands for an iterator: what it gave, and whether it would have given more."""

    items: tuple[Any, ...]
    more: bool = False

    @property
    def parts(self) -> tuple[Any, ...]:
        return self.items


@dataclass(frozen=True)
class Handle:
    """Stands for an instance of a question's class, which stays in the process that made it."""

    number: int
    type: str


@dataclass(frozen=True)
class NamedFunction:
    """Stands for a function that crosses by its name: one of the submission's own (`square`), or `numpy.sin`."""

    name: str

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        raise TypeError(f"{self.name} is only the name of a function here")

    def found_in(self, values: Mapping[str, Any]) -> Callable[..., Any] | None:
        """The function of that name among those of a submission, or in NumPy or Python."""
        module, _, name = self.name.rpartition(".")
        found = getattr(TRUSTED_MODULES.get(module), name, None) if module else values.get(name)
        return found if callable(found) else None


class Remote:
    """An object that lives in another process: its methods are called there, and what it holds is read there."""

    def __init__(self, handle: Handle, ask: Callable[..., Any]) -> None:
        """`ask` is called with what is meant, `class.method` or `class:attribute`, and with arguments."""
        self.number, self.type, self._ask = handle.number, handle.type, ask

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._ask(f"{self.type}:{name}", self)
        if isinstance(value, Opaque):  # a method
            return lambda *args, **kwargs: self._ask(f"{self.type}.{name}", self, *args, **kwargs)
        return value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(f"{self.type}.__call__", self, *args, **kwargs)


def handle_of(value: Any) -> Any:
    """What crosses in the place of an object of another process; all else as it is."""
    return Handle(value.number, value.type) if type(value) is Remote else value


def named_function(function: Callable[..., Any]) -> NamedFunction | None:
    """The name by which a function of NumPy or Python crosses, if it is one."""
    name = getattr(function, "__name__", "")
    for module, members in TRUSTED_MODULES.items():
        if getattr(members, name, None) is function:
            return NamedFunction(f"{module}.{name}")
    return None


def instance_of(value: Any) -> Instance | None:
    """What stands for an instance of a dataclass, a named tuple, a member of an enumeration."""
    kind = type(value)
    if kind in (Handle, Instance, Items, NamedFunction, Opaque, Matrix):
        return None
    if issubclass(kind, enum.Enum):
        return Instance(kind.__name__, {"name": value.name})
    if dataclasses.is_dataclass(kind):
        names = [field.name for field in dataclasses.fields(kind)][:MAX_FIELDS]
        return Instance(kind.__name__, {name: getattr(value, name, None) for name in names})
    labels = getattr(kind, "_fields", None)
    if issubclass(kind, tuple) and isinstance(labels, tuple):
        return Instance(kind.__name__, dict(zip(labels[:MAX_FIELDS], value, strict=False)), is_tuple=True)
    return None


def made_of(instance: Instance, values: Mapping[str, Any]) -> Any:
    """An instance of the class of that name among those of a submission; without one, what has its fields."""
    kind = values.get(instance.type)
    if not isinstance(kind, type):
        return SimpleNamespace(**instance.fields)
    if issubclass(kind, enum.Enum):
        return kind[instance.fields["name"]]
    if not dataclasses.is_dataclass(kind):
        return kind(**instance.fields)
    given = {field.name for field in dataclasses.fields(kind) if field.init}
    made = kind(**{name: value for name, value in instance.fields.items() if name in given})
    for name, value in instance.fields.items():
        if name not in given:
            object.__setattr__(made, name, value)
    return made


def read_out(value: Any) -> Any:
    """An answer as it is; of an iterator, what it gives, as far as it is read."""
    if not isinstance(value, Iterator):
        return value
    items = tuple(islice(value, MAX_ITEMS))
    end = object()
    return Items(items, len(items) == MAX_ITEMS and next(value, end) is not end)
