"""Where a command may write: over what it made itself, and over nothing else that is somebody's work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from autograder.errors import UserError


class TargetError(UserError):
    """What was named is not to be written to; the message says why and what to do."""


def require_apart(out: Path, submitted: Path) -> None:
    """Reports lie neither among what was handed in nor around it. Raises TargetError."""
    ours, theirs = out.resolve(), submitted.resolve()
    if ours == theirs:
        where = "is"
    elif ours.is_relative_to(theirs):
        where = "is in"
    elif theirs.is_relative_to(ours):
        where = "holds"
    else:
        return
    hint = ", with --out" if out == Path("graded") else " (default: graded)"
    raise TargetError(f"--out {out} {where} the folder of submissions: choose another{hint}")


def require_zip(path: Path) -> None:
    """Raises TargetError where the name is not that of a zip: it may be of a file that is to stay."""
    if path.suffix.lower() != ".zip":
        raise TargetError(
            f"{path} does not end in .zip: name the zip to write, for example {path.stem or 'course'}.zip"
        )


def require_own(folder: Path, is_own: Callable[[Path], bool]) -> None:
    """Raises TargetError where a folder holds what its command did not make. Hidden files are nobody's work."""
    entries = [entry for entry in folder.iterdir() if entry.name[0] != "."] if folder.is_dir() else []
    if entries and not is_own(folder):
        raise TargetError(f"{folder} is not empty: name a new folder")


def is_source(folder: Path) -> bool:
    """Whether all that is in a folder is what `release --source` writes: assignments' notebooks, and their checks."""
    return all(
        (entry / f"{entry.name}.ipynb").is_file() and (entry / "visible_checks.py").is_file()
        for entry in folder.iterdir()
        if entry.name[0] != "."
    )
