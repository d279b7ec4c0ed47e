"""Unpacks a stranger's archive into a new folder, in a process of its own under limits; what may not be there is named.

Nothing is written anywhere else, and nothing that is in it is executed, followed or believed.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.collect import messages
from autograder.classroom.collect.archives.kinds import HEAD_BYTES, kind_of_archive, open_file
from autograder.errors import UserError
from autograder.sandbox.bounded.process import BoundedProcess

UNPACKER = "autograder.classroom.collect.archives.process"
WALL_SECONDS = 1800  # the disk may be slow, and the machine busy


@dataclass(frozen=True)
class Refused:
    """An entry of an archive that was not unpacked, and why: a whole sentence with what to do."""

    name: str  # as it stands in the archive, behind those of the archives that it lies in; safe to show
    reason: str
    is_there: bool = False  # it is an archive itself, and lies in its place as it is
    is_nobodys: bool = False  # programs leave it behind


def is_archive(path: Path) -> bool:
    """Whether a file is an archive, by its first bytes, whatever it is called; a link is none."""
    try:
        with open_file(path) as file:
            return kind_of_archive(file.read(HEAD_BYTES)) is not None
    except OSError:
        return False


def unpack(archive: Path, target: Path) -> list[Refused]:
    """Unpack an archive, and those in it, into a new folder: all that may be there, or, with an error, nothing.

    An archive in it becomes a folder of its name. Raises UserError where it is none that can be read (it has a
    password, is damaged, of a kind that is not known, takes too much), or where the target cannot be made.
    """
    if os.path.lexists(target):
        raise UserError(messages.target_is_there(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=target.parent) as beside:
            unpacked = Path(beside) / "unpacked"
            refused = _ask(archive, unpacked)
            unpacked.rename(target)
    except OSError as error:
        raise UserError(messages.cannot_write(target, error.strerror)) from None
    return refused


def _ask(archive: Path, into: Path) -> list[Refused]:
    """Raises UserError; OSError where no process can be started."""
    process = BoundedProcess(UNPACKER)
    try:
        answer = process.ask({"archive": os.path.abspath(archive), "into": os.path.abspath(into)}, WALL_SECONDS)
    except (EOFError, OSError):
        raise UserError(messages.not_unpacked(archive, messages.TAKES_TOO_MUCH)) from None
    finally:
        process.close()
    if problem := answer.get("problem"):
        raise UserError(messages.not_unpacked(archive, problem))
    return [Refused(*each) for each in answer["refused"]]
