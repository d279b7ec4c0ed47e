"""An entry of an archive: its name and its content as they stand there, unjudged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Source(Protocol):
    """A file that is read from its beginning to its end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class PackedEntry:
    """A file or a folder in an archive, or something else: then `problem` says why it is not unpacked."""

    name: str
    open: Callable[[], Source]
    is_folder: bool = False
    problem: str = ""
