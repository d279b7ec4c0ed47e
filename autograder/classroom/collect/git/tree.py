"""The files of a commit, taken out of a repository without a checkout: hooks, filters and attributes have no say."""

from __future__ import annotations

import errno
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.classroom.collect.archives.names import sameness
from autograder.classroom.collect.git import messages
from autograder.classroom.collect.git.errors import FetchError
from autograder.classroom.collect.git.process import Bounds, Git
from autograder.submission.which_file import MAX_DEPTH
from autograder.text import DANGEROUS, on_one_line

MAX_LISTING_BYTES = 8 << 20  # of 10,000 files, it is a tenth
MAX_PATH_CHARS = 1000
LINK_MODE = "120000"
MEGABYTE = 1_000_000
_NOT_IN_A_NAME = re.compile(f"[\\\\\t\n{DANGEROUS}]")
_DOT_GIT = {".git", "git~1"}


@dataclass(frozen=True)
class _Entry:
    path: str
    kind: str
    hash: str
    size: int


def take_files(git: Git, commit: str) -> tuple[Path, tuple[str, ...]]:
    """Write a commit's files; the folder that they are in, and a sentence on what is left out. Raises FetchError."""
    bounds = git.bounds
    folder = git.scratch / "files"
    folder.mkdir()
    names = _Names()
    left_out: list[str] = []
    files = taken = rest = 0
    entries = _entries(git, commit)
    with git.reading("cat-file", "--batch") as (ask, answers):
        for entry in entries:
            if files + len(left_out) == bounds.files:
                rest += 1
            elif reason := _reason_against(entry, bounds):
                left_out.append(reason)
            elif taken + entry.size > bounds.repository_bytes:
                rest += 1
            elif not names.take(entry.path):
                left_out.append(messages.alike_left_out(on_one_line(entry.path)))
            elif _write(folder / entry.path, _content(entry, ask, answers)):
                files, taken = files + 1, taken + entry.size
            else:
                left_out.append(messages.unsafe_left_out(on_one_line(entry.path)))
    if rest:
        left_out.append(messages.rest_left_out(rest, bounds.files, bounds.repository_bytes // MEGABYTE))
    return folder, tuple(left_out)


def _entries(git: Git, commit: str) -> list[_Entry]:
    """All that is in the trees; work first, where it is too much: nothing hidden, and what is nearer to the top."""
    with git.reading("ls-tree", "-r", "-z", "-l", "--full-tree", commit) as (_, answers):
        listing = answers.read(MAX_LISTING_BYTES + 1)
        if len(listing) > MAX_LISTING_BYTES:
            raise FetchError(messages.TOO_MANY_FILES)
    found = []
    for line in listing.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        columns, _, path = line.partition("\t")
        mode, kind, name, size = columns.split()
        is_file = kind == "blob" and mode.startswith("100") and size.isdigit()
        what = "file" if is_file else "link" if mode == LINK_MODE else kind
        found.append(_Entry(path, what, name, int(size) if is_file else 0))
    return sorted(found, key=lambda entry: ("/." in f"/{entry.path}", entry.path.count("/")))


def _reason_against(entry: _Entry, bounds: Bounds) -> str:
    """Why something in a tree is left out, or nothing."""
    shown = on_one_line(entry.path)
    if entry.kind == "commit":
        return messages.submodule_left_out(shown)
    if entry.kind != "file":
        return (messages.link_left_out if entry.kind == "link" else messages.unread_left_out)(shown)
    parts = entry.path.split("/")
    if len(parts) > MAX_DEPTH or len(entry.path) > MAX_PATH_CHARS or not all(map(_is_safe, parts)):
        return messages.unsafe_left_out(shown)
    if entry.size > bounds.file_bytes:
        return messages.large_left_out(shown, bounds.file_bytes // MEGABYTE)
    return ""


def _is_safe(name: str) -> bool:
    """Whether a name is one on every system, and leads nowhere else."""
    if _NOT_IN_A_NAME.search(name) or name in ("", ".", ".."):
        return False
    seen = "".join(each for each in unicodedata.normalize("NFKC", name) if unicodedata.category(each) != "Cf")
    return seen.casefold().partition(":")[0].rstrip(" .") not in _DOT_GIT


class _Names:
    """The names that are taken, as systems see them that tell neither `a` from `A` nor one `é` from the other."""

    def __init__(self) -> None:
        self._taken: dict[str, tuple[str, bool]] = {}

    def take(self, path: str) -> bool:
        """Take a file's path; False where another is there that is like it, or like one of its folders."""
        wanted = {sameness(path): (path, True)}
        wanted |= {sameness(str(each)): (str(each), False) for each in list(PurePosixPath(path).parents)[:-1]}
        is_new = sameness(path) not in self._taken
        if not is_new or any(self._taken.get(key, value) != value for key, value in wanted.items()):
            return False
        self._taken |= wanted
        return True


def _content(entry: _Entry, ask: IO[bytes], answers: IO[bytes]) -> bytes:
    """Raises EOFError where git has ended."""
    ask.write(f"{entry.hash}\n".encode())
    ask.flush()
    header = answers.readline().split()
    content = answers.read(entry.size)
    if header[1:] != [b"blob", str(entry.size).encode()] or len(content) < entry.size or answers.read(1) != b"\n":
        raise EOFError
    return content


def _write(path: Path, content: bytes) -> bool:
    """False where the name is too long. Raises OSError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return False
        raise
    return True
