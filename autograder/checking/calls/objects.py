"""A class as a question: a student's objects as a check sees them. They live in the student's process."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.checking import author_messages, messages
from autograder.checking.at_home.observed import key_of
from autograder.checking.calls.function import StudentFunction
from autograder.checking.comparison import messages as values
from autograder.checking.comparison.tolerance import Tolerance
from autograder.checking.recognition.judge import CourseFaultError, Question
from autograder.checking.recognition.slips import Answer
from autograder.sandbox.execute import copied, execute
from autograder.sandbox.objects import CALLED, READ
from autograder.sandbox.protocol import Opaque, Raised, Reply, Returned
from autograder.sandbox.wire.values import Handle


@dataclass(frozen=True)
class Use:
    """A call of a method; whether it is on with what that returned, in the place of the object."""

    method: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    is_followed: bool = False


@dataclass(frozen=True)
class History:
    """How an object came to be what it is, and which of its methods is meant: what a call of that depends on."""

    made: str  # as it is written down
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    uses: tuple[Use, ...] = ()
    method: str = ""
    is_read: bool = False  # which is an attribute then
    is_of_class: bool = True  # made by its class, and not by another function

    def after(self, use: Use) -> History:
        return replace(self, uses=(*self.uses, use))


@dataclass(frozen=True)
class OfClass:
    """A trusted class as a function: of the history of an object, and of the arguments of one more call."""

    kind: Callable[..., Any]

    def __call__(self, history: History, *args: Any, **kwargs: Any) -> Any:
        made = self.kind(*copied(list(history.args)), **copied(dict(history.kwargs)))
        for use in history.uses:
            result = getattr(made, use.method)(*copied(list(use.args)), **copied(dict(use.kwargs)))
            made = result if use.is_followed else made
        found = getattr(made, history.method)
        return found if history.is_read else found(*args, **kwargs)


class StudentObject:
    """`student.KNN(k=3)` is an object of the student's. Its methods are called, and its attributes read, over there."""

    def __init__(self, function: StudentFunction, handle: Handle, right: Any, history: History) -> None:
        """`right` is the reference's own object, which does all that this one does, where it is known."""
        self._function = function
        self._right = right
        self._history = history
        self._crosses_as = handle

    def __repr__(self) -> str:
        return f"student.{self._history.made}"

    @property
    def _trusted(self) -> Any:
        """The reference's own in its place, where it is known."""
        return self if self._right is None else self._right

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if self._right is not None:
            if not hasattr(self._right, name):
                raise CourseFaultError(author_messages.no_attribute(self._function.name, name))
            if callable(getattr(self._right, name)):
                return self._method(name)
        return self._read(name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._method("__call__")(*args, **kwargs)

    def __len__(self) -> int:
        return int(self._method("__len__")())

    def __getitem__(self, key: Any) -> Any:
        return self._method("__getitem__")(key)

    def _method(self, name: str) -> StudentMethod:
        return StudentMethod(self._function, self, name)

    def _read(self, name: str) -> Any:
        """An attribute: nothing is called, so that nothing is handed over."""
        attribute = StudentMethod(self._function, self, name, is_read=True)
        reply = attribute._ask((), {})
        is_method = isinstance(reply, Returned) and (isinstance(reply.value, Opaque) or callable(reply.value))
        if self._right is None and is_method:
            return self._method(name)  # at home, nobody knows what it should be
        return attribute._after(reply, (), {}, attribute._right((), {}))


class StudentMethod(StudentFunction):
    """A method of an object, or, if it `is_read`, an attribute."""

    looks_back = False  # the calls of other methods are none of this one

    def __init__(self, function: StudentFunction, owner: StudentObject, method: str, *, is_read: bool = False) -> None:
        super().__init__(function.student, function.name)
        self._owner = owner
        self._method = method
        self._between = READ if is_read else CALLED
        self._at = owner._history  # when it is called
        self._before = owner._right  # the reference's own object, then

    def __repr__(self) -> str:
        return f"student.{self._at.made}.{self._method}"

    @property
    def parameters(self) -> Sequence[str]:
        method = getattr(type(self._owner._right), self._method, None)
        try:
            return tuple(inspect.signature(method).parameters)[1:] if callable(method) else ()
        except (TypeError, ValueError):  # a callable that does not tell
            return ()

    @property
    def _history(self) -> History:
        return replace(self._at, method=self._method, is_read=self._between == READ)

    def _begin(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """From then on, the object has a longer history."""
        self._at = self._owner._history
        if self._between == CALLED:
            self._owner._history = self._at.after(Use(self._method, tuple(args), dict(kwargs)))

    def reply(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Returned | Raised:
        """The same; the reference's own object goes along."""
        self._begin(args, kwargs)
        reply = super().reply(args, kwargs)
        self._before = copied(self._owner._right)
        self._right(args, kwargs)
        return reply

    def right(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply | None:
        """What the reference's own object would do: it stays as it is."""
        if self.student.is_visible or self._owner._right is None:
            return None
        return execute(getattr(copied(self._before), self._method), args, kwargs)

    def _after(self, asked: Reply, args: Sequence[Any], kwargs: Mapping[str, Any], right: Reply | None = None) -> Any:
        self._begin(args, kwargs)
        return super()._after(asked, args, kwargs, right)

    def describe(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """The whole chain, as a student would write it down."""
        history = args[0] if args and isinstance(args[0], History) else self._history
        args = args[1:] if args and args[0] is history else args
        made = history.made
        for use in history.uses:
            made = f"{made}.{values.call(use.method, (), use.args, use.kwargs)}"
        last = self._method if self._between == READ else values.call(self._method, self.parameters, args, kwargs)
        return f"{made}.{last}"

    @property
    def question(self) -> Question:
        """Misconceptions are classes: each goes through the same history."""
        question = super().question
        own = [
            replace(each, function=OfClass(each.function), further=tuple(map(OfClass, each.further)))
            for each in question.misconceptions
            if self._at.is_of_class
        ]
        return replace(question, misconceptions=own)

    def _ask(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        if args and isinstance(args[0], History):
            args = args[1:]
        crossing, named = self._crossing(args, kwargs)
        name = f"{self.name}{self._between}{self._method}"
        return self.student._answers.call(name, [self._owner._crosses_as, *crossing], named)

    def key(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """What names this call, with all that was done with the object before."""
        at = self._at
        uses = [[use.method, *self._crossing(use.args, use.kwargs), use.is_followed] for use in at.uses]
        made = [at.is_of_class, *self._crossing(at.args, at.kwargs)]
        return key_of([f"{self.name}{self._between}{self._method}", made, uses, *self._crossing(args, kwargs)])

    def repeat(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        crossing, named = self._crossing(args, kwargs)
        name = f"{self.name}{self._between}{self._method}"
        return self.student._answers.repeat(name, [self._owner._crosses_as, *crossing], named)

    def _right(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply | None:
        """What the reference's own object does, which is in the same state: nothing of that is remembered."""
        if self._owner._right is None:
            return None
        if self._between == READ:
            return execute(lambda: getattr(self._owner._right, self._method), (), {})
        return execute(getattr(self._owner._right, self._method), args, kwargs)

    def trusted(self, function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        return execute(function, args, kwargs)

    def _answer(
        self,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        reply: Returned | Raised,
        expected: Any,
        tolerance: Tolerance | None = None,
    ) -> Answer:
        return super()._answer((self._history, *args), kwargs, reply, expected, tolerance)

    def _made(
        self, right: Reply | None, reply: Returned | Raised, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """The object itself, or another one, where the answer is one, or should be; else nothing."""
        value = reply.value if isinstance(reply, Returned) else None
        if isinstance(right, Returned) and right.value is self._owner._right:
            if value != self._owner._crosses_as:
                self._require_object(right, reply, args, kwargs, messages.ITSELF)
            return self._owner
        made = super()._made(right, reply, args, kwargs)
        if isinstance(made, StudentObject):  # another one, which came of this
            made._history = self._at.after(Use(self._method, tuple(args), dict(kwargs), is_followed=True))
        return made
