"""Archives as honest programs and attackers make them; and all that lies in a folder."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Change = Callable[[zipfile.ZipInfo], object]


class Unmarked(zipfile.ZipInfo):
    """An entry with its name in UTF-8 that does not say so, as macOS and Info-ZIP write it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode(), self.flag_bits


def zipped(
    entries: Iterable[tuple[str, bytes]] | Mapping[str, bytes],
    *,
    kind: type[zipfile.ZipInfo] = zipfile.ZipInfo,
    method: int = zipfile.ZIP_DEFLATED,
    before: Change | None = None,
    after: Change | None = None,
) -> bytes:
    """A zip; each entry can be changed before it is written, or be lied about in the directory."""
    target = io.BytesIO()
    pairs = entries.items() if isinstance(entries, Mapping) else entries
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in pairs:
            entry = kind("x")
            entry.filename = name
            entry.compress_type = method
            if before:
                before(entry)
            archive.writestr(entry, content)
            if after:
                after(archive.filelist[-1])
    return target.getvalue()


def tarred(members: Iterable[tuple[tarfile.TarInfo, bytes]], compression: str = "") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=f"w:{compression}", encoding="utf-8") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, linkname: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode, made.uid = kind, linkname, 0o4777, 12345
    return made


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Mode and content of all that lies below a folder, links and all."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, content_of(path)) for path in sorted(folder.rglob("*"))
    }


def content_of(path: Path) -> bytes:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        return bytes(path.readlink())
    return path.read_bytes() if stat.S_ISREG(mode) else b""


def files(folder: Path) -> dict[str, bytes]:
    return {name: content for name, (mode, content) in everything(folder).items() if not stat.S_ISDIR(mode)}
