"""What is an archive, and of which kind: by its first bytes."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from autograder.classroom.collect import messages
from autograder.submission.reader import OPEN_FLAGS

HEAD_BYTES = 512  # a header of tar
# What is a zip as well, but nobody's folder of files.
DOCUMENTS = (
    *(".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".pages", ".numbers", ".key"),
    *(".npz", ".pt", ".pth", ".keras", ".whl", ".jar"),
)


class ArchiveKind(Enum):
    """What an archive is."""

    ZIP = "zip"
    TAR = "tar"
    GZIP = "gz"
    BZIP2 = "bz2"
    XZ = "xz"
    OTHER = "7z or rar"


_STARTS = {
    ArchiveKind.ZIP: (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"),
    ArchiveKind.GZIP: (b"\x1f\x8b\x08",),
    ArchiveKind.BZIP2: tuple(
        b"BZh%d%s" % (level, magic) for level in range(1, 10) for magic in (b"1AY&SY", b"\x17rE8P\x90")
    ),
    ArchiveKind.XZ: (b"\xfd7zXZ\0",),
    ArchiveKind.OTHER: (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"),
}


def open_file(path: Path) -> BinaryIO:
    """Open a file to be read: no link is followed, no pipe waited for. Raises OSError."""
    descriptor = os.open(path, OPEN_FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, messages.NOT_A_FILE)
    return open(descriptor, "rb")


def size_of(archive: BinaryIO) -> int:
    return os.fstat(archive.fileno()).st_size


def kind_of_archive(head: bytes) -> ArchiveKind | None:
    """What an archive is, by its first HEAD_BYTES; None where it is none."""
    for kind, starts in _STARTS.items():
        if head.startswith(starts):
            return kind
    return ArchiveKind.TAR if is_tar(head) else None


def is_package(name: str) -> bool:
    """Whether a file that is an archive by its first bytes is left as it is: a text, an array, a package."""
    return name.casefold().endswith(DOCUMENTS)


def is_tar(head: bytes) -> bool:
    """Whether it begins with a header of tar: one whose checksum is right. Not each kind of tar has another mark."""
    with suppress(ValueError):
        checksum = int(head[148:156].strip(b"\0 "), 8)
        return len(head) == HEAD_BYTES and checksum == sum(head[:148]) + 8 * ord(" ") + sum(head[156:])
    return False
