"""`autograder new`: what is made certifies, releases and grades at once; what cannot be made leaves nothing behind."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import jupytext
import pytest

from autograder.course.loader import load_course
from autograder.course.scaffold import making
from autograder.course.scaffold.entry import with_entry
from autograder.course.scaffold.making import FIRST, make_assignment, make_course
from autograder.errors import UserError
from tests.helpers.command_line import autograder, refusal, said
from tests.helpers.course import edit


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_a_new_course_certifies_releases_and_grades_at_once_and_names_the_mistake(folder: Path) -> None:
    said("new", "course", "signals")
    course = folder / "signals"
    said_by = {}
    for command in ("certify --mutants", "release --bundle course.zip", "grade submitted"):
        done = autograder(*command.split(), cwd=course)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        said_by[command] = done.stdout
    assert "None survives" in said_by["certify --mutants"]
    assert "no check draws" not in said_by["certify --mutants"]
    reports = {
        student: json.loads((course / f"graded/{student}/{FIRST}.json").read_text()) for student in ("ada", "bo")
    }
    assert reports["ada"]["score"] == reports["ada"]["max_score"] > 0
    assert reports["bo"]["score"] == 0
    named = {check["misconception"] for check in reports["bo"]["questions"][0]["checks"]} - {None, ""}
    assert named == {"over_rows"}


@pytest.mark.slow
def test_a_new_assignment_comes_behind_the_others_and_certifies(folder: Path) -> None:
    make_course(folder, "signals")
    os.chdir(folder / "signals" / "solutions" / FIRST)
    shown = said("new", "assignment", "02_scale")
    assert "../course.toml lists it: 01_center, 02_scale" in shown
    assert '`center = previous("center")`' in shown
    os.chdir(folder / "signals")
    lesson = Path("solutions/02_scale/lesson.py")
    edit(
        lesson, "from autograder import check", 'from autograder import check, previous\n\ncenter = previous("center")'
    )
    edit(lesson, "return X - np.mean(X, axis=0)", "return center(X)")
    done = autograder("certify", "02_scale", cwd=folder / "signals")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "scale" in done.stdout


def test_every_file_begins_with_what_it_is_for_and_the_command_says_it(folder: Path) -> None:
    *lines, _, _, _, _ = shown = said("new", "course", "signals").splitlines()
    assert shown[-5:-2] == ["What to do next:", "    cd signals", "    autograder certify"]
    told = dict(zip(lines[:-1:2], lines[1::2], strict=True))
    assert told.keys() == {f"signals/{name}" for name in files(folder / "signals")}
    for path, purpose in told.items():
        assert purpose.strip() in "\n".join((folder / path).read_text().splitlines()[:2])


def test_each_course_has_a_seed_of_its_own(folder: Path) -> None:
    seeds = set()
    for name in ("one", "two"):
        make_course(folder, name)
        seeds.add(load_course(folder / name / "solutions").seed)
        assert not load_course(folder / name / "solutions").has_public_seed
    assert len(seeds) == 2


def test_jupytext_reads_the_lesson(folder: Path) -> None:
    make_course(folder, "signals")
    notebook = jupytext.read(folder / "signals/solutions" / FIRST / "lesson.py")
    assert [cell.cell_type for cell in notebook.cells] == ["raw", "markdown", "code", "markdown", "code", "markdown"]


# Names


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        ("course", "a/b", '"a/b" is a path'),
        ("course", "../b", '"../b" is a path'),
        ("course", "a\\b", "is a path"),
        ("course", "..", '".." cannot be the name'),
        ("course", ".hidden", "cannot be the name"),
        ("course", "", '"" cannot be the name'),
        ("course", "a\nb", "cannot be the name"),
        ("course", "a:b", "cannot be the name"),
        ("course", "x" * 300, "cannot be written: File name too long"),
        ("course", "Con", "on Windows"),
        ("course", "there", "there is there: nothing was written"),
        ("course", "dangling", "dangling is there: nothing was written"),
        ("assignment", "x/02_y", "is a path"),
        ("assignment", "02-two-words", "take a number and the name of a function"),
        ("assignment", "02_", "take a number and the name of a function"),
        ("assignment", "two words", "take a number and the name of a function"),
        ("assignment", "02_größe", "take a number and the name of a function"),
        ("assignment", "02_class", "a function `class`, which is a word of Python's own"),
        ("assignment", "02_sum", "a function `sum`"),
        ("assignment", "02_check", "a function `check`"),
        ("assignment", "handout", "a function `handout`"),
        ("assignment", "nul", "on Windows"),
        ("assignment", "01_center", "the course has 01_center"),
        ("assignment", "01_Center", "the course has 01_center"),
        ("assignment", "02_center", "a function `center`, and 01_center has one"),
        ("assignment", "00_start", "00_start is the former name"),
        ("assignment", "02_there", "02_there is there: nothing was written"),
    ],
)
def test_a_name_that_will_not_do_is_one_line_and_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str, name: str, says: str
) -> None:
    make_course(folder, "there")
    (folder / "dangling").symlink_to("nowhere")
    with (folder / "there/solutions/course.toml").open("a") as settings:
        settings.write('\n[former]\n"00_start" = ["01_center"]\n')
    (folder / "there/solutions/02_there").mkdir()
    before = {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}
    line = refusal(monkeypatch, folder / "there" if kind == "assignment" else folder, "new", kind, "--", name)
    assert says in line
    assert {path: path.lstat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_course_without_numpy_is_told_that_the_new_assignment_begins_with_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_course(folder, "words")
    monkeypatch.chdir(folder / "words")
    edit(Path("solutions/course.toml"), 'imports = ["numpy"]', 'imports = ["re"]')
    shown = said("new", "assignment", "02_scale", expected=1)
    assert "It begins with NumPy, which answers may not import by solutions/course.toml" in shown


def test_outside_of_a_course_there_is_nothing_to_add_to(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no solutions/course.toml in" in refusal(monkeypatch, folder, "new", "assignment", "02_scale")


def test_where_course_toml_cannot_be_written_nothing_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_course(folder, "signals")
    solutions = folder / "signals" / "solutions"
    before = files(folder)

    def fail(*_: object) -> None:
        raise UserError("the disk is full")

    monkeypatch.setattr(making, "_replace", fail)
    with pytest.raises(UserError, match="the disk is full"):
        make_assignment(load_course(solutions), "02_scale")
    assert files(folder) == before
    assert not (solutions / "02_scale").exists()


# What is changed in course.toml


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('assignments = ["a", "b"]\n', 'assignments = ["a", "b", "c"]\n'),
        ("assignments = ['b'] # \"b\" is all\n", 'assignments = [\'b\', "c"] # "b" is all\n'),
        ('assignments = [\n  "a",\n  "b",\n]\n', 'assignments = [\n  "a",\n  "b",\n  "c",\n]\n'),
        ('assignments = [\n  "a",\n  "b" # last\n]\n', 'assignments = [\n  "a",\n  "b", # last\n  "c"\n]\n'),
        ('assignments = [\r\n  "b", # x\r\n]\r\n', 'assignments = [\r\n  "b", # x\r\n  "c",\r\n]\r\n'),
        ('assignments = [\n  "a", "b"]\n', 'assignments = [\n  "a", "b", "c"]\n'),
        (
            'title = "b"\nassignments = ["b"]\n[former]\nz = ["b"]\n',
            'title = "b"\nassignments = ["b", "c"]\n[former]\nz = ["b"]\n',
        ),
        ('assignments = [\n  # not "b"\n  "b",\n]', 'assignments = [\n  # not "b"\n  "b",\n  "c",\n]'),
    ],
)
def test_a_name_is_put_behind_the_last_one_and_all_else_stays(text: str, wanted: str) -> None:
    edited = with_entry(text, "c")
    assert edited == wanted
    assert tomllib.loads(wanted)["assignments"][-1] == "c"


def test_a_list_that_is_not_found_is_left_alone_and_it_is_said_what_to_add(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_course(folder, "signals")
    monkeypatch.chdir(folder / "signals")
    settings = Path("solutions/course.toml")
    edit(settings, '"01_center"', '"\\u0030\\u0031_center"')  # the same name, for TOML
    before = settings.read_text()
    assert with_entry(before, "02_scale") is None
    shown = said("new", "assignment", "02_scale", expected=1)
    assert (
        'solutions/course.toml was not changed, for its list of assignments is not found by rule: add "02_scale"'
        in shown
    )
    assert settings.read_text() == before
    assert Path("solutions/02_scale/lesson.py").is_file()
