"""What is in an archive, of any kind."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import IO, BinaryIO, cast

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.allowance import Meter
from autograder.classroom.collect.archives.errors import ArchiveRefusedError
from autograder.classroom.collect.archives.kinds import HEAD_BYTES, ArchiveKind, is_tar, kind_of_archive
from autograder.classroom.collect.archives.packed import PackedEntry
from autograder.classroom.collect.archives.tar_file import entries_of_tar
from autograder.classroom.collect.archives.zip_file import entries_of_zip

_COMPRESSED: Mapping[ArchiveKind, Callable[[BinaryIO], IO[bytes]]] = {
    ArchiveKind.GZIP: lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file)),
    ArchiveKind.BZIP2: bz2.BZ2File,
    ArchiveKind.XZ: lzma.LZMAFile,
}


def entries_of(archive: BinaryIO, name: str, meter: Meter) -> Iterator[PackedEntry]:
    """What is in an archive. An entry can be opened until the next is asked for. Raises ArchiveRefusedError.

    `name` is its own: a single compressed file is called after it.
    """
    try:
        yield from _entries(archive, name, meter)
    except ArchiveRefusedError:
        raise
    except MemoryError:
        raise ArchiveRefusedError(messages.TAKES_TOO_MUCH) from None
    except Exception:  # whatever a stranger's bytes bring about
        raise ArchiveRefusedError(messages.BROKEN) from None


def _entries(archive: BinaryIO, name: str, meter: Meter) -> Iterator[PackedEntry]:
    kind = kind_of_archive(archive.read(HEAD_BYTES))
    archive.seek(0)
    match kind:
        case ArchiveKind.ZIP:
            yield from entries_of_zip(archive, meter)
        case ArchiveKind.TAR:
            yield from entries_of_tar(archive, meter)
        case ArchiveKind.GZIP | ArchiveKind.BZIP2 | ArchiveKind.XZ:
            content = _COMPRESSED[kind](archive)
            holds_tar = is_tar(content.read(HEAD_BYTES))
            content.seek(0)
            if holds_tar:
                yield from entries_of_tar(content, meter)
            else:
                yield PackedEntry(_without_suffix(name), lambda: meter.on(content))
        case ArchiveKind.OTHER:
            raise ArchiveRefusedError(messages.OTHER_KIND)
        case None:
            raise ArchiveRefusedError(messages.NO_ARCHIVE)


def _without_suffix(name: str) -> str:
    """What a compressed file was called before."""
    return PurePath(name).stem or name
