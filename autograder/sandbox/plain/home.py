"""The home of plain processes, for work that its owner trusts: one's own. Portable."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Self

from autograder.sandbox.given.files import NO_FILES, GivenFiles
from autograder.sandbox.plain.process import PlainProcess
from autograder.sandbox.plain.started import Started, start
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import NO_LIMIT
from autograder.settings import Limits


class PlainHome:
    """Starts workers. Use it as a context manager, from one thread."""

    slowness = 1.0

    def __init__(
        self, limits: Limits, imports: Sequence[str], expected: int = 1, *, files: GivenFiles = NO_FILES
    ) -> None:
        """So many processes are `expected` to be asked for: each loads what answers may import, while others work."""
        self.limits = limits
        settings = {"limits": asdict(limits), "imports": list(imports), "files": files.to_json()}
        self._settings = wire.encode(settings, NO_LIMIT)
        self._expected = expected
        self._ahead: list[Started] = []

    def __enter__(self) -> Self:
        self._start_ahead()
        return self

    def __exit__(self, *_: object) -> None:
        while self._ahead:
            self._ahead.pop().discard()

    def spawn(self) -> PlainProcess:
        """Raises SandboxError where no process can be started."""
        started = self._ahead.pop() if self._ahead else self._start()
        self._start_ahead()
        return PlainProcess(started, self.limits)

    def _start_ahead(self) -> None:
        if self._expected:
            self._expected -= 1
            self._ahead.append(self._start())

    def _start(self) -> Started:
        started = start()
        with suppress(OSError):  # it has ended: whoever talks to it is told of what
            started.send(self._settings)
        return started
