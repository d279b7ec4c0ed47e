"""Which questions a student's function builds on: read from its code, and from what its names stand for. Portable.

One way for notebooks and files: what counts is the object that stands behind a name, whatever that name is.
"""

from __future__ import annotations

import builtins
import dis
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

MAX_OBJECTS = 10_000  # that are looked at; a student's table may hold any number of them
MAX_DECORATORS = 100
GLOBALS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})
ATTRIBUTES = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
ABSENT = object()


class QuestionAt(NamedTuple):
    """A question, and the assignment that asks it."""

    assignment: str
    name: str


@dataclass
class Known:
    """What a student's functions may build on.

    `modules` are the namespaces that a student's code has filled, by `id`: nothing else is looked into. `questions` are
    the functions and classes that answer questions, by `id`. `names` are names of theirs, each with the `id` of the
    namespace that it is in: what answers a question may be NumPy's own, which others use as well. `missing` says which
    question a name is of that is defined nowhere.
    """

    missing: Callable[[str], QuestionAt | None]
    modules: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    questions: dict[int, QuestionAt] = field(default_factory=dict)
    names: dict[tuple[int, str], QuestionAt] = field(default_factory=dict)
    module_names: set[str | None] = field(default_factory=set)

    def add(self, names: Mapping[str, Any], questions: Mapping[str, QuestionAt]) -> None:
        """Let a namespace be known, and which of its names answer questions."""
        self.modules[id(names)] = names
        self.module_names.add(names.get("__name__"))
        for name, at in questions.items():
            if callable(value := names.get(name)):
                self.names[id(names), name] = at
                if self.is_own(value):
                    self.questions.setdefault(id(value), at)

    def is_own(self, value: Any) -> bool:
        """Whether a function or a class is one that a student's code has defined, decorated or not."""
        inner = unwrapped(value)
        if isinstance(inner, type):
            return inner.__module__ in self.module_names
        return isinstance(inner, FunctionType) and id(inner.__globals__) in self.modules


@dataclass
class _Walk:
    """All that a function mentions, itself or through what it mentions."""

    known: Known
    found: dict[QuestionAt, Any] = field(default_factory=dict)
    seen: dict[int, Any] = field(default_factory=dict)  # which keeps them alive: no id is used again

    def all_from(self, start: object) -> None:
        todo = [start]
        while todo and len(self.seen) < MAX_OBJECTS:
            each = todo.pop()
            if id(each) in self.seen:
                continue
            self.seen[id(each)] = each
            if each is not start and (question := self.known.questions.get(id(each))):
                self.found.setdefault(question, each)
            todo += islice(self._mentioned(each), MAX_OBJECTS)

    def _mentioned(self, value: Any) -> Iterator[Any]:
        """The objects that one leads to in a single step."""
        match value:
            case FunctionType():
                yield from self._of_function(value)
            case type():
                if self.known.is_own(value):
                    yield from vars(value).values()
                    yield from value.__bases__
            case staticmethod() | classmethod() | MethodType():
                yield value.__func__
            case property():
                yield from (value.fget, value.fset, value.fdel)
            case functools.partial():
                yield from (value.func, *value.args, *value.keywords.values())
            case list() | tuple() | set() | frozenset():
                yield from value
            case dict():
                yield from value.values()
            case ModuleType():
                pass
            case _:
                yield from self._of_object(value)

    def _of_function(self, function: FunctionType) -> Iterator[Any]:
        yield vars(function).get("__wrapped__")
        if not self.known.is_own(function):
            return
        for chain in _global_chains(function.__code__):
            yield self._behind(chain, function.__globals__)
        for cell in function.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:  # nothing is in it yet
                continue
        yield from (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())

    def _behind(self, chain: tuple[str, ...], names: dict[str, Any]) -> Any:
        """What stands behind `name.attribute…`, as far as can be told without running anything."""
        name, *attributes = chain
        value = names.get(name, ABSENT)
        if value is ABSENT:
            question = None if hasattr(builtins, name) else self.known.missing(name)
        else:
            question = self.known.names.get((id(names), name))
        if question:
            self.found.setdefault(question, None if value is ABSENT else value)
        for attribute in attributes:
            inner = ABSENT if isinstance(value, ModuleType) else inspect.getattr_static(value, attribute, ABSENT)
            if inner is ABSENT:
                break
            value = inner
        return value

    def _of_object(self, value: Any) -> Iterator[Any]:
        """A decorated function; an object of a student's class, or one that holds functions."""
        yield inspect.getattr_static(value, "__wrapped__", None)
        yield type(value)
        try:
            yield from object.__getattribute__(value, "__dict__").values()
        except AttributeError:
            return


def builds_on(function: object, known: Known) -> dict[QuestionAt, Any]:
    """The questions that a function, or a class, builds on, directly or not, each with the object that answers it.

    None stands for one of which nothing is there. Names that are found by their text only (`eval`) are not seen.
    """
    walk = _Walk(known)
    walk.all_from(function)
    return walk.found


def module_of(answer: Any) -> dict[str, Any]:
    """The namespace that a function, or a class with methods, is defined in; of what knows none, an empty one."""
    inner = unwrapped(answer)
    methods = map(unwrapped, vars(inner).values()) if isinstance(inner, type) else [inner]
    return next((each.__globals__ for each in methods if isinstance(each, FunctionType)), {})


def unwrapped(function: Any) -> Any:
    """What decorators have been put around."""
    for _ in range(MAX_DECORATORS):
        is_method = isinstance(function, staticmethod | classmethod)
        inner = function.__func__ if is_method else inspect.getattr_static(function, "__wrapped__", None)
        if inner is None:
            break
        function = inner
    return function


def _global_chains(code: CodeType) -> Iterator[tuple[str, ...]]:
    """Each global name that code loads, with the attributes that are read of it; those of code inside it, too."""
    todo = [code]
    while todo:
        inner = todo.pop()
        todo += [each for each in inner.co_consts if isinstance(each, CodeType)]
        chain: tuple[str, ...] = ()
        for instruction in dis.get_instructions(inner):
            if chain and instruction.opname in ATTRIBUTES:
                chain = (*chain, str(instruction.argval))
                continue
            if chain:
                yield chain
            chain = (str(instruction.argval),) if instruction.opname in GLOBALS else ()
