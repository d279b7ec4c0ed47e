"""What a guest's host and the grader say to each other: a kind, a length, that many bytes. Portable.

The host is ours, and is believed; what is in a message of the kind `FRAME` comes from the guest, and is not.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from enum import IntEnum

PREFIX = struct.Struct("!BQ")


class Kind(IntEnum):
    """Of messages."""

    SETTINGS = 0  # to the host, once: JSON
    READY = 1  # of the host: a guest waits, in which nothing of a submission has run; its thread, in decimal
    FRAME = 2  # a frame of the wire, to a guest or from it
    TOO_LONG = 3  # from a guest, a frame that is longer than any may be; the length of what is in it, in decimal
    ENDED = 4  # a guest has; its exit code, or minus a signal, in decimal
    NEXT = 5  # to the host: this guest is done with, make another


Message = tuple[Kind, bytes]


def packed(kind: Kind, content: bytes = b"") -> bytes:
    return PREFIX.pack(kind, len(content)) + content


def read(exactly: Callable[[int], bytes | None]) -> Message | None:
    """The next message of what `exactly` reads; None when the other side has hung up."""
    prefix = exactly(PREFIX.size)
    if prefix is None:
        return None
    kind, length = PREFIX.unpack(prefix)
    content = exactly(length)
    return None if content is None else (Kind(kind), content)


def write(descriptor: int, message: bytes) -> None:
    view = memoryview(message)
    while view:
        view = view[os.write(descriptor, view) :]
