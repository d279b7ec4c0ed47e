"""`autograder diff`: whose marks move, and why."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder.classroom.marks.changes import MarkChange
from autograder.cli import main
from autograder.cli.diff import MovedMarks, show_comparison, show_marks
from autograder.cli.shared.marking import MAX_CHANGES_SHOWN
from autograder.grading.store import FORMER
from autograder.report.diff import compare_all
from autograder.report.model import Outcome, Report
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import RIGHT_SUMS, edit, hand_in
from tests.helpers.given_marks import class_of_marks, given_mark
from tests.helpers.grading import former_reports, regrade
from tests.helpers.reports import check, with_checks

pytestmark = pytest.mark.slow


def test_a_regrade_that_changes_a_mark_keeps_the_former_report_and_says_so(ada_and_bo: Path) -> None:
    former = (ada_and_bo / "graded/bo/01_sums.json").read_text()
    hand_in(ada_and_bo / "class", "bo", "01_sums", RIGHT_SUMS)
    done = autograder("grade", "class", "--out", "graded", "--jobs", "1", "--unconfined", cwd=ada_and_bo)
    assert "Earlier reports changed: 1; scores up: 1, down: 0. See `autograder diff graded`." in done.stdout
    assert former_reports(ada_and_bo) == [f"graded/{FORMER}/bo/01_sums.1.json"]
    assert (ada_and_bo / former_reports(ada_and_bo)[0]).read_text() == former
    done = autograder("diff", "graded", cwd=ada_and_bo)
    assert done.returncode == 0
    assert "failed, 0/1 → passed, 1/1" in done.stdout
    assert "test_total" not in done.stdout, "checks are told by their titles"
    assert "the submission (1)" in done.stdout
    assert "Reports changed: 1; scores up: 1, down: 0, level: 0." in done.stdout


def test_before_a_mended_check_is_published_diff_says_whose_marks_move(ada_and_bo: Path) -> None:
    edit(ada_and_bo / "solutions/01_sums/hidden_checks.py", "@points(2)", "@points(4)")
    edit(ada_and_bo / "solutions/01_sums/hidden_checks.py", "(3, 5), (4, 4)", "(3, 5), (5, 4)")
    regrade(ada_and_bo, "mended")
    done = autograder("diff", "graded", "mended", cwd=ada_and_bo)
    assert done.returncode == 0, done.stderr
    assert "9/9 → 15/15" in done.stdout
    assert "hidden_checks.py (2)" in done.stdout
    assert "passed, 2/2 → 4/4" in done.stdout
    assert "Reports changed: 2; scores up: 1, down: 0, level: 1. As they were: 0." in done.stdout
    lines = done.stdout.splitlines()
    assert lines[0] == "By check", "the summary comes first"
    assert [line.split()[-5:] for line in lines[2:5]] == [["1", "0", "1", "+2", "+2"]] * 3
    assert lines[lines.index("By student") + 2].startswith("ada"), "the largest moves first"
    assert former_reports(ada_and_bo) == []


def test_diff_compares_two_files(ada_and_bo: Path) -> None:
    same = autograder("diff", "graded/ada/01_sums.json", "graded/ada/01_sums.json", cwd=ada_and_bo)
    assert "Reports changed: 0; scores up: 0, down: 0, level: 0. As they were: 1." in same.stdout


OVERRIDE = """
[[overrides]]
student = "{}"
assignment = "01_sums"
question = "total"
points = {}
reason = "agreed in the office hour"
"""
MOVED_BY = "By checks: {}; by rules or points by hand: {}; by both: {}; otherwise (another status or maximum): 0."
GRADE = ("grade", "class", "--jobs", "1", "--unconfined", "--out")


def run(*arguments: str) -> str:
    result = CliRunner(env={"COLUMNS": "400"}).invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def row_of(student: str, output: str, heading: str = "Marks") -> list[str]:
    """The words of a student's first row in one of the tables."""
    lines = output.partition(f"{heading}\n")[2].splitlines()
    return next(line.split() for line in lines if line.startswith(student))


def test_a_mark_that_moves_by_checks_is_told_from_one_that_moves_by_rules(
    ada_and_bo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ada has 9 of 9 points, 7 for `total`; bo 2, none for `total`. Then a check that both pass is worth 2, not 1."""
    monkeypatch.chdir(ada_and_bo)
    run(*GRADE, "graded")
    rules = ada_and_bo / "class.toml"
    rules.write_text(OVERRIDE.format("ada", 5))
    edit(ada_and_bo / "solutions/01_sums/hidden_checks.py", "@points(1)", "@points(2)")

    # Into a second folder
    run(*GRADE, "mended")
    said = run("diff", "graded", "mended", "--csv", "moves.csv")
    assert row_of("ada", said)[1:7] == ["01_sums", "9/9", "→", "8/10", "+1", "-2"]
    assert row_of("bo", said)[1:7] == ["01_sums", "2/9", "→", "3/10", "+1", "0"]
    assert "`total` was set to 5 points: agreed in the office hour" in said
    assert "Marks changed: 2; up: 1, down: 1." in said
    assert MOVED_BY.format(1, 0, 1) in said
    assert said.index("By check\n") < said.index("By student\n") < said.index("Marks\n")
    with (ada_and_bo / "moves.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["student"], row["check"], row["moves"], row["mark_by_rules"]) for row in csv.DictReader(file)]
    assert rows == [("ada", "test_mean", "1", "-2"), ("bo", "test_mean", "1", "0")]

    # By rules alone: no report changes
    rules.write_text(OVERRIDE.format("ada", 5) + OVERRIDE.format("bo", 3))
    said = run("marks", "mended")
    assert row_of("bo", said, "") == row_of("bo", run("diff", "mended"))
    assert row_of("bo", said, "")[1:7] == ["01_sums", "3/10", "→", "6/10", "0", "+3"]
    assert MOVED_BY.format(0, 1, 0) in said

    # By a regrade in its place
    said = run(*GRADE, "graded")
    assert "Marks changed: 2; up: 1, down: 1." in said
    assert MOVED_BY.format(0, 0, 2) in said
    assert row_of("bo", run("diff", "graded")) in [line.split() for line in said.splitlines()]
    said = run("diff", "graded")
    assert row_of("ada", said)[1:7] == ["01_sums", "9/9", "→", "8/10", "+1", "-2"]
    assert row_of("bo", said)[1:7] == ["01_sums", "2/9", "→", "6/10", "+1", "+3"]
    assert "`total` was set to 3 points" in said


def test_where_there_are_no_marks_to_compare_diff_says_why(ada_and_bo: Path) -> None:
    regrade(ada_and_bo, "again")
    said = autograder("diff", "graded", "again", cwd=ada_and_bo).stdout
    assert "Marks are not compared: graded holds no marks yet: run `autograder marks graded`." in said
    for folder in ("graded", "again"):
        autograder("marks", folder, cwd=ada_and_bo)
    said = autograder("diff", "graded", "again", cwd=ada_and_bo).stdout
    assert "Marks changed: 0; up: 0, down: 0." in said
    (ada_and_bo / "class.toml").write_text("zeros = ['missing']")
    autograder("marks", "again", "--class", "class.toml", cwd=ada_and_bo)
    (ada_and_bo / "class.toml").write_text("")
    said = autograder("diff", "graded", "again", cwd=ada_and_bo).stdout
    assert "Marks are not compared: class.toml has changed since the marks in again were made: run" in said


def test_csv_writes_over_nothing_but_its_own(ada_and_bo: Path) -> None:
    (ada_and_bo / "roster.csv").write_text("folder\nada\n")
    line = one_line(autograder("diff", "graded", "graded", "--csv", "roster.csv", cwd=ada_and_bo))
    assert "roster.csv is something else than what --csv writes: name another file" in line
    assert (ada_and_bo / "roster.csv").read_text() == "folder\nada\n"
    for _ in range(2):
        assert autograder("diff", "graded", "graded", "--csv", "moves.csv", cwd=ada_and_bo).returncode == 0


def shown(before: Report, after: Report, width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    show_comparison(console, compare_all({("bo", "x"): before}, {("bo", "x"): after}))
    return console.file.getvalue()  # type: ignore[attr-defined]  # the one above


def test_a_change_is_told_by_the_title_of_its_check_and_by_points_where_those_changed() -> None:
    stub = check(Outcome.MISSING, title="Adds.", points=1)
    for before, after, row in (
        (stub, replace(stub, points=2), "softmax: Adds.: missing, 0/1 → 0/2"),
        (stub, check(title="Adds.", points=1), "softmax: Adds.: missing, 0/1 → passed, 1/1"),
        (stub, replace(stub, outcome=Outcome.FAILED), "softmax: Adds.: missing → failed"),
    ):
        assert row in shown(with_checks(before), with_checks(after), width=100)
    assert "softmax: Adds.: missing, 0/1 → —" in shown(with_checks(stub), with_checks(), width=100)


def test_a_check_that_came_or_went_is_told_as_such_in_the_summary() -> None:
    gone, new = check(name="a", title="Rows."), check(name="b", title="Columns.")
    text = shown(with_checks(gone), with_checks(new), width=100)
    assert "softmax: Rows. (not there any more)" in text
    assert "softmax: Columns. (new)" in text


@pytest.mark.parametrize("is_terminal", [True, False])
def test_of_a_large_class_a_terminal_shows_the_largest_moves_and_a_file_has_all(is_terminal: bool) -> None:
    names = [f"s{number:04}" for number in range(2000)]
    before, after = with_checks(check(Outcome.FAILED)), with_checks(check())
    console = Console(file=io.StringIO(), width=60, force_terminal=is_terminal, no_color=True)
    reports = ({(name, "x"): replace(each, student=name) for name in names} for each in (before, after))
    show_comparison(console, compare_all(*reports))
    moves = [MarkChange(given_mark(student=name), given_mark(student=name, checks=1), 1) for name in names]
    show_marks(console, MovedMarks(tuple(moves), class_of_marks()))
    text = console.file.getvalue()  # type: ignore[attr-defined]  # the one above
    assert sum(name in text for name in names) == (MAX_CHANGES_SHOWN if is_terminal else len(names))
    assert ("And 1960 more: --csv FILE has all." in text) == is_terminal
    assert "Reports changed: 2000; scores up: 2000" in text
    assert "Marks changed: 2000;" in text


def test_of_an_assignment_that_only_one_folder_has_some_reports_are_named_and_the_others_counted() -> None:
    console = Console(file=io.StringIO(), width=4000)
    added = {(f"s{number:04}", "y"): with_checks(check(), student=f"s{number:04}") for number in range(2000)}
    show_comparison(console, compare_all({}, added))
    text = console.file.getvalue()  # type: ignore[attr-defined]  # the one above
    assert "There only after: s0000 03_softmax, s0001 03_softmax" in text
    assert "and 1980 more" in text


def test_in_a_narrow_terminal_each_row_is_a_block() -> None:
    before, after = check(Outcome.FAILED, title="Rows.", points=2), check(title="Rows.", points=2)
    console = Console(file=io.StringIO(), width=40)
    late = given_mark(checks=2, of=2, adjust={"Handed in 2 hours late.": -1})
    moved = MovedMarks((MarkChange(given_mark(checks=0, of=2), late, 2),), class_of_marks(given=[late]))
    show_comparison(console, compare_all({("ada", "x"): with_checks(before)}, {("ada", "x"): with_checks(after)}))
    show_marks(console, moved)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]  # the one above
    assert [line.rstrip() for line in lines] == [
        *(
            "By check",
            "03_softmax  softmax: Rows.",
            "  Up: 1",
            "  Down: 0",
            "  Level: 0",
            "  In all: +2",
            "  At most: +2",
        ),
        "",
        *("By student", "ada  03_softmax", "  Score: 0/2 → 2/2"),
        *("  Checks: softmax: Rows.: failed, 0/2 →", "  passed, 2/2", "  Because of: not recorded"),
        "",
        "Reports changed: 1; scores up: 1, down: 0, level: 0. As they were: 0.",
        "",
        *("Marks", "ada  03_softmax", "  Mark: 0/2 → 1/2", "  By checks: +2", "  By rules: -1"),
        "  Because of: Handed in 2 hours late.",
        "",
        "Marks changed: 1; up: 1, down: 0.",
        "By checks: 0; by rules or points by hand: 0; by both: 1; otherwise (another status or maximum): 0.",
    ]


def test_in_a_narrow_terminal_nothing_is_left_out() -> None:
    long = check(Outcome.MISSING, title="T" * 50, points=1)
    text = shown(with_checks(long), with_checks(replace(long, outcome=Outcome.FAILED)), width=40)
    assert text.count("T") == 100, "in the summary by check, and in the student's row"
    assert "…" not in text


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: None, "holds no reports"),
        (lambda folder: (folder / "a").mkdir() or (folder / "a/b.json").write_text("{}"), "is not a report"),
    ],
    ids=["empty", "another JSON"],
)
def test_a_folder_of_something_else_is_told_in_one_line(tmp_path: Path, make: object, says: str) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    make(folder)  # type: ignore[operator]  # one of the two above
    assert says in one_line(autograder("diff", "old", "old", cwd=tmp_path))


@pytest.mark.parametrize(
    "named",
    [("README.md",), ("graded/bo",), ("solutions",), ("graded", "README.md"), ("graded/bo", "graded")],
    ids=" ".join,
)
def test_where_there_are_no_reports_diff_says_so(ada_and_bo: Path, named: tuple[str, ...]) -> None:
    (ada_and_bo / "README.md").write_text("# The course")
    line = one_line(autograder("diff", *named, cwd=ada_and_bo))
    assert "holds no reports: `autograder grade` writes them" in line


def test_one_report_alone_has_nothing_to_be_compared_with(ada_and_bo: Path) -> None:
    assert "name a second one" in one_line(autograder("diff", "graded/bo/01_sums.json", cwd=ada_and_bo))


def test_reports_on_different_students_are_not_compared(ada_and_bo: Path) -> None:
    line = one_line(autograder("diff", "graded/ada/01_sums.json", "graded/bo/01_sums.json", cwd=ada_and_bo))
    assert "there is nothing to compare: graded/ada/01_sums.json is on ada 01_sums" in line
    assert "graded/bo/01_sums.json is on bo 01_sums" in line


def test_only_what_lies_among_reports_is_to_be_deleted(ada_and_bo: Path) -> None:
    (ada_and_bo / "graded/bo/01_sums.json").write_text("{")
    line = one_line(autograder("diff", "graded", "graded", cwd=ada_and_bo))
    assert "graded/bo/01_sums.json is not a report of `autograder grade`: if it is a damaged one, delete it" in line
    (ada_and_bo / "package.json").write_text("{}")
    assert "delete" not in one_line(autograder("diff", "package.json", "package.json", cwd=ada_and_bo))
