"""Instances of a submission's own classes: they stay where they are, and handles of them cross. Portable."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograder.sandbox import messages
from autograder.sandbox.execute import execute, raised
from autograder.sandbox.protocol import Locate, Missing, Reply, Returned
from autograder.sandbox.wire.values import Handle, Instance, NamedFunction, made_of

MAX_OBJECTS = 1000  # the last ones
OPENING = ("format", "format_map")  # methods of text that read whatever its words name
CALLED, READ = ".", ":"  # what stands between a class and a method that is called, or an attribute that is read


class Objects:
    """The instances that have been given out, and calls with them."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, Any] = OrderedDict()
        self._next = 0

    def call(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        values: Mapping[str, Any],
        classes: Mapping[type, str],
        locate: Locate,
    ) -> Reply:
        """Call a function or class, `name`, or a method, `class.name`; or read an attribute, `class:name`.

        The first argument is then the handle of an object of that class: nothing else has methods here.
        """
        owner, between, attribute = _parted(name)
        if between and not (args and type(args[0]) is Handle and args[0].type == owner):
            return Missing(messages.no_such_function(name))
        if attribute in OPENING:
            return Missing(messages.no_such_function(name))
        try:
            args = [self._resolved(each, values) for each in args]
            kwargs = {key: self._resolved(each, values) for key, each in kwargs.items()}
        except _UnknownError as unknown:
            return Missing(messages.no_such_function(str(unknown)))
        except Exception as error:  # a class of the submission's cannot be made of its fields
            return raised(error, locate)
        function: Callable[..., Any] = values.get(name)  # type: ignore[assignment]
        if between:
            owned, *args = args
            function = (_called if between == CALLED else _read)(owned, attribute)
        reply = execute(function, args, kwargs, locate, shared=set(map(id, self._known.values())))
        if isinstance(reply, Returned):
            return replace(reply, value=self._given_out(reply.value, classes))
        return reply

    def _resolved(self, value: Any, values: Mapping[str, Any]) -> Any:
        """An argument, with the submission's own functions, classes and objects in it. Raises _UnknownError."""
        kind = type(value)
        if kind is Handle:
            if value.number not in self._known:
                raise _UnknownError(value.type)
            return self._known[value.number]
        if kind is NamedFunction:
            function = value.found_in(values)
            if function is None:
                raise _UnknownError(value.name)
            return function
        if kind is Instance:
            fields = {name: self._resolved(each, values) for name, each in value.fields.items()}
            return made_of(replace(value, fields=fields), values)
        if kind in (list, tuple):
            return kind(self._resolved(each, values) for each in value)
        if kind is dict:
            return {key: self._resolved(each, values) for key, each in value.items()}
        return value

    def _given_out(self, value: Any, classes: Mapping[type, str]) -> Any:
        kind = type(value)
        if kind in (list, tuple):
            return kind(self._given_out(each, classes) for each in value) if classes else value
        if kind not in classes:
            return value
        number = next((number for number, known in self._known.items() if known is value), None)
        if number is None:
            number = self._next = self._next + 1
            self._known[number] = value
            if len(self._known) > MAX_OBJECTS:
                self._known.popitem(last=False)
        return Handle(number, classes[kind])


class _UnknownError(LookupError):
    """A function or an object that is not there; its name is the message."""


def owner_of(name: str) -> str:
    """The function or class that a call is about."""
    return _parted(name)[0]


def _parted(name: str) -> tuple[str, str, str]:
    """A function; or a class, what stands behind it, and a method or an attribute."""
    for between in (CALLED, READ):
        owner, found, attribute = name.partition(between)
        if found:
            return owner, between, attribute
    return name, "", ""


def _called(owner: Any, attribute: str) -> Callable[..., Any]:
    return lambda *args, **kwargs: getattr(owner, attribute)(*args, **kwargs)


def _read(owner: Any, attribute: str) -> Callable[..., Any]:
    return lambda: getattr(owner, attribute)
