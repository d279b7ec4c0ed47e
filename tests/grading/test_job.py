"""What a report rests on: only what has changed is graded again."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cli.diff import read_reports
from tests.helpers.course import RIGHT_CENTRED, WRONG_SUMS, edit, hand_in
from tests.helpers.grading import (
    ALL_GRADED,
    count_kept,
    grade_confined,
    grade_in_process,
    load_reports,
    one_submission,
    read_files,
    regrade,
    the_seed,
)

pytestmark = pytest.mark.slow


def nothing_but_a_date(folder: Path) -> None:
    os.utime(folder / "class/ada/01_sums/01_sums.py")


def a_hidden_check(folder: Path) -> None:
    edit(folder / "solutions/02_centred/hidden_checks.py", "(3, 5)", "(5, 3)")


def a_visible_check(folder: Path) -> None:
    edit(folder / "solutions/01_sums/visible_checks.py", "1 + 2 = 3", "One and two")


def a_misconception(folder: Path) -> None:
    edit(folder / "solutions/01_sums/misconceptions.py", "Which axis is a row?", "What is a row?")


def a_reference_that_others_build_on(folder: Path) -> None:
    edit(folder / "solutions/01_sums/lesson.py", "X.sum(axis=-1)", "X.sum(-1)")


def a_report_itself(folder: Path) -> None:
    report = folder / "out/bo/01_sums.json"
    report.write_text(report.read_text()[:100])


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (nothing_but_a_date, set()),
        # ada's work for 02 may build on her work for 01, so that both are graded again.
        (one_submission, {"ada/01_sums", "ada/02_centred"}),
        (a_hidden_check, {name for name in ALL_GRADED if "02" in name}),
        (a_visible_check, {name for name in ALL_GRADED if "01" in name}),
        (a_misconception, {name for name in ALL_GRADED if "01" in name}),
        (a_reference_that_others_build_on, ALL_GRADED),
        (the_seed, ALL_GRADED),
        (a_report_itself, {"bo/01_sums"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_only_what_changed_is_graded_again(graded: Path, change: Callable[[Path], None], again: set[str]) -> None:
    before = read_files(graded / "out")
    change(graded)
    progressed = grade_in_process(graded)
    after = read_files(graded / "out")
    assert {
        name.removesuffix(".json") for name in after if name.endswith(".json") and after[name] != before[name]
    } == again
    assert {f"{report.student}/{report.assignment}" for report, fresh in progressed if fresh} == again
    assert len(progressed) == len(ALL_GRADED)


def test_a_report_with_a_fault_of_ours_is_never_kept(graded: Path) -> None:
    """Whatever broke may have been the machine, not the course: nothing that a fingerprint would show."""
    edit(graded / "out/ada/01_sums.json", '"outcome": "passed"', '"outcome": "grader_error"')
    assert [report.student for report, fresh in grade_in_process(graded) if fresh] == ["ada"]
    assert "grader_error" not in (graded / "out/ada/01_sums.json").read_text()


def test_what_was_graded_unconfined_is_graded_again_confined(graded: Path) -> None:
    completed = grade_confined(graded)
    assert completed.returncode == 0
    assert count_kept(completed) == 0
    assert {report["confined"] for report in load_reports(graded / "out").values()} == {True}


def test_a_later_assignment_rests_on_earlier_work(ada_and_bo: Path) -> None:
    hand_in(ada_and_bo / "class", "ada", "02_centred", RIGHT_CENTRED)
    regrade(ada_and_bo)
    before = read_reports(ada_and_bo / "graded")["ada", "02_centred"].provenance
    hand_in(ada_and_bo / "class", "ada", "01_sums", WRONG_SUMS)
    regrade(ada_and_bo)
    after = read_reports(ada_and_bo / "graded")["ada", "02_centred"].provenance
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"earlier submissions"}
