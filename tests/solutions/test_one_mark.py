"""One mark: whatever shows the marks of the sample class shows the same, or that there is none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.classroom.person import composed
from tests.helpers.command_line import autograder
from tests.helpers.in_words import STUB
from tests.helpers.nbgrader import exported, give, nobodys_settings
from tests.helpers.paths import ROOT
from tests.helpers.sheets import fill_in, rows_of
from tests.helpers.shown_marks import (
    Explained,
    Marked,
    assert_pages_agree,
    assert_sums_agree,
    assert_totals_agree,
    gradebook,
    in_canvas,
    in_long_csv,
    in_moodle,
    of_people,
    table_rows,
)

pytestmark = pytest.mark.slow

SCALED, SOFTMAX, VIT = "02_scaled_scores", "03_softmax", "09_vision_transformer"
WHY, WHY_VIT = "why_sqrt_d", "why_more_data"
# Nobody in the sample class answers in words: these do. Two say the same, and one answer is left to be read.
WORDS = {
    ("amara", SCALED, WHY): "The variances of d products add up.",
    ("chiara", SCALED, WHY): "The variances of d products add up.",
    ("eunji", SCALED, WHY): "So that softmax is not flat.",
    ("freya", SCALED, WHY): "Because of the spread.",
    ("viktor", SCALED, WHY): "I have read that one divides.",
    ("freya", VIT, WHY_VIT): "It knows nothing of neighbours.",
}
GIVEN = {
    "The variances of d products add up.": {"points": "4.5", "comment": "Lovely; say why variance."},
    "So that softmax is not flat.": {"points": "2,5", "comment": "Rather: not peaked."},
    "Because of the spread.": {"points": "3"},
    "It knows nothing of neighbours.": {"points": "5"},
}
UNREAD = ("viktor", SCALED)
NO_ANSWER = {"points": "0", "comment": "There was none in your file."}
OTHER_POINTS = ("freya", SCALED)  # 3 in the sheet, 1 in the gradebook: neither is taken
BY_HAND = {("maja", SCALED), ("wambui", SCALED)}  # in the gradebook: points for a question, and extra credit


def answer_in_words(file: Path, text: str) -> None:
    """In its one cell for that; some of these notebooks have lost the names of their cells."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    (cell,) = [each for each in notebook["cells"] if STUB in "".join(each["source"])]
    cell["source"] = "".join(cell["source"]).replace(STUB, text)
    file.write_text(json.dumps(notebook), encoding="utf-8")


def run(folder: Path, *arguments: object, code: int = 0) -> str:
    done = autograder(*arguments, cwd=folder)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout + done.stderr


def fill_sheet(sheet: Path) -> None:
    by_id = {row["answer_id"]: row["answer"] for row in rows_of(sheet)}
    assert set(GIVEN) < set(by_id.values())
    cells = {each: GIVEN.get(answer, NO_ANSWER) for each, answer in by_id.items() if answer != WORDS[*UNREAD, WHY]}
    fill_in(sheet, cells)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marked]:
    """The sample class: graded into a gradebook, its answers in words graded in the sheet, its marks made."""
    home, folder = tmp_path_factory.mktemp("nobody"), tmp_path_factory.mktemp("one_mark") / "course"
    shutil.copytree(ROOT / "solutions", folder / "solutions")
    shutil.copytree(ROOT / "examples/class", folder / "class")
    for file in ("nbgrader_config.py", "examples/class.toml"):
        shutil.copy(ROOT / file, folder)
    for (student, name, _), text in WORDS.items():
        answer_in_words(folder / "class" / student / name / f"{name}.ipynb", text)
    with nobodys_settings(home):
        run(folder, "grade", "class", *gradebook(folder), code=1)  # there are files that are not graded
        run(folder, "written", "graded", "--out", "written.csv")
        fill_sheet(folder / "written.csv")
        give(folder, "freya", SCALED, WHY, 1)
        give(folder, "amara", SCALED, WHY, 4.5)
        give(folder, "maja", SCALED, "check_scale_scores", 7.25)
        give(folder, "wambui", SCALED, "check_scale_scores", None, extra=1.5)
        run(folder, "marks", *gradebook(folder))
        for system in ("canvas", "moodle", "csv"):
            run(folder, "export", system, "graded", "--out", f"{system}.csv")
        yield Marked.read(folder)


@pytest.fixture(scope="module")
def sums(marked: Marked) -> dict[str, Explained]:
    return marked.explained()


def test_the_class_has_marks_of_every_kind(marked: Marked) -> None:
    """Else the others would prove little."""
    rows = {(row["student"], row["assignment"]): row for row in table_rows(marked.folder / "graded" / "marks.csv")}
    statuses = {row["status"] for row in rows.values()}
    assert statuses == {"graded", "missing", "excused", "unreadable", "awaits_hand_grading"}
    assert {key for key, row in rows.items() if row["status"] == "awaits_hand_grading"} == {UNREAD, OTHER_POINTS}
    assert rows["amara", SCALED]["mark"] == rows["chiara", SCALED]["mark"] == "28.5"
    assert rows["eunji", SCALED]["mark"] == "26.5"
    assert all(float(rows[key]["adjustment"]) for key in BY_HAND)
    for row in rows.values():
        if row["mark"]:
            parts = (float(row[name] or 0) for name in ("checks", "written", "adjustment"))
            assert sum(parts) == pytest.approx(float(row["mark"])), row


def test_the_pages_show_the_same(marked: Marked) -> None:
    assert_pages_agree(marked)


def test_every_export_shows_the_same(marked: Marked) -> None:
    assert in_canvas(marked.folder / "canvas.csv") == marked.marks
    with_mark = {student for (student, _), mark in marked.marks.items() if mark is not None}  # noor is excused from all
    assert in_moodle(marked.folder / "moodle.csv") == {
        key: mark for key, mark in marked.marks.items() if key[0] in with_mark
    }
    assert in_long_csv(marked.folder / "csv.csv") == marked.marks


def test_the_sums_in_words_and_the_totals_are_the_same(marked: Marked, sums: dict[str, Explained]) -> None:
    assert_sums_agree(marked, sums)
    assert_totals_agree(marked, sums)


def test_nbgrader_exports_the_same(marked: Marked) -> None:
    """It has no empty cell: who has no mark has 0 there, or what is known so far; noor, who is excused, no row."""
    shown, numbers = of_people(exported(marked.folder)), marked.numbers
    assert {key: shown[key] for key in numbers} == pytest.approx(numbers, rel=1e-5)
    so_far = {UNREAD: 24, OTHER_POINTS: 24}
    assert {key: shown[key] for key in shown.keys() - numbers.keys()} == {
        key: so_far.get(key, 0) for key in shown.keys() - numbers.keys()
    }
    assert {student for student, _ in marked.marks.keys() - shown.keys()} == {"noor"}
    assert "noor" not in run(marked.folder, "marks", *marked.gradebook)


def test_names_are_those_of_the_folders(marked: Marked) -> None:
    assert marked.students == sorted(composed(path.name) for path in (marked.folder / "class").iterdir())
