"""Reads what an instructor has: folders, archives, single files, lists of repositories."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path, PurePosixPath

from autograder.classroom.collect import messages
from autograder.classroom.collect.git.repositories import Checkout, Failed, fetch, read_repositories
from autograder.classroom.collect.systems.gradescope import read_export
from autograder.classroom.collect.systems.origin import (
    METADATA,
    Origin,
    System,
    Top,
    form_of,
    holds_several,
    origin_of,
    system_of,
)
from autograder.classroom.collect.unpack import is_archive
from autograder.classroom.collect.walk import SourceEntry, entries_of_archive, entries_of_folder, unpacked
from autograder.classroom.roster import FOLDER
from autograder.errors import UserError
from autograder.submission.which_file import ARCHIVE, kind_of
from autograder.text import decode_name

LIST = ".txt"  # of repositories
# A folder in an archive that has its name, but for the number of a copy: nobody's, but made by who packed it.
_WRAPPER = r"{}[ _-]?\(?[0-9]*\)?|assignment_[0-9]+_export"


@dataclass(frozen=True)
class Incoming:
    """Something that came in, and one of those who handed it in."""

    entry: SourceEntry
    origin: Origin

    @property
    def shown(self) -> str:
        return decode_name(str(self.entry.path))


@dataclass(frozen=True)
class SourceContents:
    """One of the things that were named, and all that is in it."""

    name: str
    system: System = System.FOLDERS
    incoming: Sequence[Incoming] = ()
    problem: str = ""  # why it could not be read


class SourceReader:
    """Reads what was named; archives are unpacked, and repositories fetched, below a folder."""

    def __init__(
        self, scratch: Path, assignments: Sequence[str], *, ref: str = "", before: datetime | None = None
    ) -> None:
        self._scratch = (scratch / str(number) for number in count())
        self._assignments = assignments
        self._ref, self._before = ref, before

    def read(self, paths: Sequence[Path]) -> Iterator[SourceContents]:
        """Each in its order. Single files are one source, so that all that came in together is one attempt.

        What cannot be read has its problem, and costs the others nothing. Raises UserError where one is not there.
        """
        for path in paths:
            if not os.path.lexists(path):
                raise UserError(messages.no_source(path))
        each_once = list({os.path.realpath(path): path for path in paths}.values())
        files = _single_files(each_once)
        fetched = {path: self._fetch(path) for path in each_once if _is_list(path) and path not in files}
        if (self._ref or self._before) and not fetched:
            raise UserError(messages.NO_REPOSITORIES)
        for path in each_once:
            if path in fetched:
                yield _of_repositories(decode_name(path.name), fetched[path], self._scratch)
            elif path not in files[1:]:
                yield self._of_files(files) if path in files else self._of(path)

    def _fetch(self, path: Path) -> Iterator[Checkout | Failed]:
        """What is wrong in a list is the instructor's to put right, before anything is done. Raises UserError."""
        return fetch(read_repositories(path), next(self._scratch), ref=self._ref, before=self._before)

    def _of(self, path: Path) -> SourceContents:
        name = decode_name(path.name) or str(path)
        try:
            if path.is_dir():
                entries = list(entries_of_folder(path, self._scratch))
                return self._told(name, entries, [Top(top, (path / top).is_file()) for top in _tops(entries)])
            unwrapped = _without_wrapper(list(entries_of_archive(path, next(self._scratch))), path)
            return self._told(name, unwrapped, [Top(*each, in_archive=True) for each in _tops(unwrapped).items()])
        except UserError as error:
            return SourceContents(name, problem=str(error))
        except OSError as error:
            return SourceContents(name, problem=messages.cannot_be_opened(error.strerror))

    def _of_files(self, paths: Sequence[Path]) -> SourceContents:
        """What lies at the top of a download, each named by itself."""
        entries: list[SourceEntry] = []
        for path in paths:
            top = PurePosixPath(path.name)
            try:
                if path.is_dir():
                    entries += (replace(each, path=top / each.path) for each in entries_of_folder(path, self._scratch))
                else:
                    entries += unpacked(SourceEntry(top, path), self._scratch)
            except OSError as error:
                entries.append(SourceEntry(top, reason=messages.cannot_be_opened(error.strerror)))
        return self._told(messages.FILES, entries, [Top(path.name, path.is_file()) for path in paths])

    def _told(self, name: str, entries: Sequence[SourceEntry], tops: Sequence[Top]) -> SourceContents:
        """Read the origins of all entries, by what the names at the top tell of the system."""
        system = system_of(tops)
        if system is System.GRADESCOPE:
            return SourceContents(name, system, list(_of_export(entries)))
        known = {top.name: top for top in tops}
        downloads = _downloads(entries) if system is System.FOLDERS else set()
        incoming: list[Incoming] = []
        for entry in entries:
            first = entry.path.parts[0]
            if first in downloads:
                incoming.append(Incoming(replace(entry, place=None, reason=messages.A_DOWNLOAD), Origin(system)))
            else:
                top = known.get(first, Top(first, is_file=False))
                incoming.append(Incoming(entry, origin_of(system, top, entry.path, self._assignments)))
        return SourceContents(name, system, incoming)


def _of_repositories(name: str, results: Iterator[Checkout | Failed], scratch: Iterator[Path]) -> SourceContents:
    incoming: list[Incoming] = []
    for result in results:
        student = result.repository.student
        origin = Origin(System.REPOSITORY, name=student, ids={FOLDER: student})
        if isinstance(result, Failed):
            incoming.append(Incoming(SourceEntry(PurePosixPath(student), reason=result.reason), origin))
            continue
        entries = list(entries_of_folder(result.folder, scratch))
        for sentence in result.left_out:
            incoming.append(Incoming(SourceEntry(PurePosixPath(student), reason=sentence), origin))
        if not entries:
            nothing = SourceEntry(PurePosixPath(student), reason=messages.EMPTY_FOLDER, is_nobodys=True)
            incoming.append(Incoming(nothing, origin))
        origin = replace(origin, handed_in=result.committed, is_claim=True, commit=result.commit)
        for entry in entries:
            below = replace(entry, path=PurePosixPath(student, entry.path))
            incoming.append(Incoming(below, replace(origin, file=entry.path)))
    return SourceContents(name, System.REPOSITORY, incoming)


def _single_files(paths: Sequence[Path]) -> list[Path]:
    """Those of what is named that lie at the top of a download, and are neither downloads nor lists themselves.

    A folder is one if it is called as a system calls folders. An archive or a text is one if files are named with it.
    """
    folders = [path for path in paths if path.is_dir() and form_of(Top(path.name, is_file=False)) is not System.FOLDERS]
    files = [path for path in paths if path.is_file()]
    packed = [path for path in files if kind_of(path.name) == ARCHIVE or is_archive(path)]
    singles = [path for path in files if path not in packed and not _is_list(path)]
    return [path for path in paths if path in folders or path in (files if singles else ())]


def _is_list(path: Path) -> bool:
    """Whether it is a list of repositories, as far as its name tells."""
    return path.is_file() and path.suffix == LIST


def _tops(entries: Sequence[SourceEntry], below: int = 0) -> dict[str, bool]:
    """The names at the top, or so many folders below it, and whether each is that of a file."""
    found: dict[str, bool] = {}
    for entry in entries:
        if len(entry.path.parts) > below and not entry.is_nobodys:
            name = entry.path.parts[below]
            found[name] = found.get(name, True) and len(entry.path.parts) == below + 1
    return found


def _without_wrapper(entries: Sequence[SourceEntry], archive: Path) -> Sequence[SourceEntry]:
    """The entries below the one folder that whoever packed an archive put around them all."""
    tops = _tops(entries)
    wrapper = next(iter(tops), "")
    if len(tops) != 1 or tops[wrapper] or form_of(Top(wrapper, is_file=False, in_archive=True)) is not System.FOLDERS:
        return entries
    stem = re.escape(archive.name.split(".")[0])
    if not (re.fullmatch(_WRAPPER.format(f"(?:{stem})"), wrapper) or _downloads(entries)):
        return entries
    inner = [each for each in entries if each.path.parts[0] == wrapper]
    return [replace(each, path=each.path.relative_to(wrapper)) if len(each.path.parts) > 1 else each for each in inner]


def _downloads(entries: Sequence[SourceEntry]) -> set[str]:
    """Names at the top of plain folders that are those of whole downloads: they must be named themselves."""
    below: defaultdict[str, list[SourceEntry]] = defaultdict(list)
    for entry in entries:
        below[entry.path.parts[0]].append(entry)
    tops = {name: [Top(*each) for each in _tops(inside, 1).items()] for name, inside in below.items()}
    return {name for name, inside in tops.items() if holds_several(inside)}


def _of_export(entries: Sequence[SourceEntry]) -> Iterator[Incoming]:
    """Raises UserError where it cannot be read what Gradescope says of them."""
    metadata = next((each for each in entries if str(each.path) == METADATA), None)
    if not metadata or not metadata.place:
        raise UserError(messages.no_metadata(METADATA))
    export = read_export(metadata.place)
    for entry in entries:
        if entry is not metadata:
            yield from (Incoming(entry, origin) for origin in export.origins(entry.path))
