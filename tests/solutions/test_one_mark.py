"""One mark: whatever shows the marks of the sample class shows the same, or that there is none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.classroom.person import composed
from autograder.cli import main
from autograder.report.formatting import NONE
from tests.helpers.command_line import autograder
from tests.helpers.in_words import STUB
from tests.helpers.nbgrader import exported, give, nobodys_settings
from tests.helpers.paths import ROOT
from tests.helpers.sheets import fill_in, rows_of
from tests.helpers.shown_marks import (
    ClassPage,
    Explained,
    Key,
    Shown,
    explained,
    in_canvas,
    in_long_csv,
    in_marks_csv,
    in_moodle,
    of_people,
    on_class_page,
    on_students_page,
    possible_in_marks_csv,
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


@dataclass(frozen=True)
class Marked:
    """A folder in which a class was graded and its marks made, and the marks as marks.csv has them."""

    folder: Path
    marks: Shown
    possible: dict[Key, str]
    page: ClassPage

    @property
    def students(self) -> list[str]:
        return list(dict.fromkeys(student for student, _ in self.marks))

    @property
    def assignments(self) -> list[str]:
        return list(dict.fromkeys(name for _, name in self.marks))

    def with_maxima(self) -> dict[Key, tuple[str, str] | None]:
        return {key: None if mark is None else (mark, self.possible[key]) for key, mark in self.marks.items()}


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


def gradebook(folder: Path) -> tuple[str, str]:
    return "--gradebook", f"sqlite:///{folder}/gradebook.db"


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
        graded = folder / "graded"
        yield Marked(folder, in_marks_csv(graded), possible_in_marks_csv(graded), on_class_page(graded))


@pytest.fixture(scope="module")
def sums(marked: Marked) -> dict[str, Explained]:
    """What `marks --explain` says of each student."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(marked.folder)
        return {student: explain(marked, student) for student in marked.students}


def explain(marked: Marked, student: str) -> Explained:
    runner = CliRunner(env={"COLUMNS": "400", "NO_COLOR": "1"})
    result = runner.invoke(main, ["marks", "graded", *gradebook(marked.folder), "--explain", student])
    assert result.exit_code == 0, result.output
    return explained(result.output, marked.assignments)


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


def test_the_class_page_shows_the_same(marked: Marked) -> None:
    assert marked.page.marks == marked.with_maxima()


def test_each_students_page_shows_the_same(marked: Marked) -> None:
    graded = marked.folder / "graded"
    links = {key: graded / link for key, link in marked.page.links.items()}
    assert {key: on_students_page(path) for key, path in links.items()} == {
        key: mark for key, mark in marked.with_maxima().items() if key in links
    }
    without_page = marked.marks.keys() - links.keys()
    assert {marked.marks[key] for key in without_page} == {None}
    assert {path.resolve() for path in links.values()} == {path.resolve() for path in graded.glob("[!.]*/*.html")}, (
        "no page that nobody finds"
    )


def test_every_export_shows_the_same(marked: Marked) -> None:
    assert in_canvas(marked.folder / "canvas.csv") == marked.marks
    assert in_moodle(marked.folder / "moodle.csv") == marked.marks
    assert in_long_csv(marked.folder / "csv.csv") == marked.marks


def test_the_sum_in_words_shows_the_same(marked: Marked, sums: dict[str, Explained]) -> None:
    shown = {(student, name): mark for student, each in sums.items() for name, mark in each.marks.items()}
    assert shown == marked.with_maxima()


def test_nbgrader_exports_the_same(marked: Marked) -> None:
    """nbgrader has no place for the lack of a mark: who has none has 0 there, or is named, or awaits a person."""
    shown = of_people(exported(marked.folder))
    numbers = {key: float(mark) for key, mark in marked.marks.items() if mark is not None}
    assert {key: shown[key] for key in numbers} == pytest.approx(numbers, rel=1e-5)
    said = run(marked.folder, "marks", *gradebook(marked.folder))
    for student, name in shown.keys() - numbers.keys() - {UNREAD, OTHER_POINTS}:
        assert shown[student, name] == 0 or f"{student} {name}" in said


def test_the_totals_are_the_same(marked: Marked, sums: dict[str, Explained]) -> None:
    rows = {row["student"]: row for row in table_rows(marked.folder / "graded" / "totals.csv")}
    assert list(rows) == list(marked.page.totals) == marked.students
    for student, row in rows.items():
        said, on_page = sums[student], marked.page.totals[student]
        assert (said.total or "") == row["total"], student
        assert said.is_final == (row["final"] == "yes"), student
        if row["total"]:
            assert float(on_page.removesuffix("%")) == pytest.approx(float(row["total"]), abs=0.505), student
            assert (student in marked.page.so_far) == (row["final"] == "no"), student
        else:
            assert on_page.startswith(NONE), student


def test_names_are_those_of_the_folders(marked: Marked) -> None:
    assert marked.students == sorted(composed(path.name) for path in (marked.folder / "class").iterdir())
