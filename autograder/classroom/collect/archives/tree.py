"""A new folder that is filled from an archive: each name once, nothing overwritten, nothing followed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.allowance import Allowance
from autograder.classroom.collect.archives.errors import EntryRefusedError
from autograder.classroom.collect.archives.names import sameness

FILE_MODE = 0o644
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
for _flag in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):  # of which each system has some
    NEW_FILE |= getattr(os, _flag, 0)
Parts = tuple[str, ...]


class Tree:
    """A folder that nobody else writes to. No link is ever made in it, so none can lead out."""

    def __init__(self, root: Path, allowance: Allowance) -> None:
        root.mkdir()
        self._root = root
        self._allowance = allowance
        self._folders: dict[Parts, Parts] = {(): ()}  # as they are spelled, by what is the same
        self._files: dict[Parts, Parts] = {}

    def make_folder(self, parts: Parts) -> None:
        """Make a folder, and those above it, where it is not there. Raises EntryRefusedError; OSError of the disk."""
        if parts and not self._is_folder(parts):
            self.make_folder(parts[:-1])
            self._allowance.take_entry()
            self.path(parts).mkdir()
            self._folders[_key(parts)] = parts

    def new_file(self, parts: Parts) -> BinaryIO:
        """Open a file to be written. Raises EntryRefusedError; OSError of the disk."""
        self.make_folder(parts[:-1])
        key = _key(parts)
        if taken := self._files.get(key) or self._folders.get(key):
            raise EntryRefusedError(messages.name_is_taken("/".join(taken)))
        descriptor = os.open(self.path(parts), NEW_FILE, FILE_MODE)
        self._files[key] = parts
        return open(descriptor, "wb")

    def path(self, parts: Parts) -> Path:
        return self._root.joinpath(*parts)

    def _is_folder(self, parts: Parts) -> bool:
        key = _key(parts)
        taken = self._files.get(key) or self._folders.get(key)
        if taken and (taken != parts or key in self._files):
            raise EntryRefusedError(messages.name_is_taken("/".join(taken)))
        return taken is not None


def _key(parts: Parts) -> Parts:
    return tuple(map(sameness, parts))
