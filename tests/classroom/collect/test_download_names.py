"""What work was called in a download is kept, of the newest one, and never a number that may be a group's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.classroom.collect.manifest import FILE, CollectedWork, Manifest
from autograder.errors import UserError
from tests.helpers.collected import CollectedClass, zipped
from tests.helpers.course import RIGHT_SUMS, WRONG_SUMS

A = "01_sums"
ROSTER = "folder,ID,Full name\namara,4101,Amara Okafor\ncrew,4102,Zoë Müller\n"


@pytest.fixture
def collected(small_course: Path) -> CollectedClass:
    (small_course / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return CollectedClass(small_course)


def names(collected: CollectedClass, student: str) -> list[tuple[str, str, str, int | None]]:
    work = Manifest(collected.into).records.get((student, A), CollectedWork())
    return [(each.system, each.name, each.id, each.upload) for each in work.names]


def take(collected: CollectedClass, zip_name: str, *files: str, source: str = RIGHT_SUMS) -> None:
    download = zipped(collected.root / zip_name, dict.fromkeys(files, source))
    collected.collect(download, assignment=A, roster=collected.root / "roster.csv")


def test_every_upload_of_the_newest_download_is_kept(collected: CollectedClass) -> None:
    take(collected, "1.zip", f"okaforamara_4101_90001_{A}.py")
    take(collected, "2.zip", f"okaforamara_LATE_4101_90007_{A}-1.py", "okaforamara_LATE_4101_90008_data.csv")
    take(collected, "0.zip", f"okaforamara_4101_80000_{A}.py", source=WRONG_SUMS)
    assert names(collected, "amara") == [
        ("canvas", "okaforamara", "4101", 90007),
        ("canvas", "okaforamara", "4101", 90008),
    ]


def test_each_system_has_names_of_its_own(collected: CollectedClass) -> None:
    take(collected, "canvas.zip", f"okaforamara_4101_90001_{A}.py")
    take(collected, "moodle.zip", f"Amara Okafor_31101_assignsubmission_file/{A}.py", source=WRONG_SUMS)
    assert names(collected, "amara") == [
        ("canvas", "okaforamara", "4101", 90001),
        ("moodle", "Amara Okafor", "31101", None),
    ]


def test_a_number_beside_another_name_than_the_persons_may_be_a_groups(collected: CollectedClass) -> None:
    take(
        collected, "moodle.zip", f"crew_58_assignsubmission_file/{A}.py", f"Amara Okafor_7_assignsubmission_file/{A}.py"
    )
    assert names(collected, "crew") == []
    assert names(collected, "amara") == [("moodle", "Amara Okafor", "7", None)]


def test_what_has_no_upload_has_no_name(collected: CollectedClass) -> None:
    """Canvas takes back nothing for a text that was typed there."""
    take(collected, "canvas.zip", "okaforamara_4101_text.html", f"müllerzoë_4102_90002_{A}.py")
    assert names(collected, "amara") == []
    assert names(collected, "crew") == [("canvas", "müllerzoë", "4102", 90002)]


def test_a_record_without_names_is_read_and_one_with_wrong_ones_is_refused(collected: CollectedClass) -> None:
    take(collected, "canvas.zip", f"okaforamara_4101_90001_{A}.py")
    file = collected.into / FILE
    data = json.loads(file.read_text())
    kept = data["work"]["amara"][A].pop("names")
    file.write_text(json.dumps(data))
    assert names(collected, "amara") == []
    for wrong in ({"id": 4101}, {"upload": "x"}, {"hashes": [1]}, {"more": ""}):
        data["work"]["amara"][A]["names"] = [{**kept[0], **wrong}]
        file.write_text(json.dumps(data))
        with pytest.raises(UserError, match=FILE):
            Manifest(collected.into)
