"""What got no place when it was collected is kept until its source is read anew, and told beside what is not graded."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.classroom.collect.manifest import FILE, Manifest
from autograder.errors import UserError
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import RECORD
from tests.helpers.collected import CollectedClass, zipped
from tests.helpers.command_line import autograder
from tests.helpers.course import RIGHT_SUMS, edit
from tests.helpers.pages import Page, collapsed

A, B = "01_sums", "02_centred"
ROSTER = "folder,ID,Full name\namara,4101,Amara Okafor\ncrew,4102,Zoë Müller\n"
KNOWN, STRANGER = f"okaforamara_4101_90001_{A}.py", f"doejane_4199_90002_{A}.py"


@pytest.fixture
def collected(small_course: Path) -> CollectedClass:
    (small_course / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return CollectedClass(small_course)


def take(collected: CollectedClass, zip_name: str, *files: str, assignment: str = "") -> None:
    download = zipped(collected.root / zip_name, dict.fromkeys(files, RIGHT_SUMS))
    collected.collect(download, assignment=assignment, roster=collected.root / "roster.csv")


def unplaced(collected: CollectedClass) -> list[tuple[str, str, str]]:
    return [(each.source, each.file, each.student) for each in Manifest(collected.into).unplaced]


def test_what_an_earlier_run_could_not_place_is_kept_until_its_source_is_read_again(collected: CollectedClass) -> None:
    take(collected, "first.zip", KNOWN, STRANGER)
    take(collected, "second.zip", f"müllerzoë_4102_90003_{A}.py")
    assert unplaced(collected) == [("first.zip", STRANGER, "")]
    (reason,) = {each.reason for each in Manifest(collected.into).unplaced}
    assert "4199" in reason
    (collected.root / "roster.csv").write_text(f"{ROSTER}jane,4199,Jane Doe\n", encoding="utf-8")
    take(collected, "first.zip", KNOWN, STRANGER)
    assert unplaced(collected) == []


def test_downloads_of_two_assignments_may_have_one_name(collected: CollectedClass) -> None:
    take(collected, "submissions.zip", KNOWN, STRANGER, assignment=A)
    other = STRANGER.replace(A, B)
    take(collected, "submissions.zip", KNOWN.replace(A, B), other, assignment=B)
    assert unplaced(collected) == [("submissions.zip", STRANGER, ""), ("submissions.zip", other, "")]
    take(collected, "submissions.zip", KNOWN, assignment=A)
    assert unplaced(collected) == [("submissions.zip", other, "")]


def test_a_source_that_cannot_be_read_is_kept_as_a_whole(collected: CollectedClass) -> None:
    (collected.root / "broken.zip").write_bytes(b"PK\3\4 cut off")
    collected.collect(collected.root / "broken.zip")
    assert unplaced(collected) == [("broken.zip", "", "")]
    take(collected, "broken.zip", KNOWN)
    assert unplaced(collected) == []


def test_a_manifest_of_an_earlier_version_is_read_and_a_wrong_account_refused(collected: CollectedClass) -> None:
    take(collected, "first.zip", KNOWN, STRANGER)
    file = collected.into / FILE
    data = json.loads(file.read_text())
    (good,) = data.pop("unplaced")
    file.write_text(json.dumps(data))
    assert unplaced(collected) == []
    for wrong in ({**good, "files": [["ada"]]}, {**good, "source": 3}, {**good, "assignments": "01"}, {}, "x"):
        file.write_text(json.dumps({**data, "unplaced": [wrong]}))
        with pytest.raises(UserError, match=FILE):
            Manifest(collected.into)


@pytest.mark.slow
def test_grading_names_what_got_no_place_and_a_run_that_changes_nothing_keeps_its_time(small_course: Path) -> None:
    (small_course / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (small_course / "class.toml").write_text('timezone = "Asia/Kolkata"\n')
    download = zipped(small_course / "canvas.zip", dict.fromkeys((KNOWN, STRANGER), RIGHT_SUMS))

    def run(*command: object, code: int) -> str:
        done = autograder(*command, cwd=small_course)
        assert done.returncode == code, done.stderr + done.stdout
        return done.stdout + done.stderr

    def graded() -> datetime:
        (time,) = ClassRecord.from_json((small_course / "graded" / RECORD).read_text()).graded.values()
        return time

    def page() -> str:
        return (small_course / "graded/index.html").read_text(encoding="utf-8")

    grade = ("grade", "submitted", "--unconfined", "--jobs", 1)
    run("collect", download, "--roster", "roster.csv", code=1)
    said = run(*grade, code=0)  # `collect` has failed for it
    assert "Collected, and not placed: 1\n" in said
    assert f"canvas.zip: {STRANGER}: " in said
    first, before = graded(), page()
    assert first.utcoffset() == timedelta(hours=5, minutes=30)
    assert "Not placed on the way in1" in collapsed(Page(before).text)
    assert re.search(r"Graded \d+ \w+ \d{4}, \d\d:\d\d UTC\+05:30", Page(before).text)
    run(*grade, code=0)
    run("marks", code=0)
    assert (graded(), page()) == (first, before)

    edit(small_course / "class.toml", "Asia/Kolkata", "UTC")
    run("marks", code=0)
    assert graded() == first
    assert graded().utcoffset() == timedelta()

    edit(small_course / "solutions/course.toml", "a seed", "another seed")
    (small_course / "roster.csv").write_text(f"{ROSTER}jane,4199,Jane Doe\n", encoding="utf-8")
    run("collect", download, "--roster", "roster.csv", code=0)
    assert "not placed" not in run(*grade, code=0).lower()
    assert graded() >= first
    assert "Nothing waits for a person." in page()
