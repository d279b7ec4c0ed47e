"""The names that a submission defines, and calls of its functions, alone or with right functions upstream. Portable."""

from __future__ import annotations

import builtins
import inspect
import re
from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from types import CodeType
from typing import Any

from autograder.sandbox import messages
from autograder.sandbox.objects import Objects, owner_of
from autograder.sandbox.protocol import (
    CodeLine,
    Missing,
    Place,
    Raised,
    Reply,
    Returned,
    Upstream,
    code_line,
    lines_of,
)
from autograder.sandbox.repeat import Kept
from autograder.sandbox.toplevel.imports import Refusal
from autograder.sandbox.wire.values import Handle, Remote, handle_of

ABSENT = object()


@dataclass
class Namespace:
    """What the cells defined: `values` by name, and for names that are not there, why.

    `problems` are for names that failed, `refusals` for those that were to come from modules that may not be imported
    ("*": any name).
    """

    values: dict[str, Any]
    imports: Collection[str]
    problems: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, list[Refusal]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    questions: Collection[str] = ()
    objects: Objects = field(default_factory=Objects)
    repeated: Mapping[str, Sequence[Place]] = field(default_factory=dict)  # questions defined more than once, and where
    earlier: tuple[Namespace, ...] = ()
    kept: Kept = field(default_factory=Kept)  # what its functions have returned
    kept_with_others: Kept = field(default_factory=Kept)  # and with right functions upstream

    def locate(self, filename: str, number: int) -> CodeLine | None:
        """The student's line, when `filename` is the label of one of the cells."""
        source = next((space.sources[filename] for space in (self, *self.earlier) if filename in space.sources), None)
        lines = () if source is None else lines_of(source)
        return code_line(filename, number, lines)

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Call the function `name` that the cells defined. Missing, too, if it builds on nothing in `upstream`."""
        return self._standing_in(name, upstream, lambda kept: kept.keep(name, self._call(name, args, kwargs)))

    def _standing_in(self, name: str, upstream: Upstream | None, call: Callable[[Kept], Reply]) -> Reply:
        """Make a call, if need be with others' functions, whose answers are kept apart."""
        if upstream is None:
            return call(self.kept)
        if not self._mentioned(name) & upstream.parameters.keys():
            return Missing(f"`{name}` builds on none of {', '.join(upstream.parameters)}")
        with self._with(upstream):
            return call(self.kept_with_others)

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """The same call, several times more: `Unsteady` where that, or an earlier call, shows in an answer."""

        def again(kept: Kept) -> Reply:
            return kept.repeat(name, lambda: self._call(name, args, kwargs))

        return self._standing_in(name, upstream, again)

    def _call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        # One of an earlier part may have a function of its own that it needs.
        known = ChainMap(*(space.values for space in (self, *reversed(self.earlier))))
        owner = owner_of(name)
        function = known.get(owner)
        if not callable(function):
            name = owner
            if name in self.values:
                return Missing(messages.no_function(name, type(function).__name__))
            return Missing(self._why_missing(name))
        reply = self.objects.call(name, args, kwargs, known, self._classes, self.locate)
        return self.explained(reply) if isinstance(reply, Raised) else reply

    @property
    def parameters(self) -> dict[str, tuple[str, ...]]:
        """What those of the questions are called."""
        return {name: parameters_of(self.values.get(name)) for name in self.questions}

    @property
    def _classes(self) -> dict[type, str]:
        """Those that are questions, by whose name: their instances stay here."""
        found = ((space.values.get(name), name) for space in (self, *self.earlier) for name in space.questions)
        return {kind: name for kind, name in found if isinstance(kind, type)}

    def explained(self, reply: Raised) -> Raised:
        """An exception about a name that is not there, with the reason why it is not."""
        unknown = re.match(r"name '(\w+)' is not defined", reply.message)
        if not unknown:
            return reply
        name, text = unknown[1], reply.line.text if reply.line else ""
        label = reply.line.label if reply.line else ""
        home = next((space for space in self.earlier if label in space.sources), self)  # where that line stands
        if name in home.problems:
            return replace(reply, message=messages.undefined_because(unknown[0], home.problems[name]))
        if why := home._why_missing(name, text):
            return replace(reply, message=why)
        if home.refusals.get("*"):
            first = home.refusals["*"][0]
            told = messages.names_refused_at(unknown[0], first.module, self._allowed, first.label, first.line)
            return replace(reply, message=told)
        return reply

    def _why_missing(self, name: str, used: str = "") -> str:
        """Why a name is not there; of several refused modules that bind it, the one that a line of code has `used`."""
        if refusals := self.refusals.get(name):
            refused = next((each for each in refusals if each.module in used), refusals[0])
            return messages.refused_at(refused.module, self._allowed, refused.label, refused.line)
        return self.problems.get(name, "")

    @property
    def _allowed(self) -> str:
        return ", ".join(sorted(self.imports))

    def _mentioned(self, name: str) -> set[str]:
        """The global names that a function mentions, itself or through the functions that it mentions."""
        mentioned_so_far: set[str] = set()
        todo = {name}
        while todo:
            mentioned = {
                other for space in (self, *self.earlier) for each in todo for other in _names(space.values.get(each))
            }
            todo = mentioned - mentioned_so_far
            mentioned_so_far |= mentioned
        return mentioned_so_far

    @contextmanager
    def _with(self, upstream: Upstream) -> Iterator[None]:
        """Let the functions of `upstream` stand in for those of the same names, here and in the earlier parts.

        One that the cells define with another number of parameters is left alone: their own code calls it so.
        """
        swapped: list[tuple[dict[str, Any], str, Any]] = []
        for name, parameters in upstream.parameters.items():
            for space in (self, *self.earlier):
                own = space.values.get(name, ABSENT)
                if (space is not self and own is ABSENT) or not _takes(own, parameters):
                    continue
                swapped.append((space.values, name, own))
                space.values[name] = _stand_in(upstream, name)
        try:
            yield
        finally:
            for values, name, own in swapped:
                if own is ABSENT:
                    values.pop(name, None)
                else:
                    values[name] = own


def parameters_of(function: object) -> tuple[str, ...]:
    """The names of a function's parameters; none of what is no function, or does not tell."""
    try:
        return tuple(inspect.signature(function).parameters) if callable(function) else ()
    except (TypeError, ValueError):
        return ()


def names_in(code: CodeType) -> Iterator[str]:
    """The names that code mentions, the functions inside it included."""
    todo = [code]
    while todo:
        inner = todo.pop()
        yield from inner.co_names
        todo += [each for each in inner.co_consts if isinstance(each, CodeType)]


def _names(function: object) -> Iterator[str]:
    """The names that a function mentions; a decorated one's as well."""
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    return names_in(code) if isinstance(code, CodeType) else iter(())


def _stand_in(upstream: Upstream, name: str) -> Callable[..., Any]:
    """A function, or a class, that has its answers from `upstream`."""

    def ask(name: str, *args: Any, **kwargs: Any) -> Any:
        reply = upstream.call(name, [handle_of(each) for each in args], {key: handle_of(kwargs[key]) for key in kwargs})
        if isinstance(reply, Returned):
            return Remote(reply.value, ask) if isinstance(reply.value, Handle) else reply.value
        if isinstance(reply, Raised):
            kind = getattr(builtins, reply.type, None)
            raise (kind if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError)(reply.message)
        raise RuntimeError(f"`{name}` has no answer")

    return partial(ask, name)


def _takes(own: Any, parameters: Sequence[str]) -> bool:
    """Whether `own` takes as many parameters, or is no function, so that it cannot be missed."""
    try:
        return not callable(own) or len(inspect.signature(own).parameters) == len(parameters)
    except (TypeError, ValueError):  # a callable that does not tell
        return False
