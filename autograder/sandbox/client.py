"""The grader's side: starts the zygote, calls functions in workers, and trusts nothing that they send."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, NamedTuple, Self

from autograder.sandbox import messages
from autograder.sandbox.kernel.confinement import unsupported
from autograder.sandbox.kernel.process import Process, read_repeated, read_reply
from autograder.sandbox.protocol import (
    MIN_CALLS,
    Crash,
    Crashed,
    Part,
    Place,
    Reply,
    Returned,
    SandboxError,
    TimedOut,
    Upstream,
)
from autograder.settings import Limits

# Memory that glibc keeps instead of giving it back: what a worker touches for the first time costs it dearly.
KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
    "MALLOC_TOP_PAD_": str(2 << 20),
}
THREAD_LIMITS = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "VECLIB", "NUMEXPR")}
START_SECONDS = 60
LOAD_TIME_CALLS = 4  # loading a submission may take as long as so many calls


class Sandbox:
    """A zygote, and the workers forked from it. Use it as a context manager, from one thread."""

    def __init__(self, limits: Limits, imports: Sequence[str], *, confined: bool = True) -> None:
        """Raises SandboxError when confinement is wanted and this machine has none."""
        if confined and (reason := unsupported()):
            raise SandboxError(reason)
        self.limits = limits
        self.confined = confined
        self._control, zygote_end = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        settings = {"limits": asdict(limits), "imports": list(imports), "confined": confined}
        with zygote_end:
            self._zygote = subprocess.Popen(
                [sys.executable, "-I", "-m", "autograder.sandbox.kernel.zygote", json.dumps(settings)],
                stdin=zygote_end.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=THREAD_LIMITS | KEEP_MEMORY,
                cwd="/",
                start_new_session=True,
            )
        try:
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

    def spawn(self) -> Process:
        """Fork a worker."""
        own_end, worker_end = socket.socketpair()
        with worker_end:
            try:
                pid = self._ask({"spawn": True}, [worker_end.fileno()])["pid"]
            except SandboxError:
                own_end.close()
                raise
        return Process(pid, own_end, self.limits, self.reap)

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


class SubmissionWorkers(NamedTuple):
    """A student's functions, the same once more in another process, and the reference's."""

    student: Worker
    student_again: Worker
    reference: Worker


class Budget:
    """The time that one submission may take, from now on and whatever for: its calls, and all that we do about them."""

    def __init__(self, limits: Limits) -> None:
        self._used_up = TimedOut.of_all(limits)
        self._ends = time.monotonic() + limits.submission_seconds

    @property
    def left(self) -> float:
        return self._ends - time.monotonic()

    @property
    def exceeded(self) -> TimedOut | None:
        return self._used_up if self.left <= 0 else None


class Worker:
    """One submission's functions in a confined process, which the first call starts.

    A process that exits, exceeds a limit or violates the protocol is replaced.
    """

    def __init__(
        self, sandbox: Sandbox, parts: Sequence[Part], budget: Budget | None = None, *, whole: bool = False
    ) -> None:
        """`parts` are the submissions of earlier assignments, in order, and last the one whose functions are called.

        With `whole`, the functions of all of them can be. Workers of one submission share a `budget`.
        """
        self._sandbox = sandbox
        self._budget = budget or Budget(sandbox.limits)
        self._whole = whole
        self._parts = [asdict(part) for part in parts]
        self.repeated: dict[str, list[Place]] = {}  # questions defined more than once, as far as it is loaded
        self._process: Process | None = None
        self._unloadable: TimedOut | Crashed | None = None
        self._computing = True  # at top level; a submission that is not loaded in time is loaded without that

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
        return self._budget.exceeded or self._call(name, args, kwargs, upstream)

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Call it several times more, within the limits of as many calls."""
        return self._budget.exceeded or self._call(name, args, kwargs, upstream, repeat=True)

    def _start(self) -> Process | TimedOut | Crashed:
        process = self._sandbox.spawn()
        how = {"whole": self._whole, "computing": self._computing}
        loaded = self._exchange(process, {"parts": self._parts, **how}, calls=LOAD_TIME_CALLS)
        if isinstance(loaded, dict):
            last = self._parts[-1]
            labels = {cell["label"] for cell in last["cells"]}
            self.repeated = read_repeated(loaded, last["questions"], labels)
            return process
        process.end()
        return loaded

    def _exchange(
        self, process: Process, message: dict[str, Any], upstream: Upstream | None = None, *, calls: int = 1
    ) -> dict[str, Any] | TimedOut | Crashed:
        answer = process.exchange(message, upstream, calls=calls, left=self._budget.left)
        return (self._budget.exceeded or answer) if isinstance(answer, TimedOut) else answer

    def _call(
        self,
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        upstream: Upstream | None = None,
        *,
        repeat: bool = False,
    ) -> Reply:
        if self._unloadable:
            return self._unloadable
        if self._process is None:
            started = self._start()
            if isinstance(started, TimedOut) and self._computing and not started.altogether:
                self._computing = False
                started = self._start()
            if not isinstance(started, Process):
                self._unloadable = started  # it would only happen again
                return started
            self._process = started
        message = {
            "name": name,
            "args": list(args),
            "kwargs": dict(kwargs),
            "upstream": {key: list(value) for key, value in upstream.parameters.items()} if upstream else {},
            "repeat": repeat,
        }
        answer = self._exchange(self._process, message, upstream, calls=MIN_CALLS if repeat else 1)
        reply = read_reply(answer) if isinstance(answer, dict) else answer
        if isinstance(reply, Returned) and not {*range(len(args)), *kwargs}.issuperset(reply.changed):
            reply = Crashed(Crash.UNKNOWN_CHANGE)
        if isinstance(reply, TimedOut | Crashed):
            self.close()
        return reply
