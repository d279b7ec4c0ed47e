"""When work was handed in, whatever it came from, and whatever a person has done to it since."""

from __future__ import annotations

import os
import shutil
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.classroom.collect.manifest import FILE, Manifest
from autograder.errors import UserError
from autograder.report.handed_in import HandedIn
from tests.helpers.collected import CollectedClass, all_due, zipped
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS, edit, hand_in
from tests.helpers.repositories import commit, new_repository

pytestmark = pytest.mark.slow

A, B = "01_sums", "02_centred"
OCT_5, OCT_6 = (datetime(2026, 10, day, 9, tzinfo=UTC) for day in (5, 6))
ROSTER = "folder,ID,Full name,Email address\nana,4101,Ana Roe,ana@x.org\nben,4102,Ben Low,ben@x.org\n"
INBOUND = "{}+{}+{}+Zk3_aB9-xQ1w/{}.py"
LATER = all_due("2026-10-12T23:59:00+02:00")


@pytest.fixture
def group(small_course: Path) -> CollectedClass:
    (small_course / "roster.csv").write_text(ROSTER)
    return CollectedClass(small_course)


def exchange(group: CollectedClass, student: str, assignment: str, time: str, source: str) -> Path:
    name = INBOUND.format(student, assignment, time, assignment)
    return zipped(group.root / f"{student}{assignment}{time[:10]}.zip", {name: source})


# What it came from


def test_a_system_that_tells_a_time_is_believed(group: CollectedClass) -> None:
    metadata = "submission_1:\n  :submitters:\n  - :email: ana@x.org\n  :created_at: 2026-10-05 14:30:00 +0530\n"
    export = {"submission_metadata.yml": metadata, f"submission_1/{A}.py": RIGHT_SUMS}
    group.collect(zipped(group.root / "export.zip", export), roster=group.root / "roster.csv")
    group.collect(exchange(group, "ben", A, "2026-10-06 09:00:00.000000 UTC", RIGHT_SUMS))
    times = group.times(LATER)
    assert times.handed_in == {("ana", A): HandedIn(OCT_5), ("ben", A): HandedIn(OCT_6)}
    assert times.warnings == ()


def test_canvas_says_late_and_not_when(group: CollectedClass) -> None:
    download = {f"roeana_LATE_4101_1_{A}.py": RIGHT_SUMS, f"lowben_4102_2_{A}.py": RIGHT_SUMS}
    group.collect(zipped(group.root / "canvas.zip", download), roster=group.root / "roster.csv")
    assert group.times().handed_in == {("ana", A): HandedIn(is_late=True), ("ben", A): HandedIn(is_late=False)}


def test_moodles_worksheet_says_late_and_not_when(group: CollectedClass) -> None:
    worksheet = group.root / "worksheet.csv"
    worksheet.write_text(
        "Identifier,Full name,Email address,Status\n"
        "Participant 71,Ana Roe,ana@x.org,Submitted for grading - 2 days late\n"
        "Participant 72,Ben Low,ben@x.org,Abgegeben\n"
    )
    download = {
        f"Ana Roe_71_assignsubmission_file/{A}.py": RIGHT_SUMS,
        f"Ben Low_72_assignsubmission_file/{A}.py": RIGHT_SUMS,
    }
    source = zipped(group.root / "moodle.zip", download)
    group.collect(source, roster=group.root / "roster.csv", worksheets=[worksheet])
    assert group.times().handed_in == {("ana", A): HandedIn(is_late=True), ("ben", A): HandedIn()}


def test_a_commit_only_claims_its_time(group: CollectedClass) -> None:
    commit(new_repository(group.root / "repo"), {f"{A}.py": RIGHT_SUMS}, "2026-10-05 11:00:00 +0200")
    (group.root / "list.txt").write_text("ana ./repo\n")
    group.collect(group.root / "list.txt")
    assert group.times().handed_in == {("ana", A): HandedIn(OCT_5, is_claim=True)}


def test_a_time_that_no_system_should_write_is_kept_as_unread(group: CollectedClass) -> None:
    for student, time in (("ana", "yesterday"), ("ben", ""), ("cem", "0001-01-01 00:00:00 UTC")):
        group.collect(exchange(group, student, A, time, RIGHT_SUMS))
    assert {student: each.unread for (student, _), each in group.times().handed_in.items()} == {
        "ana": "yesterday",
        "ben": "(empty)",
        "cem": "0001-01-01T00:00:00+00:00",
    }


def test_in_plain_folders_timestamp_txt_says_it(group: CollectedClass) -> None:
    told = {
        "ana": (b"2026-10-05 09:00:00 UTC\n", HandedIn(OCT_5)),
        "ben": (b"2026-10-06 11:00:00 +0200", HandedIn(OCT_6)),
        "cem": (b"2026-10-06 09:00", HandedIn(OCT_6)),
        "dora": (b"last \x1b[31mMonday\n", HandedIn(unread="last \ufffd[31mMonday")),
        "eva": (b"\xff\xfe2\0", HandedIn(unread="\ufffd\ufffd2\ufffd")),
        "finn": (b"2026-10-05 09:00:00 UTC\n" * 100, HandedIn()),
        "gita": (b"", HandedIn()),
    }
    for student, (content, _) in told.items():
        hand_in(group.into, student, A, RIGHT_SUMS).with_name("timestamp.txt").write_bytes(content)
    hand_in(group.into, "hugo", A, RIGHT_SUMS)
    link = hand_in(group.into, "ida", A, RIGHT_SUMS).with_name("timestamp.txt")
    link.symlink_to(group.into / "ana" / A / "timestamp.txt")
    os.mkfifo(hand_in(group.into, "jan", A, RIGHT_SUMS).with_name("timestamp.txt"))
    expected = {(student, A): each for student, (_, each) in told.items()}
    assert group.times(LATER).handed_in == expected | {(name, A): HandedIn() for name in ("hugo", "ida", "jan")}


def test_of_work_that_cannot_be_read_the_time_is_known_all_the_same(group: CollectedClass) -> None:
    name = INBOUND.format("ana", A, "2026-10-05 09:00:00 UTC", A).replace(".py", ".ipynb")
    group.collect(zipped(group.root / "inbound.zip", {name: b"\0\1"}))
    hand_in(group.into, "ben", A, "").with_name("timestamp.txt").write_text("2026-10-06 09:00 UTC")
    assert group.jobs()["ana", A].submission is None
    assert group.times().handed_in == {("ana", A): HandedIn(OCT_5), ("ben", A): HandedIn(OCT_6)}


def test_the_time_lies_where_the_work_should_when_the_work_is_a_folder_deeper(group: CollectedClass) -> None:
    file = hand_in(group.into, "ana", A, RIGHT_SUMS)
    (file.parent / "work").mkdir()
    file.rename(file.parent / "work" / file.name)
    (file.parent / "timestamp.txt").write_text("2026-10-05 09:00 UTC")
    beside = hand_in(group.into, "ben", A, RIGHT_SUMS)  # beside the folder, in which there is the time of other things
    beside.rename(group.into / "ben" / f"{A}.py")
    (group.into / "ben" / A / "timestamp.txt").write_text("2026-10-05 09:00 UTC")
    assert group.times().handed_in == {("ana", A): HandedIn(OCT_5), ("ben", A): HandedIn()}


def test_work_that_came_in_with_another_assignment_came_in_at_its_time(group: CollectedClass) -> None:
    name = f"ana+{B}+2026-10-06 09:00:00 UTC+Zk3_aB9-xQ1w"
    download = {f"{name}/{B}.py": RIGHT_CENTRED, f"{name}/{A}.py": RIGHT_SUMS}
    group.collect(zipped(group.root / "inbound.zip", download))
    assert group.times().handed_in[("ana", B)] == HandedIn(OCT_6)
    assert group.times().handed_in[("ana", A)] == HandedIn(OCT_6)


def test_a_name_whose_accents_are_composed_otherwise_is_the_same_persons(group: CollectedClass) -> None:
    name = unicodedata.normalize("NFD", "Zoë")
    group.collect(exchange(group, name, A, "2026-10-05 09:00:00 UTC", RIGHT_SUMS))
    assert group.times().handed_in == {("Zoë", A): HandedIn(OCT_5)}


# What a person has done to it


@pytest.fixture
def collected(group: CollectedClass) -> CollectedClass:
    """Ana has handed in twice, ben once; and a time is known of each."""
    group.collect(exchange(group, "ana", A, "2026-10-05 09:00:00 UTC", WRONG_SUMS))
    group.collect(exchange(group, "ana", A, "2026-10-06 09:00:00 UTC", RIGHT_SUMS))
    group.collect(exchange(group, "ben", A, "2026-10-06 09:00:00 UTC", RIGHT_SUMS))
    return group


def test_a_time_that_a_person_wrote_counts_before_the_systems(collected: CollectedClass) -> None:
    place = collected.into / "ana" / A / "timestamp.txt"
    place.write_text("2026-10-04 09:00 UTC\n")
    assert collected.times(LATER).handed_in["ana", A] == HandedIn(datetime(2026, 10, 4, 9, tzinfo=UTC))
    place.write_text("when the exchange was down\n")
    assert collected.times(LATER).handed_in["ana", A] == HandedIn(unread="when the exchange was down")
    place.unlink()
    assert collected.times(LATER).handed_in["ana", A] == HandedIn(OCT_6)
    assert collected.times(LATER).warnings == ()


def test_a_time_that_a_person_wrote_counts_before_a_claim_and_before_late(group: CollectedClass) -> None:
    commit(new_repository(group.root / "repo"), {f"{A}.py": RIGHT_SUMS}, "2020-01-01 00:00:00 +0000")
    (group.root / "list.txt").write_text("ana ./repo\n")
    canvas = zipped(group.root / "canvas.zip", {f"lowben_LATE_4102_2_{A}.py": RIGHT_SUMS})
    group.collect(group.root / "list.txt", canvas, roster=group.root / "roster.csv")
    for student in ("ana", "ben"):
        (group.into / student / A / "timestamp.txt").write_text("2026-10-05 09:00 UTC\n")
    assert set(group.times().handed_in.values()) == {HandedIn(OCT_5)}


def test_of_what_was_changed_by_hand_the_record_no_longer_speaks(collected: CollectedClass) -> None:
    file = collected.into / "ben" / A / f"{A}.py"
    edit(file, "np.sum", "1 * np.sum")
    times = collected.times(LATER)
    assert times.handed_in["ben", A] == HandedIn(OCT_6), "as timestamp.txt says"
    assert times.warnings == (
        f"{A}: changed by hand since it was collected, so that the time of handing in may not be right, the work of "
        "ben. Write when it was handed in into timestamp.txt beside it, and grade again",
    )
    assert collected.times().warnings == (), "where nothing is due, no time matters"
    file.with_name("timestamp.txt").unlink()
    assert collected.times(LATER).handed_in["ben", A] == HandedIn()
    file.with_name("timestamp.txt").write_text("2026-10-05 09:00 UTC")
    times = collected.times(LATER)
    assert (times.handed_in["ben", A], times.warnings) == (HandedIn(OCT_5), ())


def test_an_attempt_that_a_person_put_back_keeps_its_time(collected: CollectedClass) -> None:
    (kept,) = (collected.root / "submitted.attempts" / "ana" / A).iterdir()
    place = collected.into / "ana" / A
    shutil.copy(kept / f"{A}.py", place / f"{A}.py")
    assert collected.times(LATER).handed_in["ana", A] == HandedIn(OCT_5), "and timestamp.txt is that of the other"
    shutil.rmtree(place)
    shutil.copytree(kept, place)
    times = collected.times(LATER)
    assert (times.handed_in["ana", A], times.warnings) == (HandedIn(OCT_5), ())


def test_a_file_that_a_person_renamed_keeps_its_time(collected: CollectedClass) -> None:
    file = collected.into / "ben" / A / f"{A}.py"
    file.rename(file.with_name("homework.py"))
    assert collected.times(LATER).handed_in["ben", A] == HandedIn(OCT_6)
    assert collected.times(LATER).warnings == ()


def test_many_whose_work_was_changed_are_named_in_one_line(group: CollectedClass) -> None:
    for student in ("ana", "ben", "cem", "dora", "eva"):
        group.collect(exchange(group, student, A, "2026-10-05 09:00:00 UTC", RIGHT_SUMS))
        edit(group.into / student / A / f"{A}.py", "np.sum", "1 * np.sum")
    (line,) = group.times(LATER).warnings
    assert "the work of ana, ben, cem and 2 more. Write" in line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"schema": 1', '"schema": 2'),
        ("{", ""),
        ('"2026-10-06T09:00:00+00:00"', '"2026-10-06T09:00:00"'),  # of no zone
        ('"2026-10-06T09:00:00+00:00"', '"then"'),
        ('"unread_time": null', '"unread_time": 1'),
        ('"is_late": null', '"is_late": "no"'),
        ('"folder": "1"', '"folder": "../../secret"'),
        ('"folder": "1"', '"folder": 1'),
    ],
)
def test_a_broken_record_is_told_in_one_line(collected: CollectedClass, old: str, new: str) -> None:
    edit(collected.into / FILE, old, new)
    with pytest.raises(UserError, match=r"\.collected\.json is not what `collect` wrote: move it away") as error:
        Manifest(collected.into)
    assert "\n" not in str(error.value)
