"""The files in what an instructor has: folders, archives, single files, lists of repositories."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path, PurePosixPath

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.kinds import is_document
from autograder.classroom.collect.gradescope import METADATA, SubmissionsExport, read_export
from autograder.classroom.collect.origin import Origin, origin_of
from autograder.classroom.collect.repositories import Failed, fetch, read_repositories
from autograder.classroom.collect.unpack import is_archive, unpack
from autograder.errors import UserError
from autograder.submission.which_file import NOBODYS_FILE, NOBODYS_FOLDERS, files_below
from autograder.text import decode_name

REPOSITORY = "repository"
MAX_METADATA_DEPTH = 2  # Gradescope's file lies at the top of an export, which may have a folder of its own


@dataclass(frozen=True)
class Incoming:
    """A file that came in: which of the sources it is from, what it is called there, and where it lies now."""

    source: str
    number: int  # of the source: those that are named later are newer
    shown: str
    path: Path
    origin: Origin
    is_claim: bool = False  # the time in its origin is the student's own word


@dataclass(frozen=True)
class Lost:
    """Something that came in and cannot be had, and why: a sentence, with what to do."""

    source: str
    shown: str
    reason: str
    student: str = ""


def files_of(
    source: Path, number: int, scratch: Path, *, ref: str = "", before: datetime | None = None
) -> Iterator[Incoming | Lost]:
    """All files of a source, archives unpacked and repositories fetched below `scratch`. Raises UserError."""
    name = decode_name(source.name) or str(source)
    places = (scratch / str(index) for index in count())
    if source.is_dir():
        yield from _of_folder(source, name, number, places)
    elif not source.exists():
        raise UserError(messages.no_source(source))
    elif is_archive(source) and not is_document(source.name):
        yield from _of_archive(source, PurePosixPath(), name, number, places)
    elif source.suffix == ".txt":
        yield from _of_repositories(source, name, number, next(places), ref, before)
    else:
        yield from _incoming(name, number, PurePosixPath(source.name), source)


def _of_folder(folder: Path, source: str, number: int, places: Iterator[Path]) -> Iterator[Incoming | Lost]:
    paths = list(_files(folder))
    export = _export(folder, paths)
    for path in paths:
        shown = PurePosixPath(*path.parts)
        if is_archive(folder / path) and not is_document(path.name):
            yield from _of_archive(folder / path, shown, source, number, places, export)
        else:
            yield from _incoming(source, number, shown, folder / path, export)


def _of_archive(
    archive: Path,
    shown: PurePosixPath,
    source: str,
    number: int,
    places: Iterator[Path],
    export: SubmissionsExport | None = None,
) -> Iterator[Incoming | Lost]:
    target = next(places)
    try:
        refused = unpack(archive, target)
    except UserError as error:
        yield Lost(source, decode_name(str(shown)) if shown.parts else source, str(error))
        return
    for each in refused:
        yield Lost(source, decode_name(str(shown / each.name)), each.reason)
    paths = list(_files(target))
    export = export or _export(target, paths)
    for path in paths:  # archives in it are unpacked already
        yield from _incoming(source, number, shown / PurePosixPath(*path.parts), target / path, export)


def _of_repositories(
    source: Path, name: str, number: int, target: Path, ref: str, before: datetime | None
) -> Iterator[Incoming | Lost]:
    for result in fetch(read_repositories(source), target, ref=ref, before=before):
        student = result.repository.student
        if isinstance(result, Failed):
            yield Lost(name, student, result.reason, student)
            continue
        for sentence in result.left_out:
            yield Lost(name, student, sentence, student)
        for path in _files(result.folder):
            file = PurePosixPath(*path.parts)
            origin = Origin(REPOSITORY, file, student, {"folder": student}, handed_in=result.committed)
            shown = decode_name(f"{student}/{file}")
            yield Incoming(name, number, shown, result.folder / path, origin, is_claim=True)


def _incoming(
    source: str, number: int, shown: PurePosixPath, path: Path, export: SubmissionsExport | None = None
) -> Iterator[Incoming]:
    """A file, once for each who handed it in together."""
    if export and shown.name == METADATA:
        return
    decoded = PurePosixPath(decode_name(str(shown)))
    for origin in (list(export.origins(decoded)) if export else []) or [origin_of(decoded)]:
        yield Incoming(source, number, str(decoded), path, origin)


def _export(folder: Path, paths: Sequence[Path]) -> SubmissionsExport | None:
    """What Gradescope says of the files in a folder, where it has written them. Raises UserError."""
    metadata = next((path for path in paths if path.name == METADATA and len(path.parts) <= MAX_METADATA_DEPTH), None)
    if metadata is None:
        return None
    return read_export(folder / metadata, PurePosixPath(decode_name(str(metadata.parent))))


def _files(folder: Path) -> Iterator[Path]:
    """The files in a folder, as paths below it; of each folder in it, as many as are looked at."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in NOBODYS_FOLDERS:
                yield from (Path(entry.name) / path for path in files_below(Path(entry.path)))
        elif not (entry.is_symlink() or NOBODYS_FILE.fullmatch(entry.name)):
            yield Path(entry.name)
