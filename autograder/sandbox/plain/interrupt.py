"""Ends a call in this very process when its time is up, or when somebody presses stop. Everything else lives on.

An exception is raised in the code that is called: by a handler of SIGINT, which every system has, and which a kernel
has for its stop button. Code that catches it meets another one, again and again, until one gets out. Two things cannot
be ended so: a step in C that does not end, and loops, one within another, that catch all exceptions. Whoever waits for
them is told. Portable.
"""

from __future__ import annotations

import _thread
import math
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any, TypeVar

from autograder.sandbox import messages
from autograder.sandbox.protocol import CodeLine, Locate, TimedOut
from autograder.settings import Limits

POLL_SECONDS = 0.05
GRACE_SECONDS = 0.2  # in which code that was interrupted may end by itself, its `finally` included
AGAIN_SECONDS = 0.005  # after which code that has caught the exception is interrupted again, wherever it is then
OVERDUE_SECONDS = 1.0  # after which code is interrupted, too, of which nobody knows where it comes from
GIVE_UP_SECONDS = 5.0  # after which somebody is told
Value = TypeVar("Value")


class StoppedError(BaseException):
    """What is raised in code whose time is up. No `except Exception` is to catch it."""


def within(limits: Limits, call: Callable[[], Value], locate: Locate, calls: int = 1) -> Value | TimedOut:
    """What `call` returns within the limits of so many calls, or TimedOut. `locate` knows the code to be interrupted.

    Raises KeyboardInterrupt where somebody has pressed stop meanwhile. Elsewhere than in the main thread, there is no
    limit: only that one hears of signals.
    """
    if threading.current_thread() is not threading.main_thread():
        return call()
    watch = Watch(TimedOut.of(limits, calls), sys._getframe(), locate)
    try:
        watch.start()
        value = call()
    except (StoppedError, KeyboardInterrupt):
        if not watch.has_raised:
            raise
    finally:
        watch.end()
    if watch.is_pressed:
        raise KeyboardInterrupt
    return watch.timed_out if watch.has_raised else value


class Watch:
    """Looks at the clocks of the main thread from another one, and interrupts it."""

    def __init__(self, limit: TimedOut, outside: FrameType, locate: Locate) -> None:
        """Frames of `outside`, and what it was called by, are none of the call's."""
        self.is_pressed = False
        self.has_raised = False
        self._line: CodeLine | None = None
        self._before: Any = signal.default_int_handler
        self._limit = limit
        self._outside = outside
        self._locate = locate
        self._is_late = self._is_overdue = False
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._main = threading.get_ident()
        self._clock = self._clock_of_main()

    @property
    def timed_out(self) -> TimedOut:
        return replace(self._limit, line=self._line)

    def start(self) -> None:
        self._before = signal.signal(signal.SIGINT, self.interrupt) or self._before
        self._began = time.monotonic(), self._computed()
        self._thread.start()

    def end(self) -> None:
        """From here on, nothing is interrupted any more."""
        try:
            with self._lock:
                self._done.set()
            if self._thread.is_alive():
                self._thread.join()
        finally:
            signal.signal(signal.SIGINT, self._before)

    def interrupt(self, _signal: int, frame: FrameType | None) -> None:
        """The handler: raise, if the call's own code is at work."""
        self.is_pressed = self.is_pressed or not self._is_late
        if self._done.is_set() or self._is_ours(frame):  # the call has ended
            return
        line = self._line_of(frame)
        if line is None and not self._is_overdue:  # it is ours, and soon ends
            return
        self._line = self._line or line
        self.has_raised = True
        raise KeyboardInterrupt if self.is_pressed else StoppedError

    def _is_ours(self, frame: FrameType | None) -> bool:
        """Whether no frame of the call is there: it is what stands around it that is at work."""
        below = None
        while frame is not None and frame is not self._outside:
            below, frame = frame, frame.f_back
        return below is None or below.f_code in _OWN

    def _line_of(self, frame: FrameType | None) -> CodeLine | None:
        """The innermost line of the call's own code."""
        while frame is not None and frame is not self._outside:
            if line := self._locate(frame.f_code.co_filename, frame.f_lineno):
                return line
            frame = frame.f_back
        return None

    def _watch(self) -> None:
        while not (self._is_late or self.is_pressed):
            if self._done.wait(POLL_SECONDS):
                return
            self._is_late = self._is_out_of_time() and not self.is_pressed
        pause, began, is_told = GRACE_SECONDS, time.monotonic(), False
        while True:
            with self._lock:
                if self._done.is_set():
                    return
                self._interrupt_main()
            if self._done.wait(pause):
                return
            pause = AGAIN_SECONDS
            self._is_overdue = time.monotonic() - began > OVERDUE_SECONDS
            if not is_told and time.monotonic() - began > GIVE_UP_SECONDS:
                is_told = True
                print(messages.CANNOT_BE_STOPPED, file=sys.stderr)  # noqa: T201  (to whoever waits)

    def _interrupt_main(self) -> None:
        if hasattr(signal, "pthread_kill"):  # which wakes it where it waits
            signal.pthread_kill(self._main, signal.SIGINT)
        else:
            _thread.interrupt_main()

    def _is_out_of_time(self) -> bool:
        passed, computed = time.monotonic() - self._began[0], self._computed() - self._began[1]
        return computed > self._limit.cpu_seconds or passed > self._limit.wall_seconds

    def _computed(self) -> float:
        """Seconds of computing of the main thread; where the system does not tell, there are none."""
        return 0.0 if math.isnan(self._clock) else time.clock_gettime(int(self._clock))

    def _clock_of_main(self) -> float:
        try:
            return time.pthread_getcpuclockid(self._main)
        except (AttributeError, OSError):
            return math.nan


_OWN = {function.__code__ for function in (Watch.start, Watch.end, Watch.interrupt)}
