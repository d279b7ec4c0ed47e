"""The class list: who is who in each system, or in one line why it cannot be said."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.roster import read_roster
from autograder.errors import UserError
from tests.helpers.golden_class import GIVEN_FILES


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"name,ID\nada,1\n", "has no column `folder`"),
        (b"folder,ID\nada\n", "row 2: 1 cells under a header of 2"),
        (b"folder,ID\nada,1\nbo,1\n", "ID '1' is there twice"),
        (b"folder,ID\nada,1\nADA,2\n", "folder 'ada' is there twice"),
        ("folder,ID\nzoë,1\nzoe\u0308,2\n".encode(), "folder 'zoë' is there twice"),
        (b'folder,ID\nada,"=1+1"\n', "would act as a formula"),
        (b'folder,ID\nada,"1\n', "is not a CSV file"),
    ],
)
def test_a_roster_that_is_none_is_told_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(UserError, match=says) as refused:
        read_roster(tmp_path / "roster.csv")
    assert "\n" not in str(refused.value)


def test_ids_that_name_two_people_are_refused() -> None:
    roster = read_roster(GIVEN_FILES / "roster.csv")
    with pytest.raises(UserError, match=r"both ada and bo|both bo and ada"):
        roster.find({"ID": "101", "SIS User ID": "S2"})
