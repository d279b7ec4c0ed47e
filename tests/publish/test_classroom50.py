"""Classroom 50: the entry that its runner starts, in a student's checkout, as its documentation says it does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from jsonschema import ValidationError

from autograder.course.loader import Course
from autograder.errors import UserError
from autograder.publish.classroom50.result import result_json
from tests.helpers.archives import zip_members
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import copy_course, edit
from tests.helpers.formats import OFFLINE, run_isolated, validate
from tests.helpers.golden_class import CLASS, ENVIRONMENT, INSTANT, find
from tests.helpers.paths import ROOT
from tests.helpers.reports import check, report, softmax
from tests.helpers.secrets import leaks

pytestmark = pytest.mark.slow

NAME = "02_scaled_scores"
REFERENCE = (ROOT / "solutions" / NAME / "lesson.py").read_text()
WRONG = """
import numpy as np

def attention_scores(Q, K):
    return K @ Q.T

def scale_scores(S, d_k):
    return S / np.sqrt(d_k)
"""
# Writes a result of its own, if it can, and shadows what the grader might import from the checkout.
HOSTILE = """
def attention_scores(Q, K):
    imp = print.__self__.__import__
    with open("result.json", "w") as file:
        file.write('{"score": 100}')
"""
SHADOWS = ("pip.py", "numpy.py", "autograder.py", "venv.py", "json.py")


@dataclass(frozen=True)
class Runner:
    """A student's checkout, and the bundle as the runner has unpacked it elsewhere."""

    bundle: Path
    checkout: Path
    python: Path
    first: dict[str, Any] = field(default_factory=dict)  # the result of the first run, which set everything up

    def start(self, source: str) -> CompletedProcess[str]:
        """Do as Classroom 50's runner does."""
        return self._run(source, [self.python, self.bundle / "autograder.py"])

    def grade(self, source: str, **more: str) -> CompletedProcess[str]:
        """The same, but for installing what `start` has installed."""
        return self._run(source, [self.python, "-I", "-m", "autograder.publish.classroom50", self.bundle], **more)

    def _run(self, source: str, command: list[str | Path], **more: str) -> CompletedProcess[str]:
        (self.checkout / f"{NAME}.py").write_text(source)
        (self.checkout / "result.json").unlink(missing_ok=True)
        environment = {**ENVIRONMENT, **OFFLINE, "AUTOGRADER_PYTHON": str(self.python), **more}
        return run_isolated(command, self.checkout, **environment)

    def result(self) -> dict[str, Any]:
        document: dict[str, Any] = validate("classroom50-result", (self.checkout / "result.json").read_text())
        return document


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `autograder classroom50` makes of this very course."""
    out = tmp_path_factory.mktemp("classroom50") / "bundle"
    made = autograder("classroom50", out, "--assignment", NAME)
    assert made.returncode == 0, made.stderr
    return out


@pytest.fixture(scope="module")
def runner(bundle: Path, tmp_path_factory: pytest.TempPathFactory, new_environment: Callable[[], Path]) -> Runner:
    checkout = tmp_path_factory.mktemp("checkout")
    for name in SHADOWS:
        (checkout / name).write_text("raise SystemExit('a file of the student was imported')\n")
    made = Runner(bundle, checkout, new_environment())
    started = made.start(REFERENCE)
    assert started.returncode == 0, started.stderr
    return replace(made, first=made.result())


def test_the_bundle_holds_nothing_secret(bundle: Path, course: Course) -> None:
    files = {path.relative_to(bundle).as_posix(): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    assert {"autograder.py", "classroom50.json", f"assignments/{NAME}/visible_checks.py"} <= files.keys()
    (machine,) = (name for name in files if name.endswith(".whl"))
    inside = zip_members(files.pop(machine))
    assert {name.partition("/")[0].partition("-")[0] for name in inside} == {"autograder", "numpy_autograder"}
    assert not [name for name in files if Path(name).name in ("hidden_checks.py", "misconceptions.py", "lesson.py")]
    assert leaks(course, files) == set()
    assert course.seed
    assert not [name for name, content in (files | inside).items() if course.seed.encode() in content]


def test_the_bundle_is_made_over_an_earlier_one(bundle: Path) -> None:
    again = autograder("classroom50", bundle, "--assignment", NAME)
    assert again.returncode == 0, again.stderr


def test_right_work_earns_all_visible_checks(runner: Runner) -> None:
    result = runner.first
    assert result["score"] == result["max-score"] > 0
    assert all(test["passed"] for test in result["tests"])
    assert {result[field] for field in ("classroom", "owner")} == {"the classroom", "the owner"}


def test_wrong_work_is_a_result_too(runner: Runner) -> None:
    done = runner.grade(WRONG)
    assert done.returncode == 0, done.stderr
    result = runner.result()
    assert 0 < result["score"] < result["max-score"]
    assert sum(test["score"] for test in result["tests"]) == result["score"]
    assert all(test["message"] for test in result["tests"] if not test["passed"])


def test_a_hostile_submission_writes_no_result_of_its_own(runner: Runner) -> None:
    done = runner.grade(HOSTILE)
    assert done.returncode == 0, done.stderr
    assert runner.result()["score"] == 0
    assert "PermissionError" in json.dumps(runner.result())


def test_what_cannot_be_read_is_a_result_that_says_why(runner: Runner) -> None:
    done = runner.grade("  \n")
    assert done.returncode == 0, done.stderr
    result = runner.result()
    assert result["score"] == 0
    assert result["tests"][0]["test-name"] == "The submission can be read"
    assert "is empty" in result["tests"][0]["message"]


def test_outside_of_the_workflow_there_is_no_result(runner: Runner) -> None:
    """An exit code that is not 0 is an error of the infrastructure: Classroom 50 keeps the score that it had."""
    done = runner.grade(REFERENCE, SUBMISSION_TAG="")
    assert done.returncode != 0
    assert "SUBMISSION_TAG is not set" in done.stderr
    assert not (runner.checkout / "result.json").exists()


def test_every_report_without_a_fault_of_ours_keeps_to_the_schema() -> None:
    for each in CLASS:
        if not each.has_grader_error:
            document = validate("classroom50-result", result_json(each, ENVIRONMENT, INSTANT))
            assert document["score"] == each.score <= document["max-score"] == each.max_score


def test_a_fault_of_ours_is_no_result() -> None:
    with pytest.raises(UserError, match="not the student's result"):
        result_json(find("cy"), ENVIRONMENT, INSTANT)


def test_half_points_are_refused_when_the_bundle_is_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"worth 0\.5"):
        result_json(report(softmax(check(points=0.5))), ENVIRONMENT, INSTANT)
    folder = copy_course(tmp_path / "project", ["01_projection"])
    shutil.copytree(ROOT / "assignments", folder / "assignments")
    edit(folder / "solutions/01_projection/visible_checks.py", "@points(1)", "@points(0.5)")
    line = one_line(autograder("classroom50", "out", "--assignment", "01_projection", cwd=folder))
    assert "whole points only, and a check is worth 0.5" in line
    assert not (folder / "out").exists()


def test_a_course_that_is_not_released_has_nothing_to_make_the_folder_of(small_course: Path) -> None:
    line = one_line(autograder("classroom50", "out", "--assignment", "02_centred", cwd=small_course))
    assert "assignments/course.toml is not there" in line
    assert line.endswith("first `autograder release`")
    assert not (small_course / "out").exists()


@pytest.mark.parametrize(
    "broken", [{"score": 1.5}, {"datetime": "2026-06-01 14:33:11"}, {"submission": "main"}, {"x": 1}]
)
def test_the_schema_can_fail(broken: dict[str, object]) -> None:
    document = json.loads(result_json(find("bo"), ENVIRONMENT, INSTANT))
    with pytest.raises(ValidationError):
        validate("classroom50-result", json.dumps({**document, **broken}))
