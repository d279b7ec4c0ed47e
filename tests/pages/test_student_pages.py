"""The students' pages of a class: whose lie where, which are made again, and which go."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from autograder.classroom.marks.model import ClassMarks, MarkStatus, Member
from autograder.grading.class_record import ClassRecord
from autograder.grading.store import ReportStore
from autograder.pages import writer
from autograder.pages.writer import write_class_files, write_student_pages
from autograder.report.model import Report
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.paths import ROOT
from tests.helpers.reports import report, scores

NAME = "03_softmax"
TEAM = [Member("ada", "team7"), Member("bo", "team7")]


@pytest.fixture
def store(tmp_path: Path) -> ReportStore:
    return ReportStore(tmp_path / "graded")


def write(store: ReportStore, reports: Sequence[Report], marks: ClassMarks) -> list[str]:
    for each in reports:
        store.save(each)
    return write_student_pages(store, reports, marks)


def pages(store: ReportStore) -> set[str]:
    return {path.relative_to(store.root).as_posix() for path in store.root.glob("*/*.html")}


def test_a_page_is_made_again_when_its_mark_changes_and_not_otherwise(store: ReportStore) -> None:
    reports = [report(*scores(5)), report(*scores(5), student="bo")]
    write(store, reports, class_of_marks(*reports))
    first = {name: (store.root / name).stat().st_mtime_ns for name in pages(store)}
    assert first.keys() == {f"ada/{NAME}.html", f"bo/{NAME}.html"}
    write(store, reports, class_of_marks(*reports))
    assert {name: (store.root / name).stat().st_mtime_ns for name in pages(store)} == first
    late = given_mark(checks=5, of=10, adjust={"Handed in late.": -1})
    write(store, reports, class_of_marks(*reports, given=[late]))
    assert "Handed in late." in (store.root / f"ada/{NAME}.html").read_text()
    assert (store.root / f"bo/{NAME}.html").stat().st_mtime_ns == first[f"bo/{NAME}.html"]


def test_another_process_makes_no_page_again(store: ReportStore) -> None:
    """Sets of names have another order in each."""
    work = report(*scores(5))
    mark = given_mark(checks=5, of=10, dropped=frozenset(f"test_{place}" for place in range(20)))
    write(store, [work], class_of_marks(work, given=[mark]))
    page = store.root / f"ada/{NAME}.html"
    made = page.stat().st_mtime_ns
    again = (
        "from tests.pages.test_student_pages import *; from pathlib import Path; import sys\n"
        "work, mark = report(*scores(5)), given_mark(checks=5, of=10, dropped=frozenset(sys.argv[2:]))\n"
        "write_student_pages(ReportStore(Path(sys.argv[1])), [work], class_of_marks(work, given=[mark]))"
    )
    for seed in ("1", "2"):
        names = sorted(mark.dropped)
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", again, store.root, *names], env=environment, check=True)
        assert page.stat().st_mtime_ns == made


def test_each_of_a_team_has_a_page_with_their_own_mark_and_the_team_none(store: ReportStore) -> None:
    work = report(*scores(5), student="team7")
    write(store, [work], class_of_marks(work))
    assert pages(store) == {f"team7/{NAME}.html"}
    marks = class_of_marks(work, members=TEAM, given=[given_mark(checks=5, of=10, adjust={"For ada alone.": 1})])
    write(store, [work], marks)
    assert pages(store) == {f"ada/{NAME}.html", f"bo/{NAME}.html"}
    assert store.path("team7", NAME).is_file()
    assert "For ada alone." in (store.root / f"ada/{NAME}.html").read_text()
    assert "ada" not in (store.root / f"bo/{NAME}.html").read_text()


def test_a_mark_without_work_has_a_page_for_as_long_as_it_says_something(store: ReportStore) -> None:
    work = report(*scores(5))
    excused = given_mark(MarkStatus.EXCUSED, student="bo", adjust={"You are excused: ill": 0})
    write(store, [work], class_of_marks(work, given=[excused]))
    assert "You are excused: ill" in (store.root / f"bo/{NAME}.html").read_text()
    write(store, [work], class_of_marks(work, students=["bo"]))
    assert pages(store) == {f"ada/{NAME}.html"}


def test_whoever_left_the_class_keeps_a_page_without_a_mark(store: ReportStore) -> None:
    here, left = report(*scores(5)), report(*scores(7), student="bo")
    write(store, [here, left], class_of_marks(here))
    assert "<b>7</b> of 10 points" in (store.root / f"bo/{NAME}.html").read_text()


def test_a_page_that_cannot_be_made_costs_only_itself(store: ReportStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_for_ada(of: Report, *_more: object) -> str:
        if of.student == "ada":
            raise ValueError("no page")
        return "<!DOCTYPE html>\n"

    monkeypatch.setattr(writer, "submission_page", fails_for_ada)
    reports = [report(), report(student="bo")]
    done: list[tuple[int, int]] = []
    for each in reports:
        store.save(each)
    problems = write_student_pages(store, reports, class_of_marks(*reports), lambda *counts: done.append(counts))
    assert problems == [f"The page of ada {NAME} could not be made (ValueError: no page). The mark stands."]
    assert pages(store) == {f"bo/{NAME}.html"}
    assert done == [(1, 2), (2, 2)]


@pytest.mark.parametrize("spelling", ["zo\u00e9", "zoe\u0301"], ids=["composed", "in two"])
def test_a_page_lies_beside_its_report_and_is_linked_however_accents_are_spelt(
    store: ReportStore, spelling: str
) -> None:
    work = report(student="zoe\u0301")
    marks = class_of_marks(members=[Member(spelling, spelling)], given=[given_mark(checks=0, student=spelling)])
    write(store, [work], marks)
    (page,) = pages(store)
    assert store.path("zoe\u0301", NAME).with_suffix(".html") == store.root / page
    record = ClassRecord("A class", (work.student,), ((work.student, NAME),))
    write_class_files(store, record, [work], marks)
    links = re.findall(r'href="\./([^"]+)"', (store.root / "index.html").read_text())
    assert [unquote(link) for link in links] == [page]


def test_all_files_of_a_class_are_written_and_its_record_kept(store: ReportStore) -> None:
    work = report(*scores(5))
    store.save(work)
    record = ClassRecord("A class", ("ada", "bo"), (("ada", NAME),), policy="class.toml")
    write_class_files(store, record, [work], class_of_marks(work, students=["bo"]))
    assert "<h1>A class</h1>" in (store.root / "index.html").read_text()
    assert (store.root / "marks.csv").read_text().count("\n") == 3
    assert (store.root / "totals.csv").read_text().splitlines()[1] == '"ada","","50.00","yes"'
    assert store.load_class() == record


def test_the_page_of_a_class_is_left_as_it_is_where_it_would_say_the_same(store: ReportStore) -> None:
    work = report(*scores(5))
    store.save(work)
    record, marks, index = ClassRecord("A class", ("ada",), (("ada", NAME),)), class_of_marks(work), "index.html"
    write_class_files(store, record, [work], marks, b"of these marks")
    made = (store.root / index).stat().st_mtime_ns
    write_class_files(store, record, [work], marks, b"of these marks")
    assert (store.root / index).stat().st_mtime_ns == made
    for others in (
        (replace(record, title="Another class"), [work], marks, b"of these marks"),
        (record, [report(*scores(6))], marks, b"of these marks"),
        (record, [work], marks, b"of other marks"),
    ):
        write_class_files(store, *others)
        assert (store.root / index).stat().st_mtime_ns > made
        made = (store.root / index).stat().st_mtime_ns


def test_a_page_that_stands_is_known_by_what_is_known_of_its_report(
    store: ReportStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the report nor what is kept of the work is opened again, and what is wrong of it shows."""
    work = report(*scores(5))
    write(store, [work], class_of_marks(work))
    page = store.root / f"ada/{NAME}.html"
    made, content = page.stat().st_mtime_ns, store.content("ada", NAME)
    assert content
    monkeypatch.setattr(ReportStore, "content", None)
    write_student_pages(store, [work], class_of_marks(work), contents={("ada", NAME): content})
    assert page.stat().st_mtime_ns == made
    monkeypatch.undo()
    page.write_text("something else")
    write_student_pages(store, [work], class_of_marks(work), contents={("ada", NAME): content})
    assert "<h1" in page.read_text()
