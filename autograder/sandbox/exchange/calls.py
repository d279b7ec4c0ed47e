"""Calls of one submission's functions, in a process that is replaced when it fails. Portable."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Protocol, Self

from autograder.language.current import spoken_in
from autograder.sandbox import messages
from autograder.sandbox.exchange.process import WorkerProcess
from autograder.sandbox.exchange.replies import read_builds_on, read_parameters, read_repeated, read_reply
from autograder.sandbox.protocol import (
    MIN_CALLS,
    CodeLine,
    Crash,
    Crashed,
    Part,
    Place,
    Reply,
    Returned,
    TimedOut,
    Upstream,
    code_line,
    lines_of,
)
from autograder.settings import Limits

LOAD_TIME_CALLS = 4  # loading a submission may take as long as so many calls


class Home(Protocol):
    """Where workers live."""

    @property
    def limits(self) -> Limits: ...

    @property
    def slowness(self) -> float:
        """How many times as long code takes there as in a process of its own."""
        ...

    def spawn(self) -> WorkerProcess:
        """A new process, in which nothing of a submission has run. Raises SandboxError."""
        ...


class Budget:
    """The time that one submission may take, from now on and whatever for: its calls, and all that we do about them.

    Where code is slower, that is as many times longer; what is told of it is the limit.
    """

    def __init__(self, limits: Limits, slowness: float = 1) -> None:
        self._used_up = TimedOut.of_all(limits)
        self._ends = time.monotonic() + slowness * limits.submission_seconds

    @property
    def left(self) -> float:
        return self._ends - time.monotonic()

    @property
    def exceeded(self) -> TimedOut | None:
        return self._used_up if self.left <= 0 else None


class Worker:
    """One submission's functions in a process, which the first call starts.

    A process that exits, exceeds a limit or violates the protocol is replaced.
    """

    def __init__(self, home: Home, parts: Sequence[Part], budget: Budget | None = None, *, whole: bool = False) -> None:
        """`parts` are the submissions of earlier assignments, in order, and last the one whose functions are called.

        With `whole`, the functions of all of them can be. Workers of one submission share a `budget`.
        """
        self._home = home
        self._budget = budget or Budget(home.limits, home.slowness)
        self._whole = whole
        self._parts = [asdict(part) for part in parts]
        self.repeated: dict[str, list[Place]] = {}  # questions defined more than once, as far as it is loaded
        # Of each question, where its home tells: what its parameters are called, and what its answer builds on.
        self.parameters: dict[str, tuple[str, ...]] = {}
        self.builds_on: dict[str, tuple[str, ...]] = {}
        self._process: WorkerProcess | None = None
        self._unloadable: TimedOut | Crashed | None = None
        self._computing = True  # at top level; a submission that is not loaded in time is loaded without that

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._process:
            self._process.leave()
            self._process = None

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Call one of the student's functions. However that ends, it ends in a Reply; SandboxError is our own fault."""
        return self._budget.exceeded or self._call(name, args, kwargs, upstream)

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Call it several times more, within the limits of as many calls."""
        return self._budget.exceeded or self._call(name, args, kwargs, upstream, repeat=True)

    def load(self) -> None:
        """Start the process and load the submission, so that all is known that is told of it."""
        if self._process is None and self._unloadable is None:
            started = self._start()
            if isinstance(started, TimedOut) and self._computing and not started.altogether:
                self._computing = False
                started = self._start()
            if isinstance(started, WorkerProcess):
                self._process = started
            else:
                self._unloadable = started  # it would only happen again

    def _start(self) -> WorkerProcess | TimedOut | Crashed:
        process = self._home.spawn()
        how = {"whole": self._whole, "computing": self._computing, "speech": spoken_in(messages.__name__)}
        try:
            loaded = self._exchange(process, {"parts": self._parts, **how}, calls=LOAD_TIME_CALLS)
        except BaseException:  # Ctrl-C, while it is waited for
            process.leave()
            raise
        if isinstance(loaded, dict):
            last = self._parts[-1]
            labels = {cell["label"] for cell in last["cells"]}
            self.repeated = read_repeated(loaded, last["questions"], labels)
            self.parameters = read_parameters(loaded, last["questions"])
            self.builds_on = read_builds_on(loaded, last["questions"])
            return process
        process.end()
        return replace(loaded, line=self._line_in(process))

    def _line_in(self, process: WorkerProcess) -> CodeLine | None:
        """The student's own line that a process was at when it ended, if that is known."""
        sources = {cell["label"]: cell["source"] for part in self._parts for cell in part["cells"]}
        labels = {label.encode("ascii", "backslashreplace").decode(): label for label in sources}
        for file, number in process.ended_in:
            if file in labels:
                return code_line(labels[file], number, lines_of(sources[labels[file]]))
        return None

    def _exchange(
        self, process: WorkerProcess, message: dict[str, Any], upstream: Upstream | None = None, *, calls: int = 1
    ) -> dict[str, Any] | TimedOut | Crashed:
        answer = process.exchange(message, upstream, calls=calls, left=self._budget.left)
        return (self._budget.exceeded or answer) if isinstance(answer, TimedOut) else answer

    def _call(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        upstream: Upstream | None = None,
        *,
        repeat: bool = False,
    ) -> Reply:
        self.load()
        if self._process is None:
            assert self._unloadable is not None
            return self._unloadable
        message = {
            "name": name,
            "args": list(args),
            "kwargs": dict(kwargs),
            "upstream": {key: list(value) for key, value in upstream.parameters.items()} if upstream else {},
            "repeat": repeat,
        }
        answer = self._exchange(self._process, message, upstream, calls=MIN_CALLS if repeat else 1)
        reply = read_reply(answer) if isinstance(answer, dict) else answer
        if isinstance(reply, Returned) and not {*range(len(args)), *kwargs}.issuperset(reply.changed):
            reply = Crashed(Crash.UNKNOWN_CHANGE)
        if isinstance(reply, TimedOut | Crashed):
            process = self._process
            self.close()
            return replace(reply, line=self._line_in(process))
        return reply
