"""Archives: the files of a folder as members, and a zip of some members that is the same every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

Member = tuple[str, bytes]  # a file of an archive: its path in there, and its content
EPOCH = (1980, 1, 1, 0, 0, 0)  # for all of them, so that the same files give the same bytes
FILE, PROGRAM = 0o644, 0o755


def read_tree(folder: Path, prefix: str = "") -> list[Member]:
    """All files in a folder, sorted, but what Python, Jupyter and Finder leave behind."""
    return [
        (prefix + path.relative_to(folder).as_posix(), path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _is_left_behind(path.relative_to(folder))
    ]


def _is_left_behind(path: Path) -> bool:
    return any(part == "__pycache__" or part[0] == "." for part in path.parts)


def zipped(members: Iterable[Member], programs: Iterable[str] = ()) -> bytes:
    """A zip of some files; those named in `programs` can be run where it is unpacked."""
    runnable = frozenset(programs)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = (PROGRAM if name in runnable else FILE) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
