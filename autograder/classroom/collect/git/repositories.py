"""The repositories of a class: a list of them is read, and the work in each is fetched."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.classroom.collect.git import messages
from autograder.classroom.collect.git.address import has_password, read_address
from autograder.classroom.collect.git.commit import fetch_commit
from autograder.classroom.collect.git.errors import FetchError
from autograder.classroom.collect.git.process import USUAL_BOUNDS, Bounds, Git
from autograder.classroom.collect.git.tree import take_files
from autograder.classroom.person import composed
from autograder.classroom.roster import is_folder_name
from autograder.errors import UserError

# A name and an address, each in quotes where it holds blanks, and perhaps a comment.
_WORD = r'(?:"([^"]*)"|([^\s"]+))'
_LINE = re.compile(rf"{_WORD}(?:\s+{_WORD})?(?:\s+#.*)?")
_REF = re.compile(r"(?![-./])(?!.*(?:\.\.|//|@\{|\.lock(?:/|\Z)|[./]\Z))[^\x00-\x20\x7f~^:?*\[\\]+")


@dataclass(frozen=True)
class Repository:
    """Where a student's work is, and the line of the list that says so."""

    student: str
    address: str
    line: int


@dataclass(frozen=True)
class Checkout:
    """What was taken out of a repository. The commit's time is what the student's clock said: a claim."""

    repository: Repository
    folder: Path
    commit: str
    committed: datetime
    left_out: tuple[str, ...] = ()  # a sentence on each file that was not taken


@dataclass(frozen=True)
class Failed:
    """A repository from which nothing was taken, and why, in one sentence."""

    repository: Repository
    reason: str


def read_repositories(path: Path) -> list[Repository]:
    """A student's name and an address a line; `#` begins a comment. Raises UserError with line and what to do.

    A path that is not absolute begins at the folder of the list.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UserError(messages.cannot_read_list(path, error.strerror)) from None
    except UnicodeDecodeError:
        raise UserError(messages.list_not_utf8(path)) from None
    found: dict[str, Repository] = {}
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if (stripped := line.strip()) and not stripped.startswith("#"):
            each = _read_line(path, number, stripped)
            first = found.setdefault(each.student.casefold(), each)
            if first is not each:
                raise UserError(messages.name_twice(path, number, each.student, first.line))
    if not found:
        raise UserError(messages.no_repositories(path))
    return list(found.values())


def _read_line(path: Path, number: int, line: str) -> Repository:
    match = _LINE.fullmatch(line)
    if not match:
        raise UserError(messages.not_a_line(path, number))
    student, text = composed(match[1] or match[2] or "").strip(), match[3] or match[4] or ""
    if not is_folder_name(student):
        raise UserError(messages.not_a_name(path, number, student))
    if not text:
        raise UserError(messages.no_address(path, number, student))
    if has_password(text):
        raise UserError(messages.password_in_list(path, number, student))
    address = read_address(text)
    if not address:
        raise UserError(messages.address_not_allowed(path, number, student))
    is_path = address.transport == "file"
    return Repository(student, os.path.abspath(path.parent / text) if is_path else text, number)


def _is_known_to_git(time: datetime) -> bool:
    try:
        return time.timestamp() > 0
    except (OverflowError, ValueError, OSError):
        return False


def fetch(
    repositories: Sequence[Repository],
    target: Path,
    *,
    ref: str = "",
    before: datetime | None = None,
    bounds: Bounds = USUAL_BOUNDS,
) -> Iterator[Checkout | Failed]:
    """Fetch each repository, and take the files of one commit out of it, in the order of the list.

    The commit is that of the branch or tag `ref`, or the last one that is dated `before` a time or at it; by default
    it is the last of the default branch. A time without an offset is a local one. What is fetched lies in folders of
    its own below `target`. Raises UserError where nothing can be fetched.
    """
    if not shutil.which("git"):
        raise UserError(messages.NO_GIT)
    if before and not _is_known_to_git(before):
        raise UserError(messages.not_a_time(before.isoformat(sep=" ")))
    if ref and not _REF.fullmatch(ref):
        raise UserError(messages.not_a_ref(ref))
    target.mkdir(parents=True, exist_ok=True)
    return _in_order(repositories, target, ref or "HEAD", before, bounds)


def _in_order(
    repositories: Sequence[Repository], target: Path, ref: str, before: datetime | None, bounds: Bounds
) -> Iterator[Checkout | Failed]:
    with (
        tempfile.TemporaryDirectory(prefix=".fetched-", dir=target) as scratch,
        ThreadPoolExecutor(bounds.jobs) as pool,
    ):
        gits = [Git(each.address, Path(scratch, str(number)), bounds) for number, each in enumerate(repositories, 1)]
        try:
            yield from pool.map(lambda each, git: _fetch_one(each, git, target, ref, before), repositories, gits)
        finally:
            for git in gits:
                git.stop()


def _fetch_one(repository: Repository, git: Git, target: Path, ref: str, before: datetime | None) -> Checkout | Failed:
    """The files become part of the target when all of them are there."""
    try:
        with git:
            commit = fetch_commit(git, ref, before)
            files, left_out = take_files(git, commit.hash)
            folder = files.rename(target / git.scratch.name)
    except FetchError as error:
        return Failed(repository, str(error))
    except OSError as error:
        return Failed(repository, messages.cannot_keep(error.strerror))
    except Exception as error:  # whatever a stranger's repository brings about costs nobody else
        return Failed(repository, messages.not_understood(f"{type(error).__name__}: {error}"))
    return Checkout(repository, folder, commit.hash, commit.committed, left_out)
