"""The process that a guest lives in: `python -m …wasm.host`. It makes one guest after the other, each for one worker.

It knows what students get, and no more. A guest is made ahead, with all that workers need already in its memory, and
says so; frames go in and out; and when the grader is done with it, it is gone, and the next one is made.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue

from autograder.sandbox.wasm import pipes
from autograder.sandbox.wasm.image import Image
from autograder.sandbox.wasm.lifting import lift_memory_bound
from autograder.sandbox.wasm.machine import THREAD_STACK_BYTES, Machine
from autograder.sandbox.wasm.pipes import Kind, Message

SERVE = "from autograder.sandbox.wasm.guest import serve; serve()"
FRAME_PREFIX_BYTES = 12  # that a frame may be longer than what is in it


class _NextError(Exception):
    """The grader is done with this guest."""


class PipesToGrader:
    """Our end of the pipes. When the other side is gone, this process ends, whatever is at work in it."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._come: SimpleQueue[Message] = SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while (message := pipes.read(self._exactly)) is not None:
                self._come.put(message)
        finally:
            os._exit(0)

    def _exactly(self, length: int) -> bytes | None:
        parts = []
        while length:
            part = os.read(self._reading, min(length, 1 << 20))
            if not part:
                return None
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def receive(self) -> Message:
        return self._come.get()

    def send(self, kind: Kind, content: bytes = b"") -> None:
        pipes.write(self._writing, pipes.packed(kind, content))


class Door:
    """What a guest puts through it, one frame for each that has come: what it says unasked waits for the next."""

    def __init__(self, grader: PipesToGrader, most_bytes: int) -> None:
        self._grader = grader
        self._most_bytes = most_bytes
        self._is_asked = False
        self._kept: bytes | None = None  # what has come, and the guest has not taken

    def __call__(self, request: bytes) -> bytes:
        if not request:
            frame = self._next_frame()
            self._kept = None
            return frame
        if not self._is_asked:
            self._next_frame()
        self._is_asked = False
        if len(request) > self._most_bytes:
            self._grader.send(Kind.TOO_LONG, str(len(request) - FRAME_PREFIX_BYTES).encode())
        else:
            self._grader.send(Kind.FRAME, request)
        return b""

    def _next_frame(self) -> bytes:
        if self._kept is None:
            kind, self._kept = self._grader.receive()
            if kind is Kind.NEXT:
                raise _NextError
            self._is_asked = True
        return self._kept


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's
    lift_memory_bound()
    grader = PipesToGrader(*_take_over())
    _, content = grader.receive()
    settings = json.loads(content)
    machine = Machine(Path(settings["module"]))
    image = Image(Path(settings["image"]))
    threading.stack_size(THREAD_STACK_BYTES)
    thread = threading.Thread(target=_serve, args=(grader, machine, image, settings))
    thread.start()
    thread.join()
    os._exit(1)  # it never ends by itself


def _serve(grader: PipesToGrader, machine: Machine, image: Image, settings: dict[str, int]) -> None:
    while True:
        door = Door(grader, settings["answer_bytes"] + FRAME_PREFIX_BYTES)
        guest = machine.guest(door, image.size + settings["memory_bytes"])
        guest.restore(image)
        grader.send(Kind.READY, str(threading.get_native_id()).encode())
        try:
            grader.send(Kind.ENDED, str(guest.run(SERVE)).encode())
            while grader.receive()[0] is not Kind.NEXT:
                pass
        except _NextError:
            pass
        guest.close()


def _take_over() -> tuple[int, int]:
    """The pipes, under other numbers; in their place, there is nothing to read or to see."""
    taken = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(null, standard)
    if sys.platform == "win32":
        import msvcrt

        for descriptor in taken:
            msvcrt.setmode(descriptor, os.O_BINARY)
    return taken


if __name__ == "__main__":
    main()
