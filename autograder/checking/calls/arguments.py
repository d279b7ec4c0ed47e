"""Functions that a check hands to a student's: they cross by their names, and the reference gets its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.sandbox.wire.values import Handle, NamedFunction, named_function


class Arguments:
    """What a check hands over, as the reference gets it, and as it crosses to the student's process."""

    def __init__(
        self, functions: Mapping[str, Callable[..., Any]] | None, questions: Mapping[str, Callable[..., Any]]
    ) -> None:
        """`functions` are the lesson's, by their names, None where they are not known; `questions` are among them."""
        self._functions = functions
        self._names = {id(function): name for name, function in (functions or {}).items()}
        self._classes = {kind: name for name, kind in questions.items() if isinstance(kind, type)}
        self._objects: dict[int, tuple[Any, Handle]] = {}  # the reference's own, and the student's that go with them

    def begin(self) -> None:
        """Forget the objects of the last check."""
        self._objects = {}

    def pair(self, right: Any, handle: Handle) -> None:
        """From now on, an object of the reference's crosses as the student's."""
        self._objects[id(right)] = right, handle

    def class_of(self, value: Any) -> str:
        """The question that is the class of one of the reference's objects; empty for anything else."""
        return self._classes.get(type(value), "")

    def may_name(self, name: str) -> bool:
        """Whether it is a function of the lesson, as far as that is known."""
        return self._functions is None or name in self._functions

    def trusted(self, value: Any) -> Any:
        """With the reference's functions in the place of the student's, where these are known."""
        kind = type(value)
        if kind in (list, tuple):
            return kind(map(self.trusted, value))
        if kind is dict:
            return {key: self.trusted(each) for key, each in value.items()}
        if hasattr(kind, "_trusted"):  # an object of the student's
            return value._trusted
        named = (
            value if kind is NamedFunction else getattr(value, "_crosses_as", None)
        )  # which a student's function has
        return (self._functions or {}).get(named.name, named) if isinstance(named, NamedFunction) else value

    def crossing(self, value: Any) -> Any:
        """With the names of functions in the place of functions."""
        kind = type(value)
        if kind in (list, tuple):
            return kind(map(self.crossing, value))
        if kind is dict:
            return {key: self.crossing(each) for key, each in value.items()}
        if id(value) in self._objects:
            return self._objects[id(value)][1]
        if isinstance(stands_for := getattr(value, "_crosses_as", None), Handle):
            return stands_for
        if not callable(value):
            return value
        name = self._names.get(id(value))
        return NamedFunction(name) if name else named_function(value) or value
