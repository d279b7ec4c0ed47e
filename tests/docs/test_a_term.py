"""The walk in docs/a-term.md, as it is written: in a fresh folder, from Canvas' download to its gradebook, twice."""

from __future__ import annotations

import re
import shutil
import sysconfig
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.helpers.canvas import Gradebook
from tests.helpers.class_in_canvas import NAME, NEWCOMER, TITLE, fill_sheet, gradebook, roster_of, write_download
from tests.helpers.course import edit
from tests.helpers.exports import cells
from tests.helpers.paths import ROOT
from tests.helpers.shown_marks import in_marks_csv
from tests.helpers.walk import Walk

pytestmark = pytest.mark.slow

PAGE = ROOT / "docs" / "a-term.md"


def test_nothing_of_the_students_that_the_page_downloads_or_writes_gets_into_a_repository() -> None:
    command = re.compile(r"autograder .*?(?:--out |collect )([\w.]+)")
    names = {"gradebook.csv", "worksheet.csv", "submitted/", "submitted.attempts/", "graded/", "written.html"}
    names |= {
        match[1] + ("/" if "." not in match[1] else "") for match in command.finditer(PAGE.read_text(encoding="utf-8"))
    }
    assert {"submissions.zip", "written.csv", "upload.csv", "pages.zip", "mended/"} <= names
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()]
    missed = [name for name in names if not any(fnmatch(name.strip("/"), line) for line in ignored)]
    assert missed == []


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    """A fresh folder of a course, with the installed command, and what the page asks for."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    edit(tmp_path / "solutions" / "course.toml", "choose-your-own-and-keep-it", "blue kettle, seven stairs")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(sysconfig.get_path("scripts"))
    return Walk(tmp_path, PAGE)


def upload(book: Gradebook, folder: Path) -> None:
    """Take over our file, in which nothing but our column may be another than in the template."""
    filled, template = ((folder / name).read_bytes().decode() for name in ("upload.csv", "gradebook.csv"))
    others = [[cell for cell in cells(text, 1).items() if cell[0][1] != TITLE] for text in (filled, template)]
    assert others[0] == others[1]
    assert book.upload(filled) == []


def scores(book: Gradebook) -> dict[str, str]:
    return {user.login: book.scores.get((user.id, TITLE), "") for user in book.users}


def test_the_walk_is_true(walk: Walk) -> None:
    folder, book = walk.folder, gradebook(40)
    early = Gradebook([user for user in book.users if user != NEWCOMER], book.points, book.posted_by_hand, book.scores)
    (folder / "roster.csv").write_text(roster_of(early.export()), encoding="utf-8")
    write_download(folder / "submissions.zip", 40)
    (folder / "class.toml").write_text(walk.block("toml"))

    collect = walk.says(expected=1)
    with (folder / "roster.csv").open("a", encoding="utf-8") as roster:
        roster.write(walk.block("csv"))
    walk.says_again(collect)

    grade = walk.says()
    time = walk.block("text")
    for student in ("adelacruz", "zmuller"):
        (folder / "submitted" / student / NAME / "timestamp.txt").write_text(time)
    walk.says_again(grade)

    walk.says()
    fill_sheet(folder / "written.csv")
    marks = walk.says()
    (folder / "gradebook.csv").write_text(book.export(), encoding="utf-8")
    export = walk.says(expected=1)
    upload(book, folder)
    assert scores(book)["mroe"] == "25.00"
    first = scores(book)
    feedback = walk.says()
    with zipfile.ZipFile(folder / "pages.zip") as archive:
        assert len(archive.namelist()) == 40

    with (folder / "class.toml").open("a") as rules:
        rules.write(walk.block("toml"))
    walk.says_again(marks)
    edit(
        folder / "solutions" / NAME / "hidden_checks.py",
        "assert_no_side_effects(student.scale_scores, *",
        "student.scale_scores(*",
    )
    walk.says()
    walk.says()
    walk.again(grade)
    (folder / "gradebook.csv").write_text(book.export(), encoding="utf-8")
    walk.says_again(export, expected=1)
    walk.again(feedback)
    upload(book, folder)
    assert walk.is_over()

    # What stands in Canvas now, and what moved, reckoned by hand.
    now = scores(book)
    assert now["mroe"] == "25.00"
    assert (first["adelacruz"], now["adelacruz"]) == ("13.10", "16.00")
    assert (first["dmuller"], now["dmuller"]) == ("", "20.00")
    assert (now["zmuller"], now["cmuller"], now["bmuller"]) == ("13.10", "", "")
    assert (first["ddelacruz"], now["ddelacruz"]) == ("26.00", "28.00"), "one by the rules, and one by the mended check"
    moves = [round(float(now[each]) - float(first[each]), 2) for each in now if first[each]]
    assert {move: moves.count(move) for move in moves} == {0: 23, 1: 12, 2: 2, 2.9: 1}
    ours = {
        student: f"{float(mark):.2f}" if mark else "" for (student, _), mark in in_marks_csv(folder / "graded").items()
    }
    assert ours | {"mroe": "25.00"} == now


def test_the_walk_has_eight_commands() -> None:
    commands = re.findall(r"^\$ (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 8
    assert all(command.startswith(".venv/bin/autograder ") for command in commands)
