"""Work in a fork of this process, within limits: it may loop for ever, take all memory or fall over."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Pipe
from typing import Any

from autograder.sandbox.bounded.memory import bound_memory
from autograder.sandbox.protocol import MIN_CALLS, Answers, Reply, Upstream
from autograder.settings import Limits

Send = Callable[[Any], None]
BROKE, OUT_OF_MEMORY = 1, 2  # exit codes


class End(StrEnum):
    """How a fork ended."""

    DONE = "done"
    TIME = "time"
    MEMORY = "memory"
    CRASH = "crash"


@dataclass(frozen=True)
class Forked:
    """All that a fork has sent, and how it ended."""

    sent: Sequence[Any]
    end: End


def in_a_fork(work: Callable[[Send], None], memory_bytes: int, seconds: float) -> Forked:
    """Do some work there, which sends what it finds (as JSON). This process has no other thread.

    Raises RuntimeError where the work fails by itself.
    """
    receiving, sending = Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:
        receiving.close()
        _work(work, lambda found: sending.send_bytes(json.dumps(found).encode()), memory_bytes)
    sending.close()
    sent: list[Any] = []
    is_late = False
    deadline = time.monotonic() + seconds
    with receiving:
        while not is_late:
            is_late = not receiving.poll(max(0.0, deadline - time.monotonic()))
            if not is_late:
                try:
                    sent.append(json.loads(receiving.recv_bytes()))
                except EOFError:
                    break
    if is_late:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == BROKE:
        raise RuntimeError(sent[-1])
    return Forked(sent, _end(code, is_late=is_late))


def _end(code: int, *, is_late: bool) -> End:
    if is_late or -code in (signal.SIGPROF, signal.SIGALRM):
        return End.TIME
    if code == OUT_OF_MEMORY:
        return End.MEMORY
    return End.DONE if code == 0 else End.CRASH


def _work(work: Callable[[Send], None], send: Send, memory_bytes: int) -> None:
    """Ends this process."""
    code = 0
    try:
        for number in (signal.SIGPROF, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silence, descriptor)
        bound_memory(memory_bytes)
        work(send)
    except MemoryError:
        code = OUT_OF_MEMORY
    except BaseException as error:  # it is told to whoever has forked
        send(f"{type(error).__name__}: {error}")
        code = BROKE
    finally:
        sys.stdout = sys.stderr = None
        os._exit(code)


@dataclass(frozen=True)
class Timed:
    """Somebody's functions, of which one call may take no more than in grading: else this process is ended."""

    answers: Answers
    limits: Limits

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self._within(lambda: self.answers.call(name, args, kwargs, upstream), 1)

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        return self._within(lambda: self.answers.repeat(name, args, kwargs, upstream), MIN_CALLS)

    def _within(self, call: Callable[[], Reply], times: int) -> Reply:
        signal.setitimer(signal.ITIMER_PROF, times * self.limits.cpu_seconds)
        signal.setitimer(signal.ITIMER_REAL, times * self.limits.wall_seconds)
        try:
            return call()
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
