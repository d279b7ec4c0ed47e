"""Where a command may write: over what it made itself, and over nothing else that is somebody's work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from autograder.cli.shared import messages
from autograder.errors import UserError

DEFAULT_OUT = Path("graded")


def require_apart(out: Path, submitted: Path) -> None:
    """Reports lie neither among what was handed in nor around it. Raises UserError."""
    reports, submissions = out.resolve(), submitted.resolve()
    is_default = out == DEFAULT_OUT
    if reports == submissions:
        raise UserError((messages.default_out_is_submitted if is_default else messages.out_is_submitted)(out))
    if reports.is_relative_to(submissions):
        raise UserError((messages.default_out_in_submitted if is_default else messages.out_in_submitted)(out))
    if submissions.is_relative_to(reports):
        raise UserError((messages.default_out_holds_submitted if is_default else messages.out_holds_submitted)(out))


def require_beside(into: Path, sources: Iterable[Path]) -> None:
    """Work is collected neither into what it is collected from, nor around it. Raises UserError."""
    target = into.resolve()
    for source in sources:
        place = source.resolve()
        if target.is_relative_to(place) or (place.is_dir() and place.is_relative_to(target)):
            raise UserError(messages.one_in_the_other(source, into))


def require_zip(path: Path) -> None:
    """Raises UserError where the name is not that of a zip: it may be of a file that is to stay."""
    if path.suffix.lower() != ".zip":
        raise UserError(messages.no_zip(path, path.stem or "course"))


def require_own(folder: Path, is_own: Callable[[Path], bool]) -> None:
    """Raises UserError where a folder holds what its command did not make. Hidden files are nobody's work."""
    entries = [entry for entry in folder.iterdir() if entry.name[0] != "."] if folder.is_dir() else []
    if entries and not is_own(folder):
        raise UserError(messages.not_empty(folder))
