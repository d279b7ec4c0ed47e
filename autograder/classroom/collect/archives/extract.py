"""Unpacks an archive, and those in it, into a folder: what may be there is written, the rest is named."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.allowance import Allowance, Meter
from autograder.classroom.collect.archives.contents import entries_of
from autograder.classroom.collect.archives.errors import ArchiveRefusedError, EntryRefusedError
from autograder.classroom.collect.archives.kinds import HEAD_BYTES, ArchiveKind, is_package, kind_of_archive, size_of
from autograder.classroom.collect.archives.names import check_depth, parts_of, passed_over, shown
from autograder.classroom.collect.archives.packed import PackedEntry, Source
from autograder.classroom.collect.archives.tree import Parts, Tree
from autograder.classroom.collect.unpack import Refused
from autograder.submission.reader import MAX_FILE_BYTES

MAX_TOLD, MAX_TOLD_IN_ALL = 200, 10_000  # of what is refused, in an archive of a student's and altogether
MAX_DEPTH = 3  # archives that lie one in the other, below the first
CHUNK_BYTES = 4096  # at a time: bzip2 makes a megabyte of less than a hundred
_NOT_STORED = (errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL)  # what a disk says to a name that it does not take


@dataclass
class Extraction:
    """One archive, on its way into a folder of its own."""

    root: Path  # not there yet
    allowance: Allowance
    above: Parts = ()  # the folders and archives that it lies in
    depth: int = 0
    refused: list[Refused] = field(default_factory=list)
    untold: int = 0  # of what is refused
    nobodys: dict[Parts, None] = field(default_factory=dict)  # what programs leave behind, in its order

    def run(self, archive: BinaryIO, name: str) -> None:
        """Raises ArchiveRefusedError; OSError of the disk."""
        tree = Tree(self.root, self.allowance)
        meter = Meter(size_of(archive), self.allowance)
        inner = [parts for entry in entries_of(archive, name, meter) if (parts := self._unpack(entry, tree))]
        for parts in inner:  # after all else: what they hold takes the place of nothing
            self._unpack_inner(parts)
        for parts in self.nobodys:
            self._tell(Refused(self._shown(parts), messages.NOBODYS, is_nobodys=True))
        if self.untold:
            self.refused.append(Refused(self._shown(()), messages.and_more_refused(self.untold)))

    def _unpack(self, entry: PackedEntry, tree: Tree) -> Parts:
        """Write an entry, or name it. Where it is an archive itself, the answer is where it lies."""
        self.allowance.take_entry()
        self.allowance.check_time()
        try:
            return self._write(entry, tree)
        except EntryRefusedError as refusal:
            self._refuse(shown(entry.name), str(refusal))
        except OSError as error:
            if error.errno not in _NOT_STORED:
                raise
            self._refuse(shown(entry.name), messages.NAME_NOT_STORED)
        return ()

    def _write(self, entry: PackedEntry, tree: Tree) -> Parts:
        parts = parts_of(entry.name)
        if nobodys := passed_over(parts):
            self.nobodys.setdefault(nobodys)
            return ()
        if entry.problem:
            raise EntryRefusedError(entry.problem)
        check_depth(self.above + parts)
        if entry.is_folder:
            tree.make_folder(parts)
            return ()
        if not parts:
            raise EntryRefusedError(messages.NAMELESS)
        with tree.new_file(parts) as file:
            try:
                kind = self._copy(entry, file, parts[-1])
            except EntryRefusedError:
                self.allowance.give_bytes_back(file.tell())
                tree.path(parts).unlink()
                raise
        if kind is ArchiveKind.OTHER or (kind and self.depth == MAX_DEPTH):
            self._leave_packed(parts, messages.OTHER_KIND if kind is ArchiveKind.OTHER else messages.TOO_DEEP)
            return ()
        return parts if kind else ()

    def _copy(self, entry: PackedEntry, file: BinaryIO, name: str) -> ArchiveKind | None:
        """Returns what kind of archive it is, if it is one."""
        chunks = _chunks(entry.open)
        head = next(chunks, b"")
        kind = None if is_package(name) else kind_of_archive(head[:HEAD_BYTES])
        for chunk in chain([head], chunks):
            self.allowance.take_bytes(len(chunk))
            file.write(chunk)
            if not kind and file.tell() > MAX_FILE_BYTES:
                raise EntryRefusedError(messages.file_too_large(MAX_FILE_BYTES >> 20))
        return kind

    def _unpack_inner(self, parts: Parts) -> None:
        """Put in the place of an archive what is in it, or name it: what it does costs nothing that lies beside it."""
        path = self.root.joinpath(*parts)
        aside = path.with_name(f".packed-{len(self.refused)}")  # no name of an entry: those are taken already
        while os.path.lexists(aside):
            aside = aside.with_name(f"{aside.name}-")
        path.rename(aside)
        packed_size = aside.stat().st_size
        self.allowance.give_bytes_back(packed_size)  # it will lie there no more
        inner = Extraction(path, self.allowance.share(), self.above + parts, self.depth + 1)
        try:
            with aside.open("rb") as archive:
                inner.run(archive, parts[-1])
        except ArchiveRefusedError as refusal:
            shutil.rmtree(path)
            aside.rename(path)
            self.allowance.take_bytes(packed_size)
            self._leave_packed(parts, str(refusal))
        else:
            aside.unlink()
            self.allowance.take_all_of(inner.allowance)
            for each in inner.refused:
                self._tell(each)

    def _leave_packed(self, parts: Parts, reason: str) -> None:
        """Leave an archive as it is, where a person can see to it, and name it."""
        self.refused.append(Refused("/".join((*self.above, *parts)), reason, is_there=True))

    def _tell(self, refused: Refused) -> None:
        """Of one archive, and of all in one, so many are told; who packs more is not read that far."""
        if len(self.refused) < (MAX_TOLD if self.depth else MAX_TOLD_IN_ALL) or refused.is_there:
            self.refused.append(refused)
        else:
            self.untold += 1

    def _shown(self, parts: Parts) -> str:
        return "/".join(shown(part) for part in (*self.above, *parts)) or shown(self.root.name)

    def _refuse(self, name: str, reason: str) -> None:
        self._tell(Refused("/".join((*self.above, name)), reason))


def _chunks(open_source: Callable[[], Source]) -> Iterator[bytes]:
    """Raises EntryRefusedError, ArchiveRefusedError."""
    try:
        source = open_source()
        while chunk := source.read(CHUNK_BYTES):
            yield chunk
    except ArchiveRefusedError:
        raise
    except Exception:  # whatever a stranger's bytes bring about
        raise EntryRefusedError(messages.ENTRY_BROKEN) from None
