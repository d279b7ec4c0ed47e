"""Reads strangers' files in a process of its own, under limits of time and memory: what happens there costs one file.

Started by `Reader` as `python -I -m autograder.submission.reader_process`, with its end of a socket pair as descriptor
0. The first message holds what the course hands out, each of the others the path of a file; the answer to it is what
was read, within limits, or why it cannot be read. It is JSON in both directions.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autograder.errors import UserError
from autograder.sandbox.memory import bound_memory
from autograder.submission import messages
from autograder.submission.errors import UnreadableError
from autograder.submission.handout import Handout
from autograder.submission.messages import Problem
from autograder.submission.model import Submission
from autograder.submission.reader import read_file

CPU_SECONDS = 5  # for one file; the largest honest ones take a tenth of it
MEMORY_MB = 512  # for one file, beyond what Python takes
WALL_SECONDS = 120  # the disk may be slow, and the machine busy
START_SECONDS = 60
MAX_REASON_CHARS = 200
MAX_ANSWER_BYTES = 64 << 20  # more than all that is kept of a file


class Reader:
    """Reads files in a process that is started when it is needed, and again when one did not survive a file."""

    def __init__(self, handouts: Sequence[Handout]) -> None:
        self.handouts = list(handouts)
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection
        self.seconds = 0.0  # of computing, for all files so far
        self._owner = 0  # the process that has started it: a fork of that must not share it
        self._one_at_a_time = threading.Lock()

    def close(self) -> None:
        with self._one_at_a_time:
            self._end()

    def read(self, file: Path, assignment: str) -> Submission:
        """What was read of a file that may be the work on an assignment. Raises UnreadableError, whatever it holds."""
        with self._one_at_a_time:
            if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
                self._end()
                self._start()
            try:
                place = os.fspath(file.absolute())  # our folder may be another one since the process was started
                answer = self._ask({"file": place, "assignment": assignment}, WALL_SECONDS)
            except (EOFError, OSError):
                self._end()
                self.seconds += CPU_SECONDS
                raise _takes_too_much(file) from None
            except BaseException:  # Ctrl-C: the answer may still come, and is not the next one's
                self._end()
                raise
        self.seconds += answer["seconds"]
        if "problem" in answer:
            raise UnreadableError.from_json(answer)
        return Submission.from_json(answer["submission"])

    def _end(self) -> None:
        if self._process is None:
            return
        self._connection.close()
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
        self._process = None

    def _start(self) -> None:
        own_end, reader_end = socket.socketpair()
        with reader_end:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "autograder.submission.reader_process"],
                stdin=reader_end.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the run's
            )
        self._connection = Connection(own_end.detach())
        self._owner = os.getpid()
        try:
            self._ask({"handouts": [each.to_json() for each in self.handouts]}, START_SECONDS)
        except (EOFError, OSError):
            self._end()
            raise UserError(messages.READER_NOT_STARTED) from None

    def _ask(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Raises EOFError or OSError where there is no answer."""
        self._connection.send_bytes(json.dumps(message).encode())
        if not self._connection.poll(seconds):
            raise EOFError
        answer: dict[str, Any] = json.loads(self._connection.recv_bytes(MAX_ANSWER_BYTES))
        return answer


_kept: list[Reader] = []  # of the courses that were read last
MAX_KEPT = 4
_keeping = threading.Lock()


def reader_for(handouts: Sequence[Handout]) -> Reader:
    """The reader for a course. It is kept for the next call, and until the process ends."""
    with _keeping:
        reader = next((each for each in _kept if each.handouts == list(handouts)), None)
        if reader is None:
            reader = Reader(handouts)
            _kept.append(reader)
        old = _kept[:-MAX_KEPT]
        del _kept[:-MAX_KEPT]
    for each in old:
        each.close()
    return reader


@atexit.register
def _close_readers() -> None:
    for reader in _kept:
        reader.close()


def main() -> None:
    """Answer until the other side hangs up."""
    connection = Connection(os.dup(0))
    with suppress(EOFError):
        handouts = [Handout.from_json(each) for each in json.loads(connection.recv_bytes())["handouts"]]
        _send(connection, {})
        while True:
            request = json.loads(connection.recv_bytes())
            _bound()
            began = time.process_time()
            answer = _answer(Path(request["file"]), request["assignment"], handouts)
            _send(connection, {**answer, "seconds": time.process_time() - began})


def _bound() -> None:
    """From here on, the next file has as much time and memory as any other. Who takes more of the time is killed."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS, most))
    bound_memory(MEMORY_MB << 20)


def _answer(file: Path, assignment: str, handouts: Sequence[Handout]) -> dict[str, Any]:
    try:
        return {"submission": read_file(file, assignment, handouts).to_json()}
    except UnreadableError as error:
        return error.to_json()
    except MemoryError:
        return _takes_too_much(file).to_json()
    except Exception as error:  # whatever a stranger's file brings about, it costs that file
        reason = f"{type(error).__name__}: {error}"[:MAX_REASON_CHARS]
        return UnreadableError(Problem.NOT_UNDERSTOOD, file=file.name, error=reason).to_json()


def _takes_too_much(file: Path) -> UnreadableError:
    return UnreadableError(Problem.TAKES_TOO_MUCH, file=file.name, seconds=CPU_SECONDS, memory_mb=MEMORY_MB)


def _send(connection: Connection, answer: dict[str, Any]) -> None:
    connection.send_bytes(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
