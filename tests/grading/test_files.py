"""Where files lie from each other, also where a folder is a link to one on another disk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.grading.files import path_from, path_to


def test_the_way_to_a_file_leads_there_from_a_folder_that_is_a_link(tmp_path: Path) -> None:
    term, disk = tmp_path / "term", tmp_path / "disk" / "deep" / "graded"
    term.mkdir()
    disk.mkdir(parents=True)
    (term / "graded").symlink_to(disk)
    rules = term / "class.toml"
    rules.write_text("")
    for folder in (term / "graded", disk):
        assert path_to(folder, path_from(term / "graded", rules)).resolve() == rules.resolve()


def test_a_file_that_is_a_link_is_found_as_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "graded").mkdir()
    (tmp_path / "rules.toml").write_text("")
    (tmp_path / "class.toml").symlink_to("rules.toml")
    way = path_from(tmp_path / "graded", tmp_path / "class.toml")
    assert way == "../class.toml"
    assert (Path.cwd() / path_to(tmp_path / "graded", way)).samefile(tmp_path / "class.toml")


def test_where_no_way_leads_from_one_drive_to_another_the_file_is_told_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other_drive(*_: object) -> str:
        raise ValueError("path is on mount 'C:', start on mount 'D:'")

    monkeypatch.setattr(os.path, "relpath", other_drive)
    way = path_from(tmp_path / "graded", tmp_path / "class.toml")
    assert path_to(tmp_path / "graded", way) == (tmp_path / "class.toml").resolve()
