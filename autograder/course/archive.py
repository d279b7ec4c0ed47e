"""Archives: the files of a folder as members, and a zip of some members that is the same every time."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

Member = tuple[str, bytes]  # a file of an archive: its path in there, and its content
EPOCH = (1980, 1, 1, 0, 0, 0)  # for all of them, so that the same files give the same bytes
FILE, PROGRAM = 0o644, 0o755


def find_files(folder: Path) -> list[Path]:
    """All files in a folder, sorted, but what Python, Jupyter, editors and Finder leave behind. Links are followed."""
    return [folder.joinpath(*parts) for parts in sorted(_files(os.fspath(folder), (), frozenset()))]


def _files(folder: str, parts: tuple[str, ...], above: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The names of which each file's path in the folder is made."""
    home = os.path.realpath(folder)
    if home in above or not os.path.isdir(folder):  # a link to a folder that it is in
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name[0] == "." or name[-1] == "~" or name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _files(entry.path, (*parts, name), above | {home})
            elif entry.is_file():
                yield (*parts, name)


def read_tree(folder: Path, prefix: str = "") -> list[Member]:
    """What `find_files` finds."""
    return [(prefix + path.relative_to(folder).as_posix(), path.read_bytes()) for path in find_files(folder)]


def zipped(members: Iterable[Member], programs: Iterable[str] = (), comment: bytes = b"") -> bytes:
    """A zip of some files; those named in `programs` can be run where it is unpacked. `comment` is the archive's."""
    buffer = io.BytesIO()
    write_zip(buffer, members, programs, comment)
    return buffer.getvalue()


def write_zip(file: IO[bytes], members: Iterable[Member], programs: Iterable[str] = (), comment: bytes = b"") -> None:
    """The same into a file: of the members, one at a time is held."""
    runnable = frozenset(programs)
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = comment
        for name, content in members:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = (PROGRAM if name in runnable else FILE) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
