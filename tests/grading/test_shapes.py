"""Folders of one shape are looked at once, and what is found in them is what a look at each would find."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.grading import discovery
from autograder.grading.discovery import Found, find_submissions
from autograder.grading.found.shapes import shape_of

SUMS, CENTRED = "01_sums", "02_centred"
NAMES = (SUMS, CENTRED)


def put(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x = 1\n")


def link(folder: Path) -> None:
    put(folder, "elsewhere/work.py")
    (folder / SUMS).mkdir()
    (folder / SUMS / f"{SUMS}.py").symlink_to(folder / "elsewhere/work.py")


ODD: dict[str, Callable[[Path], None]] = {
    "as all others": lambda folder: put(folder, f"{SUMS}/{SUMS}.py", f"{CENTRED}/{CENTRED}.py"),
    "one assignment": lambda folder: put(folder, f"{SUMS}/{SUMS}.py"),
    "beside its folder": lambda folder: put(folder, f"{SUMS}.py", f"{CENTRED}/{CENTRED}.py"),
    "another name": lambda folder: put(folder, f"{SUMS}/hw_{SUMS} (1).ipynb"),
    "a document": lambda folder: put(folder, f"{SUMS}/{SUMS}.pdf", f"{CENTRED}/{CENTRED}.py"),
    "of no assignment": lambda folder: put(folder, f"{SUMS}/{SUMS}.py", "solution.py"),
    "deep": lambda folder: put(folder, f"{SUMS}/a/b/c/{SUMS}.py"),
    "nothing of it": lambda folder: put(folder, "notes.txt"),
    "a link": link,
    "an empty folder": lambda folder: (folder / SUMS).mkdir(parents=True),
}


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    for number in range(40):
        put(folder / f"student{number:02}", f"{SUMS}/{SUMS}.py", f"{CENTRED}/{CENTRED}.py")
    for number, odd in enumerate(ODD.values()):
        for copy in "ab":
            (folder / f"odd{number}{copy}").mkdir()
            odd(folder / f"odd{number}{copy}")
    return folder


def all_of(found: Found) -> list[object]:
    each = [(one, one.siblings, one.files, one.others, one.documents) for one in found.submissions]
    return [found.students, found.ungraded, found.alike, list(found.submissions.all_keys()), each]


@pytest.mark.parametrize("chosen", [(), (CENTRED,)])
def test_what_is_found_is_what_a_look_at_each_finds(
    submitted: Path, monkeypatch: pytest.MonkeyPatch, chosen: tuple[str, ...]
) -> None:
    found = all_of(find_submissions(submitted, NAMES, chosen=chosen))
    monkeypatch.setattr(discovery, "shape_of", lambda _folders: None)
    assert found == all_of(find_submissions(submitted, NAMES, chosen=chosen))


def test_folders_of_one_shape_are_looked_at_once(submitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    look = discovery._of_student

    def counted(submitted: Path, student: str, *about: object) -> object:
        looked_at.append(student)
        return look(submitted, student, *about)  # type: ignore[arg-type]

    monkeypatch.setattr(discovery, "_of_student", counted)
    find_submissions(submitted, NAMES)
    of_usual = [each for each in looked_at if each.startswith("student")]
    assert of_usual == [], "odd0a came first, and lies as they do"
    assert {"odd0a", "odd1a", "odd5a", "odd5b", "odd8a", "odd8b"} <= set(looked_at)
    assert "odd1b" not in looked_at


def test_what_names_do_not_tell_of_has_no_shape(tmp_path: Path) -> None:
    put(tmp_path / "own", f"{SUMS}/{SUMS}.py")
    folder = str(tmp_path / "own")
    assert shape_of([folder]) == (f"{SUMS}/", f"{SUMS}/{SUMS}.py")
    assert shape_of([]) is shape_of([folder, folder]) is None
    (tmp_path / "link").symlink_to(folder)
    assert shape_of([str(tmp_path / "link")]) is None
    assert shape_of([str(tmp_path / "gone")]) is None
    os.mkfifo(tmp_path / "own" / "pipe")
    assert shape_of([folder]) is None
