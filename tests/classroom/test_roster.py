"""The class list: who is who in each system, alone or in a team, or in one line why it cannot be said."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.roster import Roster, read_roster
from autograder.errors import UserError
from tests.helpers.golden_class import GIVEN_FILES

pytestmark = pytest.mark.portable


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"name,ID\nada,1\n", "has no column `folder`"),
        (b"folder,ID\nada\n", "row 2: 1 cells under a header of 2"),
        (b"folder,ID\nada,1\nbo,1\n", "ID '1' is there twice"),
        (b"folder,ID\nada,1\nADA,2\n", "folder 'ada' is there as 'ADA' too"),
        ("folder,Full name\nzoë,Zoë\nzoe\u0308,Zoë\n".encode(), "a row of folder 'zoë' is there twice"),
        (b"folder,Full name\nada,\nbo,\nada,\n", "a row of folder 'ada' is there twice"),
        (b"folder,Username\nada,\nada,al\n", "nothing tells those in folder 'ada' apart: .* Username, Email address"),
        (b"folder,Username\nteam,ada\nteam,bo\nbo,cy\n", "'bo', one of those in folder 'team', is called as another"),
        (b"folder,Username,ID number\nt,ada,1\nt,,ADA\n", "two people would be called 'ada'"),
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


# Teams, sections, and who withdrew

TEAMS = """\
folder,Student,SIS Login ID,Username,Section,Withdrawn
t1,"Lee, Jun",jun@uni,jl1,A,
t1,"Lee, Jun",,jl2,B,No
t2,"Roe, Ana",,,A,0
t2,"Roe, Ben",ben@uni,br,A,Yes
eva,"Ode, Eva",eva@uni,eo,,FALSE
dora,"Fox, Dora",dora@uni,df,,2026-10-01
"""


def written(folder: Path, text: str) -> Roster:
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    return read_roster(folder / "roster.csv")


def test_a_member_of_a_team_is_called_by_the_first_id_that_nobody_shares(tmp_path: Path) -> None:
    people = written(tmp_path, TEAMS).people
    assert [(each.name, each.folder) for each in people] == [
        ("jun@uni", "t1"),
        ("jl2", "t1"),
        ("Roe, Ana", "t2"),
        ("ben@uni", "t2"),
        ("eva", "eva"),
        ("dora", "dora"),
    ]
    assert [each.section for each in people] == ["A", "B", "A", "A", "", ""]
    assert [each.is_withdrawn for each in people] == [False, False, False, True, False, True]


@pytest.mark.parametrize("word", ["nein", "n/a", "?", "not yet", "12"])
def test_nobody_is_taken_out_of_the_class_by_a_word_that_is_not_known(tmp_path: Path, word: str) -> None:
    with pytest.raises(UserError, match=r"Withdrawn '.*' may mean yes or no"):
        written(tmp_path, f"folder,Withdrawn\nana,{word}\nben,\n")


@pytest.mark.parametrize("word", ["yes", "X", "TRUE", "1", "Withdrawn", "2026-10-01", "1.10.2026", "10/1/26 12:00"])
def test_who_left_may_be_told_in_a_word_or_by_when(tmp_path: Path, word: str) -> None:
    ana, ben = written(tmp_path, f"folder,Withdrawn\nana,{word}\nben,N\n").people
    assert (ana.is_withdrawn, ben.is_withdrawn) == (True, False)


def test_each_of_a_team_is_found_by_their_own_ids(tmp_path: Path) -> None:
    roster = written(tmp_path, TEAMS)
    for row, name in (
        ({"SIS Login ID": "JUN@uni"}, "jun@uni"),
        ({"Username": "jl2"}, "jl2"),
        ({"SIS Login ID": "", "Username": "br"}, "ben@uni"),
        ({"folder": "t1"}, "jun@uni"),
    ):
        found = roster.find(row)
        assert found is not None
        assert found.name == name
    assert roster.find({"Section": "A", "Withdrawn": "Yes"}) is None
    assert roster.id_columns == ("SIS Login ID", "Username")
    with pytest.raises(UserError, match=r"is both jun@uni and jl2: their ids"):
        roster.find({"SIS Login ID": "jun@uni", "Username": "jl2"})


def test_who_lends_a_team_their_folder_keeps_its_name(tmp_path: Path) -> None:
    people = written(tmp_path, "folder,Username\nana,ana\nana,ben\n").people
    assert [(each.name, each.folder) for each in people] == [("ana", "ana"), ("ben", "ana")]


def test_a_column_of_its_own_name_tells_members_apart_where_no_other_does(tmp_path: Path) -> None:
    people = written(tmp_path, "folder,Student,Matriculation,Tutor\nt,A,17,tina\nt,A,18,tina\n").people
    assert [each.name for each in people] == ["17", "18"]


def test_a_letter_and_its_accent_are_one_folder(tmp_path: Path) -> None:
    people = written(tmp_path, "folder,ID\nzo\u00eb,1\nzoe\u0308,2\n").people
    assert [(each.name, each.folder) for each in people] == [("1", "zo\u00eb"), ("2", "zo\u00eb")]
