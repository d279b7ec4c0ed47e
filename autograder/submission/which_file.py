"""Which file counts as the work on an assignment: one rule for grading, `check`, annotations, uploads and nbgrader.

Portable. Nothing is followed or opened here.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

SUFFIXES = (".ipynb", ".py")  # of the files that students write in; of two, the first counts: it was handed out
VISIBLE_CHECKS = "visible_checks.py"  # stands beside them, and is not theirs


def find_work(folder: Path, assignment: str) -> list[Path]:
    """All that could be the work on an assignment, the one that counts first.

    A file counts before what is none (a link, a folder), the notebook before the script.
    """
    present = [path for suffix in SUFFIXES if os.path.lexists(path := folder / f"{assignment}{suffix}")]
    return sorted(present, key=lambda path: not _is_regular_file(path))


def _is_regular_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def is_work(file: Path) -> bool:
    """Whether a file may be a student's own, by its name: a notebook or a script, not the checks and not hidden."""
    return file.suffix in SUFFIXES and file.name != VISIBLE_CHECKS and not file.name.startswith(".")
