"""How long a worker may take: by its own clocks, so that a busy machine costs nobody a mark. Portable."""

from __future__ import annotations

import math
import os
import time

from autograder.sandbox.protocol import TimedOut
from autograder.settings import Limits

POLL_SECONDS = 0.1
SHORT_SECONDS = 0.004  # nearer to a limit than that, nobody looks more often


class OutOfTimeError(Exception):
    """A limit has passed."""


class Clock:
    """What the kernel knows of the time of a process; where it does not tell, nothing has passed."""

    def __init__(self, pid: int, thread: int = 0) -> None:
        """`thread`: where not its first thread computes, the one that does."""
        self._cpu = (~pid << 3) | 2  # the kernel's name for the CPU clock of a process: clock_getcpuclockid(3)
        try:
            task = f"{pid}/task/{thread}" if thread else str(pid)
            self._schedule = os.open(f"/proc/{task}/schedstat", os.O_RDONLY)
        except OSError:
            self._schedule = -1

    def close(self) -> None:
        if self._schedule >= 0:
            os.close(self._schedule)
            self._schedule = -1

    @property
    def computed(self) -> float:
        """Seconds of computing."""
        try:
            return time.clock_gettime(self._cpu)
        except (OSError, AttributeError):  # the process is gone, or this system has no such clock
            return 0.0

    @property
    def kept_waiting(self) -> float:
        """Seconds in which it could have computed, had the machine not been busy with others."""
        try:
            return int(os.pread(self._schedule, 100, 0).split()[1]) / 1e9
        except (OSError, AttributeError, IndexError, ValueError):
            return 0.0


class Deadline:
    """The limits of some calls: on the worker's computing, and on what passes while it is not kept from it.

    `left` are the seconds in which all must be over, whoever is to blame for it. Where code is slower, it may take as
    many times longer; what is told of it is the limit.
    """

    def __init__(
        self, clock: Clock, limits: Limits, calls: int = 1, left: float = math.inf, slowness: float = 1
    ) -> None:
        self.timed_out = TimedOut.of(limits, calls)
        self._cpu_seconds = slowness * self.timed_out.cpu_seconds
        self._wall_seconds = slowness * self.timed_out.wall_seconds
        self._left = left
        self._clock = clock
        self._started = time.monotonic()
        self._computed, self._kept_waiting = clock.computed, clock.kept_waiting
        self._may_compute = self._cpu_seconds  # as was seen when it was last looked at

    @property
    def pause(self) -> float:
        """Seconds after which to look at the clocks again."""
        return max(0.0, min(POLL_SECONDS, max(SHORT_SECONDS, self._may_compute), self._left))

    def check(self) -> None:
        """Raises OutOfTimeError when a limit has passed."""
        passed = time.monotonic() - self._started
        if passed > self._left:
            raise OutOfTimeError
        if passed <= self._cpu_seconds:
            self._may_compute = self._cpu_seconds - passed
            return
        self._may_compute = self._cpu_seconds - (self._clock.computed - self._computed)
        if self._may_compute < 0:
            raise OutOfTimeError
        if passed > self._wall_seconds + self._clock.kept_waiting - self._kept_waiting:
            raise OutOfTimeError
