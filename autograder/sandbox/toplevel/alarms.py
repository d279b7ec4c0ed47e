"""Alarms that ring in a statement that computes for too long, so that what comes after it still counts.

Where the system has signals for that, one of them rings; else Python is asked, at each call and each turn of a loop,
to look at the clock. Portable.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType

from autograder.sandbox import messages

TOOL = 4  # one of the numbers of `sys.monitoring` that are nobody's
LOOKS = 100  # calls and turns of loops between two looks at the clock


class TooLongError(TimeoutError):
    """What an alarm raises in a statement."""


class Alarms:
    """Interrupt a statement that computes for longer than so many `seconds` (None: never). `rung` is how many were."""

    def __init__(self, seconds: float | None, slowness: float = 1) -> None:
        """Where time is that of the wall, or Python is slower than elsewhere, a statement has as many times more."""
        self.seconds = seconds
        self.rung = 0
        self.message = messages.too_much_computing(format(seconds or 0, "g"))
        self._allowed = slowness * (seconds or 0)
        self._is_set = False
        self._ends = 0.0
        self._looks = 0

    def heard(self) -> AbstractContextManager[None]:
        """Around all statements."""
        if self.seconds is not None:
            if hasattr(signal, "setitimer"):
                return self._by_signal()
            if hasattr(sys, "monitoring"):  # from Python 3.12 on
                return self._by_looking()
            self.seconds = None
        return nullcontext()

    @contextmanager
    def around(self) -> Iterator[None]:
        """Around one statement."""
        if self.seconds is None:
            yield
            return
        try:
            self._is_set = True
            self._begin()
            yield
        finally:
            self._is_set = False  # Python hears a signal some instructions late: not here, outside the statement
            self._end()

    def _begin(self) -> None:
        self._ends = time.monotonic() + self._allowed
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, self._allowed)

    def _end(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)

    @contextmanager
    def _by_signal(self) -> Iterator[None]:
        def ring(_signal: int, _frame: FrameType | None) -> None:
            self._ring()

        before: Callable[..., object] | int | None = signal.signal(signal.SIGPROF, ring)
        try:
            yield
        finally:
            signal.signal(signal.SIGPROF, before)

    @contextmanager
    def _by_looking(self) -> Iterator[None]:
        def look(*_: object) -> None:
            self._looks += 1
            if self._looks % LOOKS == 0 and self._is_set and time.monotonic() > self._ends:
                self._ends = float("inf")  # it rings once
                self._ring()

        monitoring = sys.monitoring  # type: ignore[attr-defined]
        events = monitoring.events.JUMP, monitoring.events.PY_START
        monitoring.use_tool_id(TOOL, __name__)
        for event in events:
            monitoring.register_callback(TOOL, event, look)
        monitoring.set_events(TOOL, sum(events))
        try:
            yield
        finally:
            monitoring.set_events(TOOL, 0)
            for event in events:
                monitoring.register_callback(TOOL, event, None)
            monitoring.free_tool_id(TOOL)

    def _ring(self) -> None:
        if self._is_set:
            self.rung += 1
            raise TooLongError(self.message)
