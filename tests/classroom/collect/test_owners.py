"""Whose a file is: the one person whom its origin means, or nobody, and then it says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from autograder.classroom.collect import messages
from autograder.classroom.collect.owners import Owners
from autograder.classroom.collect.systems.origin import Origin, System, Top, origin_of
from autograder.classroom.person import Person
from autograder.classroom.roster import is_folder_name, read_roster
from autograder.errors import UserError

ROSTER = """\
folder,ID,Full name,Email address,SID
ana,4101,Ana Roe,ana@example.org,0041
jun1,4102,Jun Lee,jun@example.org,0042
jun2,4103,Jun Lee,lee@example.org,0043
team7,7,Zoë Müller,zoe@example.org,0044
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade
Participant 31101,Ana Roe,ana@example.org,Submitted for grading - 2 hours late,
Participant 31102,Jun Lee,jun@example.org,Submitted for grading,
Participant 31103,Jun Lee,lee@example.org,No submission,
Participant 31109,Ana Roe,other@example.org,Submitted for grading,
"""


def owners(folder: Path, roster: str = ROSTER, worksheet: str = "") -> Owners:
    (folder / "roster.csv").write_text(roster)
    (folder / "worksheet.csv").write_text(worksheet)
    people = read_roster(folder / "roster.csv") if roster else None
    return Owners(people, [folder / "worksheet.csv"] if worksheet else [])


def whose(system: System, *paths: str, by: Owners) -> list[str]:
    """The folder of each, or why there is none."""
    return folders(by, [told(system, path) for path in paths])


def folders(by: Owners, origins: Sequence[Origin]) -> list[str]:
    return [each.folder if isinstance(each, Person) else str(each) for each in by.people(origins)]


def told(system: System, path: str) -> Origin:
    return origin_of(system, Top(path.split("/")[0], "/" not in path), PurePosixPath(path), ["03_softmax"])


def gradescope(name: str, **ids: str) -> Origin:
    return Origin(System.GRADESCOPE, PurePosixPath("a.py"), name, ids)


def test_canvas_name_is_only_a_help_for_people(tmp_path: Path) -> None:
    by = owners(tmp_path)
    assert whose(System.CANVAS, "roeana_4102_9_a.py", "leejun_4103_9_a.py", by=by) == ["jun1", "jun2"]
    assert whose(System.CANVAS, "roeana_4199_9_a.py", "notes.txt", by=by) == [
        messages.unknown_id("ID", "4199"),
        messages.NO_NAME_OF_CANVAS,
    ]
    no_ids = owners(tmp_path, "folder,Full name\nana,Ana Roe\n")
    assert whose(System.CANVAS, "roeana_4101_9_a.py", by=no_ids) == [messages.NO_IDS]
    assert whose(System.CANVAS, "anon_aB3xZ_9_a.py", by=by) == [messages.HIDDEN]


def test_a_gradebook_of_canvas_with_a_folder_is_a_roster(tmp_path: Path) -> None:
    book = """\
Student,ID,SIS Login ID,Section,Essay (7732),Final Score,Tutor,folder
    Points Possible,,,,20.00,(read only),,
"Roe, Ana",4101,aroe,A,7.50,90,tina,ana
"Roe, Ben",4102,broe,A,7.50,90,tina,ben
"Roe, Cem",4103,croe,A,4101,90,udo,cem
"""
    by = owners(tmp_path, book)
    assert whose(System.CANVAS, "x_4102_9_a.py", by=by) == ["ben"]
    assert whose(System.FOLDERS, "aroe/a.py", "4101/a.py", "Cem Roe/a.py", "tina/a.py", by=by) == [
        *("ana", "ana", "cem"),
        messages.unknown_name("tina"),
    ]


def moodle(name: str, number: int) -> str:
    return f"{name}_{number}_assignsubmission_file/a.py"


def test_moodles_number_leads_through_the_worksheet(tmp_path: Path) -> None:
    by = owners(tmp_path, worksheet=WORKSHEET)
    paths = moodle("Ana Roe", 31101), moodle("Jun Lee", 31102), moodle("Jun Lee", 31103), moodle("aroe Ana Roe", 31101)
    assert whose(System.MOODLE, *paths[:3], by=by) == ["ana", "jun1", "jun2"]
    assert whose(System.MOODLE, paths[3], by=by) == ["ana"]  # some sites write the user name before
    assert [by.is_late(told(System.MOODLE, path)) for path in paths[:3]] == [True, False, None]


def test_a_worksheet_that_contradicts_is_told(tmp_path: Path) -> None:
    by = owners(tmp_path, worksheet=WORKSHEET)
    assert whose(System.MOODLE, moodle("Zoë Müller", 31101), moodle("Ana Roe", 31109), by=by) == [
        messages.other_worksheet("31101", "Ana Roe"),
        messages.unknown_submitter("other@example.org"),
    ]


def test_two_numbers_are_never_one_person_by_their_name(tmp_path: Path) -> None:
    roster = "folder,Full name\nana,Ana Roe\n"
    for by in (owners(tmp_path, roster), owners(tmp_path, "")):
        (name,) = whose(System.MOODLE, moodle("Ana Roe", 1), by=by)
        assert name in ("ana", "Ana Roe")
        assert whose(System.MOODLE, moodle("Ana Roe", 1), moodle("Ana Roe", 2), by=by) == [messages.same_name(name)] * 2


def test_in_each_assignment_moodles_numbers_are_others(tmp_path: Path) -> None:
    by = owners(tmp_path, "")
    assert whose(System.MOODLE, moodle("Ana Roe", 1), by=by) == whose(System.MOODLE, moodle("Ana Roe", 2), by=by)


def test_blind_marking(tmp_path: Path) -> None:
    paths = moodle("Participant", 31101), moodle("Participant", 31102)
    assert whose(System.MOODLE, *paths, by=owners(tmp_path, "")) == ["31101", "31102"]
    assert whose(System.MOODLE, *paths, by=owners(tmp_path)) == [messages.BLIND] * 2
    assert whose(System.MOODLE, *paths, by=owners(tmp_path, worksheet=WORKSHEET)) == ["ana", "jun1"]
    numbered = owners(tmp_path, "folder,Identifier\nana,Participant 31101\nben,31102\n")
    assert whose(System.MOODLE, *paths, by=numbered) == ["ana", "ben"]


def test_a_groups_number_is_no_participants(tmp_path: Path) -> None:
    german = "Identifikator,Vollständiger Name,E-Mail-Adresse\nTeilnehmer/in58,Ana Roe,ana@example.org\n"
    for by in (
        owners(tmp_path, worksheet=german),
        owners(tmp_path, "folder,Identifier,Full name\nana,Participant 58,Ana Roe\n"),
    ):
        assert whose(System.MOODLE, moodle("Team A", 58), by=by) == [messages.other_worksheet("58", "Ana Roe")]
        assert whose(System.MOODLE, moodle("Ana Roe", 58), by=by) == ["ana"]


def test_names_that_only_end_alike_are_two(tmp_path: Path) -> None:
    sheet = "Identifier,Full name\nParticipant 5,Anna Roe\n"
    by = owners(tmp_path, "folder,Full name\nanna,Anna Roe\n", sheet)
    assert whose(System.MOODLE, moodle("Susanna Roe", 5), by=by) == [messages.other_worksheet("5", "Anna Roe")]


def test_vowel_signs_are_of_a_name(tmp_path: Path) -> None:
    by = owners(tmp_path, "folder,Full name\nram,राम शर्मा\nrima,रीमा शर्मा\n")
    assert whose(System.MOODLE, moodle("रीमा शर्मा", 5), moodle("राम शर्मा", 6), by=by) == ["rima", "ram"]


def test_two_names_of_one_number_are_asked_for(tmp_path: Path) -> None:
    paths = "roeana_4105_4101_90017_a.py", "bob_4105_90018_a.py"  # the first is 4101's, if a name may end so
    by = owners(tmp_path, "folder,ID\nbob,4105\n")
    assert whose(System.CANVAS, *paths, by=by) == [messages.two_names("bob, roeana")] * 2


def test_groups_are_nobody(tmp_path: Path) -> None:
    path = "Default group_assignsubmission_file/a.py"
    assert whose(System.MOODLE, path, by=owners(tmp_path, "")) == [messages.group_work("Default group")]
    assert whose(System.MOODLE, path, by=owners(tmp_path)) == [messages.unknown_name("Default group")]


def test_gradescopes_ids_are_not_overruled_by_a_name_that_anyone_may_take(tmp_path: Path) -> None:
    by = owners(tmp_path)
    forged = gradescope("Ana Roe", **{"Email": "mallory@example.org", "Email address": "mallory@example.org"})
    assert folders(by, [forged, gradescope("Jun Lee", SID="0043"), gradescope("Ana Roe")]) == [
        messages.unknown_submitter("mallory@example.org"),
        "jun2",
        "ana",
    ]
    both = gradescope("x", **{"Email address": "ana@example.org", "SID": "0042"})
    assert "ana and jun1" in folders(by, [both])[0]
    stolen = gradescope("x", **{"Email address": "evil@example.org", "SID": "0041"})
    assert folders(by, [stolen])[0] == messages.other_id("ana", "Email address", "ana@example.org", "evil@example.org")
    alone = folders(owners(tmp_path, ""), [gradescope("Ana Roe", Email="a@x.org"), gradescope("Ana Roe", SID="7")])
    assert alone == ["a@x.org", "7"]
    nameless = [replace(gradescope("Ana Roe"), unit=unit) for unit in ("submission_1", "submission_2")]
    assert folders(owners(tmp_path, ""), nameless) == [messages.same_name("Ana Roe")] * 2
    posing = [gradescope("bob@x.org"), gradescope("Bob", Email="bob@x.org")]
    assert folders(owners(tmp_path, ""), posing) == [messages.same_name("bob@x.org")] * 2
    assert folders(by, [gradescope("")]) == [messages.NOT_LISTED]


def test_a_plain_folder_is_any_id_or_a_name(tmp_path: Path) -> None:
    by = owners(tmp_path)
    names = "ana", "4101", "ana@example.org", "Roe, Ana", "ANA", "Müller Zoë", "7", "0041"
    assert whose(System.FOLDERS, *(f"{name}/a.py" for name in names), by=by) == [
        *["ana"] * 5,
        *["team7"] * 2,
        "ana",
    ]
    assert whose(System.FOLDERS, "Jun Lee/a.py", "Nobody/a.py", by=by) == [
        messages.name_of_several("Jun Lee", "jun1, jun2"),
        messages.unknown_name("Nobody"),
    ]
    numbered = owners(tmp_path, "folder,Identifier\nana,31107\n")
    assert whose(System.FOLDERS, "team31107/a.py", by=numbered) == [messages.unknown_name("team31107")]


def test_two_folders_that_would_become_one_are_asked_for(tmp_path: Path) -> None:
    by = owners(tmp_path, "")
    for first, second in (("Zo\u00eb", "Zoe\u0308"), ("ana", "ana ")):
        assert whose(System.FOLDERS, f"{first}/a.py", f"{second}/a.py", by=by) == [messages.same_name(first)] * 2


@pytest.mark.parametrize(
    "name", ["..", ".", ".hidden", "a/b", "a\\b", "a\tb", "a\nb", "a\0b", "\u202eb", "", "名" * 86, "\udcff"]
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    assert not is_folder_name(name)
    if name.strip():
        by = owners(tmp_path, "")
        origin = Origin(System.FOLDERS, PurePosixPath("a.py"), name, {"folder": name})
        assert "cannot be the name of a folder here" in folders(by, [origin])[0]
    if name.strip() and name.isprintable() and "\\" not in name:
        (tmp_path / "roster.csv").write_text(f'folder,ID\n"{name}",1\n')
        with pytest.raises(UserError, match="cannot be the name of a folder"):
            read_roster(tmp_path / "roster.csv")


GERMAN = """\
\ufeffID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung
Teilnehmer/in31101;Ana Roe;ana@example.org;Zur Bewertung abgegeben;;20,00
Teilnehmer/in31102;Jun Lee;jun@example.org;Zur Bewertung abgegeben;;20,00
Teilnehmer/in31103;Jun Lee;lee@example.org;Keine Abgabe;;20,00
Teilnehmer/in31104;Zoë Müller;;Keine Abgabe;;20,00
"""


def test_a_worksheet_in_another_language_tells_names_and_addresses(tmp_path: Path) -> None:
    found = owners(tmp_path, worksheet=GERMAN).people_by_number()
    assert {number: (name, person.folder) for number, (name, person) in found.items()} == {
        "31101": ("Ana Roe", "ana"),
        "31102": ("Jun Lee", "jun1"),
        "31103": ("Jun Lee", "jun2"),
        "31104": ("Zoë Müller", "team7"),
    }


def test_a_blind_worksheet_tells_no_name(tmp_path: Path) -> None:
    blind = "Identifier,Status,Grade\nParticipant 31101,Submitted for grading,\n"
    ((name, person),) = owners(tmp_path, "folder,Identifier\nana,31101\n", blind).people_by_number().values()
    assert (name, person.folder) == ("Participant", "ana")


def test_a_roster_is_no_worksheet_though_its_folders_end_in_numbers(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no grading worksheet of Moodle"):
        owners(tmp_path, worksheet="folder,Full name\ns31101,Ana Roe\n")


def test_a_worksheet_needs_a_roster(tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        owners(tmp_path, "", WORKSHEET)
    assert str(refused.value) == messages.WORKSHEET_ALONE
    with pytest.raises(UserError, match="is no grading worksheet of Moodle"):
        owners(tmp_path, worksheet="Identifier,Grade\nx,1\n")


TEAM = """\
folder,ID,Full name,Email address,Section
team7,4101,Ana Roe,ana@example.org,A
team7,4102,Ben Roe,ben@example.org,A
cem,4103,Cem Roe,cem@example.org,B
"""


def test_a_teams_work_is_that_of_whoever_of_them_handed_it_in(tmp_path: Path) -> None:
    by = owners(tmp_path, TEAM)
    origins = [told(System.CANVAS, f"roe_{number}_9_a.py") for number in (4101, 4102, 4103)]
    origins.append(gradescope("Ben Roe", **{"Email address": "ben@example.org"}))
    assert [each.name for each in by.people(origins) if isinstance(each, Person)] == [
        *("ana@example.org", "ben@example.org", "cem"),
        "ben@example.org",
    ]
    sheet = "Identifier,Full name,Section\nParticipant 1,Ana Roe,A\nParticipant 2,Ben Roe,A\n"
    by = owners(tmp_path, TEAM, sheet)
    assert whose(System.MOODLE, moodle("Ana Roe", 1), moodle("Ben Roe", 2), by=by) == ["team7"] * 2


def test_a_team_is_known_by_its_own_name(tmp_path: Path) -> None:
    """As Canvas and Moodle call the work of a group."""
    by = owners(tmp_path, TEAM)
    assert whose(System.MOODLE, moodle("Team 7", 58), by=by) == ["team7"]
    assert whose(System.FOLDERS, "team7/a.py", "Team 7/a.py", "A/a.py", by=by) == [
        *("team7", "team7"),
        messages.unknown_name("A"),
    ]
    both = gradescope("x", **{"Email address": "ana@example.org", "ID": "4102"})
    assert "both ana@example.org and ben@example.org" in folders(by, [both])[0]
