"""Grading a class: killed runs go on, only what changed is graded again, no file is half, our faults are told apart."""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner

from autograder.checking.collection import ChecksError
from autograder.cli import main
from autograder.course.loader import load_course
from autograder.grading.discovery import find_submissions
from autograder.grading.runner import grade_class
from autograder.grading.store import ReportStore
from autograder.pages import writer
from autograder.pages.submission_page import submission_page
from autograder.report.model import Report
from tests.conftest import (
    AUTOGRADER,
    CENTRED,
    HANGING_SUMS,
    RIGHT_CENTRED,
    RIGHT_SUMS,
    SUMS,
    WRONG_SUMS,
    autograder,
    edit,
    environment,
    hand_in,
    one_line,
    write_course,
)

ENOUGH = 60  # reports that must be there before a run of the large class is killed
HANGS = 130  # the student of the large class who keeps the run from being over before that


@pytest.fixture(scope="module")
def large_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course and 200 students, most of them copies of each other."""
    folder = write_course(tmp_path_factory.mktemp("large"))
    kinds = [RIGHT_SUMS, WRONG_SUMS, "def total(X:\n", "import numpy as np\n\ntotal = np.sum\n", ""]
    for number in range(200):
        source = HANGING_SUMS if number == HANGS else kinds[number % len(kinds)]
        hand_in(folder / "class", f"student{number:03}", "01_sums", source)
    return folder


@pytest.fixture(scope="module")
def undisturbed(large_class: Path) -> dict[str, Any]:
    """The reports on the large class from a run that nothing interrupts."""
    assert grade_confined(large_class, "--out", "undisturbed", "--jobs", "2").returncode == 0
    return reports(large_class / "undisturbed")


@pytest.fixture(scope="module")
def graded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with three students, graded into `out`. Not to be changed: `graded` gives each test a copy."""
    folder = write_course(tmp_path_factory.mktemp("graded"))
    for student, sums in (("ada", RIGHT_SUMS), ("bo", WRONG_SUMS), ("cy", RIGHT_SUMS)):
        hand_in(folder / "class", student, "01_sums", sums)
        hand_in(folder / "class", student, "02_centred", RIGHT_CENTRED)
    completed = grade(folder)
    assert completed.returncode == 0, completed
    return folder


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(graded_once, tmp_path / "graded")


@pytest.fixture
def two_students(small_course: Path) -> Path:
    """A course with two right submissions, not graded yet."""
    for student in ("ada", "bo"):
        hand_in(small_course / "class", student, "01_sums", RIGHT_SUMS)
    return small_course


def grade(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Grade the class in a folder into `out`, in one process; confinement is left to the tests that are about it."""
    return autograder("grade", "class", "--out", "out", "--jobs", "1", "--unconfined", *arguments, cwd=folder)


def grade_confined(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return autograder("grade", "class", "--out", "out", "--jobs", "1", *arguments, cwd=folder)


def grade_here(folder: Path, out: str = "out", executor: Executor | None = None) -> list[tuple[Report, bool]]:
    """Grade the class without the command line; returns what `progress` is told: each report, is it fresh?"""
    course = load_course(folder / "solutions")
    _, handed = find_submissions(folder / "class", [each.name for each in course.assignments])
    told: list[tuple[Report, bool]] = []

    def progress(report: Report, is_fresh: bool, _change: object) -> None:
        told.append((report, is_fresh))

    with executor or ThreadPoolExecutor(1) as pool:
        store = ReportStore(folder / out)
        returned = grade_class(course, handed, store, jobs=1, confined=False, executor=pool, progress=progress)
    assert [(each.student, each.assignment) for each in returned] == [
        (each.student, each.assignment) for each in handed
    ]
    return told


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A confined run in the background, in a process group of its own, as a shell starts it."""
    run = subprocess.Popen(
        [str(AUTOGRADER), "grade", "class", "--jobs", "1", *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with run:
        try:
            yield run
        finally:
            run.kill()


def until(reached: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Look again and again. Raises AssertionError when the deadline passes."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.005)


def reports(out: Path) -> dict[str, Any]:
    """All reports, without what differs from run to run. Raises ValueError where one is not whole."""
    found = {path.relative_to(out).as_posix(): json.loads(path.read_text()) for path in out.glob("[!.]*/*.json")}
    for report in found.values():
        del report["seconds"]
    return found


def read_new(out: Path, seen: dict[str, Any]) -> dict[str, Any]:
    """Add to `seen` the reports that are not in it yet. Raises ValueError where one is not whole."""
    for path in out.glob("[!.]*/*.json"):
        if path.parent.name not in seen:
            seen[path.parent.name] = json.loads(path.read_text())
    return seen


def files(out: Path) -> dict[str, tuple[int, bytes]]:
    """Every report and page, with the time of its last change."""
    found = [*out.glob("[!.]*/*.json"), *out.glob("[!.]*/*.html")]
    return {path.relative_to(out).as_posix(): (path.stat().st_mtime_ns, path.read_bytes()) for path in found}


def kept(completed: subprocess.CompletedProcess[str]) -> int:
    """How many reports a run says that it kept."""
    said = re.search(r"(\d+) kept from an earlier run", completed.stdout)
    return int(said[1]) if said else 0


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["outcome"] for question in report["questions"] for check in question["checks"]}


# Killed, stopped, started twice


def test_a_killed_run_goes_on_where_it_was(large_class: Path, undisturbed: dict[str, Any], tmp_path: Path) -> None:
    out, seen = tmp_path / "out", {}
    with running(large_class, "--out", str(out)) as run:
        until(lambda: len(read_new(out, seen)) >= ENOUGH, f"{ENOUGH} reports")
        processes = psutil.Process(run.pid).children(recursive=True)
        run.kill()
    assert processes, "the run had no processes of its own"
    until_all_end(processes)
    before = files(out)
    done = len(reports(out))
    assert ENOUGH <= done <= HANGS, "the run was over before it was killed"

    completed = grade_confined(large_class, "--out", str(out))
    assert completed.returncode == 0
    assert kept(completed) == done
    assert {name: files(out)[name] for name in before} == before, "a report was written twice"
    assert reports(out) == undisturbed


def until_all_end(processes: list[psutil.Process]) -> None:
    """Wait for the processes of a run to end by themselves. Raises AssertionError, and ends them, when they do not."""
    try:
        until(lambda: not any(map(alive, processes)), "an end of all processes of the run")
    finally:
        for process in filter(alive, processes):
            process.kill()


def alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_ctrl_c_ends_in_one_line_and_keeps_what_was_graded(large_class: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with running(large_class, "--out", str(out)) as run:
        until(lambda: len(reports(out)) >= 5, "a few reports")
        processes = psutil.Process(run.pid).children(recursive=True)
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to every process of the group
        _, said = run.communicate(timeout=60)
    assert run.returncode == 2
    assert len(said.strip().splitlines()) == 1, said
    assert "kept" in said
    until_all_end(processes)
    before = files(out)
    assert 5 <= len(reports(out)) <= HANGS
    assert all(name.replace(".html", ".json") in before for name in before), "a page without its report"


def test_a_second_run_into_the_same_folder_is_refused(small_course: Path) -> None:
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    hand_in(small_course / "class", "bo", "01_sums", HANGING_SUMS)
    with running(small_course, "--out", "out") as first:
        until(lambda: len(reports(small_course / "out")) == 1, "a first report")
        refused = grade(small_course)
        assert first.wait(timeout=60) == 0
    assert "another run" in one_line(refused)
    assert len(reports(small_course / "out")) == 2


def test_a_page_that_cannot_be_made_is_named_and_no_end_of_the_run(
    small_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a report holds: the report stands, and all the others have their pages."""
    for student in ("ada", "bo"):
        hand_in(small_course / "class", student, "01_sums", RIGHT_SUMS)

    def fails_for_ada(report: Report) -> str:
        if report.student == "ada":
            raise ValueError("no page")
        return submission_page(report)

    monkeypatch.setattr(writer, "submission_page", fails_for_ada)
    monkeypatch.chdir(small_course)
    command = ["grade", "class", "--out", "out", "--jobs", "1", "--unconfined"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1, result.output
    assert "The page of ada 01_sums could not be made (ValueError: no page)" in result.output
    assert (small_course / "out/ada/01_sums.json").is_file()
    assert not (small_course / "out/ada/01_sums.html").exists()
    assert (small_course / "out/bo/01_sums.html").is_file()
    assert (small_course / "out/index.html").is_file()
    monkeypatch.undo()
    assert CliRunner().invoke(main, command).exit_code == 2, "outside of the course"
    monkeypatch.chdir(small_course)
    again = CliRunner().invoke(main, command)
    assert again.exit_code == 0
    assert "0 graded" in again.output
    assert (small_course / "out/ada/01_sums.html").is_file(), "the next run makes it"


def test_pages_are_made_again_only_where_they_would_differ(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    grade(small_course)
    page = small_course / "out/ada/01_sums.html"
    made = page.stat().st_mtime_ns
    grade(small_course)
    assert page.stat().st_mtime_ns == made
    text = page.read_text()
    page.write_text("cut off")
    grade(small_course)
    assert page.read_text() == text


# Only what changed


def nothing_but_a_date(folder: Path) -> None:
    os.utime(folder / "class/ada/01_sums/01_sums.py")


def one_submission(folder: Path) -> None:
    edit(folder / "class/ada/01_sums/01_sums.py", "np.mean(X", "3 * np.mean(X")


def a_hidden_check(folder: Path) -> None:
    edit(folder / "solutions/02_centred/hidden_checks.py", "(3, 5)", "(5, 3)")


def a_visible_check(folder: Path) -> None:
    edit(folder / "solutions/01_sums/visible_checks.py", "1 + 2 = 3", "One and two")


def a_misconception(folder: Path) -> None:
    edit(folder / "solutions/01_sums/misconceptions.py", "Which axis is a row?", "What is a row?")


def a_reference_that_others_build_on(folder: Path) -> None:
    edit(folder / "solutions/01_sums/lesson.py", "X.sum(axis=-1)", "X.sum(-1)")


def the_seed(folder: Path) -> None:
    edit(folder / "solutions/course.toml", "a seed", "another seed")


def a_report_itself(folder: Path) -> None:
    report = folder / "out/bo/01_sums.json"
    report.write_text(report.read_text()[:100])


ALL = {f"{student}/{assignment}" for student in ("ada", "bo", "cy") for assignment in ("01_sums", "02_centred")}


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (nothing_but_a_date, set()),
        # ada's work for 02 may build on her work for 01, so that both are graded again.
        (one_submission, {"ada/01_sums", "ada/02_centred"}),
        (a_hidden_check, {name for name in ALL if "02" in name}),
        (a_visible_check, {name for name in ALL if "01" in name}),
        (a_misconception, {name for name in ALL if "01" in name}),
        (a_reference_that_others_build_on, ALL),
        (the_seed, ALL),
        (a_report_itself, {"bo/01_sums"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_only_what_changed_is_graded_again(graded: Path, change: Callable[[Path], None], again: set[str]) -> None:
    before = files(graded / "out")
    change(graded)
    told = grade_here(graded)
    after = files(graded / "out")
    assert {
        name.removesuffix(".json") for name in after if name.endswith(".json") and after[name] != before[name]
    } == again
    assert {f"{report.student}/{report.assignment}" for report, fresh in told if fresh} == again
    assert len(told) == len(ALL)


def test_grading_one_assignment_keeps_the_others_in_the_class_files(graded: Path) -> None:
    the_seed(graded)
    before = files(graded / "out")
    completed = grade(graded, "--assignment", "02_centred")
    assert completed.returncode == 0
    after = files(graded / "out")
    assert {name for name in after if after[name] != before[name]} == {
        f"{student}/02_centred.{kind}" for student in ("ada", "bo", "cy") for kind in ("json", "html")
    }
    with open(graded / "out/grades.csv", newline="", encoding="utf-8") as table:
        rows = [(row["student"], row["assignment"]) for row in csv.DictReader(table)]
    assert sorted(f"{student}/{assignment}" for student, assignment in rows) == sorted(ALL)


# Where the reports go


def test_a_folder_below_a_file_cannot_hold_reports(two_students: Path) -> None:
    (two_students / "file").write_text("")
    line = one_line(grade(two_students, "--out", "file/out"))
    assert "file/out" in line


def test_a_folder_that_the_system_refuses_cannot_hold_reports(two_students: Path) -> None:
    line = one_line(grade(two_students, "--out", "/proc/reports"))
    assert "/proc/reports" in line


def test_a_file_in_the_way_of_a_report_is_named(two_students: Path) -> None:
    (two_students / "out").mkdir()
    (two_students / "out/ada").write_text("in the way")
    line = one_line(grade(two_students))
    assert "out/ada" in line


SMALL_FILES_ONLY = """
import os, resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
os.execv(sys.argv[2], sys.argv[2:])
"""


def grade_with_files_up_to(folder: Path, size: int) -> subprocess.CompletedProcess[str]:
    """A limit on the size of files refuses to write just as a full disk does."""
    command = [sys.executable, "-c", SMALL_FILES_ONLY, str(size), str(AUTOGRADER), "grade", "class", "--out", "out"]
    return subprocess.run(
        [*command, "--unconfined"], cwd=folder, env=environment(), capture_output=True, text=True, timeout=120
    )


def test_a_full_disk_ends_the_run_in_one_line_and_leaves_no_half_file(graded: Path) -> None:
    the_seed(graded)
    before = files(graded / "out")
    assert "cannot be written: File too large" in one_line(grade_with_files_up_to(graded, 500))
    assert files(graded / "out") == before
    again = grade(graded)
    assert again.returncode == 0
    assert kept(again) == 0


def test_a_disk_that_is_full_for_a_page_keeps_its_report_and_the_next_run_makes_the_page(graded: Path) -> None:
    before = files(graded / "out")
    one_submission(graded)
    assert "cannot be written: File too large" in one_line(grade_with_files_up_to(graded, 4096))
    after = files(graded / "out")
    page = "ada/01_sums.html"
    assert {name for name in before if after[name] != before[name]} == {"ada/01_sums.json"}
    again = grade(graded)
    assert again.returncode == 0
    assert "0 graded" in again.stdout
    assert files(graded / "out")[page] != before[page]


# Faults of ours


BROKEN = '''

@points(1)
def test_total_broken(student, rng):
    """A check with a mistake in it"""
    student.total(rng.normal(size=(2, 2)))
    raise KeyError("nothing of the student's")
'''


def test_a_check_that_is_itself_broken_is_our_fault_and_harms_no_other(two_students: Path) -> None:
    checks = two_students / "solutions/01_sums/hidden_checks.py"
    checks.write_text(checks.read_text() + BROKEN)
    completed = grade(two_students)
    assert completed.returncode == 1
    assert "grader_error" in completed.stdout
    for report in reports(two_students / "out").values():
        found = outcomes(report)
        assert found.pop("test_total_broken") == "grader_error"
        assert set(found.values()) == {"passed"}
        assert report["score"] == report["max_score"] - 1
    with open(two_students / "out/grades.csv", newline="", encoding="utf-8") as table:
        assert all("not final" in row["error"] for row in csv.DictReader(table))

    checks.write_text(checks.read_text().replace('    raise KeyError("nothing of the student\'s")\n', ""))
    mended = grade(two_students)
    assert mended.returncode == 0
    assert all(report["score"] == report["max_score"] for report in reports(two_students / "out").values())


def test_a_report_with_a_fault_of_ours_is_never_kept(graded: Path) -> None:
    """Whatever broke may have been the machine, not the course: nothing that a fingerprint would show."""
    edit(graded / "out/ada/01_sums.json", '"outcome": "passed"', '"outcome": "grader_error"')
    assert [report.student for report, fresh in grade_here(graded) if fresh] == ["ada"]
    assert "grader_error" not in (graded / "out/ada/01_sums.json").read_text()


NO_DOCSTRING = "@points(1)\ndef test_silent(student):\n    student.total(0)\n"
NO_POINTS = 'def test_worthless(student):\n    """Title"""\n    student.total(0)\n'
NO_QUESTION = '@points(1)\ndef test_aimless(student):\n    """Title"""\n    assert 1 + 1 == 2\n'
UNKNOWN_QUESTION = '@points(1)\ndef test_astray(student):\n    """Title"""\n    student.totle(0)\n'
SAME_NAME = '@points(1)\ndef test_total_example(student):\n    """Title"""\n    student.total(0)\n'
SAME_NAME_IN_ONE_FILE = SAME_NAME.replace("test_total_example", "test_twice") * 2
SYNTAX_ERROR = "def test_unfinished(student:\n"
FAILING_IMPORT = "import no_such_module\n"


@pytest.mark.parametrize(
    ("addition", "names"),
    [
        (NO_DOCSTRING, "test_silent"),
        (NO_POINTS, "test_worthless"),
        (NO_QUESTION, "test_aimless"),
        (UNKNOWN_QUESTION, "test_astray"),
        (SAME_NAME, "test_total_example"),
        (SAME_NAME_IN_ONE_FILE, "test_twice"),
        (SYNTAX_ERROR, "SyntaxError"),
        (FAILING_IMPORT, "no_such_module"),
    ],
    ids=["docstring", "points", "no question", "unknown question", "same name", "twice in a file", "syntax", "import"],
)
def test_a_broken_file_of_checks_is_named_with_its_check_in_one_line(
    small_course: Path, addition: str, names: str
) -> None:
    checks = small_course / "solutions/01_sums/hidden_checks.py"
    checks.write_text(f"{checks.read_text()}\n\n{addition}")
    with pytest.raises(ChecksError) as refused:
        load_course(small_course / "solutions").assignment("01_sums").check_session()
    assert len(str(refused.value).splitlines()) == 1
    assert "hidden_checks.py" in str(refused.value)
    assert names in str(refused.value)


@pytest.mark.parametrize("addition", [NO_DOCSTRING, SYNTAX_ERROR], ids=["docstring", "syntax"])
def test_with_a_broken_file_of_checks_nothing_is_graded(two_students: Path, addition: str) -> None:
    checks = two_students / "solutions/01_sums/hidden_checks.py"
    checks.write_text(f"{checks.read_text()}\n\n{addition}")
    assert "hidden_checks.py" in one_line(grade(two_students))
    assert not reports(two_students / "out")


def test_a_question_without_checks_is_named_with_its_assignment(two_students: Path) -> None:
    for file in ("hidden_checks.py", "visible_checks.py"):
        edit(two_students / "solutions/01_sums" / file, ".mean", ".total")
    line = one_line(grade(two_students))
    assert "`mean`" in line
    assert "01_sums" in line


def test_with_a_broken_file_of_misconceptions_nothing_is_graded(two_students: Path) -> None:
    edit(two_students / "solutions/01_sums/misconceptions.py", "from autograder", "from autogrades")
    line = one_line(grade(two_students))
    assert "01_sums/misconceptions.py" in line
    assert "autogrades" in line
    assert not reports(two_students / "out")


def test_with_a_limit_that_is_no_number_nothing_is_graded(two_students: Path) -> None:
    edit(two_students / "solutions/course.toml", "cpu_seconds = 1.0", 'cpu_seconds = "x"')
    assert "cpu_seconds in [limits] is to be a number above 0" in one_line(grade(two_students))


# Work that lies elsewhere


def test_work_that_lies_where_nobody_looks_is_named_with_what_to_do(two_students: Path) -> None:
    everything = two_students / "class"
    hand_in(everything, "bo", "02-Centred", RIGHT_CENTRED)
    hand_in(everything / "cy", "assignments", "02_centred", RIGHT_CENTRED)
    (everything / "cy" / "01_sums.ipynb").write_text("{}")
    (everything / "cy" / "my.py").write_text("")
    done = grade(two_students, "--assignment", "01_sums")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "bo: 02-Centred is no assignment of this course: rename it to 02_centred, and grade again",
        "cy: 01_sums.ipynb lies in no assignment's folder: put it into 01_sums, and grade again",
        "cy: assignments is no assignment of this course (01_sums, 02_centred): rename or move it, and grade again",
        "cy: my.py lies in no assignment's folder: put it into the folder of its assignment (01_sums, 02_centred), "
        "and grade again",
    ]


def test_what_does_not_look_like_a_submission_is_not_named(two_students: Path) -> None:
    ada = two_students / "class" / "ada"
    hand_in(two_students / "class", "ada", "02_centred", RIGHT_CENTRED)
    hand_in(two_students / "class", "ada", ".ipynb_checkpoints", "")
    hand_in(two_students / "class", "ada", "__pycache__", "")
    (ada / "photos").mkdir()
    (ada / "photos" / "me.jpg").touch()
    (ada / "notes.txt").touch()
    (ada / "elsewhere").symlink_to(two_students)
    (ada / "link.py").symlink_to(ada / "notes.txt")
    assert grade(two_students, "--assignment", "01_sums").stderr == ""


def test_the_same_mistake_of_a_whole_class_is_not_told_for_everybody(two_students: Path) -> None:
    for number in range(25):
        hand_in(two_students / "class", f"s{number:02}", "01_Sums", RIGHT_SUMS)
    lines = grade(two_students).stderr.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "And 5 more like these."


# Executors


def own_processes() -> Executor:
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def a_thread() -> Executor:
    return ThreadPoolExecutor(1)


@pytest.mark.parametrize("make", [a_thread, own_processes])
def test_any_executor_gives_the_same_reports(graded: Path, make: Callable[[], Executor]) -> None:
    told = grade_here(graded, "again", make())
    assert [fresh for _, fresh in told] == [True] * len(ALL)
    assert reports(graded / "again") == reports(graded / "out")


def test_an_executor_that_lives_on_grades_by_the_checks_as_they_are_now(graded: Path) -> None:
    def points() -> set[tuple[str, float]]:
        return {(report.assignment, report.max_score) for report, _ in grade_here(graded, "again")}

    assert points() == {("01_sums", 9), ("02_centred", 5)}
    edit(graded / "solutions/02_centred/hidden_checks.py", "points(4)", "points(6)")
    assert points() == {("01_sums", 9), ("02_centred", 7)}


# Confinement


def test_unconfined_grading_says_so_in_every_report(two_students: Path) -> None:
    completed = grade(two_students)
    assert completed.returncode == 0
    assert "--unconfined" in completed.stdout
    found = reports(two_students / "out").values()
    assert [report["confined"] for report in found] == [False, False]
    assert [report["score"] for report in found] == [report["max_score"] for report in found]


def test_what_was_graded_unconfined_is_graded_again_confined(graded: Path) -> None:
    completed = grade_confined(graded)
    assert completed.returncode == 0
    assert kept(completed) == 0
    assert {report["confined"] for report in reports(graded / "out").values()} == {True}


# A filter on system calls, as a container may set it: the kernel then answers as one without Landlock does.
WITHOUT_LANDLOCK = """
import errno, os, sys, pyseccomp
rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), 444)
rules.load()
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_without_landlock_nothing_is_graded_unless_unconfined(two_students: Path) -> None:
    def grade_without(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-c",
            WITHOUT_LANDLOCK,
            str(AUTOGRADER),
            "grade",
            "class",
            "--out",
            "out",
            *arguments,
        ]
        return subprocess.run(
            command, cwd=two_students, env=environment(), capture_output=True, text=True, timeout=120, check=False
        )

    line = one_line(grade_without())
    assert "Landlock" in line
    assert not reports(two_students / "out")
    assert grade_without("--unconfined").returncode == 0
    assert len(reports(two_students / "out")) == 2


# The order of things


def test_reports_do_not_depend_on_who_is_graded_beside_whom(graded: Path) -> None:
    """The same inputs for cy, graded alone: hidden inputs are drawn for each student by name."""
    (graded / "one/cy").mkdir(parents=True)
    shutil.copytree(graded / "class/cy", graded / "one/cy", dirs_exist_ok=True)
    assert autograder("grade", "one", "--out", "alone", "--jobs", "1", "--unconfined", cwd=graded).returncode == 0
    everyone = reports(graded / "out")
    assert reports(graded / "alone") == {name: report for name, report in everyone.items() if name.startswith("cy/")}


def test_a_mistake_upstream_costs_once(small_course: Path) -> None:
    """`mean` builds on `total`: with a wrong one it earns its points, and its messages say where the fault lies."""
    builds_on = SUMS["lesson.py"].replace("return X.sum(axis=-1)", "return X.sum(axis=0)")
    hand_in(small_course / "class", "ada", "01_sums", builds_on)
    hand_in(small_course / "class", "ada", "02_centred", CENTRED["lesson.py"])
    assert grade(small_course).returncode == 0
    found = reports(small_course / "out")
    total, mean = found["ada/01_sums.json"]["questions"]
    assert total["score"] < total["max_score"]
    assert mean["score"] == mean["max_score"]
    assert all("mend `total`" in check["message"] for check in mean["checks"] if check["message"])
    assert any(check["message"] for check in mean["checks"])
    (centre,) = found["ada/02_centred.json"]["questions"]
    assert centre["score"] == centre["max_score"]
