"""What was handed in elsewhere is found where it lies, and what is no plain file is turned away as ever."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.submission.errors import UnreadableError
from autograder.submission.reader import MAX_FILE_BYTES, read_submission
from autograder.submission.upload import lay_out

NAMES = ("01_sums", "02_centred")


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    (tmp_path / "upload").mkdir()
    return tmp_path / "upload"


def read(upload: Path) -> str:
    """What the reader finds of the last assignment. Raises UnreadableError."""
    target = upload.parent / "laid out"
    lay_out(upload, NAMES, target)
    return read_submission(target / NAMES[-1], NAMES[-1]).cells[0].source


@pytest.mark.parametrize("folder", ["", "02_centred", "assignments/02_centred"])
def test_a_file_is_found_in_each_place(upload: Path, folder: str) -> None:
    (upload / folder).mkdir(parents=True, exist_ok=True)
    (upload / folder / "02_centred.py").write_text("x = 1\n")
    assert read(upload) == "x = 1\n"


def test_earlier_assignments_come_along(upload: Path) -> None:
    for name in NAMES:
        (upload / f"{name}.py").write_text(f"# {name}\n")
    read(upload)
    assert (upload.parent / "laid out" / "01_sums" / "01_sums.py").read_text() == "# 01_sums\n"


def test_where_both_are_there_both_are_handed_on(upload: Path) -> None:
    """So that the reader says which of them it took."""
    (upload / "02_centred.py").write_text("x = 1\n")
    (upload / "02_centred.ipynb").write_text('{"cells": [{"cell_type": "code", "source": "x = 2"}]}')
    assert read(upload) == "x = 2"
    assert read_submission(upload.parent / "laid out" / "02_centred", "02_centred").notes


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.symlink_to("/etc/passwd"), "is a link"),
        (lambda path: path.symlink_to("nowhere"), "is a link"),
        (lambda path: path.mkdir(), "is not a file"),
        (lambda path: os.mkfifo(path), "is not a file"),
        (lambda path: (path.touch(), os.truncate(path, MAX_FILE_BYTES + 1)), "more than the 20 MB"),
    ],
    ids=["link", "broken link", "folder", "pipe", "too large"],
)
def test_what_is_no_plain_file_is_turned_away(upload: Path, make: Callable[[Path], object], says: str) -> None:
    make(upload / "02_centred.py")
    with pytest.raises(UnreadableError, match=says):
        read(upload)


@pytest.mark.parametrize(("more", "is_copied"), [(0, True), (1, False)], ids=["the largest", "one byte too large"])
def test_what_is_too_large_is_not_copied(upload: Path, more: int, is_copied: bool) -> None:
    """It is there as a file of that size, so that the reader says why it was not read; nothing is in it."""
    file = upload / "02_centred.ipynb"
    file.write_bytes(b"{")
    os.truncate(file, MAX_FILE_BYTES + more)
    lay_out(upload, NAMES, upload.parent / "laid out")
    laid_out = upload.parent / "laid out" / "02_centred" / "02_centred.ipynb"
    assert laid_out.stat().st_size == MAX_FILE_BYTES + more
    with laid_out.open("rb") as opened:
        assert opened.read(1) == (b"{" if is_copied else b"\0")


@pytest.mark.parametrize("link", ["02_centred", "assignments"])
def test_nothing_is_found_through_a_linked_folder(upload: Path, link: str) -> None:
    secret = upload.parent / "secret"
    (secret / "02_centred").mkdir(parents=True)
    for folder in (secret, secret / "02_centred"):
        (folder / "02_centred.py").write_text("the solution\n")
    (upload / link).symlink_to(secret)
    with pytest.raises(UnreadableError, match=r"There is no 02_centred\.ipynb"):
        read(upload)


def test_a_file_of_another_name_is_there(upload: Path) -> None:
    (upload / "Untitled3.ipynb").write_text("{}")
    with pytest.raises(UnreadableError, match=r"The folder holds Untitled3.ipynb: rename your file\."):
        read(upload)
