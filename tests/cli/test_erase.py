"""`autograder erase`: nothing that a folder of reports holds on a student is left, and all else is."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom.marks.model import Member
from autograder.classroom.marks.record import FILE as MARKS
from autograder.classroom.marks.record import MarksRecord, load_marks, save_marks
from autograder.cli import main
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import FORMER, RECORD, WORK, ReportStore
from autograder.pages.writer import write_class_files, write_student_pages
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import RIGHT_SUMS, hand_in
from tests.helpers.given_marks import class_of_marks
from tests.helpers.grading import grade_unconfined, one_submission, read_files
from tests.helpers.reports import report

pytestmark = pytest.mark.slow

ZOE = "zoë müller"  # whose folder has another name


@pytest.fixture(scope="module")
def regraded_once(graded_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shutil.copytree(graded_once, tmp_path_factory.mktemp("regraded") / "course")
    hand_in(folder / "class", ZOE, "01_sums", RIGHT_SUMS)
    (folder / "class" / "eve").mkdir()
    one_submission(folder)
    assert grade_unconfined(folder).returncode == 0
    return folder


@pytest.fixture
def regraded(regraded_once: Path, tmp_path: Path) -> Path:
    """ada, bo, cy and zoë, graded into `out`; ada was regraded, and eve handed in nothing."""
    return shutil.copytree(regraded_once, tmp_path / "regraded")


def mentions(folder: Path, student: str) -> list[str]:
    """The files that name a student, in their name or in what they say."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    marks = [mark.encode() for mark in (f'"{student}"', f">{student}<", f"{student}/")]
    return [
        path.relative_to(folder).as_posix()
        for path in files
        if student in path.relative_to(folder).parts or any(mark in path.read_bytes() for mark in marks)
    ]


@pytest.mark.parametrize("student", ["ada", ZOE, "eve"])
def test_nothing_of_the_student_is_left_and_all_else_is(regraded: Path, student: str) -> None:
    out = regraded / "out"
    assert mentions(out, student)
    assert (out / FORMER / "ada").is_dir()
    before = read_files(out)
    folder = ReportStore(out).path(student, "x").parent.name
    done = autograder("erase", student, "out", cwd=regraded)
    assert done.returncode == 0, done.stderr
    assert mentions(out, student) == []
    assert not any((out / part / folder).exists() for part in ("", FORMER, WORK))
    assert read_files(out) == {name: content for name, content in before.items() if not name.startswith(f"{folder}/")}
    rows = list(csv.DictReader(io.StringIO((out / "marks.csv").read_text("utf-8"))))
    assert {row["student"] for row in rows} == {"ada", "bo", "cy", "eve", ZOE} - {student}
    page = (out / "index.html").read_text("utf-8")
    assert "A small course" in page
    assert bool(re.search(r"\beve\b", page)) == (student != "eve")
    assert (regraded / "class" / student).is_dir(), "what was handed in stays"
    assert "Not touched: what was handed in" in done.stdout


def test_the_next_run_grades_again_who_is_still_there(regraded: Path) -> None:
    assert autograder("erase", "ada", "out", cwd=regraded).returncode == 0
    again = grade_unconfined(regraded)
    assert "2 graded" in again.stdout
    assert (regraded / "out/ada/01_sums.json").is_file()


def test_an_unknown_student_is_named_with_the_nearest(regraded: Path) -> None:
    before = read_files(regraded / "out")
    assert one_line(autograder("erase", "adda", "out", cwd=regraded)).endswith("'adda'; did you mean 'ada'?")
    assert one_line(autograder("erase", "ADA", "out", cwd=regraded)).endswith("'ADA'; did you mean 'ada'?")
    for unlike in ("..", "dan"):
        assert one_line(autograder("erase", unlike, "out", cwd=regraded)).endswith(f"holds nothing on {unlike!r}")
    assert read_files(regraded / "out") == before


def test_a_student_who_left_the_class_can_be_erased(regraded: Path) -> None:
    shutil.rmtree(regraded / "class" / "bo")
    assert grade_unconfined(regraded).returncode == 0
    assert (regraded / "out" / "bo").is_dir()
    assert autograder("erase", "bo", "out", cwd=regraded).returncode == 0
    assert mentions(regraded / "out", "bo") == []


def test_a_folder_of_an_earlier_version_knows_its_students_by_their_reports(regraded: Path) -> None:
    for name in (RECORD, MARKS):
        (regraded / "out" / name).unlink()
    (regraded / "out" / "grades.csv").write_text('"student","assignment"\n"ada","01_sums"\n')  # as that version did
    assert autograder("erase", "ada", "out", cwd=regraded).returncode == 0
    assert mentions(regraded / "out", "ada") == []
    rows = list(csv.DictReader(io.StringIO((regraded / "out" / "marks.csv").read_text("utf-8"))))
    assert {row["student"] for row in rows} == {"bo", "cy", ZOE}


def test_the_last_student_leaves_an_empty_class(ada_and_bo: Path) -> None:
    for student in ("ada", "bo"):
        assert autograder("erase", student, cwd=ada_and_bo).returncode == 0
    assert "no reports" in one_line(autograder("diff", "graded", cwd=ada_and_bo))


def test_a_folder_without_reports_is_named(small_course: Path) -> None:
    (small_course / "graded").mkdir()
    assert "holds no reports" in one_line(autograder("erase", "ada", cwd=small_course))


def test_an_erase_that_fails_half_way_can_be_repeated(regraded: Path) -> None:
    out = regraded / "out"
    (out / "marks.csv").unlink()
    (out / "marks.csv").mkdir()
    assert "marks.csv" in one_line(autograder("erase", "ada", "out", cwd=regraded))
    (out / "marks.csv").rmdir()
    assert autograder("erase", "ada", "out", cwd=regraded).returncode == 0
    assert mentions(out, "ada") == []


def test_copies_and_what_a_killed_run_left_are_erased_too(regraded: Path) -> None:
    out = regraded / "out"
    shutil.copytree(out / "ada", out / "backup")
    for name in (".marks.csv.4242", ".totals.csv.5", ".index.html.7", "..class.json.12", "..marks.json.3"):
        (out / name).write_text('"ada"')
    (out / ".mine.txt").write_text("kept")
    assert autograder("erase", "ada", "out", cwd=regraded).returncode == 0
    assert mentions(out, "ada") == []
    assert list((out / "backup").iterdir()) == []
    assert (out / ".mine.txt").read_text() == "kept"


def test_a_broken_report_on_somebody_else_stops_it_before_anything_is_deleted(regraded: Path) -> None:
    (regraded / "out/bo/01_sums.json").write_text("{")
    before = read_files(regraded / "out")
    assert "out/bo/01_sums.json is not a report" in one_line(autograder("erase", "ada", "out", cwd=regraded))
    assert read_files(regraded / "out") == before


def test_a_broken_report_of_a_student_who_left_is_erased(regraded: Path) -> None:
    shutil.rmtree(regraded / "class" / "bo")
    assert grade_unconfined(regraded).returncode == 0
    for path in (regraded / "out/bo").glob("*.json"):
        path.write_text("[" * 100_000)
    assert autograder("erase", "bo", "out", cwd=regraded).returncode == 0
    assert not (regraded / "out/bo").exists()


def test_a_link_in_the_place_of_a_folder_is_deleted_and_what_it_leads_to_is_not(regraded: Path) -> None:
    (regraded / "out/ada").rename(regraded / "elsewhere")
    (regraded / "out/ada").symlink_to(regraded / "elsewhere")
    assert autograder("erase", "ada", "out", cwd=regraded).returncode == 0
    assert not (regraded / "out/ada").is_symlink()
    assert list((regraded / "elsewhere").iterdir())


def test_a_folder_that_is_none_of_reports_is_left_as_it_is(small_course: Path) -> None:
    assert "holds no reports" in one_line(autograder("erase", "ada", "solutions", cwd=small_course))
    assert not (small_course / "solutions" / ".lock").exists()


@pytest.fixture
def of_a_team(tmp_path: Path) -> ReportStore:
    """ada and bo handed in as team7, cy alone."""
    store = ReportStore(tmp_path / "out")
    reports = [report(student="team7"), report(student="cy")]
    marks = class_of_marks(*reports, members=[Member("ada", "team7"), Member("bo", "team7")])
    for each in reports:
        store.save(each)
    write_student_pages(store, reports, marks)
    keys = tuple((each.student, each.assignment) for each in reports)
    write_class_files(store, ClassRecord("A class", ("team7", "cy"), keys), reports, marks)
    save_marks(store, MarksRecord(marks, {}))
    assert {path.name for path in store.root.glob("[!.]*/")} >= {"ada", "bo", "cy", "team7"}
    return store


@pytest.mark.parametrize(
    ("erased", "left"), [("team7", {"cy"}), ("ada", {"bo", "cy", "team7"}), ("cy", {"ada", "bo", "team7"})]
)
def test_pages_of_members_go_with_their_team_and_one_member_goes_alone(
    of_a_team: ReportStore, erased: str, left: set[str]
) -> None:
    root = of_a_team.root
    result = CliRunner().invoke(main, ["erase", erased, str(root)])
    assert result.exit_code == 0, result.output
    assert {path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")} == left
    rows = list(csv.DictReader(io.StringIO((root / "marks.csv").read_text("utf-8"))))
    assert {row["student"] for row in rows} == left - {"team7"}
    page = (root / "index.html").read_text("utf-8")
    assert {each.member.name for each in load_marks(of_a_team).students} == left - {"team7"}
    assert f">{erased}<" not in page
