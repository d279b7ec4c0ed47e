"""What the grader and a student's functions say to each other: calls, and every way in which a call can end.

Only these types cross the seam between `sandbox/` and what stands above it, wherever a worker lives. Portable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:  # NumPy is not loaded for the command line's help
    from numpy.typing import NDArray

    from autograder.settings import Limits

MIN_CALLS = 20  # of a function, before its answers are taken to depend on nothing but its arguments
MAX_UPSTREAM_CALLS_KEPT = 50  # a student's loop may make thousands
MAX_UPSTREAM_BYTES_KEPT = 32 << 20  # of their arguments
MAX_LINE_CHARS = 200  # of a line that is shown
# The environment of a worker, which computes in one thread: what it takes is its own time.
THREAD_LIMITS = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "VECLIB", "NUMEXPR")}


# A function or class; or a method, or an attribute, of an object of it, but for those that begin with a line.
_UPSTREAM = re.compile(r"(\w+)(?:[.:](?:[A-Za-z]\w*|__(?:call|len|getitem)__))?")


class SandboxError(Exception):
    """The sandbox itself failed, or this machine has none: never the student's fault."""


class NotConfinedError(SandboxError):
    """On this machine a submission could do what it must not: nothing may be graded on it."""


@lru_cache(maxsize=64)  # cells of a submission: each error in them is looked up
def lines_of(source: str) -> tuple[str, ...]:
    """The lines of source as Python counts them."""
    return tuple(source.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


@dataclass(frozen=True)
class Cell:
    """A piece of source that a student sees as one: a notebook's code cell, or a whole .py file."""

    label: str
    source: str


GivenCells = Mapping[str, Sequence[Cell]]  # those that students were given, by assignment
NO_CELLS: GivenCells = {}


@dataclass(frozen=True)
class Part:
    """The cells of one assignment, and its questions: the names in them that are called, or that others build on.

    Where no questions are named, all that the cells define counts. `handed` are other functions in them, which checks
    hand to those that are called. They run in the folder of their assignment, where it is named.
    """

    cells: tuple[Cell, ...]
    questions: tuple[str, ...] = ()
    handed: tuple[str, ...] = ()
    assignment: str = ""


class Place(NamedTuple):
    """Where something stands in a student's source: the label of the cell or file, and the line in it, from 1."""

    label: str
    line: int


@dataclass(frozen=True)
class CodeLine:
    """A line of a student's source: the cell or file that it stands in, its number there from 1, and its text."""

    label: str
    number: int
    text: str


def code_line(label: str, number: int, lines: Sequence[str]) -> CodeLine | None:
    """One of the lines of a source, if it has so many."""
    return CodeLine(label, number, lines[number - 1].strip()[:MAX_LINE_CHARS]) if 1 <= number <= len(lines) else None


@dataclass(frozen=True)
class Returned:
    """The function returned. `changed` lists the arguments that it altered: positions, or names of keywords."""

    value: Any
    changed: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Raised:
    """The function raised. `bases` are the names of all classes that the exception is an instance of.

    `shapes` are those of the arrays that the student's line names.
    """

    type: str
    bases: tuple[str, ...]
    message: str
    line: CodeLine | None = None
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class Missing:
    """There is no such function, and why, if that is known."""

    reason: str = ""


@dataclass(frozen=True)
class TimedOut:
    """No answer within the limits, and the process was killed; or all time of the submission `altogether` was used up.

    Which of the two clocks of a call said so is not told. `line` is the student's own that it was at, if that is known.
    """

    cpu_seconds: float
    wall_seconds: float
    altogether: bool = False
    line: CodeLine | None = None

    @classmethod
    def of(cls, limits: Limits, calls: int = 1) -> TimedOut:
        """The limits of so many calls."""
        return cls(calls * limits.cpu_seconds, calls * limits.wall_seconds)

    @classmethod
    def of_all(cls, limits: Limits) -> TimedOut:
        """The limit of a submission."""
        return cls(limits.submission_seconds, limits.submission_seconds, altogether=True)


class Crash(StrEnum):
    """How a process failed to answer: it exited, or violated the wire protocol."""

    EXITED = "exited"  # by itself; the detail is its exit code
    ENDED_BY = "ended_by"  # a signal, whose name is the detail
    HUNG_UP = "hung_up"  # in the middle of the call
    NO_FRAME = "no_frame"  # what it sent is no message; the detail says why
    NOT_ASKED = "not_asked"  # an answer to a call that was not made
    UNKNOWN_ANSWER = "unknown_answer"  # an answer of no known kind
    UNKNOWN_CHANGE = "unknown_change"  # a change of arguments that it had not got


@dataclass(frozen=True)
class Crashed:
    """The process that ran the function exited, or violated the wire protocol; `line` as when time is up."""

    crash: Crash
    detail: str = ""
    line: CodeLine | None = None


@dataclass(frozen=True)
class Unsteady:
    """A call that was made again was not answered as before, or an answer of before was `overwritten`."""

    overwritten: bool


Reply = Returned | Raised | Missing | TimedOut | Crashed | Unsteady
Locate = Callable[[str, int], CodeLine | None]


@dataclass(frozen=True)
class Opaque:
    """Stands for a returned object that is neither numbers nor text; only the name of its type crosses over."""

    type: str


@dataclass(frozen=True)
class Matrix:
    """Stands for a returned `np.matrix`, which is two-dimensional even where a vector is meant."""

    array: NDArray[Any]


class Functions(Protocol):
    """Somebody's functions, wherever they run."""

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Call one of them. With `upstream`, the functions that it builds on are another's."""
        ...


class Answers(Functions, Protocol):
    """Somebody's functions, which can be asked again."""

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Call one of them several times more. `Unsteady` where that shows in an answer, in this one or in others."""
        ...


@dataclass(frozen=True)
class Upstream:
    """Functions that stand in, during one call, for the caller's own of the same names.

    `parameters` names them, each with its parameters; `answers` has them; `calls` collects those made of them.
    """

    parameters: Mapping[str, Sequence[str]]
    answers: Functions
    calls: list[UpstreamCall] = field(default_factory=list)

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        match = _UPSTREAM.fullmatch(name)
        if not match or match[1] not in self.parameters:
            return Missing(f"`{name}` is not among the functions that stand in")
        made = UpstreamCall(name, tuple(args), dict(kwargs))
        has_room = sum(call.size for call in (*self.calls, made)) <= MAX_UPSTREAM_BYTES_KEPT
        if has_room and len(self.calls) < MAX_UPSTREAM_CALLS_KEPT:
            self.calls.append(made)
        return self.answers.call(name, args, kwargs)


@dataclass(frozen=True)
class UpstreamCall:
    """A call that a student's function made of one that stands in."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @cached_property
    def size(self) -> int:
        return bytes_of(self.args) + bytes_of(self.kwargs)


def bytes_of(value: Any) -> int:
    """How much memory a value takes: the bytes of its arrays, and about as much as there is to anything else."""
    if isinstance(value, Mapping):
        return sum(map(bytes_of, value.values())) + sum(map(bytes_of, value))
    if isinstance(value, list | tuple | set | frozenset):
        return 64 + sum(map(bytes_of, value))
    if isinstance(value, str | bytes):
        return 64 + len(value)
    if isinstance(parts := getattr(value, "parts", None), tuple):  # of what stands for an object, or an iterator
        return bytes_of(parts)
    return int(getattr(value, "nbytes", 64))
