"""The walk in docs/a-term.md, as it is written: in a fresh folder, from Canvas' download to its gradebook, twice."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.helpers.canvas import Gradebook
from tests.helpers.class_in_canvas import NAME, NEWCOMER, TITLE, fill_sheet, gradebook, roster_of, write_download
from tests.helpers.command_line import environment
from tests.helpers.course import edit
from tests.helpers.exports import cells
from tests.helpers.paths import ROOT
from tests.helpers.shown_marks import in_marks_csv

pytestmark = pytest.mark.slow

WALK = (ROOT / "docs" / "a-term.md").read_text(encoding="utf-8")
LEFT_OUT = "…"  # a line that stands for any number of lines
SECONDS = re.compile(r"(?<=graded in )[\d.]+ s( \(\d+/s\))?")  # which are others each time


def test_nothing_of_the_students_that_the_page_downloads_or_writes_gets_into_a_repository() -> None:
    command = re.compile(r"autograder .*?(?:--out |collect )([\w.]+)")
    names = {"gradebook.csv", "worksheet.csv", "submitted/", "submitted.attempts/", "graded/", "written.html"}
    names |= {match[1] + ("/" if "." not in match[1] else "") for match in command.finditer(WALK)}
    assert {"submissions.zip", "written.csv", "upload.csv", "pages.zip", "mended/"} <= names
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()]
    missed = [name for name in names if not any(fnmatch(name.strip("/"), line) for line in ignored)]
    assert missed == []


class Walk:
    """The blocks of the page, in their order, each of which is done or compared in its turn."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._blocks = iter(re.findall(r"```(\w+)\n(.*?)```", WALK, re.DOTALL))

    def block(self, kind: str) -> str:
        """The next block, which must be of that kind."""
        found, text = next(self._blocks)
        assert found == kind, text
        return text

    def says(self, expected: int = 0) -> str:
        """Give the command of the next block; it prints what stands there. Returns the command."""
        line, _, shown = self.block("console").partition("\n")
        command = line.removeprefix("$ ")
        self._compare(self._run(command, expected), shown)
        return command

    def says_again(self, command: str, expected: int = 0) -> None:
        """Give a command once more; it prints what the next block has."""
        self._compare(self._run(command, expected), self.block("text"))

    def again(self, command: str, expected: int = 0) -> str:
        return self._run(command, expected)

    def is_over(self) -> bool:
        return next(self._blocks, None) is None

    def _run(self, command: str, expected: int) -> str:
        """As a terminal of the usual width shows it, errors and all."""
        done = subprocess.run(
            command.split(),
            cwd=self.folder,
            env={**environment(), "COLUMNS": "80"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == expected, done.stdout
        return done.stdout

    def _compare(self, printed: str, shown: str) -> None:
        """By words, for a long number of seconds may break a line elsewhere."""
        parts = [re.escape(_words(part)) for part in shown.split(f"{LEFT_OUT}\n")]
        assert re.fullmatch(".*".join(parts), _words(printed)), f"{printed}\n--- and the page has\n{shown}"


def _words(text: str) -> str:
    return SECONDS.sub("", " ".join(text.split()))


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    """A fresh folder of a course, with the installed command, and what the page asks for."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    edit(tmp_path / "solutions" / "course.toml", "choose-your-own-and-keep-it", "blue kettle, seven stairs")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(sysconfig.get_path("scripts"))
    return Walk(tmp_path)


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
    commands = re.findall(r"^\$ (.*)$", WALK, re.MULTILINE)
    assert len(commands) == 8
    assert all(command.startswith(".venv/bin/autograder ") for command in commands)
