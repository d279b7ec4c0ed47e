"""What is made of reports holds one of them at a time, however many there are."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from autograder.grading.report_file import ReadReports
from autograder.grading.store import ReportStore
from autograder.publish.ci.annotations import Location
from autograder.publish.ci.gitlab import code_quality
from autograder.publish.ci.junit import junit_xml
from autograder.report.diff import Key, compare_all
from autograder.report.model import Outcome, Report
from tests.helpers.reports import check, with_checks

COUNT, CHARS = 60, 50_000
WHOLE = COUNT * CHARS  # bytes of all of them at least


def one(number: int, outcome: Outcome = Outcome.FAILED) -> Report:
    return with_checks(check(outcome, message=f"{number} " * (CHARS // 4)), student=f"s{number:03}")


def reports() -> Iterator[Report]:
    return map(one, range(COUNT))


def place(report: Report, _question: str, _line: object) -> Location:
    return Location(f"{report.student}.py", 1)


def peak(make: Callable[[], object]) -> int:
    make()  # what it takes the first time only
    tracemalloc.start()
    try:
        make()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def consumed(pieces: Iterable[str]) -> int:
    return sum(map(len, pieces))


@pytest.mark.parametrize(
    "make", [lambda: junit_xml(reports), lambda: code_quality(reports(), place)], ids=["junit", "codequality"]
)
def test_a_document_of_all_reports_is_made_piece_by_piece(make: Callable[[], Iterable[str]]) -> None:
    assert consumed(make()) > WHOLE // 2
    assert peak(lambda: consumed(make())) < WHOLE / 4


def test_a_comparison_holds_what_moved_and_no_report() -> None:
    keys = [(each.student, each.assignment) for each in reports()]

    def read(outcome: Outcome) -> ReadReports:
        return ReadReports(keys, lambda key: one(int(key[0][1:]), outcome))

    compared = compare_all(read(Outcome.FAILED), read(Outcome.PASSED))
    assert [change.moves for change in compared.changes] == [2] * COUNT
    assert {(change.before.student, change.after.assignment) for change in compared.changes} == set(keys)
    assert peak(lambda: compare_all(read(Outcome.FAILED), read(Outcome.PASSED))) < WHOLE / 4


def test_reports_of_a_folder_are_read_in_brief_and_each_whole_when_it_is_asked_for(tmp_path: Path) -> None:
    store = ReportStore(tmp_path)
    for each in reports():
        store.save(each)
    read: dict[Key, Report] = store.read_all()
    assert len(read) == COUNT
    assert not any(result.message for each in read.values() for result in each.checks)
    assert store.whole(read["s003", "03_softmax"]) == one(3)
    assert peak(store.read_all) < WHOLE / 4
