"""The memory of a guest that has imported all that workers need: every other guest begins with it. Portable.

A file of one is a line of JSON (the size of the memory, and where in it how much stands), as long as blocks are, and
then what stands there. Where the system can, a guest's memory is the file itself, of which it copies what it writes to:
it touches a small part. Elsewhere, all of it is copied.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

BLOCK = max(4096, mmap.ALLOCATIONGRANULARITY)  # bytes that stand in an image or not: what a system maps at once
MAP_FIXED = 0x10  # on Linux and macOS: at that very address


class Image:
    """What in a memory is not as in that of a fresh guest."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            header = json.loads(file.readline())
            begin = _whole_blocks(file.tell())
            self.size: int = header["size"]  # of the memory, in bytes
            self._runs: list[tuple[int, int]] = header["runs"]
            self._lay = _mapping(file, begin) or _copying(file, begin)

    def lay_into(self, memory: int) -> None:
        """Let it be what is in the memory of a fresh guest, which begins at an address and is as large."""
        place = 0
        for start, length in self._runs:
            self._lay(memory + start, place, length)
            place += length

    @staticmethod
    def write(path: Path, memory: bytes, runs: Sequence[tuple[int, int]]) -> None:
        """The image of a memory: of so many bytes, whole blocks, from each of these places."""
        header = json.dumps({"size": len(memory), "runs": runs}).encode() + b"\n"
        with path.open("wb") as file:
            file.write(header.ljust(_whole_blocks(len(header)), b"\0"))
            for start, length in runs:
                file.write(memory[start : start + length])


Lay = Callable[[int, int, int], object]  # at an address, from a place behind the header, so many bytes


def _whole_blocks(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _mapping(file: BinaryIO, begin: int) -> Lay | None:
    """Lets memory be a part of the file; None where this system maps nothing at an address of one's choice."""
    if not hasattr(mmap, "MAP_PRIVATE"):  # Windows
        return None
    descriptor = os.dup(file.fileno())  # for as long as guests are made
    map_at = ctypes.CDLL(None, use_errno=True).mmap
    map_at.restype = ctypes.c_void_p
    map_at.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_int64]
    may, how = mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_PRIVATE | MAP_FIXED

    def lay(address: int, place: int, length: int) -> None:
        if map_at(address, length, may, how, descriptor, begin + place) != address:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return lay


def _copying(file: BinaryIO, begin: int) -> Lay:
    """Lets memory be a copy of a part of the file."""
    content = ctypes.c_ubyte.from_buffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))

    def lay(address: int, place: int, length: int) -> None:
        ctypes.memmove(address, ctypes.addressof(content) + begin + place, length)  # which is kept by this

    return lay
