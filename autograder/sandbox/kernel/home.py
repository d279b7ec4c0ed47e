"""The home of forked processes: starts the zygote, from which confined workers are forked."""

from __future__ import annotations

import json
import socket
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import NamedTuple

from autograder.sandbox import messages
from autograder.sandbox.given.files import NO_FILES, GivenFiles
from autograder.sandbox.kernel.process import Process
from autograder.sandbox.kernel.start import last_words, take_zygote
from autograder.sandbox.kernel.support import unsupported
from autograder.sandbox.protocol import NO_CELLS, GivenCells, NotConfinedError, SandboxError
from autograder.settings import Limits

START_SECONDS = 60
REQUEST_BYTES = 1 << 16  # that are sent to the zygote, or read from it, at once


class KernelHome:
    """A zygote, and the workers forked from it. From one thread."""

    slowness = 1.0

    def __init__(
        self,
        limits: Limits,
        imports: Sequence[str],
        *,
        confined: bool = True,
        files: GivenFiles = NO_FILES,
        given_cells: GivenCells = NO_CELLS,
        ahead: bool = False,
    ) -> None:
        """What these are: see `Sandbox`. Nobody waits for the zygote here: what keeps it from starting is told to
        whoever wants a worker. Raises NotConfinedError when this machine cannot confine.
        """
        if confined and (reason := unsupported()):
            raise NotConfinedError(reason)
        self.limits = limits
        self._ahead = ahead
        self._next: _Ordered | None = None
        self._unanswered: deque[_Request] = deque()
        self._zygote, self._control = take_zygote()
        self._control.settimeout(START_SECONDS)
        settings = {
            "limits": asdict(limits),
            "imports": list(imports),
            "files": files.to_json(),
            "confined": confined,
        }
        with suppress(OSError):  # it has ended, and there is a reason to be read
            self._send_settings(json.dumps(settings).encode() + b"\n")
        self._started = _Request()
        self._unanswered.append(self._started)  # it says when it is ready
        self._given_cells = given_cells
        self._prepared: set[str] = set()

    def wait(self) -> None:
        """Return when the zygote has started. Raises SandboxError where it does not."""
        self._answer(self._started)

    def prepare(self, assignment: str) -> None:
        """Let given cells be compiled once, for all workers that are forked from now on.

        One that is too long for a request is left out: each worker compiles it.
        """
        if assignment in self._prepared:
            return
        self._prepared.add(assignment)
        cells = self._given_cells.get(assignment, ())
        requests = [json.dumps({"remember": [cell.label, cell.source]}).encode() for cell in cells]
        with suppress(OSError):  # it has ended: whoever wants a worker is told why
            for request in requests:
                if len(request) <= REQUEST_BYTES:
                    self._control.send(request)

    def close(self) -> None:
        self._control.close()  # first: checks that Ctrl-C has left behind may still be at work, and order nothing more
        self._cancel_next()
        self._zygote.kill()
        last_words(self._zygote)

    def spawn(self, limits: Limits | None = None) -> Process:
        """Fork a worker, whose calls are held to the sandbox's limits or to others."""
        self.wait()
        ordered = self._next or self._order_worker()
        self._next = None
        try:
            if self._ahead:
                self._next = self._order_worker()
            pid = self._answer(ordered.request)["pid"]
        except BaseException:  # Ctrl-C, too
            ordered.wire.close()
            self._cancel_next()
            raise
        return Process(pid, ordered.wire, limits or self.limits, self.reap, self.bury)

    def _cancel_next(self) -> None:
        ordered, self._next = self._next, None
        if ordered:
            ordered.wire.close()

    def _order_worker(self) -> _Ordered:
        """Let a worker be forked; who needs it waits for the answer."""
        own_end, worker_end = socket.socketpair()
        with worker_end:
            try:
                return _Ordered(own_end, self._order({"spawn": True}, [worker_end.fileno()]))
            except BaseException:
                own_end.close()
                raise

    def reap(self, pid: int) -> int:
        """End a worker; returns its exit code, or minus the signal that it died of."""
        return self._answer(self._order({"reap": pid}))["status"]

    def bury(self, pid: int) -> None:
        """Have a worker ended, whatever it died of; where the next one is ready already, that is not waited for."""
        ordered = self._order({"reap": pid})
        if not self._ahead:
            self._answer(ordered)

    def _send_settings(self, line: bytes) -> None:
        for start in range(0, len(line), REQUEST_BYTES):
            self._control.send(line[start : start + REQUEST_BYTES])

    def _order(self, request: dict[str, int], descriptors: Sequence[int] = ()) -> _Request:
        """Send a request; the zygote answers one after the other."""
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            raise SandboxError(messages.zygote_gone(error)) from error
        self._unanswered.append(ordered := _Request())
        return ordered

    def _answer(self, request: _Request) -> dict[str, int]:
        while request.answer is None:
            self._unanswered.popleft().answer = self._receive()
        return request.answer

    def _receive(self) -> dict[str, int]:
        try:
            answer = self._control.recv(REQUEST_BYTES)
        except OSError as error:
            raise SandboxError(messages.zygote_silent(error)) from error
        if not answer:
            self._zygote.kill()
            said = last_words(self._zygote)
            raise SandboxError(messages.zygote_ended(said) if said else messages.ZYGOTE_ENDED)
        return {str(key): int(value) for key, value in json.loads(answer).items()}


@dataclass
class _Request:
    """One that the zygote has got, and what it answers in its turn."""

    answer: dict[str, int] | None = None


class _Ordered(NamedTuple):
    """A worker that is forked, or will soon be: our end of its wire, and the request."""

    wire: socket.socket
    request: _Request
