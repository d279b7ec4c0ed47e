"""Somebody else's table: written as it was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.csv_file import read_csv_file

pytestmark = pytest.mark.portable


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_written_as_it_was_read(tmp_path: Path, delimiter: str) -> None:
    text = "".join(f"{delimiter.join(line)}\n" for line in (["a", "b b"], ["1", ""], ["", "ä"]))
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    table = read_csv_file(tmp_path / "table.csv")
    assert table.text(table.rows) == text
