"""What is in a zip file."""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.allowance import Meter
from autograder.classroom.collect.archives.errors import ArchiveRefusedError
from autograder.classroom.collect.archives.packed import PackedEntry, Source

_IS_LOCKED, _IS_UTF8 = 0x1, 0x800  # flags of an entry
_UNICODE_PATH = 0x7075  # an extra field: the name in UTF-8, behind a version and a checksum (5 bytes)
_LOCAL_HEADER_BYTES = 30


def entries_of_zip(archive: BinaryIO, meter: Meter) -> Iterator[PackedEntry]:
    """Raises ArchiveRefusedError, and whatever the library raises."""
    with zipfile.ZipFile(archive) as opened:
        members = opened.infolist()
        files = [member for member in members if not member.is_dir()]
        if files and all(member.flag_bits & _IS_LOCKED for member in files):
            raise ArchiveRefusedError(messages.LOCKED)
        overlapping = _overlapping(members)
        for member in members:
            name = _zip_name(member)
            problem = messages.OVERLAPS if id(member) in overlapping else _problem_of_zipped(member)
            is_folder = name.replace("\\", "/").endswith("/")
            yield PackedEntry(name, _zip_reader(opened, member, meter), is_folder, problem)


def _zip_reader(opened: zipfile.ZipFile, member: zipfile.ZipInfo, meter: Meter) -> Callable[[], Source]:
    return lambda: meter.on(opened.open(member))


def _overlapping(members: list[zipfile.ZipInfo]) -> set[int]:
    """The ids of entries that begin within another: by this, a bomb's are all one and the same."""
    found, end = set(), 0
    for member in sorted(members, key=lambda each: each.header_offset):
        if member.header_offset < end:
            found.add(id(member))
        end = max(end, member.header_offset + _LOCAL_HEADER_BYTES + member.compress_size)
    return found


def _zip_name(member: zipfile.ZipInfo) -> str:
    """A name, as it was meant: marked as UTF-8, or in UTF-8 without a mark (macOS, Info-ZIP), or in CP437.

    It is not cut off at a NUL.
    """
    name = member.orig_filename
    if member.flag_bits & _IS_UTF8:
        return name
    with suppress(UnicodeError, struct.error):
        return (_unicode_path(member.extra) or name.encode("cp437")).decode()
    return name


def _unicode_path(extra: bytes) -> bytes:
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == _UNICODE_PATH:
            return extra[9 : 4 + size]
        extra = extra[4 + size :]
    return b""


def _problem_of_zipped(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _IS_LOCKED:
        return messages.ENTRY_LOCKED
    kind = stat.S_IFMT(member.external_attr >> 16)  # as Unix has it; 0 from elsewhere
    if kind == stat.S_IFLNK:
        return messages.LINK
    return "" if kind in (0, stat.S_IFREG, stat.S_IFDIR) else messages.NO_FILE
