"""The folder of a course on a worker."""

from __future__ import annotations

import os
import stat
import tempfile
import threading
import time
from pathlib import Path

import pytest

from autograder.course.archive import read_tree, zipped
from autograder.grading.cluster.private_folder import (
    COURSE,
    PREFIX,
    YOUNG_SECONDS,
    delete_left_over,
    leave,
    unpack,
    use,
)
from tests.helpers.course import write_course


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def archive(tmp_path: Path) -> bytes:
    return zipped(read_tree(write_course(tmp_path / "course") / "solutions"))


def make_old(folder: Path) -> None:
    then = folder.stat().st_mtime - YOUNG_SECONDS - 1
    os.utime(folder, (then, then))


def test_a_course_is_unpacked_whole_where_nobody_else_can_look(tmp_path: Path, temporary: Path) -> None:
    root, held = unpack(archive(tmp_path))
    with held:
        assert root.parent == temporary
        assert stat.S_IMODE(root.stat().st_mode) == 0o700
        assert read_tree(root / COURSE) == read_tree(tmp_path / "course" / "solutions")


def test_what_nobody_uses_any_more_is_deleted_by_the_next_course(tmp_path: Path, temporary: Path) -> None:
    packed = archive(tmp_path)
    left, held = unpack(packed)
    held.close()
    used, still_held = unpack(packed)
    young, let_go = unpack(packed)
    let_go.close()
    others = temporary / f"{PREFIX}link"
    others.symlink_to(tmp_path / "course")
    for folder in (left, used):
        make_old(folder)
    with still_held:
        delete_left_over()
    assert not left.exists()
    assert used.exists(), "somebody used it"
    assert young.exists(), "it may not be locked yet"
    assert (tmp_path / "course" / "solutions").exists()
    assert others.is_symlink()


def test_it_is_in_use_as_long_as_one_process_holds_it(tmp_path: Path, temporary: Path) -> None:
    root, held = unpack(archive(tmp_path))
    with use(root):
        held.close()
        make_old(root)
        delete_left_over()
        assert root.exists()
    delete_left_over()
    assert not root.exists()


def test_whoever_leaves_deletes_it_when_nobody_else_holds_it_any_more(tmp_path: Path, temporary: Path) -> None:
    root, held = unpack(archive(tmp_path))
    with held, use(root) as second, use(root) as third:
        leaving = [threading.Thread(target=leave, args=(root, each)) for each in (second, third)]
        for thread in leaving:
            thread.start()
        time.sleep(0.2)
        assert (root / COURSE / "course.toml").exists(), "somebody uses it"
        held.close()
        for thread in leaving:
            thread.join(10)
            assert not thread.is_alive()
    assert not root.exists()


def test_what_is_no_archive_leaves_no_folder(temporary: Path) -> None:
    with pytest.raises(Exception, match="zip"):
        unpack(b"no archive")
    assert list(temporary.iterdir()) == []
