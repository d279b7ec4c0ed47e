"""The folder of reports: refused, full, never half written, and with the former reports in it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom.marks.compute import class_marks
from autograder.classroom.policy.model import Policy
from autograder.cli import main
from autograder.errors import UserError
from autograder.grading.store import FORMER, WORK, ReportStore
from autograder.pages.writer import write_student_pages, write_submission_page
from autograder.report.model import SCHEMA, Report
from tests.helpers.command_line import AUTOGRADER, autograder, environment, one_line
from tests.helpers.course import RIGHT_SUMS, WRONG_SUMS, edit, hand_in
from tests.helpers.grading import (
    ALL_GRADED,
    count_kept,
    former_reports,
    grade_unconfined,
    one_submission,
    read_files,
    regrade,
    the_seed,
)
from tests.helpers.marks import mark_inputs
from tests.helpers.reports import check, softmax

pytestmark = pytest.mark.slow


def test_a_folder_below_a_file_cannot_hold_reports(two_students: Path) -> None:
    (two_students / "file").write_text("")
    line = one_line(grade_unconfined(two_students, "--out", "file/out"))
    assert "file/out" in line


def test_a_folder_that_the_system_refuses_cannot_hold_reports(two_students: Path) -> None:
    line = one_line(grade_unconfined(two_students, "--out", "/proc/reports"))
    assert "/proc/reports" in line


def test_a_file_in_the_way_of_a_report_is_named(two_students: Path) -> None:
    (two_students / "out").mkdir()
    (two_students / "out/ada").write_text("in the way")
    line = one_line(grade_unconfined(two_students))
    assert "out/ada" in line


SMALL_FILES_ONLY = """
import os, resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
os.execv(sys.argv[2], sys.argv[2:])
"""


def grade_with_files_up_to(folder: Path, size: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A limit on the size of files refuses to write just as a full disk does."""
    command = [sys.executable, "-c", SMALL_FILES_ONLY, str(size), str(AUTOGRADER), "grade", "class", "--out", "out"]
    return subprocess.run(
        [*command, "--unconfined", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_full_disk_ends_the_run_in_one_line_and_leaves_no_half_file(graded: Path) -> None:
    the_seed(graded)
    before = read_files(graded / "out")
    assert "cannot be written: File too large" in one_line(grade_with_files_up_to(graded, 500))
    assert read_files(graded / "out") == before
    again = grade_unconfined(graded)
    assert again.returncode == 0
    assert count_kept(again) == 0


def test_a_disk_that_is_full_for_a_page_keeps_its_report_and_the_next_run_makes_the_page(graded: Path) -> None:
    before = read_files(graded / "out")
    one_submission(graded)
    alone = ("--assignment", "01_sums")  # what she handed in for the other one rests on it
    assert "cannot be written: File too large" in one_line(grade_with_files_up_to(graded, 8192, *alone))
    after = read_files(graded / "out")
    page = "ada/01_sums.html"
    assert {name for name in before if after[name] != before[name]} == {"ada/01_sums.json"}
    again = grade_unconfined(graded, *alone)
    assert again.returncode == 0
    assert "0 graded" in again.stdout
    assert read_files(graded / "out")[page] != before[page]


# Former reports


def test_a_regrade_that_changes_no_mark_keeps_nothing(ada_and_bo: Path) -> None:
    hand_in(ada_and_bo / "class", "bo", "01_sums", f"{WRONG_SUMS}\n# a remark\n")
    before = (ada_and_bo / "graded/bo/01_sums.json").read_text()
    assert regrade(ada_and_bo) == []
    assert (ada_and_bo / "graded/bo/01_sums.json").read_text() != before, "it was graded again"
    assert former_reports(ada_and_bo) == []
    assert "no regrade has changed a report" in one_line(autograder("diff", "graded", cwd=ada_and_bo))


def test_every_former_report_is_kept(ada_and_bo: Path) -> None:
    for source in (RIGHT_SUMS, WRONG_SUMS, "x = 1\n"):
        hand_in(ada_and_bo / "class", "bo", "01_sums", source)
        (change,) = regrade(ada_and_bo)
        assert change.after.student == "bo"
    paths = sorted((ada_and_bo / "graded" / FORMER / "bo").iterdir())
    assert [path.name for path in paths] == ["01_sums.1.json", "01_sums.2.json", "01_sums.3.json"]
    scores = [Report.from_json(path.read_text()).score for path in paths]
    assert scores == [scores[2], 9, scores[0]]
    assert scores[0] < 9
    (latest,) = ReportStore(ada_and_bo / "graded").read_former().values()
    assert latest == Report.from_json(paths[-1].read_text())
    paths[0].unlink()
    hand_in(ada_and_bo / "class", "bo", "01_sums", RIGHT_SUMS)
    regrade(ada_and_bo)
    names = [path.name for path in sorted(paths[0].parent.iterdir())]
    assert names == ["01_sums.2.json", "01_sums.3.json", "01_sums.4.json"], "a number is not used again"


def test_a_run_killed_before_it_replaced_the_report_keeps_it_once(ada_and_bo: Path) -> None:
    store = ReportStore(ada_and_bo / "graded")
    former = store.load("bo", "01_sums")
    assert former is not None
    better = replace(former, questions=(softmax(check()),))
    text = store.path("bo", "01_sums").read_text()
    for _ in range(2):
        assert store.save(better)[0] is not None
        store.path("bo", "01_sums").write_text(text)  # as if the report had not been replaced
    assert len(former_reports(ada_and_bo)) == 1
    store.save(better)
    assert store.save(former)[0] is not None
    assert len(former_reports(ada_and_bo)) == 2


# What a report is about, beside it


def test_what_was_read_is_kept_beside_each_report(graded: Path) -> None:
    store = ReportStore(graded / "out")
    for report in store:
        work = store.load_work(report)
        assert work is not None
        assert work.file == f"{report.assignment}.py"
        source = (graded / "class" / report.student / report.assignment / work.file).read_text()
        assert [cell.source for cell in work.cells] == [source]


def test_pages_are_made_without_what_was_handed_in(graded: Path) -> None:
    shutil.rmtree(graded / "class")
    store = ReportStore(graded / "out")
    pages = {path: path.read_text() for path in (graded / "out").glob("*/*.html")}
    assert len(pages) == len(ALL_GRADED)
    for path in pages:
        path.unlink()
    reports = list(store)
    assert write_student_pages(store, reports, class_marks(Policy(), mark_inputs(*reports))) == []
    assert {path: path.read_text() for path in pages} == pages
    assert all("def mean(X)" in page or "def centre(X)" in page for page in pages.values())


def test_a_folder_of_an_earlier_version_gets_it_without_being_graded_again(graded: Path) -> None:
    store = ReportStore(graded / "out")
    before = read_files(graded / "out")
    shutil.rmtree(graded / "out" / WORK)
    for path in graded.glob("out/*/*.html"):
        path.unlink()
    assert count_kept(grade_unconfined(graded)) == len(before) // 2
    assert all(store.load_work(report) for report in store)
    assert {name: content for name, (_, content) in read_files(graded / "out").items()} == {
        name: content for name, (_, content) in before.items()
    }


def test_what_can_no_longer_be_read_is_not_kept(ada_and_bo: Path) -> None:
    store = ReportStore(ada_and_bo / "graded")
    hand_in(ada_and_bo / "class", "bo", "01_sums", "")
    regrade(ada_and_bo)
    assert {report.student: store.load_work(report) is not None for report in store} == {"ada": True, "bo": False}


def test_what_is_damaged_is_kept_again_and_its_page_made(graded: Path) -> None:
    store = ReportStore(graded / "out")
    before = read_files(graded / "out")
    for damage in ("{", '{"schema": 9}'):
        (graded / "out" / WORK / "ada" / "01_sums.json").write_text(damage)
        (graded / "out" / "ada" / "01_sums.html").unlink()
        write_submission_page(store, store.load("ada", "01_sums") or pytest.fail("no report"))
        assert "def mean(X)" not in (graded / "out" / "ada" / "01_sums.html").read_text()
        assert count_kept(grade_unconfined(graded)) == len(ALL_GRADED)
        after = read_files(graded / "out")
        assert {name: content for name, (_, content) in after.items()} == {
            name: content for name, (_, content) in before.items()
        }


# Copies, and what a run finds beside its own


def test_a_copy_of_a_students_folder_is_named_and_counts_for_nothing(graded: Path) -> None:
    out = graded / "out"
    page = (out / "ada" / "02_centred.html").read_bytes()
    shutil.copytree(out / "ada", out / "a-backup")
    edit(out / "a-backup" / "02_centred.json", '"passed"', '"failed"')
    done = grade_unconfined(graded, "--assignment", "01_sums")
    assert done.returncode == 0
    assert "out/a-backup/02_centred.json is a report on ada's 02_centred, which belongs at out/ada/" in done.stderr
    assert (out / "ada" / "02_centred.html").read_bytes() == page
    rows = (out / "marks.csv").read_text().splitlines()
    assert len([row for row in rows if row.startswith('"ada","02_centred"')]) == 1
    line = one_line(autograder("export", "csv", "out", "--out", "marks.csv", cwd=graded))
    assert "which belongs at out/ada/" in line
    assert not (graded / "marks.csv").exists()


def test_a_report_of_a_later_version_on_somebody_else_stops_nobody(graded: Path) -> None:
    path = graded / "out/bo/01_sums.json"
    path.write_text(path.read_text().replace(f'"schema": {SCHEMA}', f'"schema": {SCHEMA + 1}'))
    shutil.rmtree(graded / "class" / "bo")
    done = grade_unconfined(graded)
    assert done.returncode == 0
    assert "was written by a later version of autograder" in done.stderr
    assert "bo" not in (graded / "out" / "marks.csv").read_text()


def test_a_run_writes_the_files_of_the_class_before_another_may_write(
    graded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def write(store: ReportStore, *arguments: object) -> None:
        with pytest.raises(UserError) as caught, ReportStore(store.root).writing():
            pass
        refused.append(str(caught.value))

    monkeypatch.chdir(graded)
    monkeypatch.setattr("autograder.cli.shared.marking.write_class_files", write)
    done = CliRunner().invoke(main, ["grade", "class", "--out", "out", "--jobs", "1", "--unconfined"])
    assert done.exit_code == 0, done.output
    assert len(refused) == 1
    assert "another run" in refused[0]


# Versions of the form of a report


def test_a_report_says_in_which_form_it_is(graded: Path) -> None:
    assert json.loads((graded / "out/ada/01_sums.json").read_text())["schema"] == SCHEMA


def test_a_report_of_the_first_form_is_read(graded: Path) -> None:
    path = graded / "out/bo/01_sums.json"
    report = Report.from_json(path.read_text())
    data = json.loads(path.read_text())
    del data["schema"]
    data["rests_on"] = data.pop("provenance")
    for question in data["questions"]:
        for each in question["checks"]:
            for name in ("line", "reason", "lesson"):
                del each[name]
    path.write_text(json.dumps(data))
    again = ReportStore(graded / "out").load("bo", "01_sums")
    assert again is not None
    assert (again.score, again.provenance) == (report.score, report.provenance)
    assert [each.misconception for each in again.checks] == [each.misconception for each in report.checks]
    assert count_kept(grade_unconfined(graded)) == len(ALL_GRADED)


@pytest.mark.parametrize("command", [("grade", "class", "--out", "out", "--unconfined"), ("export", "csv", "out")])
def test_a_report_of_a_later_version_is_left_alone(graded: Path, command: tuple[str, ...]) -> None:
    path = graded / "out/bo/01_sums.json"
    path.write_text(path.read_text().replace(f'"schema": {SCHEMA}', f'"schema": {SCHEMA + 1}'))
    before = path.read_bytes()
    more = ("--out", "marks.csv") if command[0] == "export" else ()
    line = one_line(autograder(*command, *more, cwd=graded))
    assert "out/bo/01_sums.json was written by a later version of autograder" in line
    assert line.endswith("update autograder")
    assert path.read_bytes() == before
