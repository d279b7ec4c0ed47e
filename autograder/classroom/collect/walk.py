"""All that lies in a folder, archives in it unpacked: each file, and what is none, with the reason against it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.kinds import is_package
from autograder.classroom.collect.unpack import is_archive, unpack
from autograder.errors import UserError
from autograder.submission.which_file import ARCHIVE, LEFT_BEHIND, MAX_DEPTH, MAX_ENTRIES, NOBODYS_FILE, kind_of


@dataclass(frozen=True)
class SourceEntry:
    """Something in a source. Without a place it cannot be had; `reason` says why, or what is the matter with it."""

    path: PurePosixPath  # below the source, as it stands there
    place: Path | None = None  # where it can be read
    reason: str = ""
    is_nobodys: bool = False  # programs leave it behind


def entries_of_folder(folder: Path, scratch: Iterator[Path]) -> Iterator[SourceEntry]:
    """Archives are unpacked into the next of the `scratch` folders. Raises OSError for the folder itself."""
    for entry in walk(folder):
        yield from unpacked(entry, scratch)


def unpacked(entry: SourceEntry, scratch: Iterator[Path]) -> Iterator[SourceEntry]:
    """An entry, or, where it is an archive, those in it."""
    place = entry.place
    if not place or is_package(entry.path.name):
        yield entry
    elif is_archive(place):
        try:
            for each in entries_of_archive(place, next(scratch)):
                yield replace(each, path=entry.path / each.path)
        except UserError as error:  # it stays as it is, for a person to see to
            yield replace(entry, reason=str(error))
    else:
        yield replace(entry, reason=messages.NO_ARCHIVE if kind_of(entry.path.name) == ARCHIVE else "")


def entries_of_archive(archive: Path, target: Path) -> Iterator[SourceEntry]:
    """What is in an archive, unpacked to `target`; archives in it are unpacked as well. Raises UserError."""
    refused = unpack(archive, target)
    packed = {each.name: each.reason for each in refused if each.is_there}
    for entry in walk(target, limit=None):  # how much there is, has been looked at
        reason = packed.get(str(entry.path))
        yield replace(entry, reason=reason) if reason else entry
    for each in refused:
        if each.is_there:
            continue
        parts = [part for part in each.name.split("/") if part not in ("", ".")] or ["?"]
        yield SourceEntry(PurePosixPath(*parts), reason=each.reason, is_nobodys=each.is_nobodys)


def walk(folder: Path, limit: int | None = MAX_ENTRIES) -> Iterator[SourceEntry]:
    """The entries of a folder, in the order of their names; no link is followed. Raises OSError for the folder itself.

    What is wrong in one of the folders in it costs the others nothing; of each, so many entries are looked at.
    """
    for entry in _listed(folder):
        found = _below(PurePosixPath(entry.name), entry, MAX_DEPTH)
        yield from islice(found, limit)
        if limit and next(found, None):
            yield SourceEntry(PurePosixPath(entry.name), reason=messages.too_many_files(limit))


def _listed(folder: str | Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _below(path: PurePosixPath, entry: os.DirEntry[str], depth: int) -> Iterator[SourceEntry]:
    if entry.is_symlink():
        yield SourceEntry(path, reason=messages.LINK)
    elif entry.is_dir(follow_symlinks=False):
        yield from _in_folder(path, entry, depth)
    elif NOBODYS_FILE.fullmatch(entry.name):
        yield SourceEntry(path, reason=messages.NOBODYS, is_nobodys=True)
    elif entry.is_file(follow_symlinks=False):
        yield SourceEntry(path, Path(entry.path))
    else:
        yield SourceEntry(path, reason=messages.NO_FILE)


def _in_folder(path: PurePosixPath, entry: os.DirEntry[str], depth: int) -> Iterator[SourceEntry]:
    if entry.name in LEFT_BEHIND:
        yield SourceEntry(path, reason=messages.NOBODYS, is_nobodys=True)
        return
    if not depth:
        yield SourceEntry(path, reason=messages.NAME_TOO_DEEP)
        return
    try:
        listed = _listed(entry.path)
    except OSError as error:
        yield SourceEntry(path, reason=messages.cannot_be_opened(error.strerror))
        return
    if not listed:
        yield SourceEntry(path, reason=messages.EMPTY_FOLDER, is_nobodys=True)
    for each in listed:
        yield from _below(path / each.name, each, depth - 1)
