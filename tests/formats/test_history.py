"""History: what a regrade changes is kept and told, and before that, `diff` says whose marks would move, and why."""

from __future__ import annotations

import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from autograder.cli.diff import show_comparison
from autograder.course.loader import load_course
from autograder.course.provenance import provenance_of
from autograder.grading.discovery import find_submissions
from autograder.grading.runner import grade_class
from autograder.grading.store import FORMER, ReportStore, read_reports
from autograder.report.diff import Change, compare, compare_all
from autograder.report.model import CheckResult, Outcome, QuestionResult, Report, Status
from tests.conftest import RIGHT_CENTRED, RIGHT_SUMS, WRONG_SUMS, autograder, edit, hand_in, one_line, write_course
from tests.formats.golden_class import check, find, report, softmax


def grade(folder: Path, out: str = "graded") -> list[Change]:
    """Grade the class in this process, which takes a tenth of the time; returns what changed."""
    course = load_course(folder / "solutions")
    _, handed = find_submissions(folder / "class", [each.name for each in course.assignments])
    changes: list[Change] = []

    def progress(_report: Report, _is_fresh: bool, change: Change | None) -> None:
        changes.extend([change] if change else [])

    with ThreadPoolExecutor(1) as pool:
        store = ReportStore(folder / out)
        grade_class(course, handed, store, jobs=1, confined=False, executor=pool, progress=progress)
    return changes


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_course(tmp_path_factory.mktemp("history"))
    hand_in(folder / "class", "ada", "01_sums", RIGHT_SUMS)
    hand_in(folder / "class", "bo", "01_sums", WRONG_SUMS)
    assert grade(folder) == []
    return folder


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(graded_once, tmp_path / "course")


def history(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in (folder / "graded" / FORMER).rglob("*.json"))


def test_a_regrade_that_changes_a_mark_keeps_the_former_report_and_says_so(graded: Path) -> None:
    former = (graded / "graded/bo/01_sums.json").read_text()
    hand_in(graded / "class", "bo", "01_sums", RIGHT_SUMS)
    done = autograder("grade", "class", "--out", "graded", "--jobs", "1", "--unconfined", cwd=graded)
    assert "Earlier reports changed: 1; marks up: 1, down: 0. See `autograder diff graded`." in done.stdout
    assert history(graded) == [f"graded/{FORMER}/bo/01_sums.1.json"]
    assert (graded / history(graded)[0]).read_text() == former
    told = autograder("diff", "graded", cwd=graded)
    assert told.returncode == 0
    assert "failed, 0/1 → passed, 1/1" in told.stdout
    assert "test_total" not in told.stdout, "checks are told by their titles"
    assert "the submission (1)" in told.stdout
    assert "Reports changed: 1; marks up: 1, down: 0, level: 0." in told.stdout


def test_a_regrade_that_changes_no_mark_keeps_nothing(graded: Path) -> None:
    hand_in(graded / "class", "bo", "01_sums", f"{WRONG_SUMS}\n# a remark\n")
    before = (graded / "graded/bo/01_sums.json").read_text()
    assert grade(graded) == []
    assert (graded / "graded/bo/01_sums.json").read_text() != before, "it was graded again"
    assert history(graded) == []
    assert "no regrade has changed a report" in one_line(autograder("diff", "graded", cwd=graded))


def test_every_former_report_is_kept(graded: Path) -> None:
    for source in (RIGHT_SUMS, WRONG_SUMS, "x = 1\n"):
        hand_in(graded / "class", "bo", "01_sums", source)
        (change,) = grade(graded)
        assert change.after.student == "bo"
    paths = sorted((graded / "graded" / FORMER / "bo").iterdir())
    assert [path.name for path in paths] == ["01_sums.1.json", "01_sums.2.json", "01_sums.3.json"]
    scores = [Report.from_json(path.read_text()).score for path in paths]
    assert scores == [scores[2], 9, scores[0]]
    assert scores[0] < 9
    (latest,) = ReportStore(graded / "graded").read_former().values()
    assert latest == Report.from_json(paths[-1].read_text())
    paths[0].unlink()
    hand_in(graded / "class", "bo", "01_sums", RIGHT_SUMS)
    grade(graded)
    names = [path.name for path in sorted(paths[0].parent.iterdir())]
    assert names == ["01_sums.2.json", "01_sums.3.json", "01_sums.4.json"], "a number is not used again"


def test_a_run_killed_before_it_replaced_the_report_keeps_it_once(graded: Path) -> None:
    store = ReportStore(graded / "graded")
    former = store.load("bo", "01_sums")
    assert former is not None
    better = replace(former, questions=with_checks(PASSED).questions)
    text = store.path("bo", "01_sums").read_text()
    for _ in range(2):
        assert store.save(better) is not None
        store.path("bo", "01_sums").write_text(text)  # as if the report had not been replaced
    assert len(history(graded)) == 1
    store.save(better)
    assert store.save(former) is not None
    assert len(history(graded)) == 2


def test_before_a_mended_check_is_published_diff_says_whose_marks_move(graded: Path) -> None:
    edit(graded / "solutions/01_sums/hidden_checks.py", "@points(2)", "@points(4)")
    edit(graded / "solutions/01_sums/hidden_checks.py", "(3, 5), (4, 4)", "(3, 5), (5, 4)")
    grade(graded, "mended")
    told = autograder("diff", "graded", "mended", cwd=graded)
    assert told.returncode == 0, told.stderr
    assert "9/9 → 15/15" in told.stdout
    assert "hidden_checks.py (2)" in told.stdout
    assert "passed, 2/2 → 4/4" in told.stdout
    assert "Reports changed: 2; marks up: 1, down: 0, level: 1. As they were: 0." in told.stdout
    assert told.stdout.splitlines()[1].startswith("ada"), "the largest moves first"
    assert history(graded) == []


def test_diff_compares_two_files(graded: Path) -> None:
    same = autograder("diff", "graded/ada/01_sums.json", "graded/ada/01_sums.json", cwd=graded)
    assert "Reports changed: 0; marks up: 0, down: 0, level: 0. As they were: 1." in same.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("course.toml", 'seed = "a seed"', 'seed = "another"', "course.toml"),
        ("01_sums/lesson.py", "# # Sums", "# # The sums", "earlier lessons"),
        ("02_centred/lesson.py", "# # Centred", "# # The centred", "lesson.py"),
        ("02_centred/misconceptions.py", "The mean was added", "The mean is there twice", "misconceptions.py"),
        ("02_centred/visible_checks.py", "The mean is 2.", "It is 2.", "visible_checks.py"),
        ("02_centred/hidden_checks.py", "Other numbers", "More numbers", "hidden_checks.py"),
    ],
)
def test_each_part_of_the_course_is_told_by_its_name(
    small_course: Path, file: str, old: str, new: str, cause: str
) -> None:
    def parts() -> dict[str, str]:
        course = load_course(small_course / "solutions")
        return provenance_of(course, course.assignment("02_centred"))

    before = parts()
    edit(small_course / "solutions" / file, old, new)
    after = parts()
    assert {name for name in before if before[name] != after[name]} == {cause}


def test_a_later_assignment_rests_on_earlier_work(graded: Path) -> None:
    hand_in(graded / "class", "ada", "02_centred", RIGHT_CENTRED)
    grade(graded)
    before = read_reports(graded / "graded")["ada", "02_centred"].provenance
    hand_in(graded / "class", "ada", "01_sums", WRONG_SUMS)
    grade(graded)
    after = read_reports(graded / "graded")["ada", "02_centred"].provenance
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"earlier submissions"}


# What a change is


def with_checks(*checks: CheckResult, **fields: object) -> Report:
    return report("bo", "03_softmax", softmax(*checks), **fields)


PASSED, FAILED = check("a", "A", 2, Outcome.PASSED), check("a", "A", 2, Outcome.FAILED, "why")
OTHER = check("b", "B", 1, Outcome.PASSED)


def test_other_words_are_no_change() -> None:
    assert compare(with_checks(FAILED), with_checks(replace(FAILED, message="otherwise", title="New"))) is None


def test_another_outcome_is_a_change_though_no_mark_moves() -> None:
    change = compare(with_checks(FAILED), with_checks(replace(FAILED, outcome=Outcome.TIMEOUT)))
    assert change is not None
    assert change.moves == 0
    assert [(c.before.outcome, c.after.outcome) for c in change.checks if c.before and c.after] == [
        (Outcome.FAILED, Outcome.TIMEOUT)
    ]


def test_checks_that_came_and_went_are_changes() -> None:
    change = compare(with_checks(PASSED), with_checks(OTHER))
    assert change is not None
    assert [(c.check.name, c.before is None, c.after is None, c.earned) for c in change.checks] == [
        ("a", False, True, -2),
        ("b", True, False, 1),
    ]
    assert change.moves == -1


def told(before: Report, after: Report, width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    show_comparison(console, compare_all({("bo", "x"): before}, {("bo", "x"): after}))
    return console.file.getvalue()  # type: ignore[attr-defined]  # the one above


def test_a_change_is_told_by_the_title_of_its_check_and_by_points_where_those_changed() -> None:
    stub = check("a", "Adds.", 1, Outcome.MISSING)
    for before, after, said in (
        (stub, replace(stub, points=2), "softmax: Adds.: missing, 0/1 → 0/2"),
        (stub, check("a", "Adds.", 1, Outcome.PASSED), "softmax: Adds.: missing, 0/1 → passed, 1/1"),
        (stub, replace(stub, outcome=Outcome.FAILED), "softmax: Adds.: missing → failed"),
    ):
        assert said in told(with_checks(before), with_checks(after), width=100)
    assert "softmax: Adds.: missing, 0/1 → —" in told(with_checks(stub), with_checks(), width=100)


def test_in_a_narrow_terminal_nothing_is_left_out() -> None:
    long = check("a", "T" * 50, 1, Outcome.MISSING)
    text = told(with_checks(long), with_checks(replace(long, outcome=Outcome.FAILED)), width=40)
    assert text.count("T") == 50
    assert "…" not in text


def test_a_file_that_can_be_read_at_last_is_a_change() -> None:
    unread = with_checks(FAILED, status=Status.UNREADABLE)
    change = compare(unread, with_checks(FAILED))
    assert change is not None
    assert change.checks == ()


def test_reports_from_before_the_record_have_no_cause() -> None:
    change = compare(with_checks(FAILED), with_checks(PASSED, provenance={"lesson.py": "1"}))
    assert change is not None
    assert change.changed_inputs == ()


def test_reports_that_only_one_side_has_are_named() -> None:
    ada, bo = find("ada"), find("bo")
    comparison = compare_all({("ada", "x"): ada}, {("bo", "x"): bo})
    assert (comparison.only_before, comparison.only_after) == ((ada,), (bo,))


def test_a_question_that_moved_is_told_with_its_name() -> None:
    change = compare(
        replace(with_checks(), questions=(QuestionResult("f", (PASSED,)),)),
        replace(with_checks(), questions=(QuestionResult("g", (PASSED,)),)),
    )
    assert change is not None
    assert [c.question for c in change.checks] == ["f", "g"]


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
def test_where_there_are_no_reports_diff_says_so(graded: Path, named: tuple[str, ...]) -> None:
    (graded / "README.md").write_text("# The course")
    line = one_line(autograder("diff", *named, cwd=graded))
    assert "holds no reports: `autograder grade` writes them" in line


def test_one_report_alone_has_nothing_to_be_compared_with(graded: Path) -> None:
    assert "name a second one" in one_line(autograder("diff", "graded/bo/01_sums.json", cwd=graded))


def test_reports_on_different_students_are_not_compared(graded: Path) -> None:
    line = one_line(autograder("diff", "graded/ada/01_sums.json", "graded/bo/01_sums.json", cwd=graded))
    assert "there is nothing to compare: graded/ada/01_sums.json is on ada 01_sums" in line
    assert "graded/bo/01_sums.json is on bo 01_sums" in line


def test_only_what_lies_among_reports_is_to_be_deleted(graded: Path) -> None:
    (graded / "graded/bo/01_sums.json").write_text("{")
    line = one_line(autograder("diff", "graded", "graded", cwd=graded))
    assert line.endswith("graded/bo/01_sums.json is not a report of `autograder grade`: delete it and grade again")
    (graded / "package.json").write_text("{}")
    assert "delete" not in one_line(autograder("diff", "package.json", "package.json", cwd=graded))
