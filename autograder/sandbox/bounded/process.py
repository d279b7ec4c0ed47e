"""A module of ours in a process of its own, that is asked and answers in JSON: what happens there, happens to no other.

Both ends of it are here. The module is started as `python -I -m MODULE`, with pipes as its standard input and output.
Portable; how much it is bounded is the system's matter.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from autograder.sandbox.bounded.memory import bound_memory

MAX_ANSWER_BYTES = 64 << 20  # more than anybody here has to say
LENGTH = struct.Struct("!Q")
END_SECONDS = 5  # in which a thread has seen that the process is gone


class BoundedProcess:
    """The process, for whoever asks."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is the run's
        )
        self._answers: SimpleQueue[bytes | None] = SimpleQueue()  # None: there is none any more
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self._owner = os.getpid()  # a fork of this must not share it: the answers to one would reach the other

    @property
    def is_usable(self) -> bool:
        """Whether it lives, and is ours."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Raises EOFError or OSError where there is no answer."""
        self.tell(message)
        return self.hear(seconds)

    def tell(self, message: dict[str, Any]) -> None:
        """Ask, and come back for the answer later. Raises OSError."""
        assert self._process.stdin is not None
        _write(self._process.stdin.fileno(), json.dumps(message).encode())

    def hear(self, seconds: float) -> dict[str, Any]:
        """The next answer. Raises EOFError where there is none."""
        try:
            answer = self._answers.get(timeout=seconds)
        except Empty:
            raise EOFError from None
        if answer is None:
            raise EOFError
        read: dict[str, Any] = json.loads(answer)
        return read

    def close(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
            self._thread.join(END_SECONDS)

    def _listen(self) -> None:
        pipe, answers = self._process.stdout, self._answers
        assert pipe is not None
        with pipe, suppress(EOFError, OSError):
            while True:
                answers.put(_read(pipe.fileno(), MAX_ANSWER_BYTES))
        answers.put(None)


class Asker:
    """Whoever asks, for the process."""

    def __init__(self) -> None:
        """From here on, nothing else is read from the pipes, nor written into them."""
        self._reading, self._writing = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1):
            os.dup2(null, standard)
        os.close(null)
        if sys.platform == "win32":
            import msvcrt

            for descriptor in (self._reading, self._writing):
                msvcrt.setmode(descriptor, os.O_BINARY)

    def next_question(self) -> dict[str, Any]:
        """Raises EOFError where the other side has hung up."""
        question: dict[str, Any] = json.loads(_read(self._reading))
        return question

    def answer(self, answer: dict[str, Any]) -> None:
        _write(self._writing, json.dumps(answer).encode())


def bound_process(cpu_seconds: int, memory_bytes: int) -> None:
    """From here on, this process has so much time and memory, as far as the system knows such limits.

    Who takes more of the time is killed.
    """
    bound_memory(memory_bytes)
    try:
        import resource
    except ImportError:  # Windows: the time is then that of whoever asks
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds, most))


def _write(descriptor: int, content: bytes) -> None:
    view = memoryview(LENGTH.pack(len(content)) + content)
    while view:
        view = view[os.write(descriptor, view) :]


def _read(descriptor: int, most_bytes: int | None = None) -> bytes:
    """Raises EOFError where the other side has hung up, and OSError where it says too much."""
    (length,) = LENGTH.unpack(_exactly(descriptor, LENGTH.size))
    if most_bytes is not None and length > most_bytes:
        raise OSError
    return _exactly(descriptor, length)


def _exactly(descriptor: int, length: int) -> bytes:
    parts = []
    while length:
        part = os.read(descriptor, min(length, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
