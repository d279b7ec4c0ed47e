"""From downloads, an exchange, folders and repositories to submitted/: nobody lost, each file accounted for."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from autograder.classroom.collect.manifest import FILE
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS

pytestmark = pytest.mark.slow

A, B = "01_sums", "02_centred"
ROSTER = """\
folder,ID,Full name,Email address
amara,4101,Amara Okafor,amara@example.org
zoë,4102,Zoë Müller,zoe@example.org
ming,4103,王小明,ming@example.org
obrien,4104,Pat O'Brien,pat@example.org
lee1,4105,Jun Lee,jun@example.org
lee2,4106,Jun Lee,lee@example.org
"""
WORKSHEET = """\
Identifier,Full name,Email address,Grade
Participant 31105,Jun Lee,jun@example.org,
Participant 31106,Jun Lee,lee@example.org,
"""
CANVAS = {
    f"okaforamara_4101_90001_{A}.py": RIGHT_SUMS,
    f"müllerzoë_LATE_4102_90002_{A}-1.py": RIGHT_SUMS,
    f"王小明_4103_90003_{A}.py": WRONG_SUMS,
    "obrienpat_4104_90004_my_work_2_3.py": RIGHT_SUMS,
    f"leejun_4105_90005_{A}.py": RIGHT_SUMS,
    f"leejun_4106_90006_{A}.py": WRONG_SUMS,
}
MOODLE = {
    f"Amara Okafor_31101_assignsubmission_file/{A}.py": RIGHT_SUMS,
    f"Zoë Müller_31102_assignsubmission_file_/sums/{A}.py": RIGHT_SUMS,
    f"王小明_31103_assignsubmission_file_{A}.py": WRONG_SUMS,
    f"Pat OBrien_31104_assignsubmission_file/{A}.py": RIGHT_SUMS,
    f"Jun Lee_31105_assignsubmission_file/{A}.py": RIGHT_SUMS,
    f"Jun Lee_31106_assignsubmission_file/{A}.py": WRONG_SUMS,
}


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def zipped(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def collect(course: Path, *arguments: object, code: int = 0) -> str:
    done = autograder("collect", *arguments, cwd=course)
    assert done.returncode == code, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def account(course: Path) -> list[dict[str, str]]:
    with open(course / "submitted" / "collected.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def placed(course: Path) -> dict[str, str]:
    """What lies where."""
    root = course / "submitted"
    paths = (path for path in root.rglob("*") if path.is_file() and path.parent != root)
    return {path.relative_to(root).as_posix(): path.read_text() for path in sorted(paths)}


@pytest.fixture
def course(small_course: Path) -> Path:
    (small_course / "roster.csv").write_text(ROSTER)
    (small_course / "worksheet.csv").write_text(WORKSHEET)
    return small_course


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_canvas_is_joined_by_the_id_alone(course: Path, form: str) -> None:
    source = zipped(course / "canvas.zip", CANVAS) if form == "zip" else write(course / "canvas", CANVAS)
    collect(course, source, "--roster", "roster.csv", "--assignment", A)
    assert placed(course) == {
        f"amara/{A}/{A}.py": RIGHT_SUMS,
        f"lee1/{A}/{A}.py": RIGHT_SUMS,
        f"lee2/{A}/{A}.py": WRONG_SUMS,
        f"ming/{A}/{A}.py": WRONG_SUMS,
        f"obrien/{A}/my_work_2_3.py": RIGHT_SUMS,
        f"zoë/{A}/{A}-1.py": RIGHT_SUMS,
    }
    records = json.loads((course / "submitted" / FILE).read_text())["work"]
    assert [student for student in records if records[student][A]["counts"]["is_late"]] == ["zoë"]
    assert len(account(course)) == len(CANVAS)
    assert {row["outcome"] for row in account(course)} == {"placed"}
    assert [row["student"] for row in account(course) if row["late"] == "yes"] == ["zoë"]


def test_the_roster_of_the_class_is_taken_where_none_is_named(course: Path) -> None:
    (course / "class.toml").write_text('roster = "roster.csv"\n')
    collect(course, zipped(course / "canvas.zip", CANVAS), "--assignment", A)
    assert {path.split("/")[0] for path in placed(course)} == {"amara", "lee1", "lee2", "ming", "obrien", "zoë"}
    (course / "roster.csv").unlink()
    assert "roster.csv" in one_line(autograder("collect", "canvas.zip", "--assignment", A, cwd=course))


def test_moodles_numbers_are_told_by_its_worksheet(course: Path) -> None:
    source = zipped(course / "moodle.zip", MOODLE)
    collect(course, source, "--roster", "roster.csv", "--worksheet", "worksheet.csv")
    found = placed(course)
    assert {path.split("/")[0] for path in found} == {"amara", "zoë", "ming", "obrien", "lee1", "lee2"}
    assert found[f"lee2/{A}/{A}.py"] == WRONG_SUMS


def test_two_people_with_one_name_are_asked_for(course: Path) -> None:
    source = zipped(course / "moodle.zip", MOODLE)
    said = collect(course, source, "--roster", "roster.csv", code=1)
    assert said == (
        f"moodle.zip: Jun Lee_31105_assignsubmission_file/{A}.py, Jun Lee_31106_assignsubmission_file/{A}.py: Jun Lee "
        "may be any of lee1, lee2: give --worksheet with Moodle's grading worksheet, which tells who it is\n"
    )
    assert "lee1" not in {path.split("/")[0] for path in placed(course)}
    shutil.rmtree(course / "submitted")
    assert "Two people are called Jun Lee: tell them apart by --roster" in collect(course, source, code=1)


def test_without_a_roster_names_are_as_good_as_they_allow(course: Path) -> None:
    collect(course, zipped(course / "canvas.zip", CANVAS), "--assignment", A)
    assert {path.split("/")[0] for path in placed(course)} == {
        "okaforamara_4101",
        "müllerzoë_4102",
        "王小明_4103",
        "obrienpat_4104",
        "leejun_4105",
        "leejun_4106",
    }


def test_a_name_that_no_roster_knows_is_named_and_the_rest_goes_on(course: Path) -> None:
    files = {**CANVAS, f"doejan_4999_90010_{A}.py": RIGHT_SUMS}
    said = collect(course, zipped(course / "c.zip", files), "--roster", "roster.csv", "--assignment", A, code=1)
    assert said.splitlines() == [
        f"c.zip: doejan_4999_90010_{A}.py: The roster knows nobody with the ID 4999: add that person to it, and "
        "collect again"
    ]
    assert len(placed(course)) == len(CANVAS)
    (lost,) = [row for row in account(course) if row["outcome"] == "not placed"]
    assert lost["file"] == f"doejan_4999_90010_{A}.py"


def test_the_newest_attempt_of_an_exchange_counts_and_earlier_ones_are_kept(course: Path) -> None:
    times = ("2026-10-05 09:14:02.123456 UTC", "2026-10-06 10:00:00.000000 UTC")
    inbound = {
        f"amara+{A}+{times[0]}+Zk3_aB9-xQ1w/{A}.py": WRONG_SUMS,
        f"amara+{A}+{times[1]}+Zk3_aB9-xQ1x/{A}.py": RIGHT_SUMS,
        f"amara+{A}+{times[1]}+Zk3_aB9-xQ1x/timestamp.txt": "1999-01-01 00:00:00 UTC",
    }
    collect(course, write(course / "inbound", inbound))
    assert placed(course) == {f"amara/{A}/{A}.py": RIGHT_SUMS, f"amara/{A}/timestamp.txt": f"{times[1]}\n"}
    (kept,) = (course / "submitted.attempts").rglob("*.py")
    assert kept.read_text() == WRONG_SUMS
    (own,) = [row for row in account(course) if row["outcome"] == "passed over"]
    assert own["reason"] == "It is not read, for anybody may have written it: the time is the system's"


METADATA = """\
submission_1:
  :submitters:
  - :name: Amara Okafor
    :sid: '0041'
    :email: amara@example.org
  :created_at: 2026-10-05 09:14:02 Z
submission_2:
  :submitters:
  - :name: Zoë Müller
    :email: zoe@example.org
  - :name: 王小明
    :email: ming@example.org
  :created_at: 2026-10-06 10:00:00 Z
"""


@pytest.mark.parametrize("top", ["", "assignment_8100_export/"])
def test_gradescopes_export_tells_who_worked_together(course: Path, top: str) -> None:
    files = {
        f"{top}submission_metadata.yml": METADATA,
        f"{top}submission_1/{A}.py": RIGHT_SUMS,
        f"{top}submission_2/{A}.py": WRONG_SUMS,
    }
    collect(course, zipped(course / "export.zip", files), "--roster", "roster.csv")
    found = {path: text for path, text in placed(course).items() if path.endswith(".py")}
    assert found == {
        f"amara/{A}/{A}.py": RIGHT_SUMS,
        f"ming/{A}/{A}.py": WRONG_SUMS,
        f"zoë/{A}/{A}.py": WRONG_SUMS,
    }
    assert placed(course)[f"amara/{A}/timestamp.txt"].startswith("2026-10-05 09:14:02")


def test_each_file_is_counted_once_and_two_that_look_alike_are_two(course: Path) -> None:
    pair = {
        "submission_metadata.yml": METADATA,
        f"submission_1/{A}.py": RIGHT_SUMS,
        f"submission_2/{A}.py": WRONG_SUMS,  # of two students
    }
    done = autograder("collect", zipped(course / "export.zip", pair), "--into", "pair", cwd=course)
    assert "Files that came in: 2. Placed in pair: 2;" in one_line_of(done.stdout)
    twins = write(course / "twins", {f"Zo\u00eb/{A}.py": RIGHT_SUMS, f"Zoe\u0308/{A}.py": RIGHT_SUMS})
    done = autograder("collect", twins, "--into", "alike", cwd=course)
    assert "Files that came in: 2. Placed in alike: 0;" in one_line_of(done.stdout)
    assert "not placed: 2." in one_line_of(done.stdout)


def one_line_of(text: str) -> str:
    return " ".join(text.split())


def test_metadata_that_is_none_is_told(course: Path) -> None:
    source = write(course / "export", {"submission_metadata.yml": "- 1\n", f"submission_1/{A}.py": RIGHT_SUMS})
    other = write(course / "folder", {f"amara/{A}/{A}.py": RIGHT_SUMS})
    (line,) = collect(course, source, other, code=1).splitlines()
    assert line.startswith("export: ")
    assert "is not what Gradescope's export holds" in line
    assert placed(course) == {f"amara/{A}/{A}.py": RIGHT_SUMS}


def test_again_changes_nothing_and_a_newer_download_what_is_new(course: Path) -> None:
    arguments = ("--roster", "roster.csv", "--assignment", A)
    first = zipped(course / "first.zip", CANVAS)
    collect(course, first, *arguments)
    before = placed(course)
    collect(course, first, *arguments)
    assert {row["outcome"] for row in account(course)} == {"unchanged"}
    assert placed(course) == before
    assert not (course / "submitted.attempts").exists()
    newer = {f"王小明_4103_95003_{A}.py": RIGHT_SUMS, f"okaforamara_4101_90001_{A}.py": RIGHT_SUMS}
    collect(course, zipped(course / "second.zip", newer), *arguments)
    assert placed(course) == {**before, f"ming/{A}/{A}.py": RIGHT_SUMS}
    (kept,) = (course / "submitted.attempts").rglob("*.py")
    assert kept.relative_to(course / "submitted.attempts").as_posix().startswith(f"ming/{A}/")
    assert kept.read_text() == WRONG_SUMS


def test_what_was_not_collected_is_not_overwritten(course: Path) -> None:
    write(course / "submitted", {f"amara/{A}/{A}.py": "# by hand\n"})
    said = collect(course, zipped(course / "c.zip", CANVAS), "--roster", "roster.csv", "--assignment", A, code=1)
    assert f"submitted/amara/{A} is there, and was not collected: move it away, and collect again" in said
    assert placed(course)[f"amara/{A}/{A}.py"] == "# by hand\n"


def test_archives_in_a_download_are_unpacked(course: Path) -> None:
    inner = zipped(course / "inner.zip", {f"{A}/{A}.py": RIGHT_SUMS, "../out.py": "x = 1\n"}).read_bytes()
    source = zipped(course / "c.zip", {"okaforamara_4101_90001_work.zip": inner})
    said = collect(course, source, "--roster", "roster.csv", code=1)
    assert placed(course) == {f"amara/{A}/{A}.py": RIGHT_SUMS}
    assert "out.py: Its name leads out of the folder" in said
    assert not list(course.rglob("out.py"))


def test_one_download_of_several_assignments_and_what_is_for_none(course: Path) -> None:
    folder = {f"amara/{A}/{A}.py": RIGHT_SUMS, f"amara/{B}.py": RIGHT_CENTRED, "amara/notes.pdf": "x", "zoë/a.py": "x"}
    said = collect(course, write(course / "folder", folder), code=1)
    assert placed(course) == {f"amara/{A}/{A}.py": RIGHT_SUMS, f"amara/{B}/{B}.py": RIGHT_CENTRED}
    assert said == (
        "folder: amara/notes.pdf, zoë/a.py: Its name does not tell what it is for: name that by --assignment, one of "
        "01_sums, 02_centred\n"
    )


def test_a_class_goes_from_a_download_to_marks(course: Path) -> None:
    collect(course, zipped(course / "canvas.zip", CANVAS), "--roster", "roster.csv", "--assignment", A)
    done = autograder("grade", "submitted", "--unconfined", "--out", "graded", cwd=course)
    assert done.returncode == 0, done.stderr
    template = "Student,ID,SIS Login ID,Section,01_sums (77)\n    Points Possible,,,,9\n" + "".join(
        f'"{name}",{number},{login},A,\n'
        for name, number, login in (("Okafor, Amara", 4101, "a"), ("Müller, Zoë", 4102, "z"), ("王小明", 4103, "w"))
    )
    (course / "gradebook.csv").write_text(template)
    export = ("export", "canvas", "graded", "--roster", "roster.csv", "--template", "gradebook.csv", "--out", "up.csv")
    done = autograder(*export, cwd=course)
    with open(course / "up.csv", newline="", encoding="utf-8") as file:
        scores = {row["ID"]: row["01_sums (77)"] for row in csv.DictReader(file)}
    assert scores["4101"] == scores["4102"] == "9"
    assert scores["4103"] == "2"
    assert "obrien" in done.stdout  # no row for him in this template, and named


def test_repositories_are_placed_and_one_that_is_gone_keeps_what_was_there(course: Path) -> None:
    bare = course / "ada.git"
    work = write(course / "work", {f"assignments/{A}/{A}.py": RIGHT_SUMS, "README.md": "x"})
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "work"]):
        subprocess.run([*git, *command], cwd=work, check=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})
    subprocess.run(["git", "clone", "-q", "--bare", str(work), str(bare)], check=True)
    (course / "list.txt").write_text(f"\ufeff# the class\r\nada {bare}  # hers\r\nbo {course / 'gone.git'}\r\n")
    said = collect(course, "list.txt", "--assignment", B, code=1)
    assert placed(course)[f"ada/{A}/{A}.py"] == RIGHT_SUMS
    assert said.startswith("list.txt: bo: ")
    records = json.loads((course / "submitted" / FILE).read_text())["work"]
    assert records["ada"][A]["counts"]["is_claim"]
    assert records["ada"][A]["counts"]["handed_in"]
    shutil.rmtree(bare)
    collect(course, "list.txt", "--assignment", B, code=1)
    assert placed(course)[f"ada/{A}/{A}.py"] == RIGHT_SUMS


@pytest.mark.parametrize("name", ["nothing.zip", "nowhere", "list.txt"])
def test_a_source_that_is_not_there_is_told_in_one_line(course: Path, name: str) -> None:
    line = one_line(autograder("collect", name, cwd=course))
    assert line.endswith(f"there is no {name}: name a folder, an archive, or a list of repositories (.txt)")


def test_an_archive_that_cannot_be_read_is_named_and_the_next_source_is_placed(course: Path) -> None:
    (course / "broken.zip").write_bytes(b"PK\x03\x04 nothing more")
    source = write(course / "folder", {f"amara/{A}/{A}.py": RIGHT_SUMS})
    said = collect(course, "broken.zip", source, code=1)
    assert said.startswith("broken.zip: ")
    assert placed(course) == {f"amara/{A}/{A}.py": RIGHT_SUMS}


def test_a_time_that_cannot_be_read_is_named_and_never_on_time(course: Path) -> None:
    inbound = {f"amara+{A}+yesterday/{A}.py": RIGHT_SUMS, f"zoë+{A}+/{A}.py": RIGHT_SUMS}
    said = collect(course, write(course / "inbound", inbound), code=1)
    assert "The time of handing in, 'yesterday', cannot be read: look at whether it was late" in said
    assert placed(course) == {f"amara/{A}/{A}.py": RIGHT_SUMS, f"zoë/{A}/{A}.py": RIGHT_SUMS}
    records = json.loads((course / "submitted" / FILE).read_text())["work"]
    assert records["amara"][A]["counts"]["handed_in"] == ""
    assert records["amara"][A]["counts"]["is_late"] is None


@pytest.mark.parametrize(("source", "into"), [("in", "in"), (".", "submitted"), ("in", "in/submitted"), ("in/a", "in")])
def test_nothing_is_collected_into_what_it_comes_from(course: Path, source: str, into: str) -> None:
    write(course / "in", {f"a/{A}/{A}.py": RIGHT_SUMS})
    line = one_line(autograder("collect", source, "--into", into, cwd=course))
    assert line.endswith("lie in each other: collect --into a folder beside what is collected")


def test_the_course_is_no_place_for_submissions(course: Path) -> None:
    write(course / "in", {f"a/{A}/{A}.py": RIGHT_SUMS})
    before = sorted(path.name for path in course.iterdir())
    assert "autograder: ." in one_line(autograder("collect", "in/a", "--into", ".", cwd=course))
    assert sorted(path.name for path in course.iterdir()) == before
