"""Exchanges with a process that holds somebody's functions, wherever it lives: within limits, and checked. Portable."""

from __future__ import annotations

import math
import secrets
import signal
from abc import ABC, abstractmethod
from typing import Any

from autograder.sandbox.exchange.deadline import Clock, Deadline, OutOfTimeError
from autograder.sandbox.protocol import Crash, Crashed, Raised, Reply, Returned, TimedOut, Upstream
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import NO_LIMIT, WireError
from autograder.settings import Limits


class WorkerProcess(ABC):
    """One process and its wire."""

    slowness = 1.0  # how many times as long code takes there: it may compute for as many times longer

    def __init__(self, pid: int, limits: Limits, thread: int = 0) -> None:
        """`thread`: the one that computes, where it is not the process's first."""
        self._limits = limits
        self._clock = Clock(pid, thread)

    @property
    def ended_in(self) -> list[tuple[str, int]]:
        """The frames in which the process was when it ended, innermost first, as files and lines: if that is known."""
        return []

    @abstractmethod
    def end(self) -> int:
        """Kill the process and wait for it; returns its exit code, or minus the signal that it died of."""

    def leave(self) -> None:
        """Kill the process; how it ended, nobody wants to know."""
        self.end()

    @abstractmethod
    def _send(self, frame: bytes, deadline: Deadline) -> None:
        """Raises OutOfTimeError and OSError."""

    @abstractmethod
    def _receive(self, deadline: Deadline) -> dict[str, Any]:
        """The next message. Raises OutOfTimeError, WireError, EOFError and OSError."""

    def exchange(
        self, message: dict[str, Any], upstream: Upstream | None = None, *, calls: int = 1, left: float = math.inf
    ) -> dict[str, Any] | TimedOut | Crashed:
        """Send a message, wait for its answer within the limits of so many calls; `upstream` answers what it asks.

        `left` are the seconds in which it must have come, whatever the limits.
        """
        token = secrets.token_hex(8)  # an answer written before its question was asked cannot know it
        deadline = Deadline(self._clock, self._limits, calls, left, self.slowness)
        try:
            self._send(wire.encode({"id": token, **message}, NO_LIMIT), deadline)
            answer = self._receive(deadline)
            while upstream and (call := _parse_upstream_call(answer, token)):
                self._send(wire.encode(_encode_upstream_reply(upstream.call(*call)), NO_LIMIT), deadline)
                answer = self._receive(deadline)
        except OutOfTimeError:
            return deadline.timed_out
        except WireError as error:
            return Crashed(Crash.NO_FRAME, str(error))
        except (EOFError, OSError):
            return self._post_mortem(deadline)
        if not _is_str(answer.pop("id", None), token):
            return Crashed(Crash.NOT_ASKED)
        return answer

    def _post_mortem(self, deadline: Deadline) -> TimedOut | Crashed:
        status = self.end()
        if status >= 0:
            return Crashed(Crash.EXITED, str(status))
        name = {each.value: each.name for each in signal.Signals}.get(-status, f"signal {-status}")
        if name == "SIGXCPU":
            return deadline.timed_out
        return Crashed(Crash.HUNG_UP) if name == "SIGKILL" else Crashed(Crash.ENDED_BY, name)


def _parse_upstream_call(answer: dict[str, Any], token: str) -> tuple[str, list[Any], dict[str, Any]] | None:
    """The call of an upstream function that a worker asks for; None when it says something else."""
    if not _is_str(answer.get("kind"), "upstream_call"):
        return None
    match answer:
        case {"id": str(given), "name": str(name), "args": list(args), "kwargs": dict(kwargs)}:
            return (name, args, kwargs) if given == token else None
    return None


def _encode_upstream_reply(reply: Reply) -> dict[str, Any]:
    """The answer to such a call."""
    if isinstance(reply, Returned):
        return {"kind": "returned", "value": reply.value}
    if isinstance(reply, Raised):
        return {"kind": "raised", "type": reply.type, "message": reply.message}
    return {"kind": "raised", "type": "RuntimeError", "message": "the call brought no answer"}


def _is_str(value: object, text: str) -> bool:
    """Whether an untrusted value is just that text: an array in its place would not even compare."""
    return isinstance(value, str) and value == text
