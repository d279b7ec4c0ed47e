"""One call of one student's function, and every way in which it can end.

Runs wherever the student's functions live: in a confined worker, or in the student's own notebook. Portable.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autograder.errors import UserError

MESSAGE_LENGTH = 500
NAME_LENGTH = 100
MOST_KEPT = 50  # calls of upstream functions that are remembered: a student's loop may make thousands


class SandboxError(UserError):
    """The sandbox itself failed: our fault, never the student's."""


@dataclass(frozen=True)
class Limits:
    """What one call may use: CPU time, memory beyond that of the bare interpreter, bytes of one answer."""

    cpu_seconds: float
    memory_mb: int
    answer_mb: int

    @property
    def wall_seconds(self) -> float:
        """A call may wait, or the machine be busy; beyond three times its CPU limit it is not coming back."""
        return 3 * self.cpu_seconds

    @property
    def all_calls(self) -> Limits:
        """What all calls of one submission may use together, as far as time is concerned."""
        return replace(self, cpu_seconds=50 * self.cpu_seconds)

    @property
    def answer_bytes(self) -> int:
        return self.answer_mb << 20


@dataclass(frozen=True)
class Line:
    """A line of the student's own source: where it stands, and its text."""

    label: str
    number: int
    text: str


@dataclass(frozen=True)
class Returned:
    """The function returned. `changed` lists the arguments that it altered: positions, or names of keywords."""

    value: Any
    changed: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Raised:
    """The function raised. `bases` are the names of all classes that the exception is an instance of."""

    type: str
    bases: tuple[str, ...]
    message: str
    line: Line | None = None


@dataclass(frozen=True)
class Missing:
    """There is no such function, and why, if that is known."""

    reason: str = ""


@dataclass(frozen=True)
class TimedOut:
    """No answer within `seconds`, and the process was killed; or the calls before it had taken that long altogether."""

    seconds: float
    altogether: bool = False


@dataclass(frozen=True)
class Crashed:
    """The process that ran the function ended, or talked nonsense. `reason` completes "the process …"."""

    reason: str


Reply = Returned | Raised | Missing | TimedOut | Crashed
Locate = Callable[[str, int], Line | None]


@dataclass(frozen=True)
class Opaque:
    """Stands for a returned object that is neither numbers nor text; only the name of its type crosses over."""

    type: str


@dataclass(frozen=True)
class Matrix:
    """Stands for a returned `np.matrix`, which is two-dimensional even where a vector is meant."""

    array: NDArray[Any]


class Answers(Protocol):
    """Somebody's functions, wherever they run."""

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Call one of them. With `upstream`, the functions that it builds on are another's."""
        ...


@dataclass(frozen=True)
class Upstream:
    """Functions that stand in, during one call, for the caller's own of the same names.

    `parameters` names them, each with its parameters; `answers` has them; `asked` collects the calls that they got.
    """

    parameters: Mapping[str, Sequence[str]]
    answers: Answers
    asked: list[Asked] = field(default_factory=list)

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        if name not in self.parameters:
            return Missing(f"`{name}` is not among the functions that stand in")
        if len(self.asked) < MOST_KEPT:
            self.asked.append(Asked(name, tuple(args), dict(kwargs)))
        return self.answers.call(name, args, kwargs)


@dataclass(frozen=True)
class Asked:
    """A call that was made of a function."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def execute(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], locate: Locate) -> Reply:
    """Call `function` on copies of its arguments and describe what happened. Warnings are not the student's fault."""
    given: dict[int | str, Any] = dict(enumerate(args))
    given.update(kwargs)
    mine = copy.deepcopy(given)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            value = function(
                *(mine[position] for position in range(len(args))), **{name: mine[name] for name in kwargs}
            )
    except BaseException as error:  # whatever a student raises, SystemExit included, is the answer to this call
        return raised(error, locate)
    return Returned(value, tuple(key for key in given if not same(given[key], mine[key])))


def raised(error: BaseException, locate: Locate) -> Raised:
    """Describe an exception. Its class and its text may be hostile, so that reading them may fail."""
    return Raised(
        type=_told(lambda: type(error).__name__, "Exception"),
        bases=tuple(_told(lambda base=base: base.__name__, "Exception") for base in type(error).__mro__),  # type: ignore[misc]
        message=_told(lambda: str(error), "(its message cannot be shown)", MESSAGE_LENGTH),
        line=_last_line(error.__traceback__, locate),
    )


def _told(say: Callable[[], str], otherwise: str, length: int = NAME_LENGTH) -> str:
    """What a stranger's object says of itself, cut to a length."""
    try:
        said = say()
        return str.__getitem__(said, slice(length))
    except BaseException:  # whatever it raises instead
        return otherwise


def printable(text: str, length: int = MESSAGE_LENGTH) -> str:
    """A stranger's words, cut to a length and without control characters."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text[:length])


def same(left: Any, right: Any) -> bool:
    """Whether two arguments are alike to the last bit of their numbers: arrays, or dicts and sequences of them."""
    if isinstance(left, np.ndarray):
        return isinstance(right, np.ndarray) and left.shape == right.shape and left.tobytes() == right.tobytes()
    if isinstance(left, Mapping):
        return isinstance(right, Mapping) and left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and (left == right or left != left)


def _last_line(traceback: TracebackType | None, locate: Locate) -> Line | None:
    """The innermost line of the student's own code in a traceback."""
    places = []
    while traceback is not None:
        places.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    return next((line for place in reversed(places) if (line := locate(*place))), None)
