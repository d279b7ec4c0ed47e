"""The grader's side: starts the zygote, calls functions in workers, and believes nothing that they say."""

from __future__ import annotations

import json
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Self

from autograder.sandbox import wire
from autograder.sandbox.calls import (
    MESSAGE_LENGTH,
    Crashed,
    Limits,
    Line,
    Missing,
    Raised,
    Reply,
    Returned,
    SandboxError,
    TimedOut,
    Upstream,
)
from autograder.sandbox.confinement import unsupported
from autograder.sandbox.statements import Part

THREADS = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "VECLIB", "NUMEXPR")}
POLL_SECONDS = 0.1
READ_BYTES = 1 << 17
START_SECONDS = 60
LOADING = 4  # loading a submission may take as long as so many calls


class Sandbox:
    """A zygote, and the workers forked from it. Use it as a context manager, from one thread."""

    def __init__(self, limits: Limits, imports: Sequence[str], *, confined: bool = True) -> None:
        """Raises SandboxError when confinement is wanted and this machine has none."""
        if confined and (reason := unsupported()):
            raise SandboxError(reason)
        self.limits = limits
        self.confined = confined
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        settings = {"limits": asdict(limits), "imports": list(imports), "confined": confined}
        with theirs:
            self._zygote = subprocess.Popen(
                [sys.executable, "-I", "-m", "autograder.sandbox.zygote", json.dumps(settings)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=THREADS,
                cwd="/",
                start_new_session=True,
            )
        self._receive()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._control.close()
        self._zygote.kill()
        self._zygote.communicate()

    def spawn(self, wire_end: socket.socket) -> int:
        """Fork a worker that serves `wire_end`; returns its process id."""
        try:
            socket.send_fds(self._control, [b'{"spawn": true}'], [wire_end.fileno()])
        except OSError as error:
            raise SandboxError(f"the zygote is gone: {error}") from error
        return self._receive()["pid"]

    def reap(self, pid: int) -> int:
        """End a worker; returns its exit code, or minus the signal that it died of."""
        self._control.send(json.dumps({"reap": pid}).encode())
        return self._receive()["status"]

    def _receive(self) -> dict[str, int]:
        try:
            answer = self._control.recv(1 << 16)
        except OSError as error:
            raise SandboxError(f"the zygote does not answer: {error}") from error
        if not answer:
            self._zygote.kill()
            said = self._zygote.communicate()[1].decode(errors="replace").strip().splitlines()
            raise SandboxError(f"the zygote ended: {said[-1] if said else 'without a word'}")
        return {str(key): int(value) for key, value in json.loads(answer).items()}


class Worker:
    """One submission's functions in a confined process; one that dies, hangs or babbles is replaced by a fresh one."""

    def __init__(self, sandbox: Sandbox, parts: Sequence[Part]) -> None:
        """`parts` are the submissions of earlier assignments, in order, and last the one whose functions are called."""
        self._sandbox = sandbox
        self._parts = [asdict(part) for part in parts]
        self._process: _Process | None = None
        self._unloadable: TimedOut | Crashed | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._process:
            self._process.end()
            self._process = None

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Call one of the student's functions. However that ends, it ends in a Reply; SandboxError is our own fault."""
        if self._unloadable:
            return self._unloadable
        if self._process is None:
            self._process = _Process(self._sandbox)
            loaded = self._process.exchange({"parts": self._parts}, calls=LOADING)
            if not isinstance(loaded, dict):
                self.close()
                self._unloadable = loaded  # it would only happen again
                return loaded
        message = {
            "name": name,
            "args": list(args),
            "kwargs": dict(kwargs),
            "upstream": {key: list(value) for key, value in upstream.parameters.items()} if upstream else {},
        }
        answer = self._process.exchange(message, upstream)
        reply = _reply(answer) if isinstance(answer, dict) else answer
        if isinstance(reply, TimedOut | Crashed):
            self.close()
        return reply


class _Process:
    """One worker process and its wire."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._limits = sandbox.limits
        self._wire, theirs = socket.socketpair()
        self._wire.setblocking(False)
        self._come = bytearray()
        with theirs:
            self.pid = sandbox.spawn(theirs)
        self._status: int | None = None
        try:
            failure = self._receive(_Deadline(self.pid, self._limits))["failure"]
        except (EOFError, OSError, _OutOfTimeError) as error:
            failure = repr(error)
        if failure:
            raise SandboxError(f"a worker could not be confined: {failure}")

    def end(self) -> int:
        """Kill and bury the process; returns its exit code, or minus the signal that it died of."""
        if self._status is None:
            self._wire.close()
            self._status = self._sandbox.reap(self.pid)
        return self._status

    def exchange(
        self, message: dict[str, Any], upstream: Upstream | None = None, *, calls: int = 1
    ) -> dict[str, Any] | TimedOut | Crashed:
        """Send a message, wait for its answer within the limits of so many calls; `upstream` answers what it asks."""
        token = secrets.token_hex(8)  # an answer written before its question was asked cannot know it
        deadline = _Deadline(self.pid, self._limits, calls)
        try:
            self._send(wire.encode({"id": token, **message}, 1 << 62), deadline)
            answer = self._receive(deadline)
            while upstream and (asked := _asked(answer, token)):
                self._send(wire.encode(_told(upstream.call(*asked)), 1 << 62), deadline)
                answer = self._receive(deadline)
        except _OutOfTimeError as late:
            return TimedOut(late.seconds)
        except wire.WireError as error:
            return Crashed(f"sent {error}")
        except (EOFError, OSError):
            return self._post_mortem()
        if answer.pop("id", None) != token:
            return Crashed("sent an answer to a call that was not made")
        return answer

    def _send(self, frame: bytes, deadline: _Deadline) -> None:
        view = memoryview(frame)
        while view:
            try:
                view = view[self._wire.send(view) :]
            except BlockingIOError:
                deadline.wait(self._wire, select.POLLOUT)

    def _receive(self, deadline: _Deadline) -> dict[str, Any]:
        limit = self._limits.answer_bytes
        prefix = self._read(wire.PREFIX.size, deadline)
        return wire.decode(prefix, self._read(wire.lengths(prefix, limit), deadline), limit)

    def _read(self, length: int, deadline: _Deadline) -> bytes:
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

    def _post_mortem(self) -> TimedOut | Crashed:
        status = self.end()
        if status == -signal.SIGXCPU:
            return TimedOut(self._limits.cpu_seconds)
        if status >= 0:
            return Crashed(f"ended itself (exit code {status})")
        if status == -signal.SIGKILL:
            return Crashed("hung up in the middle of the call")
        return Crashed(f"was ended by {signal.Signals(-status).name}")


class _OutOfTimeError(Exception):
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class _Deadline:
    """The limits of some calls: CPU time of the worker, so that a busy machine costs nobody a mark, and wall time."""

    def __init__(self, pid: int, limits: Limits, calls: int = 1) -> None:
        self._cpu_limit = calls * limits.cpu_seconds
        self._wall_limit = calls * limits.wall_seconds
        self._clock = (~pid << 3) | 2  # the kernel's name for the CPU clock of a process: clock_getcpuclockid(3)
        self._started = time.monotonic()
        self._cpu_started = self._cpu()

    def wait(self, wire_end: socket.socket, event: int) -> None:
        """Return when the wire is ready for `event`; raises _OutOfTimeError when a limit passes first."""
        poll = select.poll()
        poll.register(wire_end, event)
        while not poll.poll(1000 * min(POLL_SECONDS, self._cpu_limit)):
            self.check()

    def check(self) -> None:
        """Raises _OutOfTimeError when a limit has passed."""
        wall = time.monotonic() - self._started
        if wall > self._wall_limit:
            raise _OutOfTimeError(self._wall_limit)
        if wall > self._cpu_limit and self._cpu() - self._cpu_started > self._cpu_limit:
            raise _OutOfTimeError(self._cpu_limit)

    def _cpu(self) -> float:
        try:
            return time.clock_gettime(self._clock)
        except OSError:  # the process is gone, or this system has no such clock: wall time alone decides
            return 0.0


def _asked(answer: dict[str, Any], token: str) -> tuple[str, list[Any], dict[str, Any]] | None:
    """The call of an upstream function that a worker asks for; None when it says something else."""
    match answer:
        case {"id": str(given), "kind": "asked", "name": str(name), "args": list(args), "kwargs": dict(kwargs)}:
            return (name, args, kwargs) if given == token else None
    return None


def _told(reply: Reply) -> dict[str, Any]:
    """The answer to such a call."""
    if isinstance(reply, Returned):
        return {"kind": "returned", "value": reply.value}
    if isinstance(reply, Raised):
        return {"kind": "raised", "type": reply.type, "message": reply.message}
    return {"kind": "raised", "type": "RuntimeError", "message": "the call brought no answer"}


def _reply(answer: dict[str, Any]) -> Reply:
    """What a worker says of a call, checked word by word: the student's code may have written it."""
    match answer:
        case {"kind": "returned", "value": value, "changed": list(changed)} if all(
            type(key) in (int, str) for key in changed
        ):
            return Returned(value, tuple(changed))
        case {"kind": "raised", "type": str(kind), "bases": tuple(bases), "message": str(message), "line": line}:
            names = tuple(_text(base) for base in bases if isinstance(base, str))
            return Raised(_text(kind), names, _text(message), _line(line))
        case {"kind": "missing", "reason": str(reason)}:
            return Missing(_text(reason))
    return Crashed("sent an answer of no known kind")


def _line(line: object) -> Line | None:
    match line:
        case {"label": str(label), "number": int(number), "text": str(text)}:
            return Line(_text(label), number, _text(text))
    return None


def _text(text: str) -> str:
    """A stranger's words, cut to a length and without control characters."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text[:MESSAGE_LENGTH])
