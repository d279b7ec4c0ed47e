"""The memory of a guest that has imported all that workers need: every other guest begins with it. Portable.

A file of one is a line of JSON (the size of the memory, and where in it how much stands), and then what stands there.
"""

from __future__ import annotations

import ctypes
import json
import mmap
from collections.abc import Sequence
from pathlib import Path


class Image:
    """What in a memory is not as in that of a fresh guest."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            header = json.loads(file.readline())
            begin = file.tell()
            self._content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        self.size: int = header["size"]  # of the memory, in bytes
        self._runs: list[tuple[int, int]] = header["runs"]
        self._address = ctypes.addressof(ctypes.c_ubyte.from_buffer(self._content)) + begin

    def lay_into(self, memory: int) -> None:
        """Write it over the memory of a fresh guest, which begins at an address and is as large."""
        content = self._address
        for start, length in self._runs:
            ctypes.memmove(memory + start, content, length)
            content += length

    @staticmethod
    def write(path: Path, memory: bytes, runs: Sequence[tuple[int, int]]) -> None:
        """The image of a memory: of so many bytes from each of these places."""
        with path.open("wb") as file:
            file.write(json.dumps({"size": len(memory), "runs": runs}).encode() + b"\n")
            for start, length in runs:
                file.write(memory[start : start + length])
