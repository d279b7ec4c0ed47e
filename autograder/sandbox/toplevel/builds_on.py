"""Which questions a student's function builds on: read from its code, and from what its names stand for. Portable.

One way for notebooks and files: what counts is the object that stands behind a name, whatever that name is.
"""

from __future__ import annotations

import builtins
import dis
import functools
import inspect
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from autograder.sandbox.namespace import ABSENT, Namespace

MAX_OBJECTS = 10_000  # that are looked at; a student's table may hold any number of them
MAX_DECORATORS = 100
GLOBALS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})
ATTRIBUTES = frozenset({"LOAD_ATTR", "LOAD_METHOD"})


@dataclass
class Known:
    """What a student's functions may build on.

    `modules` are the namespaces that a student's code has filled, by `id`: nothing else is looked into. `answers` are
    functions and classes that answer questions, by `id`, each with its question. `names` are names of theirs, each with
    the `id` of the namespace that it is in: what answers a question may be NumPy's own, which others use as well.
    """

    modules: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)
    names: set[tuple[int, str]] = field(default_factory=set)
    module_names: set[str | None] = field(default_factory=set)

    def add(self, names: Mapping[str, Any], questions: Iterable[str]) -> None:
        """Let a namespace be known, and which of its names answer questions."""
        self.modules[id(names)] = names
        self.module_names.add(names.get("__name__"))
        for question in questions:
            if callable(value := names.get(question)):
                self.names.add((id(names), question))
                if self.is_own(value):
                    self.answers.setdefault(id(value), question)

    def add_all(self, space: Namespace) -> None:
        """Let all be known that some cells and those of earlier parts have defined."""
        answers: dict[str, Any] = {}
        for each in (*space.earlier, space):
            handed_on = {name for name, answer in answers.items() if each.values.get(name, ABSENT) is answer}
            self.add(each.values, {*each.questions, *handed_on})
            answers |= {name: each.values.get(name) for name in each.questions}

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
    found: dict[str, Any] = field(default_factory=dict)
    seen: dict[int, Any] = field(default_factory=dict)  # which keeps them alive: no id is used again

    def all_from(self, start: object) -> None:
        todo = [start]
        while todo and len(self.seen) < MAX_OBJECTS:
            each = todo.pop()
            if id(each) in self.seen:
                continue
            self.seen[id(each)] = each
            if each is not start and (question := self.known.answers.get(id(each))):
                self.found.setdefault(question, each)
            with suppress(Exception):  # an object of somebody's that fights being looked at leads nowhere
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
        if value is ABSENT and not hasattr(builtins, name):
            self.found.setdefault(name, None)
        elif (id(names), name) in self.known.names:
            self.found.setdefault(name, value)
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


def builds_on(function: object, known: Known) -> dict[str, Any]:
    """The questions that a function, or a class, builds on, directly or not, each with what answers it.

    Names that stand for nothing are among them, with None: they may be questions that have no answer. What is found by
    a text only (`eval`) is not seen.
    """
    walk = _Walk(known)
    walk.all_from(function)
    return walk.found


def all_built_on(space: Namespace) -> dict[str, list[str]]:
    """For each question, what its answer in some cells builds on."""
    known = Known()
    known.add_all(space)
    return {name: list(builds_on(space.values.get(name), known)) for name in space.questions}


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
