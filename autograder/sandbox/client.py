"""The grader's side: starts the zygote, from which confined workers are forked."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import NamedTuple, Self

from autograder.sandbox import messages
from autograder.sandbox.exchange.calls import THREAD_LIMITS, Budget, Worker
from autograder.sandbox.given.files import NO_FILES, GivenFiles
from autograder.sandbox.kernel.confinement import unsupported
from autograder.sandbox.kernel.process import Process
from autograder.sandbox.protocol import Cell, Part, SandboxError
from autograder.settings import Limits

# Memory that glibc keeps instead of giving it back: what a worker touches for the first time costs it dearly.
KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
    "MALLOC_TOP_PAD_": str(2 << 20),
}
START_SECONDS = 60


class Sandbox:
    """A zygote, and the workers forked from it. Use it as a context manager, from one thread."""

    def __init__(
        self,
        limits: Limits,
        imports: Sequence[str],
        *,
        confined: bool = True,
        files: GivenFiles = NO_FILES,
        given_cells: Sequence[Cell] = (),
    ) -> None:
        """`files` are those that answers may read, `given_cells` what students were given: it is compiled once.

        Raises SandboxError when confinement is wanted and this machine has none.
        """
        if confined and (reason := unsupported()):
            raise SandboxError(reason)
        self.limits = limits
        self.confined = confined
        self._control, zygote_end = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        settings = {
            "limits": asdict(limits),
            "imports": list(imports),
            "files": files.to_json(),
            "confined": confined,
            "given_cells": [(cell.label, cell.source) for cell in given_cells],
        }
        with zygote_end:
            self._zygote = subprocess.Popen(
                [sys.executable, "-I", "-m", "autograder.sandbox.kernel.zygote"],
                stdin=zygote_end.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=THREAD_LIMITS | KEEP_MEMORY,
                cwd="/",
                start_new_session=True,
            )
        try:
            with suppress(OSError):  # it has ended, and there is a reason to be read
                self._control.sendall(json.dumps(settings).encode() + b"\n")
            self._receive()
        except SandboxError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._control.close()
        self._zygote.kill()
        self._last_words()

    def _last_words(self) -> str:
        """Wait for the end of the zygote; returns the last line of what it had to say."""
        if self._zygote.stderr is None or self._zygote.stderr.closed:
            return ""
        lines = self._zygote.communicate()[1].decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    def spawn(self, limits: Limits | None = None) -> Process:
        """Fork a worker, whose calls are held to the sandbox's limits or to others."""
        own_end, worker_end = socket.socketpair()
        with worker_end:
            try:
                pid = self._ask({"spawn": True}, [worker_end.fileno()])["pid"]
            except SandboxError:
                own_end.close()
                raise
        return Process(pid, own_end, limits or self.limits, self.reap)

    @contextmanager
    def submission(self, parts: Sequence[Part], reference: Sequence[Part]) -> Iterator[SubmissionWorkers]:
        """The workers that one submission is graded with. They share one budget of time.

        The reference runs no student's code, but gets arguments that a student's code made: so it is confined too.
        """
        budget = Budget(self.limits)
        with (
            Worker(self, parts, budget) as first,
            Worker(self, parts, budget) as again,
            Worker(self, reference, budget, whole=True) as right,
        ):
            yield SubmissionWorkers(first, again, right)

    def reap(self, pid: int) -> int:
        """End a worker; returns its exit code, or minus the signal that it died of."""
        return self._ask({"reap": pid})["status"]

    def _ask(self, request: dict[str, int], descriptors: Sequence[int] = ()) -> dict[str, int]:
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            raise SandboxError(messages.zygote_gone(error)) from error
        return self._receive()

    def _receive(self) -> dict[str, int]:
        try:
            answer = self._control.recv(1 << 16)
        except OSError as error:
            raise SandboxError(messages.zygote_silent(error)) from error
        if not answer:
            self._zygote.kill()
            last_words = self._last_words()
            raise SandboxError(messages.zygote_ended(last_words) if last_words else messages.ZYGOTE_ENDED)
        return {str(key): int(value) for key, value in json.loads(answer).items()}


class Hurried(NamedTuple):
    """The same sandbox, for workers whose calls are held to other limits. What the kernel bounds stays as it is."""

    sandbox: Sandbox
    limits: Limits

    def spawn(self) -> Process:
        return self.sandbox.spawn(self.limits)


class SubmissionWorkers(NamedTuple):
    """A student's functions, the same once more in another process, and the reference's."""

    student: Worker
    student_again: Worker
    reference: Worker
