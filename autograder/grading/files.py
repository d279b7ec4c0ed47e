"""Files written whole or not at all, read if they are there, and deleted; what goes wrong is told in one line."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from autograder.errors import UserError
from autograder.grading import messages


def path_from(root: Path, path: Path) -> str:
    """How a file is found from the folder of reports, if both are moved together; either may be reached by a link."""
    return way_to(path.parent.resolve() / path.name, root.resolve())


def path_to(root: Path, kept: str) -> Path:
    """The file that `path_from` told of, as it is named from here."""
    return Path(way_to(root.resolve() / kept))


def way_to(path: Path, folder: Path | None = None) -> str:
    """The way from a folder, or from here, to a file; on Windows, none leads from one drive to another."""
    try:
        return os.path.relpath(path, folder or os.curdir)
    except ValueError:
        return str(path)


def names_in(folder: str | Path) -> list[str]:
    """What is in a folder and not hidden; nothing where there is no such folder."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError:
        return []


def bytes_of(path: str | Path, flags: int = os.O_RDONLY | os.O_CLOEXEC, limit: int | None = None) -> bytes | None:
    """What is in a file; None where it cannot be read. With a `limit`, only of a regular file that is no larger.

    It takes half of the time that `Path.read_bytes` does, and of a large class, each file is read in every run.
    """
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        if limit is not None and not (stat.S_ISREG(status.st_mode) and status.st_size <= limit):
            return None
        most = status.st_size + 1
        content = piece = os.read(descriptor, most)
        while piece and not (len(piece) < most and stat.S_ISREG(status.st_mode)):  # which is where a regular file ends
            piece = os.read(descriptor, most)
            content += piece
        return content
    except OSError:
        return None
    finally:
        os.close(descriptor)


def content_of(report: bytes, work: bytes) -> bytes:
    """A hash of a report's file and of what is kept beside it of the work, by which both are known."""
    return hashlib.sha256(len(report).to_bytes(8) + report + work).digest()


def delete(place: Path) -> None:
    """Delete a file, a link, or a folder and all that is in it, if it is there. Raises UserError."""
    try:
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(messages.cannot_delete(place, error.strerror or str(error))) from None


def write_atomically(path: Path, content: str | bytes | Iterable[str | bytes]) -> None:
    """Write a file so that it is there whole or not at all; text as UTF-8, and pieces in a row. Raises UserError."""
    all_pieces = [content] if isinstance(content, str | bytes) else content
    pieces = (piece.encode() if isinstance(piece, str) else piece for piece in all_pieces)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.writelines(pieces)
        temporary.replace(path)
    except BaseException as error:  # pieces are made while they are written, and that may fail as well
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UserError(messages.cannot_write(path, error.strerror)) from None
        raise
