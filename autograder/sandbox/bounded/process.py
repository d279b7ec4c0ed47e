"""A module of ours in a process of its own, that is asked and answers in JSON: what happens there, happens to no other.

Both ends of it are here. The module is started as `python -I -m MODULE`, with its end of a socket pair as descriptor 0.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from typing import Any

from autograder.sandbox.bounded.memory import bound_memory

MAX_ANSWER_BYTES = 64 << 20  # more than anybody here has to say


class BoundedProcess:
    """The process, for whoever asks."""

    def __init__(self, module: str) -> None:
        own_end, its_end = socket.socketpair()
        with its_end:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", module],
                stdin=its_end.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the run's
            )
        self._connection = Connection(own_end.detach())
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
        self._connection.send_bytes(json.dumps(message).encode())

    def hear(self, seconds: float) -> dict[str, Any]:
        """The next answer. Raises EOFError or OSError where there is none."""
        if not self._connection.poll(seconds):
            raise EOFError
        answer: dict[str, Any] = json.loads(self._connection.recv_bytes(MAX_ANSWER_BYTES))
        return answer

    def close(self) -> None:
        self._connection.close()
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()


class Asker:
    """Whoever asks, for the process."""

    def __init__(self) -> None:
        self._connection = Connection(os.dup(0))

    def next_question(self) -> dict[str, Any]:
        """Raises EOFError where the other side has hung up."""
        question: dict[str, Any] = json.loads(self._connection.recv_bytes())
        return question

    def answer(self, answer: dict[str, Any]) -> None:
        self._connection.send_bytes(json.dumps(answer).encode())


def bound_process(cpu_seconds: int, memory_bytes: int) -> None:
    """From here on, this process has so much time and memory. Who takes more of the time is killed."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds, most))
    bound_memory(memory_bytes)
