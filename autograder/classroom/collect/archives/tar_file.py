"""What is in a tar file, read as a stream: nothing in it can ask for a place before or behind what is being read."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterator
from typing import IO, cast

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.allowance import Meter
from autograder.classroom.collect.archives.errors import ArchiveRefusedError
from autograder.classroom.collect.archives.packed import PackedEntry, Source


class _Header(tarfile.TarInfo):
    """A header that ends no archive by being damaged: what stands behind it would get lost in silence."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> _Header:
        try:
            return super().fromtarfile(archive)
        except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError):  # type: ignore[attr-defined]
            raise ArchiveRefusedError(messages.BROKEN) from None


def entries_of_tar(content: Source, meter: Meter) -> Iterator[PackedEntry]:
    """Raises ArchiveRefusedError, and whatever the library raises."""
    stream = cast(IO[bytes], meter.on(content))
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header, encoding="utf-8") as opened:
        for member in opened:
            read = _tar_reader(opened, member)
            yield PackedEntry(member.name, read, is_folder=member.isdir(), problem=_problem_of_member(member))


def _tar_reader(opened: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], Source]:
    return lambda: opened.extractfile(member) or io.BytesIO()


def _problem_of_member(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return messages.LINK
    if member.issparse():
        return messages.SPARSE
    return "" if member.isreg() or member.isdir() else messages.NO_FILE
