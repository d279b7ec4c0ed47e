"""The files that a course lets answers read: read beforehand, and found by `open` where they lie beside the notebook.

A worker opens no file, and none of these either: it has their content in memory. To answers, a file is where a notebook
has it, `data/words.txt` in the folder of its assignment, for `open`, `pathlib`, NumPy and pandas alike; it can be read
only, and there is nothing beside it. The same stands in on a student's own machine. Portable.
"""

from __future__ import annotations

import errno
import gc
import genericpath
import importlib
import io
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox import messages

ROOT = os.path.abspath(os.sep)  # of all folders that answers know of
NEEDED = ("bz2", "gzip", "lzma", "zipfile")  # what NumPy imports when it reads a file
READABLE_BY_ALL = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True)
class GivenFiles:
    """Which files there are: `names` such as "02_words/data/words.txt", of these assignments, beneath a folder."""

    folder: Path = Path()
    assignments: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"folder": str(self.folder.absolute()), "assignments": self.assignments, "names": self.names}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> GivenFiles:
        return cls(Path(value["folder"]), tuple(value["assignments"]), tuple(value["names"]))

    def known_to(self, assignment: str) -> tuple[str, ...]:
        """The files that the answers of an assignment may read: its own, and those of the ones before it."""
        return self.up_to(assignment).names

    def up_to(self, assignment: str) -> GivenFiles:
        """The same where only an assignment and those before it are there."""
        last = self.assignments.index(assignment) + 1 if assignment in self.assignments else 0
        so_far = self.assignments[:last]
        return GivenFiles(self.folder, so_far, tuple(name for name in self.names if name.partition("/")[0] in so_far))

    def contents(self) -> dict[str, bytes]:
        """What stands in those that are there: a student may have lost one. Raises OSError."""
        return {name: content for name in self.names if (content := _read(self.folder / name)) is not None}


NO_FILES = GivenFiles()


class Files:
    """The files in memory, and which of them are there for the code that runs now."""

    def __init__(self, given: GivenFiles, contents: Mapping[str, bytes]) -> None:
        """A file without content is not there for answers either."""
        self._given = given
        self._contents = contents
        self._assignment = ""
        self._open: Callable[..., Any]
        self._stat: Callable[..., os.stat_result] = os.stat
        self._lstat: Callable[..., os.stat_result] = os.lstat

    def stand_in(self) -> None:
        """From here on, they are found where files are opened and looked for in this process."""
        for module in NEEDED:
            importlib.import_module(module)
        self._take_place_of_open()
        os.stat, os.lstat, os.getcwd = self.stat, self.lstat, self.folder
        # Python's own ones: on some systems, others stand in for them, which ask the system.
        os.path.exists, os.path.isfile, os.path.isdir = genericpath.exists, genericpath.isfile, genericpath.isdir

    def _take_place_of_open(self) -> None:
        """Wherever a module has it already: NumPy keeps it in a table of its own."""
        found = io.open
        self._open = found
        for holder in gc.get_referrers(found):
            if isinstance(holder, dict) and holder is not vars(self):
                holder.update({name: self.open for name, value in holder.items() if value is found})

    @contextmanager
    def beside(self, assignment: str) -> Iterator[None]:
        """Be in the folder of an assignment."""
        before, self._assignment = self._assignment, assignment
        try:
            yield
        finally:
            self._assignment = before

    def settle(self, assignment: str) -> None:
        """Be in the folder of an assignment from now on."""
        self._assignment = assignment

    def folder(self) -> str:
        """What stands in for `os.getcwd`."""
        return os.path.join(ROOT, self._assignment)

    def open(self, file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
        """What stands in for `open`."""
        name = self._name(file)
        if name not in self._known:
            try:
                return self._open(file, mode, buffering, *args, **kwargs)
            except PermissionError as refused:
                known = ", ".join(os.path.relpath(each, self._assignment) for each in self._known)
                if not name or not known:
                    raise
                told = messages.other_file(known.replace(os.sep, "/"))
                raise PermissionError(refused.errno, told, os.fspath(file)) from None
        if set(mode) & set("wax+"):
            raise PermissionError(errno.EACCES, messages.READ_ONLY, os.fspath(file))
        if name not in self._contents:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(file))
        return _opened(_InMemory(self._contents[name], file), mode, buffering, *args, **kwargs)

    def stat(self, path: Any, **kwargs: Any) -> os.stat_result:
        """What stands in for `os.stat`."""
        return self._described(path) or self._seen(self._stat, path, **kwargs)

    def lstat(self, path: Any, **kwargs: Any) -> os.stat_result:
        """What stands in for `os.lstat`: none of them is a link."""
        return self._described(path) or self._seen(self._lstat, path, **kwargs)

    def _seen(self, look: Callable[..., os.stat_result], path: Any, **kwargs: Any) -> os.stat_result:
        """What a worker may not look at is not there."""
        try:
            return look(path, **kwargs)
        except PermissionError:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from None

    @property
    def _known(self) -> tuple[str, ...]:
        return self._given.known_to(self._assignment)

    def _described(self, path: Any) -> os.stat_result | None:
        name = self._name(path)
        if name in self._known and name in self._contents:
            return os.stat_result((stat.S_IFREG | READABLE_BY_ALL, 0, 0, 1, 0, 0, len(self._contents[name]), 0, 0, 0))
        if name and any(each.startswith(f"{name}/") for each in self._known):
            return os.stat_result((stat.S_IFDIR | READABLE_BY_ALL, 0, 0, 1, 0, 0, 0, 0, 0, 0))
        return None

    def _name(self, path: Any) -> str:
        """What a path would be called among the given files; nothing for a descriptor."""
        try:
            text = os.fsdecode(path)
        except TypeError:
            return ""
        full = os.path.normpath(os.path.join(self.folder(), text))
        return full.removeprefix(ROOT).replace(os.sep, "/")


def files_of(given: Mapping[str, Any]) -> Files | None:
    """The files that a process is told of, standing in; none where there are none. Raises OSError."""
    if not given["names"]:
        return None
    known = GivenFiles.from_json(given)
    files = Files(known, known.contents())
    files.stand_in()
    return files


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OSError(messages.not_given(path, error.strerror)) from None


def _opened(
    raw: _InMemory,
    mode: str,
    buffering: int,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    *_: object,
    **__: object,
) -> Any:
    """What `open` returns; text is UTF-8, unless something else is said."""
    if "b" in mode:
        return raw if buffering == 0 else io.BufferedReader(raw)
    text = io.TextIOWrapper(io.BufferedReader(raw), encoding or "utf-8", errors, newline)
    vars(text)["mode"] = mode  # as `open` says of itself
    return text


class _InMemory(io.RawIOBase):
    """A file that lies in memory."""

    mode = "rb"

    def __init__(self, content: bytes, name: Any) -> None:
        self._content = memoryview(content)
        self._at = 0
        self.name = name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._content[self._at : self._at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._content)}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def fileno(self) -> int:
        raise io.UnsupportedOperation(messages.NO_DESCRIPTOR)
