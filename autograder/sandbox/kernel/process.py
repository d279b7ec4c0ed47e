"""One confined worker process, which was forked, and its end of the wire: a socket."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from typing import Any

from autograder.sandbox import messages
from autograder.sandbox.exchange.deadline import Deadline, OutOfTimeError
from autograder.sandbox.exchange.process import WorkerProcess
from autograder.sandbox.protocol import SandboxError
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import WireError
from autograder.settings import Limits

READ_BYTES = 1 << 17
LEFT = 0  # the status of a process that nobody asked for
START_TIME_CALLS = 20  # a process may take as long as so many calls to confine itself: it is ours until then


class Process(WorkerProcess):
    """One worker process and its wire."""

    def __init__(
        self,
        pid: int,
        wire_end: socket.socket,
        limits: Limits,
        reap: Callable[[int], int],
        bury: Callable[[int], None],
    ) -> None:
        """`reap` kills the process and waits for it, `bury` has that done.

        Raises SandboxError when the process could not be confined.
        """
        super().__init__(pid, limits)
        self.pid = pid
        self._wire = wire_end
        self._wire.setblocking(False)
        self._reap, self._bury = reap, bury
        self._come = bytearray()
        self._status: int | None = None
        try:
            failure = self._receive(Deadline(self._clock, self._limits, START_TIME_CALLS))["failure"]
        except (EOFError, OSError, KeyError, WireError, OutOfTimeError) as error:
            failure = repr(error)
        except BaseException:  # Ctrl-C, while it is waited for
            self._hang_up()
            raise
        if failure:
            self.end()
            raise SandboxError(messages.not_confined(failure))

    def end(self) -> int:
        """Kill the process and reap it (waitpid); returns its exit code, or minus the signal that it died of."""
        if self._status is None:
            self._hang_up()
            self._status = self._reap(self.pid)
        return self._status

    def leave(self) -> None:
        """The same, by the zygote and in its own time."""
        if self._status is None:
            self._hang_up()
            self._status = LEFT
            self._bury(self.pid)

    def _hang_up(self) -> None:
        self._wire.close()
        self._clock.close()

    def _send(self, frame: bytes, deadline: Deadline) -> None:
        view = memoryview(frame)
        while view:
            try:
                view = view[self._wire.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)

    def _receive(self, deadline: Deadline) -> dict[str, Any]:
        limit = self._limits.answer_bytes
        prefix = self._read(wire.PREFIX.size, deadline)
        return wire.decode(prefix, self._read(wire.lengths(prefix, limit), deadline), limit)

    def _read(self, length: int, deadline: Deadline) -> bytes:
        """Exactly `length` bytes; what has come beyond them is kept for the next call."""
        while len(self._come) < length:
            try:
                part = self._wire.recv(READ_BYTES)
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
                continue
            if not part:
                raise EOFError
            self._come += part
            deadline.check()
        taken = bytes(self._come[:length])
        del self._come[:length]
        return taken

    def _wait(self, event: int, deadline: Deadline) -> None:
        """Return when the wire is ready for `event`; raises OutOfTimeError when a limit passes first."""
        poll = select.poll()
        poll.register(self._wire, event)
        while not poll.poll(1000 * deadline.pause):
            deadline.check()
