"""The benchmark beside other graders, with the two that are installed: its table, and what cheats earn."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

import pytest

from autograder.course.loader import load_course
from benchmarks.against.assertions import compared_in
from benchmarks.against.cheats import CHEATS
from benchmarks.against.graders import OURS, ThisGrader
from benchmarks.against.handed_in import notebook_of
from benchmarks.against.others import Pytest
from benchmarks.against.trial import CHANGED, LEFT, REACHED
from benchmarks.peers import NAME, Measured, as_markdown, measure, table
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

STUDENTS = ("ana", "finn")  # all right; and one mistake
SECONDS = 12
ROWS = ["", "version", "seconds a submission", "times ours", "of these, computing", "times ours", "marks as ours"]
ROWS += ["a student's code runs in", "kept from it"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("peers")


@pytest.fixture(scope="module")
def measured(runs: Path) -> list[Measured]:
    assignment = load_course(ROOT / "solutions").assignment(NAME)
    checks = compared_in(assignment)
    graders = [
        ThisGrader(assignment, checks, runs / "home" / "ours", *OURS),
        Pytest(assignment, checks, runs / "home" / "pytest", Path(sys.executable), metadata.version("pytest")),
    ]
    return measure(graders, notebook_of(assignment), runs, STUDENTS, seconds=SECONDS)


def test_all_get_the_same_comparisons_word_for_word(measured: list[Measured]) -> None:
    ours, pytests = (each.grader for each in measured)
    checks = (ours.home / "solutions" / NAME / "hidden_checks.py").read_text()
    tests = (pytests.home / "test_softmax.py").read_text()
    assert all(each.cases for each in ours.checks)
    for each in ours.checks:
        assert each.body(f"student.{each.question}") in checks
        assert each.body(f"submission.{each.question}") in tests


def test_the_table_has_a_column_a_grader(measured: list[Measured]) -> None:
    rows = table(measured)
    assert [row[0] for row in rows] == [*ROWS, *CHEATS]
    assert rows[0] == ["", "this grader", "pytest"]
    assert [row[1] for row in rows if row[0] == "times ours"] == ["1.0", "1.0"]
    assert all(len(row) == 3 and all(row[1:]) for row in rows)
    shown = as_markdown(rows).splitlines()
    assert shown[1] == "|---|---|---|"
    assert len(shown) == len(rows) + 1


def test_who_does_not_cheat_gets_the_same_mark_from_both(measured: list[Measured]) -> None:
    for each in measured:
        assert each.marks == {"ana": 24, "finn": 20}


def test_no_cheat_has_more_from_this_grader_than_its_honest_mark(measured: list[Measured], runs: Path) -> None:
    ours = measured[0]
    assert {cheat: outcome.told() for cheat, outcome in ours.cheats.items()} == dict.fromkeys(CHEATS, "honest mark")
    assert ours.kept_out() == "the tests, others' files, processes, the network"
    reports = [file.read_text() for file in (runs / "ThisGrader").glob(f"run*/graded/ana/{NAME}.json")]
    assert len(reports) == len(CHEATS) + 1 + 1  # beside an honest one, and one of the class
    assert not any(re.search("NameError|ModuleNotFound|SyntaxError", report) for report in reports), "they were tried"


def test_the_cheats_work_where_nothing_keeps_them_out(measured: list[Measured]) -> None:
    told = {cheat: outcome.told() for cheat, outcome in measured[1].cheats.items()}
    won = "**won**: 24 of 24"
    assert [told[cheat] for cheat in list(CHEATS)[:3]] == [won, won, won]
    assert told["ends the process, status 0"] == "no mark; exit status 0, as if all had passed"
    assert told["loops for ever"] == f"hung until the limit of {SECONDS} s; another lost their mark"
    assert "GB" in told["takes 2 GB of memory"]
    for what in (CHANGED, LEFT, "another lost their mark"):
        assert what in told["writes, stays, ends its parent"]
    assert REACHED in told["opens the network"]
    assert measured[1].kept_out() == "nothing"
