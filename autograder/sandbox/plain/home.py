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

from autograder.sandbox.calls import THREAD_LIMITS
from autograder.sandbox.plain.process import PlainProcess, Started
from autograder.settings import Limits


class PlainHome:
    """Starts workers. Use it as a context manager, from one thread."""

    def __init__(self, limits: Limits, imports: Sequence[str]) -> None:
        self.limits = limits
        self._settings = json.dumps({"limits": asdict(limits), "imports": list(imports)})
        self._ahead: list[Started] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        while self._ahead:
            self._ahead.pop().end()

    def start_ahead(self) -> None:
        """Start a process that the next `spawn` is to get: it loads NumPy while others work."""
        if not self._ahead:
            self._ahead.append(self._start())

    def spawn(self) -> PlainProcess:
        """Raises SandboxError where no process can be started."""
        return PlainProcess(self._ahead.pop() if self._ahead else self._start(), self.limits)

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
