"""`autograder written`: from reports to a sheet and a page, and back through the hands of people."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.classroom.written.answers import class_answers
from autograder.classroom.written.points import hand_points
from autograder.classroom.written.sheet import read_sheet
from autograder.grading.store import WORK, ReportStore
from tests.helpers.command_line import autograder, one_line, refusal
from tests.helpers.course import copy_course
from tests.helpers.grading import grade_confined, regrade
from tests.helpers.hand_ins import ANSWER, cell, content, solved
from tests.helpers.in_words import NAME, a_class_in_words, hand_in_words
from tests.helpers.nbgrader import assignment_of
from tests.helpers.paths import ROOT
from tests.helpers.sheets import DIALECTS, fill_in, rows_of

pytestmark = pytest.mark.slow

REAL, QUESTION = "02_scaled_scores", "why_sqrt_d"
HOSTILE = "=cmd|' /C calc'!A0\n<script>alert(1)</script>\n\u202egnp.exe \x00 &amp;"


def hand_in_solved(folder: Path, student: str, words: str) -> None:
    """A notebook of the real course, all right, with an answer in words."""
    notebook = solved(assignment_of(folder, REAL))
    found = cell(notebook, QUESTION)
    found["source"] = found["source"].replace(ANSWER, words)
    file = folder / "class" / student / REAL / f"{REAL}.ipynb"
    file.parent.mkdir(parents=True)
    file.write_bytes(content(notebook))


@pytest.mark.slow
def test_a_real_class_goes_through_the_sheet_and_back(tmp_path: Path) -> None:
    """Two of the sample class, who wrote nothing, and four who did; their instructor's spreadsheet writes commas."""
    folder = copy_course(tmp_path / "course", ["01_projection", REAL])
    for student in ("amara", "bilal"):
        shutil.copytree(ROOT / "examples/class" / student / REAL, folder / "class" / student / REAL)
    for student, words in (("ana", ANSWER), ("ben", f"{ANSWER}  "), ("cem", HOSTILE), ("dee", "x" * 1_000_000)):
        hand_in_solved(folder, student, words)
    assert grade_confined(folder).returncode == 0
    done = autograder("written", "out", "--out", "written.csv", cwd=folder)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert told[0] == "written.csv: different answers: 3, of 4 students; files without one: 1; awaiting points: 4."
    assert "written.html" in told[1]
    assert "solutions" in told[1]
    assert told[2] == "Left as they were handed out, and 0 points by themselves: 1."
    assert f"No answer to `{QUESTION}` in {REAL} was found in the work of bilal" in told[3]
    by_text = {row["answer"]: row["answer_id"] for row in rows_of(folder / "written.csv")}
    assert not any(text.startswith("=") for text in by_text)
    assert max(map(len, by_text)) < 32_767
    fill_in(
        folder / "written.csv",
        {
            by_text[ANSWER]: {"points": "4,5", "comment": "Lovely.\nSay why it is the root."},
            next(each for text, each in by_text.items() if "calc" in text): {"points": "0"},
            next(each for text, each in by_text.items() if "found" in text): {"comment": "A script?"},
        },
        DIALECTS["Excel, where decimals have a comma"],
    )
    hand_in_solved(folder, "fay", "Something new.")
    assert grade_confined(folder).returncode == 0
    before = rows_of(folder / "written.csv")
    again = autograder("written", "out", "--out", "written.csv", "--names", cwd=folder)
    assert again.returncode == 0, again.stderr
    assert "awaiting points: 3." in again.stdout
    assert "4,5 was read as 4.5." in again.stdout
    assert "there is a comment and no points" in again.stdout
    assert (folder / "written.csv").read_bytes().startswith("\ufeffassignment;question;".encode())
    after = {row["answer_id"]: row for row in rows_of(folder / "written.csv")}
    assert len(after) == len(before) + 1
    for row in before:
        assert after[row["answer_id"]] == row | {"names": after[row["answer_id"]]["names"]}
    assert after[by_text[ANSWER]]["names"] == "ana, ben"
    page = (folder / "written.html").read_text(encoding="utf-8")
    assert "Lovely." in page
    assert "The variances add up" in page, "the model answer"
    assert "2 points for the spread" in page, "the marking guide"
    assert "<script" not in page
    store = ReportStore(folder / "out")
    points = hand_points(read_sheet(folder / "written.csv"), class_answers(store, store))
    assert {student: each.points for (student, _, _), each in points.items()} == {"ana": 4.5, "ben": 4.5, "cem": 0}
    assert points["ana", REAL, QUESTION].comment == "Lovely.\nSay why it is the root."


@pytest.fixture(scope="module")
def words_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_class_in_words(tmp_path_factory.mktemp("words") / "course")


@pytest.fixture
def folder(words_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(words_once, tmp_path / "course")


def with_policy(folder: Path, policy: Path | str) -> None:
    store = ReportStore(folder / "graded")
    store.save_class(replace(store.load_class(), policy=str(policy)))


def test_it_says_where_the_sheet_is_read(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    there = autograder("written", "graded", "--out", "written.csv", cwd=folder).stdout
    assert "`autograder marks` reads written.csv where it lies." in there
    other = autograder("written", "graded", "--out", "elsewhere/words.csv", cwd=folder).stdout
    assert "put elsewhere/words.csv where `autograder marks` reads it: written.csv" in other
    with_policy(folder, folder / "elsewhere" / "class.toml")
    moved = autograder("written", "graded", "--out", "written.csv", cwd=folder).stdout
    assert "put written.csv where `autograder marks` reads it: elsewhere/written.csv" in moved


def test_those_who_left_the_class_are_in_no_sheet(folder: Path) -> None:
    store = ReportStore(folder / "graded")
    store.save_class(store.load_class().without("ben"))
    done = autograder("written", "graded", "--out", "written.csv", "--names", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert {row["names"] for row in rows_of(folder / "written.csv")} == {"ada", "ada, cem", "dan", "eve"}


def test_what_is_not_kept_is_named(folder: Path) -> None:
    shutil.rmtree(folder / "graded" / WORK / "ada")
    done = autograder("written", "graded", "--out", "written.csv", cwd=folder)
    assert done.returncode == 1
    assert f"run `autograder grade` again, then this command: ada {NAME}" in done.stdout


def test_work_that_an_earlier_version_kept_is_not_guessed_at(folder: Path) -> None:
    path = folder / "graded" / WORK / "cem" / f"{NAME}.json"
    kept = json.loads(path.read_text())
    del kept["unanswered"]
    path.write_text(json.dumps(kept | {"schema": 2}))
    assert autograder("written", "graded", "--out", "written.csv", cwd=folder).returncode == 1
    regrade(folder)
    assert autograder("written", "graded", "--out", "written.csv", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("grades.csv", "student,score\n", "is not a sheet of `autograder written`"),
        ("written.csv", "", "written.csv is empty"),
        ("written.csv", "answer_id,points\n", "has no column `assignment` any more"),
        ("written.csv", "notes of mine", "is not a sheet of `autograder written`"),
    ],
)
def test_nothing_else_is_written_over(
    monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, content: str, told: str
) -> None:
    (folder / name).write_text(content)
    assert told in refusal(monkeypatch, folder, "written", "graded", "--out", name)
    assert (folder / name).read_text() == content
    assert not (folder / name).with_suffix(".html").exists()


def test_no_other_page_is_written_over(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "graded" / "index.html").write_text("<!DOCTYPE html>\n<html>the class</html>")
    told = refusal(monkeypatch, folder, "written", "graded", "--out", "graded/index.csv")
    assert told.endswith(
        "graded/index.html would lie beside graded/index.csv, and is there already: give the sheet another name"
    )
    assert "the class" in (folder / "graded" / "index.html").read_text()


def test_a_broken_sheet_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    assert autograder("written", "graded", "--out", "written.csv", cwd=folder).returncode == 0
    row = rows_of(folder / "written.csv")[0]
    for cells, told in (
        ({"points": "four"}, "row 2: the points 'four' are no number"),
        ({"points": "6"}, "row 2: 6 points are more than the 5 that are possible"),
    ):
        fill_in(folder / "written.csv", {row["answer_id"]: cells})
        before = [(folder / name).read_bytes() for name in ("written.csv", "written.html")]
        assert told in refusal(monkeypatch, folder, "written", "graded", "--out", "written.csv")
        assert [(folder / name).read_bytes() for name in ("written.csv", "written.html")] == before


def test_the_sheet_is_a_csv_file(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    told = refusal(monkeypatch, folder, "written", "graded", "--out", "written.html")
    assert told == "autograder: --out written.html: the sheet is a CSV file: name it written.csv"


def test_a_class_without_questions_in_words_is_told_so(ada_and_bo: Path) -> None:
    told = one_line(autograder("written", "graded", "--out", "written.csv", cwd=ada_and_bo))
    assert "graded holds no report with a question that is answered in words" in told
    assert not (ada_and_bo / "written.csv").exists()


def test_a_folder_that_holds_no_reports_is_named(folder: Path) -> None:
    assert "holds no reports" in one_line(autograder("written", "solutions", "--out", "written.csv", cwd=folder))


def test_a_class_in_which_all_left_it_empty_has_an_empty_sheet(folder: Path) -> None:
    shutil.rmtree(folder / "class")
    shutil.rmtree(folder / "graded")
    hand_in_words(folder, "ada")
    regrade(folder)
    done = autograder("written", "graded", "--out", "written.csv", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "different answers: 0, of 0 students" in done.stdout
    assert "0 points by themselves: 2." in done.stdout
    assert rows_of(folder / "written.csv") == []
