"""The home of plain processes, for work that its owner trusts: one's own. Portable."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from typing import Self

from autograder.sandbox.exchange.calls import THREAD_LIMITS
from autograder.sandbox.given.files import NO_FILES, GivenFiles
from autograder.sandbox.plain.process import PlainProcess, Started
from autograder.settings import Limits


class PlainHome:
    """Starts workers. Use it as a context manager, from one thread."""

    def __init__(
        self, limits: Limits, imports: Sequence[str], expected: int = 1, *, files: GivenFiles = NO_FILES
    ) -> None:
        """So many processes are `expected` to be asked for: each loads NumPy ahead, while others work."""
        self.limits = limits
        self._settings = json.dumps({"limits": asdict(limits), "imports": list(imports), "files": files.to_json()})
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
        last_words = tempfile.TemporaryFile()  # noqa: SIM115  (it is closed with the process)
        process = subprocess.Popen(
            # Nothing in the folder that one works in takes the place of a module.
            [sys.executable, "-P", "-m", "autograder.sandbox.plain.worker", self._settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=last_words,
            bufsize=0,
            env=os.environ | THREAD_LIMITS,
        )
        return Started(process, last_words)
