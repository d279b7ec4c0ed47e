"""The folder of a course on a worker: nobody else's, and gone when the processes that use it are.

Whoever uses it holds a lock on it. What is left where all of them were killed at once is deleted by the next course.
"""

from __future__ import annotations

import fcntl
import io
import os
import shutil
import tempfile
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import IO

PREFIX = "autograder-course-"
LOCK, COURSE = "lock", "solutions"
YOUNG_SECONDS = 60  # a folder that was just made may not be locked yet


def unpack(archive: bytes) -> tuple[Path, IO[str]]:
    """A new folder, 0700, with the course in it; and the lock on it, to be kept open. Raises OSError."""
    delete_left_over()
    root = Path(tempfile.mkdtemp(prefix=PREFIX))
    held = use(root)
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as members:
            members.extractall(root / COURSE)
    except BaseException:
        held.close()
        remove(root)
        raise
    return root, held


def use(root: Path) -> IO[str]:
    """Hold the folder, until what is returned is closed or this process ends."""
    lock = open(root / LOCK, "a")  # noqa: SIM115  (it is closed by whoever holds the folder)
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def leave(root: Path, held: IO[str]) -> None:
    """Hold the folder no longer, and delete it as soon as nobody else does: somebody may be about to end as well."""
    with held:
        fcntl.flock(held, fcntl.LOCK_EX)
        remove(root)


def remove(root: Path) -> None:
    """Delete the folder, whoever holds it."""
    shutil.rmtree(root, ignore_errors=True)


def delete_left_over() -> None:
    """Delete what was left by processes that could not delete it."""
    for root in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            about = root.lstat()
            if about.st_uid != os.getuid() or root.is_symlink() or time.time() - about.st_mtime < YOUNG_SECONDS:
                continue
            with open(root / LOCK, "a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises where somebody holds it
                remove(root)
