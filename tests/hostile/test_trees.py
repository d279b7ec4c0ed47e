"""No file, folder, link or name in a class stops the run, costs a neighbour marks, or is taken for more than it is."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.grading.store import ReportStore
from autograder.report.model import Report, Status
from tests.helpers.command_line import autograder
from tests.helpers.given_marks import write_class
from tests.hostile.arena import NAME, SECRET, Arena, hand_in
from tests.hostile.attack import NEIGHBOURS
from tests.hostile.trees import HONEST, NAMES, TREES, Tree, folder, named, notebook

pytestmark = pytest.mark.slow

HONEST_STUDENTS = ("a-neighbour", "z-neighbour")


@pytest.fixture(scope="module")
def marks(arena: Arena) -> dict[str, float]:
    """What honest work earns."""
    return {name: arena.grade_alone(NEIGHBOURS[name]).score for name in ("both", "nothing")}


def grade(arena: Arena, classroom: Path) -> list[Report]:
    """Grade a class with two neighbours in it, and write all its files; the reports on the others."""
    for student in HONEST_STUDENTS:
        hand_in(classroom, student, HONEST)
    reports = arena.grade(classroom)
    write_class(ReportStore(classroom.with_name("graded")), arena.course.title, reports)
    neighbours = [report for report in reports if report.student in HONEST_STUDENTS]
    assert [report.score for report in neighbours] == [report.max_score for report in neighbours]
    assert len(neighbours) == len(HONEST_STUDENTS)
    return [report for report in reports if report not in neighbours]


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.name)
def test_a_tree_earns_what_it_is_worth(
    arena: Arena, marks: dict[str, float], tally: Callable[..., None], tree: Tree
) -> None:
    classroom = arena.classroom()
    try:
        tree.plant(classroom)
    except PermissionError:
        pytest.skip("only root can make one")
    reports = grade(arena, classroom)
    files = "".join(
        file.read_bytes().decode("utf-8", "replace")
        for file in classroom.with_name("graded").rglob("*")
        if file.is_file()
    )
    forged = any(report.score > marks[tree.earns] for report in reports)
    tally(forged=forged, secret=SECRET in files, stopped=(tree.says is None) != (not reports))
    if tree.says is None:
        assert not reports
        return
    (report,) = reports
    assert tree.says in "\n".join([report.error, *report.notes])
    assert report.score == marks[tree.earns]
    assert (report.status is Status.GRADED) == (tree.earns == "both" or not report.error)
    assert not report.has_grader_error


def test_a_file_that_cannot_be_read_costs_its_student_only(arena: Arena, marks: dict[str, float]) -> None:
    classroom = arena.classroom()
    path = folder(classroom) / f"{NAME}.py"
    path.write_text(HONEST)
    path.chmod(0)
    (report,) = grade(arena, classroom)
    readable = os.access(path, os.R_OK)  # root reads everything
    assert report.score == marks["both" if readable else "nothing"]
    assert readable or "cannot be opened" in report.error


def test_names_that_look_alike_are_told_apart(arena: Arena) -> None:
    classroom = arena.classroom()
    for name in (b"m\xff", b"m\\xff", b"m\\\\xff", "m\u00ff".encode(), "M\u00ff".encode(), b"m\\udcff"):
        source = HONEST if name == b"m\xff" else "softmax = 1"
        (folder(classroom, name) / f"{NAME}.py").write_text(source)
    reports = grade(arena, classroom)
    assert sorted(report.score for report in reports)[-2:] == [0, reports[0].max_score]
    assert len({report.student for report in reports}) == len(reports) == 6
    written = [json.loads(file.read_text())["student"] for file in classroom.with_name("graded").glob("*/*.json")]
    assert len(set(written)) == len(written) == len(reports) + len(HONEST_STUDENTS)


def test_an_earlier_assignment_can_be_anything(arena: Arena, marks: dict[str, float]) -> None:
    classroom = arena.classroom()
    (folder(classroom) / f"{NAME}.py").write_text(HONEST)
    for earlier, content in (("01_projection", b"# coding: undefined\n"), ("02_scaled_scores", b"[" * 10**5)):
        (classroom / "mallory" / earlier).mkdir()
        for ending in ("py", "ipynb"):
            (classroom / "mallory" / earlier / f"{earlier}.{ending}").write_bytes(content)
        content = b""
    os.remove(classroom / "mallory" / "01_projection" / "01_projection.ipynb")
    (report,) = grade(arena, classroom)
    assert report.score == marks["both"]


def test_the_command_line_takes_a_class_of_odd_names(arena: Arena) -> None:
    classroom = arena.classroom()
    for tree in NAMES:
        if tree.says is not None:
            tree.plant(classroom)
    named("\u202ehonest")(classroom)
    (folder(classroom, "[bold]broken[italic]") / f"{NAME}.ipynb").write_text(notebook("def softmax(S)\n  return ["))
    out = classroom.with_name("graded")
    done = autograder("grade", classroom, "--assignment", NAME, "--out", out, cwd=arena.course.folder.parent)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    with open(out / "marks.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(list(classroom.iterdir()))
    assert not any(row["student"].startswith(("=", "+", "-", "@")) for row in rows)


def test_in_guests_each_earns_the_same(arena_of_guests: Arena, tally: Callable[..., None]) -> None:
    """All in one class: what reads them is the same in every home, and what is honest among them runs in guests."""
    arena = arena_of_guests
    classroom = arena.classroom()
    expected, others = {}, 0
    for tree in TREES:
        alone = arena.classroom()
        try:
            tree.plant(alone)
        except PermissionError:
            continue  # only root can make one
        for entry in list(alone.iterdir()):
            is_student = tree.says is not None and (entry.is_dir() or entry.is_symlink())
            name = tree.name if entry.name == "mallory" else entry.name
            if not os.path.lexists(classroom / name):
                entry.rename(classroom / name)
            if entry.name == "mallory" and is_student:
                expected[name] = tree
            else:
                others += is_student and tree in NAMES
    hand_in(classroom, "a-neighbour", HONEST)
    hand_in(classroom, "b-neighbour", NEIGHBOURS["nothing"])
    reports = {report.student: report for report in arena.grade(classroom)}
    worth = {"both": reports.pop("a-neighbour").score, "nothing": reports.pop("b-neighbour").score}
    for name, tree in expected.items():
        report = reports.pop(name)
        tally(forged=report.score > worth[tree.earns], secret=False, stopped=False)
        assert tree.says is not None
        assert tree.says in "\n".join([report.error, *report.notes]), name
        assert report.score == worth[tree.earns], name
        assert not report.has_grader_error
    assert len([each for each in reports.values() if each.score == worth["both"]]) == others
