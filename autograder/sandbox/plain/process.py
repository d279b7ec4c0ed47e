"""One plain worker process and its pipes, which threads write and read: no system's way to wait for them is needed."""

from __future__ import annotations

import math
import os
import re
import signal
import struct
import subprocess
import threading
import time
from contextlib import suppress
from itertools import pairwise
from queue import Empty, SimpleQueue
from typing import IO, Any

from autograder.sandbox import messages
from autograder.sandbox.exchange.deadline import Deadline, OutOfTimeError
from autograder.sandbox.exchange.process import WorkerProcess
from autograder.sandbox.plain.started import Started
from autograder.sandbox.protocol import SandboxError
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import WireError
from autograder.settings import Limits

START_SECONDS = 60  # of computing, in which a process has loaded NumPy
END_SECONDS = 2  # in which a process that has closed its pipe ends by itself
MAX_LAST_WORDS = 1 << 16  # bytes
FRAME = re.compile(r'^  File "(.*)", line (\d+) in ', re.MULTILINE)  # as faulthandler writes it
TRACEBACK = re.compile(r"^(?:Stack \(|Fatal Python error|Windows fatal exception)", re.MULTILINE)
ASKING: signal.Signals | None = getattr(signal, "SIGUSR1", None)  # asks a process to write down where it is
POLL_SECONDS = 0.02
TELL_SECONDS = 0.5  # in which it has done so


class PlainProcess(WorkerProcess):
    """One process and its wire."""

    def __init__(self, started: Started, limits: Limits) -> None:
        """Raises SandboxError where it does not begin as it should."""
        super().__init__(started.process.pid, limits)
        self._started = started
        self._status: int | None = None
        self._is_asked = False  # and has not answered yet
        self._ended_in: list[tuple[str, int]] = []
        self._told = ""  # its last words, when it has ended
        self._to_write: SimpleQueue[bytes | None] = SimpleQueue()
        self._come: SimpleQueue[dict[str, Any] | Exception] = SimpleQueue()
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._write, self._read)]
        for thread in self._threads:
            thread.start()
        try:
            self._receive(Deadline(self._clock, limits, math.ceil(START_SECONDS / limits.cpu_seconds)))
        except (EOFError, OSError, WireError, OutOfTimeError) as error:
            self.end()
            raise SandboxError(messages.not_started(self._told or repr(error))) from None

    @property
    def ended_in(self) -> list[tuple[str, int]]:
        return self._ended_in

    def end(self) -> int:
        if self._status is None:
            if self._is_asked:
                self._ask_where()
            self._status = self._started.end()
            self._to_write.put(None)
            for thread in self._threads:  # one may be kept by a process that the student's code has started
                thread.join(END_SECONDS)
            self._clock.close()
            self._told = self._last_words()
            self._ended_in = frames_of(self._told)
            self._started.last_words.close()
        return self._status

    def _ask_where(self) -> None:
        """Let a process that is at work write down where it is."""
        if ASKING is None or self._started.process.poll() is not None:
            return
        file = self._started.last_words.fileno()
        before = os.fstat(file).st_size
        self._started.process.send_signal(ASKING)
        deadline = time.monotonic() + TELL_SECONDS
        while os.fstat(file).st_size == before and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        time.sleep(POLL_SECONDS)  # it writes line by line

    def _post_mortem(self, deadline: Deadline) -> Any:
        with suppress(subprocess.TimeoutExpired):  # it has closed its pipe: so that it says what it died of
            self._started.process.wait(END_SECONDS)
        return super()._post_mortem(deadline)

    def _send(self, frame: bytes, deadline: Deadline) -> None:
        self._is_asked = True
        self._to_write.put(frame)

    def _receive(self, deadline: Deadline) -> dict[str, Any]:
        while True:
            try:
                come = self._come.get(timeout=deadline.pause)
            except Empty:
                deadline.check()
                continue
            if isinstance(come, Exception):
                raise come
            self._is_asked = False
            return come

    def _write(self) -> None:
        """Write what is to be sent. Where that fails, the process is ending: its last message tells."""
        pipe = self._started.process.stdin
        assert pipe is not None
        with suppress(OSError), pipe:
            while (frame := self._to_write.get()) is not None:
                view = memoryview(frame)
                while view:
                    view = view[pipe.write(view) :]

    def _read(self) -> None:
        """Read messages, until there is none any more."""
        pipe = self._started.process.stdout
        assert pipe is not None
        limit = self._limits.answer_bytes
        with pipe:
            try:
                while True:
                    prefix = _exactly(pipe, wire.PREFIX.size)
                    self._come.put(wire.decode(prefix, _exactly(pipe, wire.lengths(prefix, limit)), limit))
            except (EOFError, OSError, WireError, struct.error) as error:
                self._come.put(error)

    def _last_words(self) -> str:
        file = self._started.last_words
        size = file.seek(0, 2)
        file.seek(max(0, size - MAX_LAST_WORDS))
        return file.read().decode("ascii", "backslashreplace").strip()


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    """Raises EOFError."""
    parts = []
    while length:
        part = pipe.read(min(length, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def frames_of(last_words: str) -> list[tuple[str, int]]:
    """The frames in the last traceback that tells of any, innermost first: one may be cut off by the process's end."""
    starts = [match.start() for match in TRACEBACK.finditer(last_words)]
    for start, end in reversed(list(pairwise([*starts, len(last_words)]))):
        if found := FRAME.findall(last_words[start:end]):
            return [(file, int(line)) for file, line in found]
    return []
