"""One guest and its end of the wire, and the process that it lives in. Portable."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import Empty, Queue, SimpleQueue
from typing import IO, Any

from autograder.sandbox import messages
from autograder.sandbox.exchange.deadline import Deadline
from autograder.sandbox.exchange.process import WorkerProcess
from autograder.sandbox.protocol import SandboxError
from autograder.sandbox.wasm import pipes
from autograder.sandbox.wasm.pipes import Kind, Message
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import WireError
from autograder.settings import Limits

KILLED = -9  # as if by SIGKILL: the status of what we ended ourselves
END_SECONDS = 5
MAX_LAST_WORDS = 1 << 12  # bytes
SYSTEM = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR")  # the variables without which a process on Windows cannot begin


class Host:
    """The process of one guest after the other, and its pipes, which threads write and read."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._last_words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (it is closed with the process)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-m", "autograder.sandbox.wasm.host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._last_words,
            bufsize=0,
            env={name: os.environ[name] for name in SYSTEM if name in os.environ},
        )
        self.pid = self._process.pid
        self.thread = 0  # of the process, the one that guests compute in; known once one is ready
        self.has_had_guests = False
        self._is_ready = False
        self._to_write: SimpleQueue[bytes | None] = SimpleQueue()
        self._come: Queue[Message | None] = Queue(1)  # a guest that floods us waits; None: it has ended
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._write, self._read)]
        for thread in self._threads:
            thread.start()
        self.send(Kind.SETTINGS, json.dumps(settings).encode())

    def send(self, kind: Kind, content: bytes = b"") -> None:
        self._to_write.put(pipes.packed(kind, content))

    def receive(self, seconds: float) -> Message | None:
        """The next message; None when the process has ended. Raises Empty where there is none yet."""
        message = self._come.get(timeout=seconds) if seconds > 0 else self._come.get_nowait()
        if message is None:
            self._come.put(None)
        return message

    def is_ready(self, seconds: float = 0) -> bool:
        """Whether a guest waits that has seen nothing."""
        with suppress(Empty):
            while not self._is_ready and (message := self.receive(seconds)) is not None:
                kind, content = message
                if kind is Kind.READY:  # what the last guest said beyond that, nobody wants to know
                    self._is_ready, self.thread = True, int(content)
        return self._is_ready

    def take(self) -> None:
        """Its guest is somebody's now."""
        self._is_ready = False

    def next(self) -> None:
        """Be done with its guest, and let it make another."""
        self.send(Kind.NEXT)
        self.has_had_guests = True

    def end(self) -> int:
        """Kill the process and wait for it; returns what it had ended with by itself: a code, or minus a signal."""
        had_ended = self._process.poll() is not None
        self._process.kill()
        status = self._process.wait()
        self._to_write.put(None)
        with suppress(Empty):
            self._come.get_nowait()  # so that the thread that reads comes to its end
        for thread in self._threads:
            thread.join(END_SECONDS)
        return status if had_ended else KILLED

    def last_words(self) -> str:
        """The last line of what it had to say."""
        size = self._last_words.seek(0, os.SEEK_END)
        self._last_words.seek(max(0, size - MAX_LAST_WORDS))
        lines = self._last_words.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def close(self) -> None:
        self.end()
        self._last_words.close()

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        with suppress(OSError), pipe:
            while (message := self._to_write.get()) is not None:
                pipes.write(pipe.fileno(), message)

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        with pipe, suppress(OSError, ValueError):
            while (message := pipes.read(lambda length: _exactly(pipe, length))) is not None:
                self._come.put(message)
        self._come.put(None)


class GuestProcess(WorkerProcess):
    """A guest that nobody has used, for one worker."""

    slowness = 3.0  # loops take two to three times as long as in a process, products of large matrices five times

    def __init__(self, host: Host, limits: Limits, give_back: Callable[[Host], None], start_seconds: float) -> None:
        """`give_back` takes the process whose guest is gone. Raises SandboxError where none comes."""
        is_ready = host.is_ready(start_seconds)
        super().__init__(host.pid, limits, host.thread)
        self._host = host
        self._give_back = give_back
        self._is_asked = False  # and has not answered yet
        self._status: int | None = None
        self._is_gone = False
        if not is_ready:
            self._clock.close()
            host.end()
            words = host.last_words()
            host.close()
            raise SandboxError(messages.guest_not_started(words) if words else messages.GUEST_NOT_STARTED)
        host.take()

    def end(self) -> int:
        if not self._is_gone:
            self._is_gone = True
            self._clock.close()
            if self._status is None:
                self._status = self._host.end()
                self._host.close()
            else:  # it has ended by itself
                self._host.next()
                self._give_back(self._host)
        assert self._status is not None
        return self._status

    def leave(self) -> None:
        if not self._is_gone and not self._is_asked:
            self._status = 0
        self.end()

    def _send(self, frame: bytes, deadline: Deadline) -> None:
        self._is_asked = True
        self._host.send(Kind.FRAME, frame)

    def _receive(self, deadline: Deadline) -> dict[str, Any]:
        kind, content = self._next_message(deadline)
        self._is_asked = False
        if kind is Kind.ENDED:
            self._status = int(content)
            raise EOFError
        limit = self._limits.answer_bytes
        if kind is Kind.TOO_LONG:
            raise WireError(f"{int(content):,} bytes where {limit:,} are allowed")
        prefix, rest = content[: wire.PREFIX.size], content[wire.PREFIX.size :]
        if len(prefix) < wire.PREFIX.size:
            raise WireError("a frame of another length than it says")
        wire.lengths(prefix, limit)
        return wire.decode(prefix, rest, limit)

    def _next_message(self, deadline: Deadline) -> Message:
        """Raises OutOfTimeError, and EOFError where the process has ended."""
        while True:
            try:
                message = self._host.receive(deadline.pause)
            except Empty:
                deadline.check()
                continue
            if message is None:
                raise EOFError
            return message


def _exactly(pipe: IO[bytes], length: int) -> bytes | None:
    parts = []
    while length:
        part = pipe.read(min(length, 1 << 20))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
