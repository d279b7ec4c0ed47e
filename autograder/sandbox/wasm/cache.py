"""What is made once and used by every run: a private folder of files, each named after all that it was made of.

Compiled modules are native code, and images are what all workers begin with. So a file counts only where nobody else
can have written it: in a folder of this user's alone, a plain file of this user's alone, with the content that it was
made with. One that is doubtful is deleted, and never loaded. Portable.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from autograder.sandbox import messages
from autograder.sandbox.protocol import SandboxError

VARIABLE = "AUTOGRADER_CACHE"  # names another folder
MAX_FILES = 8  # of one kind; the oldest ones go
DIGEST = 32  # bytes at the end of a file: the hash of what stands before them
Make = Callable[[Path], None]


class Cache:
    """The folder."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """The first of the places that can be used; what is wrong with one before it, is said. Raises SandboxError."""
        for folder in _places():
            if problem := _problem(folder):
                say(messages.cache_unusable(folder, problem))
            else:
                self.folder = folder
                return
        raise SandboxError(messages.no_cache(VARIABLE))

    def get(self, kind: str, key: str, make: Make) -> Path:
        """The file of a kind that was made of what `key` tells; `make` writes it where there is none yet.

        Whoever needs it meanwhile waits for it: nothing is made twice. Its last `DIGEST` bytes are ours.
        """
        path = self.folder / f"{kind}-{hashlib.sha256(key.encode()).hexdigest()}"
        if _is_sound(path):
            _touch(path)
            return path
        with FileLock(self.folder / f"{kind}.lock", mode=0o600):
            if not _is_sound(path):
                _remove(path)
                self._make(path, make)
                self._tidy(kind)
        return path

    def _make(self, path: Path, make: Make) -> None:
        descriptor, name = tempfile.mkstemp(prefix=".making-", dir=self.folder)  # nobody else may read or write it
        os.close(descriptor)
        made = Path(name)
        try:
            make(made)
            with made.open("r+b") as content:
                digest = hashlib.file_digest(content, "sha256").digest()
                content.seek(0, os.SEEK_END)
                content.write(digest)
            os.replace(made, path)
        except OSError as error:
            raise SandboxError(messages.cache_not_written(path, error.strerror, VARIABLE)) from error
        finally:
            made.unlink(missing_ok=True)

    def _tidy(self, kind: str) -> None:
        found = sorted(self.folder.glob(f"{kind}-*"), key=lambda each: each.lstat().st_mtime, reverse=True)
        for old in found[MAX_FILES:]:
            _remove(old)


def _places() -> list[Path]:
    if named := os.environ.get(VARIABLE):
        return [Path(named)]
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return [user_cache_path("autograder"), Path(tempfile.gettempdir(), f"autograder-{user}")]


def _problem(folder: Path) -> str:
    """Why a folder cannot be used; it is made where it is not there. Empty where it can."""
    try:
        with suppress(FileExistsError):
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            return messages.CACHE_NO_FOLDER
        if not _is_ours_alone(found):
            return messages.CACHE_OF_OTHERS
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _is_ours_alone(found: os.stat_result) -> bool:
    """Whether nobody but this user can write. Windows has no such bits: there, a user's folders are private."""
    if not hasattr(os, "getuid"):
        return True
    return found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077


def _is_sound(path: Path) -> bool:
    """Whether a file is there, of ours, and as it was made."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode) or not _is_ours_alone(found) or found.st_nlink != 1:
            return False
        with path.open("rb") as content:
            return _holds_its_digest(content.fileno(), found.st_size)
    except OSError:
        return False


def _holds_its_digest(descriptor: int, size: int) -> bool:
    if size <= DIGEST:
        return False
    digest = hashlib.sha256()
    left = size - DIGEST
    while left:
        part = os.read(descriptor, min(left, 1 << 22))
        if not part:
            return False
        digest.update(part)
        left -= len(part)
    return os.read(descriptor, DIGEST) == digest.digest()


def _touch(path: Path) -> None:
    with suppress(OSError):
        os.utime(path)


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            path.rename(path.with_name(f".doubtful-{path.name}"))
        else:
            path.unlink()
