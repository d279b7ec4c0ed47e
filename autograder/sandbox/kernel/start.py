"""Starts the zygote's process, before anybody needs it where somebody will: what it begins with takes it some time.

Light: nothing of the grader is imported here, so that it begins while who grades with it imports all of that.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import NamedTuple

from autograder.sandbox.protocol import THREAD_LIMITS

# Memory that glibc keeps instead of giving it back: what a worker touches for the first time costs it dearly.
KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
    "MALLOC_TOP_PAD_": str(2 << 20),
}


class StartedZygote(NamedTuple):
    """A zygote's process, and our end of the socket through which it is told what it is to be, and asked."""

    process: subprocess.Popen[bytes]
    control: socket.socket


_ahead: list[StartedZygote] = []  # at most one


def start_zygote_ahead() -> None:
    """Let a zygote begin, which the next home of this process takes. It ends with this process where none does."""
    if not _ahead:
        _ahead.append(_start())


def take_zygote() -> StartedZygote:
    """The one that has begun already, or else one that begins now."""
    return _ahead.pop() if _ahead else _start()


def _start() -> StartedZygote:
    control, zygote_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with zygote_end:
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "autograder.sandbox.kernel.zygote"],
            stdin=zygote_end.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=THREAD_LIMITS | KEEP_MEMORY,
            cwd="/",
            start_new_session=True,
        )
    return StartedZygote(process, control)


def drop_zygote() -> None:
    """End the one that has begun, if there is one: nobody will take it."""
    while _ahead:
        started = _ahead.pop()
        started.control.close()
        started.process.kill()
        last_words(started.process)


def last_words(process: subprocess.Popen[bytes]) -> str:
    """Wait for the end of a zygote; returns the last line of what it had to say."""
    if process.stderr is None or process.stderr.closed:
        return ""
    lines = process.communicate()[1].decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
