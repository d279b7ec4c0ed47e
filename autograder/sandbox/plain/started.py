"""Plain processes that are started: each loads NumPy while others work, and then waits for its settings. Portable.

Nothing that takes long to import is needed here, so that a command can start one before anything else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from autograder.sandbox.protocol import THREAD_LIMITS

_waiting: list[Started] = []


@dataclass(frozen=True)
class Started:
    """A process, and the file into which it says where it is."""

    process: subprocess.Popen[bytes]
    last_words: IO[bytes]

    def send(self, frame: bytes) -> None:
        """Raises OSError."""
        assert self.process.stdin is not None
        view = memoryview(frame)
        while view:
            view = view[self.process.stdin.write(view) :]

    def end(self) -> int:
        """Kill it and wait for it; returns its exit code or minus a signal."""
        self.process.kill()
        return self.process.wait()

    def discard(self) -> None:
        """The same for one that nobody has asked anything."""
        self.end()
        for each in (self.process.stdin, self.process.stdout, self.last_words):
            if each is not None:
                each.close()


def start() -> Started:
    """One that waits already, or a new one."""
    return _waiting.pop() if _waiting else _start()


@contextmanager
def one_waiting() -> Iterator[None]:
    """Start one at once, for whoever will want one within this context."""
    _waiting.append(_start())
    try:
        yield
    finally:
        while _waiting:
            _waiting.pop().discard()


def _start() -> Started:
    last_words = tempfile.TemporaryFile()  # noqa: SIM115  (it is closed with the process)
    process = subprocess.Popen(
        # Nothing in the folder that one works in takes the place of a module.
        [sys.executable, "-P", "-m", "autograder.sandbox.plain.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=last_words,
        bufsize=0,
        env=os.environ | THREAD_LIMITS,
    )
    return Started(process, last_words)
