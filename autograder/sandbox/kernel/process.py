"""One worker process and its wire: exchanges within limits, and whatever it sends is untrusted, and checked."""

from __future__ import annotations

import math
import secrets
import select
import signal
import socket
from collections.abc import Callable, Collection
from typing import Any

from autograder.sandbox import messages
from autograder.sandbox.execute import MAX_MESSAGE_CHARS, MAX_NAME_CHARS, MAX_SHAPES
from autograder.sandbox.kernel.deadline import Clock, Deadline, OutOfTimeError
from autograder.sandbox.protocol import (
    CodeLine,
    Crash,
    Crashed,
    Missing,
    Place,
    Raised,
    Reply,
    Returned,
    SandboxError,
    TimedOut,
    Unsteady,
    Upstream,
)
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import MAX_DIMENSIONS, NO_LIMIT, WireError
from autograder.settings import Limits
from autograder.text import on_one_line, sanitise

READ_BYTES = 1 << 17
MAX_BASES = 50  # classes that an exception claims to derive from
MAX_PLACES = 5  # of definitions of one function that are told
START_TIME_CALLS = 20  # a process may take as long as so many calls to confine itself: it is ours until then


class Process:
    """One worker process and its wire."""

    def __init__(self, pid: int, wire_end: socket.socket, limits: Limits, reap: Callable[[int], int]) -> None:
        """`reap` kills the process and waits for it. Raises SandboxError when the process could not be confined."""
        self.pid = pid
        self._wire = wire_end
        self._wire.setblocking(False)
        self._limits = limits
        self._reap = reap
        self._come = bytearray()
        self._status: int | None = None
        self._clock = Clock(pid)
        try:
            failure = self._receive(Deadline(self._clock, self._limits, START_TIME_CALLS))["failure"]
        except (EOFError, OSError, KeyError, WireError, OutOfTimeError) as error:
            failure = repr(error)
        if failure:
            self.end()
            raise SandboxError(messages.not_confined(failure))

    def end(self) -> int:
        """Kill the process and reap it (waitpid); returns its exit code, or minus the signal that it died of."""
        if self._status is None:
            self._wire.close()
            self._clock.close()
            self._status = self._reap(self.pid)
        return self._status

    def exchange(
        self, message: dict[str, Any], upstream: Upstream | None = None, *, calls: int = 1, left: float = math.inf
    ) -> dict[str, Any] | TimedOut | Crashed:
        """Send a message, wait for its answer within the limits of so many calls; `upstream` answers what it asks.

        `left` are the seconds in which it must have come, whatever the limits.
        """
        token = secrets.token_hex(8)  # an answer written before its question was asked cannot know it
        deadline = Deadline(self._clock, self._limits, calls, left)
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

    def _send(self, frame: bytes, deadline: Deadline) -> None:
        view = memoryview(frame)
        while view:
            try:
                view = view[self._wire.send(view) :]
            except BlockingIOError:
                deadline.wait(self._wire, select.POLLOUT)

    def _receive(self, deadline: Deadline) -> dict[str, Any]:
        limit = self._limits.answer_bytes
        prefix = self._read(wire.PREFIX.size, deadline)
        return wire.decode(prefix, self._read(wire.lengths(prefix, limit), deadline), limit)

    def _read(self, length: int, deadline: Deadline) -> bytes:
        """Exactly `length` bytes; what has come beyond them is kept for the next call."""
        while len(self._come) < length:
            try:
                part = self._wire.recv(READ_BYTES)
            except BlockingIOError:
                deadline.wait(self._wire, select.POLLIN)
                continue
            if not part:
                raise EOFError
            self._come += part
            deadline.check()
        taken = bytes(self._come[:length])
        del self._come[:length]
        return taken

    def _post_mortem(self, deadline: Deadline) -> TimedOut | Crashed:
        status = self.end()
        if status == -signal.SIGXCPU:
            return deadline.timed_out
        if status >= 0:
            return Crashed(Crash.EXITED, str(status))
        if status == -signal.SIGKILL:
            return Crashed(Crash.HUNG_UP)
        known = {each.value: each.name for each in signal.Signals}
        return Crashed(Crash.ENDED_BY, known.get(-status, f"signal {-status}"))


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


def read_reply(answer: dict[str, Any]) -> Reply:
    """What a worker says of a call, checked word by word: the student's code may have written it."""
    if not isinstance(answer.get("kind"), str):
        return Crashed(Crash.UNKNOWN_ANSWER)
    match answer:
        case {"kind": "returned", "value": value, "changed": list(changed)} if all(
            type(key) in (int, str) for key in changed
        ):
            return Returned(value, tuple(dict.fromkeys(changed)))
        case {"kind": "raised", "type": str(kind), "bases": tuple(bases), "message": str(message), "line": line}:
            names = tuple(_name(base) for base in bases[:MAX_BASES] if isinstance(base, str))
            return Raised(_name(kind), names, _message(message), _line(line), _shapes(answer.get("shapes")))
        case {"kind": "missing", "reason": str(reason)}:
            return Missing(_message(reason))
        case {"kind": "unsteady", "overwritten": bool(overwritten)}:
            return Unsteady(overwritten)
    return Crashed(Crash.UNKNOWN_ANSWER)


def read_repeated(
    answer: dict[str, Any], questions: Collection[str], labels: Collection[str]
) -> dict[str, list[Place]]:
    """Which questions a worker says are defined more than once, and where: what it cannot know is left out."""
    told = answer.get("repeated")
    found = {}
    for name, places in told.items() if isinstance(told, dict) else ():
        read = [
            Place(label, line)
            for label, line in filter(_is_pair, places if isinstance(places, list) else ())
            if isinstance(label, str) and label in labels and type(line) is int and line > 0
        ]
        if name in questions and len(read) > 1:
            found[name] = read[:MAX_PLACES]
    return found


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2


def _line(line: object) -> CodeLine | None:
    match line:
        case {"label": str(label), "number": int(number), "text": str(text)}:
            return CodeLine(_name(label), number, _message(text))
    return None


def _shapes(told: object) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The shapes of arrays that a line names; what is no name and shape is left out."""
    pairs = [pair for pair in told[:MAX_SHAPES] if _is_pair(pair)] if isinstance(told, tuple) else []
    return tuple((_name(name), shape) for name, shape in pairs if _is_name(name) and _is_shape(shape))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isidentifier()


def _is_shape(value: object) -> bool:
    is_short = isinstance(value, tuple) and len(value) <= MAX_DIMENSIONS
    return is_short and all(type(length) is int and 0 <= length < NO_LIMIT for length in value)  # type: ignore[attr-defined]


def _name(text: str) -> str:
    return on_one_line(text[:MAX_NAME_CHARS])


def _message(text: str) -> str:
    return sanitise(text[:MAX_MESSAGE_CHARS])
