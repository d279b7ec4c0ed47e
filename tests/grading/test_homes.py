"""Two homes for a worker: the same marks in both, also on a system that confines nothing itself; and who says which."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox import homes
from autograder.sandbox.homes import Where, unsupported
from autograder.sandbox.protocol import NotConfinedError
from tests.helpers.command_line import AUTOGRADER, autograder, environment
from tests.helpers.grading import load_reports
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

OTHER_SYSTEM = ROOT / "tests" / "helpers" / "other_system"
CLASS = ROOT / "examples" / "class"
# Right and wrong work on several assignments: mistakes with names, exceptions, files that are not there, hostile work.
STUDENTS = ("aleksandr", "greta", "hamid", "jamal")
needs_wasm = pytest.mark.skipif(bool(unsupported(Where.WASM)), reason="the extra `wasm` is not here")


def graded(folder: Path, name: str, *arguments: str, **variables: str) -> dict[str, Any]:
    """The reports of a part of the sample class, by their paths."""
    completed = subprocess.run(
        [str(AUTOGRADER), "grade", str(folder / "class"), "--out", str(folder / name), "--jobs", "2", *arguments],
        cwd=ROOT,
        env={**environment(), **variables},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert completed.returncode in (0, 1), completed.stderr
    return load_reports(folder / name)


def essence(report: dict[str, Any]) -> list[object]:
    """All that must be the same wherever it was graded; an outcome of hostile work is another matter."""
    checks = [each for question in report["questions"] for each in question["checks"]]
    return [
        report["status"],
        report["score"],
        report["max_score"],
        [(each["name"], each["earned"], each["misconception"], each["outcome"]) for each in checks],
    ]


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("homes")
    for student in STUDENTS:
        if (CLASS / student).is_dir():
            shutil.copytree(CLASS / student, folder / "class" / student)
    return folder


@pytest.fixture(scope="module")
def in_processes(some: Path) -> dict[str, Any]:
    return graded(some, "kernel", "--sandbox", "kernel")


@needs_wasm
@pytest.mark.slow
def test_guests_earn_what_processes_earn(some: Path, in_processes: dict[str, Any]) -> None:
    in_guests = graded(some, "wasm", "--sandbox", "wasm")
    assert len(in_guests) == len(in_processes) >= 6
    for path, report in in_guests.items():
        assert essence(report) == essence(in_processes[path]), path
        assert (report["confined"], report["sandbox"]) == (True, "wasm")
    assert {report.get("sandbox") for report in in_processes.values()} == {None}


@needs_wasm
@pytest.mark.slow
def test_a_system_that_is_no_linux_gives_the_same_marks(some: Path, in_processes: dict[str, Any]) -> None:
    """Nothing is asked for: where the kernel confines nothing, work is graded in guests."""
    elsewhere = graded(some, "elsewhere", PYTHONPATH=str(OTHER_SYSTEM))
    for path, report in in_processes.items():
        assert essence(elsewhere[path]) == essence(report), path
        assert elsewhere[path]["sandbox"] == "wasm"


@needs_wasm
@pytest.mark.portable
def test_on_any_system_a_class_is_graded_in_guests(two_students: Path) -> None:
    completed = autograder("grade", "class", "--out", "out", "--jobs", "1", "--sandbox", "wasm", cwd=two_students)
    assert completed.returncode == 0, completed.stderr
    reports = load_reports(two_students / "out").values()
    assert [(each["score"], each["sandbox"]) for each in reports] == [(each["max_score"], "wasm") for each in reports]


@needs_wasm
def test_in_another_home_work_is_graded_again(two_students: Path) -> None:
    for options, kept in (("kernel", 0), ("kernel", 2), ("wasm", 0), ("wasm", 2), ("none", 0)):
        done = autograder("grade", "class", "--out", "out", "--jobs", "1", "--sandbox", options, cwd=two_students)
        assert done.returncode == 0, done.stderr
        assert ("2 kept" in done.stdout) == bool(kept), (options, done.stdout)


@needs_wasm
@pytest.mark.portable
def test_a_student_checks_confined_what_grading_would_confine(workspace: Path) -> None:
    source = "def total(X):\n    return open('/etc/hostname').read()\n\ndef mean(X):\n    return X.mean(axis=-1)\n"
    (workspace / "01_sums" / "01_sums.py").write_text(source)
    done = autograder("check", "01_sums", "--sandbox", "wasm", cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert "PermissionError" in done.stdout


@needs_wasm
@pytest.mark.portable
def test_where_nothing_can_be_kept_it_is_told_in_a_line(two_students: Path) -> None:
    (two_students / "taken").write_text("a file")
    done = subprocess.run(
        [str(AUTOGRADER), "grade", "class", "--out", "out", "--sandbox", "wasm"],
        cwd=two_students,
        env={**environment(), "AUTOGRADER_CACHE": str(two_students / "taken")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "AUTOGRADER_CACHE" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((two_students / "out").glob("*/*.json"))


# Which home it is


@pytest.mark.parametrize(
    ("kernel", "wasm", "chosen"),
    [("", "", Where.KERNEL), ("", "no", Where.KERNEL), ("no", "", Where.WASM)],
    ids=["both", "processes", "guests"],
)
def test_the_first_home_that_confines_is_taken(
    monkeypatch: pytest.MonkeyPatch, kernel: str, wasm: str, chosen: Where
) -> None:
    monkeypatch.setattr(homes, "unsupported", {Where.KERNEL: kernel, Where.WASM: wasm}.get)
    assert homes.first_that_confines() is chosen


def test_without_any_the_refusal_says_all_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(homes, "unsupported", lambda where: f"no {where} here")
    with pytest.raises(NotConfinedError) as refused:
        homes.first_that_confines()
    why, confined, unconfined = str(refused.value).splitlines()
    assert "no kernel here" in why
    assert 'pip install "numpy-autograder[wasm]"' in confined
    assert "--sandbox none" in unconfined


def test_contrary_options_are_refused(two_students: Path) -> None:
    done = autograder("grade", "class", "--sandbox", "kernel", "--unconfined", cwd=two_students)
    assert done.returncode == 2
    assert "--unconfined" in done.stderr
    assert not (two_students / "out").exists()


def test_reports_of_processes_are_as_they_were(two_students: Path) -> None:
    done = autograder("grade", "class", "--out", "out", "--jobs", "1", "--sandbox", "kernel", cwd=two_students)
    assert done.returncode == 0, done.stderr
    text = (two_students / "out" / "ada" / "01_sums.json").read_text()
    assert list(json.loads(text)) == [
        *("schema", "student", "assignment", "title", "status", "error", "notes", "score", "max_score", "seconds"),
        *("confined", "language", "fingerprint", "provenance", "questions", "written"),
    ]
