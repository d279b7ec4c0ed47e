"""Who is in the class: the people of the roster, each with a name of their own, and the folders beyond it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.classroom.marks.model import Member
from autograder.classroom.members import members, roster_of_members
from autograder.classroom.roster import read_roster, roster_of
from autograder.errors import UserError

pytestmark = pytest.mark.portable

ROSTER = """\
folder,Username,Section,Withdrawn
team7,ana,A,
team7,ben,B,
cem,cd,A,yes
dora,dora,,
"""


def test_without_a_roster_each_folder_is_a_person() -> None:
    expected = (Member("ana", "ana"), Member("zo\u00eb", "zo\u00eb"))
    assert members(roster_of(["ana", "zoe\u0308"]), ["ana", "zoe\u0308"]) == expected
    assert members(roster_of([]), ["ana", "zoe\u0308", "ana"]) == expected


def test_the_class_is_the_roster_and_the_folders_beyond_it(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(ROSTER)
    roster = read_roster(tmp_path / "roster.csv")
    assert members(roster, ["eva", "team7", "cem"]) == (
        Member("ana", "team7", "A"),
        Member("ben", "team7", "B"),
        Member("cem", "cem", "A", is_withdrawn=True),
        Member("dora", "dora"),
        Member("eva", "eva"),
    )


def test_a_folder_that_is_called_as_a_member_of_a_team_is_refused(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(ROSTER)
    with pytest.raises(UserError) as refused:
        members(read_roster(tmp_path / "roster.csv"), ["team7", "Ben"])
    assert str(refused.value) == (
        "'ben' is one of those in folder 'team7' by the roster, and there is a folder of that name as well: "
        "move what is in it to where it belongs, or rename it"
    )


def test_a_folder_whose_case_is_another_one_in_the_roster_is_refused(tmp_path: Path) -> None:
    """Else the work would be of somebody beyond the roster, and whoever handed it in would have handed in nothing."""
    (tmp_path / "roster.csv").write_text("SIS Login ID,folder\n1,Cem\nroe,\n2,T1\n3,T1\n")
    roster = read_roster(tmp_path / "roster.csv")
    for folder, own in (("cem", "Cem"), ("Roe", "roe"), ("t1", "T1")):
        with pytest.raises(UserError, match=f"the roster writes '{own}' for the folder '{folder}'"):
            members(roster, [folder])
    assert members(roster, ["cem", "Cem"])[-1] == Member("cem", "cem")


def test_a_row_without_a_folder_is_a_person_if_it_has_an_id(tmp_path: Path) -> None:
    """A gradebook of Canvas begins with a row of points, and need not name a folder for who handed in nothing."""
    (tmp_path / "roster.csv").write_text("Student,SIS Login ID,folder\nPoints Possible,,\nRoe,roe,\nLee,lee,jun\n")
    roster = read_roster(tmp_path / "roster.csv")
    assert members(roster, []) == (Member("roe", "roe"), Member("jun", "jun"))
    assert members(roster, ["roe"]) == members(roster, [])


def test_the_roster_of_members_knows_them_by_their_names_alone() -> None:
    roster = roster_of_members([Member("ana", "team7", "A"), Member("ben", "team7", is_withdrawn=True)])
    found = roster.find({"SIS Login ID": "BEN", "Section": "A"})
    assert found is not None
    assert (found.name, found.folder, found.is_withdrawn) == ("ben", "team7", True)
    assert roster.find({"SIS Login ID": "team7"}) is None
    assert not roster.is_given
    assert [(each.section, each.is_withdrawn) for each in roster.people] == [("A", False), ("", True)]


def test_of_two_names_that_differ_in_case_only_nobody_is_guessed() -> None:
    roster = roster_of_members(members(roster_of([]), ["Ana", "ana", "ben"]))
    assert [each.name for each in roster.people] == ["Ana", "ana", "ben"]
    assert roster.find({"ID": "ana"}) is None
    assert roster.find({"ID": "Ben"}) is not None
