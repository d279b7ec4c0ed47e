"""The functions of a running notebook: called where they are, and answered as if they were in a worker. Portable."""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.exchange.calls import Budget
from autograder.sandbox.exchange.replies import read_reply
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.plain.interrupt import within
from autograder.sandbox.protocol import MIN_CALLS, CodeLine, Reply, TimedOut, Upstream
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import NO_LIMIT
from autograder.sandbox.worker import encode_reply
from autograder.settings import Limits
from autograder.student.notebook import messages

CELL = re.compile(r"(?:^<ipython-input-|[\\/]ipykernel_\d+[\\/])")  # the names that IPython gives to cells
TOKEN = "0" * 16  # as long as one on the wire: it counts in the size of an answer


@dataclass
class Memory(Namespace):
    """What is in memory. `file` is the one that the code is in, where that is no notebook."""

    file: str = ""

    def locate(self, filename: str, number: int) -> CodeLine | None:
        """A line of the student's: IPython keeps the source of each cell under a name of its own."""
        if CELL.search(filename):
            label = messages.YOUR_CELL
        elif filename == self.file:
            label = messages.YOUR_FILE
        else:
            return super().locate(filename, number)
        return CodeLine(label, number, linecache.getline(filename, number).strip())


class InMemory:
    """The same as answers: what crosses the wire in grading takes its form here, what is late there is late here."""

    def __init__(self, memory: Memory, limits: Limits) -> None:
        self._memory = memory
        self._limits = limits
        self._budget = Budget(limits)

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """Raises KeyboardInterrupt where the student has pressed stop."""
        return self._crossing(self._memory.call, name, args, kwargs, upstream)

    def repeat(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], upstream: Upstream | None = None
    ) -> Reply:
        """The same, several times more."""
        return self._crossing(self._memory.repeat, name, args, kwargs, upstream, calls=MIN_CALLS)

    def _crossing(
        self,
        ask: Callable[..., Reply],
        name: str,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        upstream: Upstream | None,
        calls: int = 1,
    ) -> Reply:
        if exceeded := self._budget.exceeded:
            return exceeded
        given = _over_and_back(wire.encode({"args": list(args), "kwargs": dict(kwargs)}, NO_LIMIT), NO_LIMIT)

        def answer() -> bytes:
            reply = ask(name, given["args"], given["kwargs"], upstream)
            return encode_reply(TOKEN, reply, self._memory.locate, self._limits)

        frame = within(self._limits, answer, self._memory.locate, calls)
        if isinstance(frame, TimedOut):
            return frame
        return read_reply(_over_and_back(frame, self._limits.answer_bytes))


def _over_and_back(frame: bytes, limit: int) -> dict[str, Any]:
    """What the other side of a wire reads."""
    return wire.decode(frame[: wire.PREFIX.size], frame[wire.PREFIX.size :], limit)
