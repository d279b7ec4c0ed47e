"""One mark, where people share a folder, have sections, or left the class: each output shows each member's own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course.loader import load_course
from tests.helpers.command_line import autograder
from tests.helpers.course import CENTRED, SUMS, write_course
from tests.helpers.hand_ins import Notebook, cell, half_right, released, solved
from tests.helpers.in_words import STUB
from tests.helpers.nbgrader import SMALL_CENTRED, SMALL_SUMS, WHY, exported, nobodys_settings
from tests.helpers.paths import ROOT
from tests.helpers.sheets import fill_in, rows_of
from tests.helpers.shown_marks import (
    Marked,
    assert_pages_agree,
    assert_sums_agree,
    assert_totals_agree,
    gradebook,
    in_canvas,
    in_long_csv,
    in_moodle,
    table_rows,
)

pytestmark = pytest.mark.slow

# Mia and Noa are a team; Gus left it, and Wil left the class alone. Lea has handed in nothing; Zed is in no roster.
ROSTER = """\
folder,Student,SIS Login ID,Username,Section,Withdrawn
duo,"Lund, Mia",mia,m.lund,A,
duo,"Ek, Noa",noa,n.ek,B,
duo,"Holm, Gus",gus,g.holm,A,yes
ada,"Lovelace, Ada",ada.l,a.lovelace,A,no
wil,"Wood, Wil",wil,w.wood,B,yes
,"Lind, Lea",lea,l.lind,B,
"""
LOGINS = {"ada": "ada.l"}
USERS = {"mia": "m.lund", "noa": "n.ek", "ada": "a.lovelace", "lea": "l.lind"}
WITHDRAWN = {"gus", "wil"}
CLASS_TOML = """\
timezone = "Europe/Berlin"
roster = "roster.csv"
zeros = ["missing"]

[late]
percent = 10

[assignments.01_sums]
due = 2024-02-01T18:00:00Z

[assignments.02_centred]
due = 2096-02-01T18:00:00Z

[[extensions]]
student = "mia"
assignment = "01_sums"
days = 1

[[excused]]
student = "noa"
assignment = "02_centred"

[[overrides]]
student = "ada"
assignment = "01_sums"
question = "mean"
points = 3
reason = "right, by another way"
"""
LATE, IN_TIME = "2024-02-02 12:00:00 UTC", "2024-02-01 12:00:00 UTC"


def hand_in(folder: Path, student: str, assignment: str, notebook: Notebook, time: str, words: str = "") -> None:
    if words:
        found = cell(notebook, "why")
        found["source"] = found["source"].replace(STUB, words)
    place = folder / "class" / student / assignment
    place.mkdir(parents=True)
    (place / f"{assignment}.ipynb").write_text(json.dumps(notebook))
    (place / "timestamp.txt").write_text(time)


def run(folder: Path, *arguments: object, code: int = 0) -> str:
    done = autograder(*arguments, cwd=folder)
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marked]:
    folder = tmp_path_factory.mktemp("teams") / "course"
    write_course(folder, files={SMALL_SUMS: {**SUMS, "lesson.py": SUMS["lesson.py"] + WHY}, SMALL_CENTRED: CENTRED})
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "class.toml").write_text(CLASS_TOML)
    (folder / "roster.csv").write_text(ROSTER)
    sums, centred = (load_course(folder / "solutions").assignment(name) for name in (SMALL_SUMS, SMALL_CENTRED))
    hand_in(folder, "duo", SMALL_SUMS, solved(sums), LATE)
    hand_in(folder, "duo", SMALL_CENTRED, solved(centred), IN_TIME)
    hand_in(folder, "ada", SMALL_SUMS, half_right(sums), IN_TIME)
    hand_in(folder, "wil", SMALL_SUMS, released(sums), IN_TIME, "It has no other things.")
    hand_in(folder, "zed", SMALL_CENTRED, solved(centred), IN_TIME)
    with nobodys_settings(tmp_path_factory.mktemp("nobody")):
        run(folder, "grade", "class", *gradebook(folder))
        run(folder, "written", "graded", "--out", "written.csv")
        rows = rows_of(folder / "written.csv")
        points = [*"421"]
        fill_in(folder / "written.csv", {row["answer_id"]: {"points": points.pop(0)} for row in rows})
        run(folder, "marks", *gradebook(folder))
        yield Marked.read(folder)


def test_each_member_has_a_mark_of_their_own(marked: Marked) -> None:
    rows = {(row["student"], row["assignment"]): row for row in table_rows(marked.folder / "graded" / "marks.csv")}
    assert marked.students == ["ada", "gus", "lea", "mia", "noa", "wil", "zed"]
    mia, noa = (float(rows[name, SMALL_SUMS]["mark"]) for name in ("mia", "noa"))
    assert mia - noa == pytest.approx(1.4)  # a day late, at 10 % of 14
    assert (rows["mia", SMALL_CENTRED]["status"], rows["noa", SMALL_CENTRED]["status"]) == ("graded", "excused")
    assert (marked.marks["lea", SMALL_SUMS], marked.marks["lea", SMALL_CENTRED]) == ("0", None)


def test_pages_sums_and_totals_show_the_same(marked: Marked) -> None:
    assert_pages_agree(marked)
    sums = marked.explained()
    assert_sums_agree(marked, sums)
    assert_totals_agree(marked, sums)


@pytest.mark.parametrize("options", [(), ("--roster", "roster.csv")], ids=["class.toml", "given"])
def test_exports_by_a_roster_show_the_same_under_its_ids(marked: Marked, options: tuple[str, ...]) -> None:
    """Be it given, or that of class.toml. Zed has a row where a system asks who that is, and is named."""
    known = {key: mark for key, mark in marked.marks.items() if key[0] in USERS}
    zed = {key: mark for key, mark in marked.marks.items() if key[0] == "zed"}
    expected = {
        "canvas": (in_canvas, {(LOGINS.get(name, name), about): mark for (name, about), mark in known.items()} | zed),
        "moodle": (in_moodle, {(USERS[name], about): mark for (name, about), mark in known.items()}),
        "csv": (in_long_csv, known | zed),
    }
    for system, (read, marks) in expected.items():
        said = run(marked.folder, "export", system, "graded", *options, "--out", "new.csv", code=1)
        assert read(marked.folder / "new.csv") == marks, system
        assert "Not in the roster: zed" in said


def test_nbgrader_shows_a_team_where_its_members_have_one_mark(marked: Marked) -> None:
    shown = exported(marked.folder)
    for student in ("ada", "wil", "zed"):
        for name in (SMALL_SUMS, SMALL_CENTRED):
            assert shown[student, name] == float(marked.marks[student, name] or 0)
    said = run(marked.folder, "marks", *marked.gradebook)
    for name in (SMALL_SUMS, SMALL_CENTRED):
        assert f"{name}: the members of duo have marks of their own (mia {marked.marks['mia', name]}, noa " in said
    assert "gus" not in said


def test_who_has_withdrawn_is_in_no_mean(marked: Marked) -> None:
    rows = table_rows(marked.folder / "graded" / "totals.csv")
    totals = [float(row["total"]) for row in rows if row["total"] and row["student"] not in WITHDRAWN]
    page = (marked.folder / "graded" / "index.html").read_text(encoding="utf-8")
    mean = sum(totals) / len(totals)
    assert f"<dd>{mean:.0f}% <span>over the whole class</span></dd>" in page.replace("\n", "")
    assert {row["student"]: row["section"] for row in rows} == {
        **dict.fromkeys(("ada", "gus", "mia"), "A"),
        **dict.fromkeys(("lea", "noa", "wil"), "B"),
        "zed": "",
    }
