"""One submission graded: faults of ours, broken courses, confinement."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.course.loader import load_course
from autograder.grading.course_sandbox import CourseSandbox
from autograder.grading.found.submissions import SubmissionFolder
from autograder.grading.grader import get_ready, grade_one
from autograder.grading.job import read_job
from autograder.sandbox import selftest
from autograder.sandbox.client import Sandbox
from autograder.sandbox.given.files import GivenFiles
from autograder.sandbox.homes import Where
from autograder.sandbox.protocol import NotConfinedError
from tests.helpers.checks import NO_DOCSTRING, SYNTAX_ERROR
from tests.helpers.command_line import AUTOGRADER, environment, one_line
from tests.helpers.course import CENTRED, SUMS, edit, hand_in
from tests.helpers.grading import grade_unconfined, load_reports, outcomes

pytestmark = pytest.mark.slow

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
    completed = grade_unconfined(two_students)
    assert completed.returncode == 1
    assert "grader_error" in completed.stdout
    for report in load_reports(two_students / "out").values():
        found = outcomes(report)
        assert found.pop("test_total_broken") == "grader_error"
        assert set(found.values()) == {"passed"}
        assert report["score"] == report["max_score"] - 1
    with open(two_students / "out/marks.csv", newline="", encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert {row["status"] for row in rows if row["assignment"] == "01_sums"} == {"grader_error"}
    assert not any(row["mark"] for row in rows if row["assignment"] == "01_sums"), "no zero of ours is a mark"

    checks.write_text(checks.read_text().replace('    raise KeyError("nothing of the student\'s")\n', ""))
    mended = grade_unconfined(two_students)
    assert mended.returncode == 0
    assert all(report["score"] == report["max_score"] for report in load_reports(two_students / "out").values())


# Courses that nobody can be graded by


@pytest.mark.parametrize("addition", [NO_DOCSTRING, SYNTAX_ERROR], ids=["docstring", "syntax"])
def test_with_a_broken_file_of_checks_nothing_is_graded(two_students: Path, addition: str) -> None:
    checks = two_students / "solutions/01_sums/hidden_checks.py"
    checks.write_text(f"{checks.read_text()}\n\n{addition}")
    assert "hidden_checks.py" in one_line(grade_unconfined(two_students))
    assert not load_reports(two_students / "out")


def test_a_question_without_checks_is_named_with_its_assignment(two_students: Path) -> None:
    for file in ("hidden_checks.py", "visible_checks.py"):
        edit(two_students / "solutions/01_sums" / file, ".mean", ".total")
    line = one_line(grade_unconfined(two_students))
    assert "`mean`" in line
    assert "01_sums" in line


def test_with_a_broken_file_of_misconceptions_nothing_is_graded(two_students: Path) -> None:
    edit(two_students / "solutions/01_sums/misconceptions.py", "from autograder", "from autogrades")
    line = one_line(grade_unconfined(two_students))
    assert "01_sums/misconceptions.py" in line
    assert "autogrades" in line
    assert not load_reports(two_students / "out")


def test_with_a_limit_that_is_no_number_nothing_is_graded(two_students: Path) -> None:
    edit(two_students / "solutions/course.toml", "cpu_seconds = 1.0", 'cpu_seconds = "x"')
    assert "cpu_seconds in [limits] is to be a number above 0" in one_line(grade_unconfined(two_students))


# Confinement


def test_unconfined_grading_says_so_in_every_report(two_students: Path) -> None:
    completed = grade_unconfined(two_students)
    assert completed.returncode == 0
    assert "--unconfined" in completed.stdout
    found = load_reports(two_students / "out").values()
    assert [report["confined"] for report in found] == [False, False]
    assert [report["score"] for report in found] == [report["max_score"] for report in found]


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

    line = one_line(grade_without("--sandbox", "kernel"))
    assert "Landlock" in line
    assert not load_reports(two_students / "out")
    assert grade_without("--unconfined").returncode == 0
    assert len(load_reports(two_students / "out")) == 2


def test_a_process_that_cannot_confine_is_not_ready_and_grades_nothing(
    monkeypatch: pytest.MonkeyPatch, small_course: Path
) -> None:
    tried: list[Path] = []

    def examine(_sandbox: Sandbox, private: Sequence[Path], _files: GivenFiles) -> list[selftest.Examination]:
        tried.extend(private)
        return [selftest.Examination(selftest.reads_nothing_of(private), held=False, detail="read 3 characters")]

    monkeypatch.setattr(selftest, "examine_sandbox", examine)
    hand_in(small_course / "class", "ada", "01_sums", SUMS["lesson.py"])
    course = load_course(small_course / "solutions")
    folder = SubmissionFolder.alone("ada", "01_sums", small_course / "class" / "ada" / "01_sums", course.names)
    with pytest.raises(NotConfinedError, match="read 3 characters"):
        get_ready(CourseSandbox.of(course.folder, Where.KERNEL))
    with pytest.raises(NotConfinedError, match="read 3 characters"):
        grade_one(read_job(course, folder))
    assert {course.folder, course.assignment("01_sums").folder / "lesson.py"} <= set(tried)


# Follow-through


def test_a_mistake_upstream_costs_once(small_course: Path) -> None:
    """`mean` builds on `total`: with a wrong one it earns its points, and its messages say where the fault lies."""
    builds_on = SUMS["lesson.py"].replace("return X.sum(axis=-1)", "return X.sum(axis=0)")
    hand_in(small_course / "class", "ada", "01_sums", builds_on)
    hand_in(small_course / "class", "ada", "02_centred", CENTRED["lesson.py"])
    assert grade_unconfined(small_course).returncode == 0
    found = load_reports(small_course / "out")
    total, mean = found["ada/01_sums.json"]["questions"]
    assert total["score"] < total["max_score"]
    assert mean["score"] == mean["max_score"]
    assert all("mend `total`" in check["message"] for check in mean["checks"] if check["message"])
    assert any(check["message"] for check in mean["checks"])
    (centre,) = found["ada/02_centred.json"]["questions"]
    assert centre["score"] == centre["max_score"]
