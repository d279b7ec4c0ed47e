"""The process: `python -m …plain.worker`. It is told its settings, loads what answers may import, and serves.

It is bounded where the system can do that. What the student's code prints goes nowhere. Asked by a signal, where the
system has one for that, faulthandler writes down where the code is, which no code of Python's can keep from it: who
ends the process can tell. It looks only then: to look at running code without need can crash it.
"""

from __future__ import annotations

import faulthandler
import math
import os
import signal
import sys
import threading
from queue import SimpleQueue
from typing import Any

from autograder.sandbox.given.files import files_of
from autograder.sandbox.given.modules import close_imports, load_modules, load_what_is_here
from autograder.sandbox.namespace import Namespace
from autograder.sandbox.plain.process import ASKING
from autograder.sandbox.plain.rules import keep_rules
from autograder.sandbox.toplevel.builds_on import all_built_on
from autograder.sandbox.wire import frame as wire
from autograder.sandbox.wire.limits import NO_LIMIT
from autograder.sandbox.worker import greet, read_exactly, serve
from autograder.settings import Limits


class Pipes:
    """The worker's end of the wire: two pipes. When the other side is gone, the process ends, whatever it does."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._come: SimpleQueue[dict[str, Any]] = SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        if ASKING is not None:
            signal.pthread_sigmask(signal.SIG_BLOCK, {ASKING})  # it is the other thread that is asked
        try:
            while (prefix := read_exactly(self._reading, wire.PREFIX.size)) is not None:
                rest = read_exactly(self._reading, wire.lengths(prefix, NO_LIMIT))
                if rest is None:
                    break
                self._come.put(wire.decode(prefix, rest, NO_LIMIT))
        finally:
            os._exit(0)

    def receive(self) -> dict[str, Any] | None:
        return self._come.get()

    def send(self, frame: bytes) -> None:
        view = memoryview(frame)
        while view:
            view = view[os.write(self._writing, view) :]


def main() -> None:
    reading, writing, last_words = _take_over()
    faulthandler.enable(last_words)
    if ASKING is not None:
        faulthandler.register(ASKING, last_words, all_threads=False)
    load_modules(())  # what all courses have
    end = Pipes(reading, writing)
    if (wanted := end.receive()) is None:
        return
    limits = Limits(**wanted["limits"])
    files = files_of(wanted["files"])
    load_what_is_here(wanted["imports"])
    close_imports(wanted["imports"])
    _bound(limits)
    greet(end)
    keep_rules()
    serve(end, limits, wanted["imports"], files, _tell)


def _tell(space: Namespace) -> dict[str, Any]:
    """What is asked of one's own work beside answers: what parameters are called in it, and what builds on what."""
    parameters = {name: list(names) for name, names in space.parameters.items()}
    return {"parameters": parameters, "builds_on": all_built_on(space)}


def _take_over() -> tuple[int, int, int]:
    """The three standard descriptors, under other numbers; in their place, there is nothing to read or to see."""
    taken = os.dup(0), os.dup(1), os.dup(2)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    if sys.platform == "win32":
        import msvcrt

        for descriptor in taken:
            msvcrt.setmode(descriptor, os.O_BINARY)
    return taken


def _bound(limits: Limits) -> None:
    """The limit of memory, where the system has one; and one of time, should nobody be there to end this process."""
    if sys.platform == "win32":
        return
    import resource

    from autograder.sandbox.bounded.memory import bound_memory

    bound_memory(limits.memory_mb << 20)
    seconds = math.ceil(limits.submission_seconds) + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))


if __name__ == "__main__":
    main()
