"""Which pages are handed out, and under which names: never one person's page to another."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.classroom.collect.manifest import DownloadName
from autograder.classroom.marks.model import MarkStatus, Member
from autograder.classroom.person import Person
from autograder.classroom.roster import Roster
from autograder.grading.store import ReportStore
from autograder.pages import writer
from autograder.publish.feedback import canvas, moodle
from autograder.publish.feedback.canvas import pack_for_canvas
from autograder.publish.feedback.handout import HandedOut, OwnPage, hand_out
from autograder.publish.feedback.mail_merge import pack_for_mail
from autograder.publish.feedback.moodle import Participants, pack_for_moodle
from autograder.publish.feedback.packed import PackedPages, is_feedback
from autograder.publish.feedback.people import People
from autograder.report.model import Outcome
from tests.helpers.archives import zip_members
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.reports import check, unreadable, with_checks

A = "03_softmax"
NOBODY = People(Roster(()))


def zip_of(packed: PackedPages) -> bytes:
    file = io.BytesIO()
    packed.write(file)
    return file.getvalue()


def handout_of(folder: Path, *members: Member) -> HandedOut:
    """A page of each, which holds their name."""
    pages = []
    for member in members:
        file = folder / f"{len(pages)}.html"
        file.write_text(member.name)
        pages.append(OwnPage(member, A, file))
    return HandedOut(tuple(pages), {member.name: member for member in members})


def alone(name: str) -> Member:
    return Member(name, name)


def in_moodle(member: str, number: str) -> DownloadName:
    return DownloadName("moodle", member, member, number)


# Which pages


def test_only_pages_with_a_final_mark_of_who_is_there_are_handed_out(tmp_path: Path) -> None:
    store = ReportStore(tmp_path / "graded")
    fine, broken = with_checks(check(), student="ada"), unreadable("cut off", student="bo")
    ours = with_checks(check(Outcome.GRADER_ERROR, message="solution = 42"), student="cy")
    waits, gone, left = (with_checks(check(), student=name) for name in ("di", "ed", "fay"))
    reports = [fine, broken, ours, waits, gone, left]
    for each in reports:
        store.save(each)
    marks = class_of_marks(
        *reports[:-1],
        students=["gus", "hal"],
        members=[Member("ed", "ed", is_withdrawn=True)],
        given=[
            given_mark(MarkStatus.AWAITS_HAND_GRADING, student="di", checks=2),
            given_mark(MarkStatus.EXCUSED, student="gus"),
        ],
    )
    made = hand_out(store, marks, {(each.student, each.assignment): each for each in reports}, [A])
    assert sorted(page.member.name for page in made.pages) == ["ada", "bo", "gus"]
    assert sorted(mark.student for mark in made.unfinished) == ["cy", "di"]
    assert (made.withdrawn, made.without_page, made.left, made.problems) == (("ed",), ("hal",), ("fay",), ())
    assert not any("solution = 42" in page.file.read_text() for page in made.pages)


def test_a_page_that_cannot_be_made_is_named_and_no_older_one_goes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ReportStore(tmp_path / "graded")
    reports = [with_checks(check(), student=name) for name in ("ada", "bo")]
    for each in reports:
        store.save(each)
    (tmp_path / "graded/bo" / f"{A}.html").write_text("of an earlier mark")
    made_page = writer.submission_page

    def fails_for_bo(report: object, *rest: object) -> str:
        if report == reports[1]:
            raise RuntimeError("no template")
        return made_page(report, *rest)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr(writer, "submission_page", fails_for_bo)
    made = hand_out(store, class_of_marks(*reports), {(each.student, A): each for each in reports}, [A])
    assert [page.member.name for page in made.pages] == ["ada"]
    assert len(made.problems) == 1
    assert "bo" in made.problems[0]


# Under which names


def test_a_number_of_two_people_is_nobodys(tmp_path: Path) -> None:
    names = {"ada": [in_moodle("ada", "7")], "bo": [in_moodle("bo", "7")], "cy": [in_moodle("cy", "8")]}
    packed = pack_for_moodle(handout_of(tmp_path, *map(alone, names)), NOBODY, Participants(names=names))
    assert [place.name for place in packed.places] == [f"cy_8_assignsubmission_file_{A}.html"]
    assert [(page.member.name, reason) for page, reason in packed.unplaced] == [
        ("ada", "two people would have the number 7 there"),
        ("bo", "two people would have the number 7 there"),
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana Roe", "Ana Roe"),
        ("ana_roe_1_assignsubmission_file", "ana roe 1 assignsubmission file"),
        ("../../etc/passwd", "etcpasswd"),
        ("~.hidden", "hidden"),
        ("a\x00b\u202ec\nd\\e:f", "abcdef"),
        ("_", "Participant"),
        ("Zoë 王", "Zoë 王"),
        ("x" * 500, "x" * 60),
    ],
)
def test_no_name_moves_the_number_or_leaves_the_zip(name: str, shown: str) -> None:
    made = moodle.file_name(name, "31877", A)
    assert made == f"{shown}_31877_assignsubmission_file_{A}.html"
    assert made.split("_", 4)[1] == "31877"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("roeana", "roeana_"),
        ("roe_ana", "roe_ana_"),
        ("roe_7", ""),
        ("7", ""),
        ("", ""),
        ("../x\n", "x_"),
        ("müller王", "müller王_"),
    ],
)
def test_canvas_reads_the_two_numbers_and_no_other(name: str, shown: str) -> None:
    made = canvas.file_name(DownloadName("canvas", "ana", name, "4101", 90017))
    assert made == f"{shown}4101_90017_feedback.html"


def test_a_folder_that_only_the_download_knows_as_a_team_gives_its_page_to_each(tmp_path: Path) -> None:
    names = {
        "crew": [
            DownloadName("canvas", "ana", "roeana", "1", 11),
            DownloadName("canvas", "ben", "roeben", "2", 12),
        ]
    }
    packed = pack_for_canvas(handout_of(tmp_path, alone("crew")), names)
    assert zip_members(zip_of(packed)) == {"roeana_1_11_feedback.html": b"crew", "roeben_2_12_feedback.html": b"crew"}


def test_the_page_is_beside_the_file_that_was_graded(tmp_path: Path) -> None:
    uploads = [
        DownloadName("canvas", "ada", "ada", "1", 11, ("aa",)),
        DownloadName("canvas", "ada", "ada", "1", 12, ("bb",)),
    ]
    handout = handout_of(tmp_path, alone("ada"))
    about = replace(handout, pages=tuple(replace(page, graded="aa") for page in handout.pages))
    of_older = replace(handout, pages=tuple(replace(page, graded="of an earlier attempt") for page in handout.pages))
    assert [place.name for place in pack_for_canvas(about, {"ada": uploads}).places] == ["ada_1_11_feedback.html"]
    assert [place.name for place in pack_for_canvas(of_older, {"ada": uploads}).places] == ["ada_1_12_feedback.html"]


def test_one_name_in_two_spellings_is_one_person(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "zoë")
    people = People(Roster((Person("zoë", "zoë", {"Identifier": "Participant 9"}),), ("Identifier",), is_given=True))
    packed = pack_for_moodle(handout_of(tmp_path, alone(apart)), people, Participants())
    assert [place.person for place in packed.places] == ["9"]


def test_pages_stay_apart_wherever_the_zip_is_unpacked(tmp_path: Path) -> None:
    """Where case tells nothing, one of two would lie in the place of the other's."""
    names = ("ana", "Ana", "ANA.", "ben.", "con", "cy")
    pages = []
    for name in names:
        file = tmp_path / name / f"{A}.html"
        file.parent.mkdir()
        file.write_text(name)
        pages.append(OwnPage(alone(name), A, file))
    handout = HandedOut(tuple(pages), {name: alone(name) for name in names})
    files = zip_members(zip_of(pack_for_mail(handout, NOBODY, [A], tmp_path)))
    told = {row["student"]: row[A] for row in csv.DictReader(io.StringIO(files.pop("feedback.csv").decode()))}
    assert {name: files[told[name]].decode() for name in names} == {name: name for name in names}
    folders = [file.split("/")[1] for file in files]
    assert len({folder.casefold() for folder in folders}) == len(names)
    assert not any(folder.endswith(".") or folder == "con" for folder in folders)
    assert told["cy"] == f"pages/cy/{A}.html"


# The zip


def test_only_a_zip_of_ours_may_be_written_over(tmp_path: Path) -> None:
    names = {"ada": [DownloadName("canvas", "ada", "ada", "1", 11)]}
    (tmp_path / "ours.zip").write_bytes(zip_of(pack_for_canvas(handout_of(tmp_path, alone("ada")), names)))
    (tmp_path / "no.zip").write_text("no zip")
    assert is_feedback(tmp_path / "ours.zip")
    assert not is_feedback(tmp_path / "no.zip")
    assert not is_feedback(tmp_path)
