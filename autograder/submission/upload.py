"""What a student handed in elsewhere, laid out as the grader reads it: a folder for each assignment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.submission.reader import MAX_FILE_BYTES
from autograder.submission.which_file import assignment_of, files_below, find_work, is_work


def lay_out(upload: Path, assignments: Sequence[str], target: Path) -> None:
    """Copy the files of some assignments, from wherever in `upload` they lie, to `target/<assignment>/`.

    That is in `upload` itself, in `<assignment>/` or in `assignments/<assignment>/`. Nothing is judged here: what is no
    plain file, or is too large, is there again as such, for the reader to turn it away with a reason.
    """
    for name in assignments:
        folder = target / name
        folder.mkdir(parents=True)
        for source in _files(upload, name):
            _copy(source, folder / source.name)
    last = target / assignments[-1]
    if not any(last.iterdir()):  # perhaps it is there under another name, or in another place
        for path in files_below(upload):
            if is_work(path) and assignment_of(path, assignments) in ("", assignments[-1]):
                (last / path).parent.mkdir(parents=True, exist_ok=True)
                _copy(upload / path, last / path)


def _files(upload: Path, name: str) -> Iterator[Path]:
    """The files for an assignment, in the first of the folders that has one."""
    for parts in ((), (name,), ("assignments", name)):
        folder = upload.joinpath(*parts)
        through_a_link = any(upload.joinpath(*parts[:count]).is_symlink() for count in range(1, len(parts) + 1))
        if files := [] if through_a_link else find_work(folder, name):
            yield from files
            return


def _copy(source: Path, target: Path) -> None:
    if source.is_symlink():
        target.symlink_to(os.readlink(source))
    elif not source.is_file():
        target.mkdir()
    elif (size := source.stat().st_size) > MAX_FILE_BYTES:
        target.touch()
        os.truncate(target, size)
    else:
        shutil.copyfile(source, target, follow_symlinks=False)
