"""The shape of a student's folder: what lies in it, by name and kind. In folders of one shape, work lies in one way.

Of a large class, most folders have a shape that was met before, for which all rules about names have been applied.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from autograder.grading.found.submissions import Ways

MAX_NAMES = 200  # in a folder whose shape is kept
MAX_SHAPES = 1000  # that are
Shape = tuple[str, ...]


class Shapes:
    """How work lies in folders of each shape, and which of it is a submission."""

    def __init__(self) -> None:
        self._known: dict[Shape, tuple[Ways, Sequence[str]]] = {}

    def get(self, shape: Shape | None) -> tuple[Ways, Sequence[str]] | None:
        return self._known.get(shape) if shape else None

    def add(self, shape: Shape | None, ways: Ways, wanted: Sequence[str]) -> None:
        if shape and len(self._known) < MAX_SHAPES:
            self._known[shape] = ways, wanted


def shape_of(folders: Sequence[str]) -> Shape | None:
    """The paths of all that lies in a folder, those of folders with a slash behind them; all of it files and folders.

    None where there are several folders or none, where a link or anything else lies there that names do not tell of,
    where it cannot be read, or holds a lot.
    """
    if len(folders) != 1 or os.path.islink(folders[0]):
        return None
    try:
        names: list[str] = []
        for name in _names(folders[0], ""):
            if name is None or len(names) == MAX_NAMES:
                return None
            names.append(name)
    except OSError:
        return None
    return tuple(sorted(names))


def _names(folder: str, above: str) -> Iterator[str | None]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{above}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield f"{name}/"
                yield from _names(entry.path, f"{name}/")
            else:
                yield name if entry.is_file(follow_symlinks=False) else None
