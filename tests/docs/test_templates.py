"""The workflow templates: they parse, and their commands do, as written, what they are there for."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import junitparser
import pytest
import yaml

from autograder.course.bundle import write_bundle
from autograder.course.loader import Course
from tests.helpers.formats import OFFLINE, run_isolated, validate
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

TEMPLATES = ROOT / "ci-templates"
GITHUB = {side: next((TEMPLATES / side / ".github/workflows").iterdir()) for side in ("student", "instructor")}
GITLAB = {side: TEMPLATES / side / ".gitlab-ci.yml" for side in ("student", "instructor")}
ACTIONS = {"actions/checkout@v4", "actions/setup-python@v5", "actions/cache@v4", "actions/upload-artifact@v4"}
NAME = "02_scaled_scores"
WRONG = """\
import numpy as np


def attention_scores(Q, K):
    return Q @ K


def scale_scores(S, d_k):
    return S / np.sqrt(d_k)
"""


def steps(side: str) -> list[dict[str, Any]]:
    """The steps of a GitHub workflow's one job."""
    (job,) = yaml.safe_load(GITHUB[side].read_text())["jobs"].values()
    assert job["runs-on"] == "ubuntu-latest"
    found: list[dict[str, Any]] = job["steps"]
    return found


def only_on_gitlab(side: str) -> list[str]:
    """The commands of a pipeline that the workflow does not run, to the letter, as well."""
    return [line for line in job(side)["script"] if line not in [step.get("run") for step in steps(side)]]


def job(side: str) -> dict[str, Any]:
    """The one job of a GitLab pipeline."""
    (found,) = yaml.safe_load(GITLAB[side].read_text()).values()
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("side", GITHUB)
def test_a_workflow_may_only_read_and_uses_known_actions(side: str) -> None:
    workflow = yaml.safe_load(GITHUB[side].read_text())
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow[True]) == (
        {"push", "workflow_dispatch"} if side == "student" else {"schedule", "workflow_dispatch"}
    )
    assert {step["uses"] for step in steps(side) if "uses" in step} <= ACTIONS
    assert all(("uses" in step) != ("run" in step) for step in steps(side))
    checkout = next(step for step in steps(side) if step.get("uses", "").startswith("actions/checkout"))
    assert checkout["with"]["persist-credentials"] is False
    for step in steps(side):
        assert "${{" not in step.get("run", ""), "an expression in a command is a way in"


@pytest.mark.parametrize("side", GITLAB)
def test_a_pipeline_hands_over_what_its_commands_write(side: str) -> None:
    artifacts = job(side)["artifacts"]
    commands = " ".join(job(side)["script"])
    for kind in ("junit", "codequality"):
        assert f"--{kind} {artifacts['reports'][kind]}" in commands
    assert artifacts["when"] == "always"


def test_the_instructors_feedback_is_published_even_when_the_run_is_red() -> None:
    upload = steps("instructor")[-1]
    assert upload["uses"].startswith("actions/upload-artifact")
    assert (upload["if"], upload["with"]["path"]) == ("always()", "graded")


def test_both_systems_run_the_same_commands() -> None:
    for side in GITHUB:
        github = [step["run"] for step in steps(side) if "run" in step]
        gitlab = job(side)["script"]
        plain = [
            [re.sub(r" --(github|codequality \S+|junit \S+)", "", line) for line in lines] for lines in (github, gitlab)
        ]
        assert plain[0] == plain[1]


# As written


def shell(commands: list[str], cwd: Path, python: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Commands, one after the other, as GitHub and GitLab run them: until one fails, with `python` set up."""
    path = f"{python.parent}:/usr/local/bin:/usr/bin:/bin"
    script = "\n".join(["set -eo pipefail", *commands])
    return run_isolated(["bash", "-c", script], cwd, PATH=path, COLUMNS="200", **OFFLINE, **environment)


@pytest.fixture(scope="module")
def python(new_environment: Callable[[], Path]) -> Path:
    return new_environment()


@pytest.fixture(scope="module")
def student(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's repository: the bundle, the template, and some work, of which one function is right."""
    folder = tmp_path_factory.mktemp("student")
    write_bundle(course, folder / "students.zip")
    with zipfile.ZipFile(folder / "students.zip") as bundle:
        bundle.extractall(folder)
    shutil.copytree(TEMPLATES / "student", folder / "course", dirs_exist_ok=True)
    (folder / "course" / "assignments" / NAME / f"{NAME}.ipynb").unlink()
    (folder / "course" / "assignments" / NAME / f"{NAME}.py").write_text(WRONG)
    return folder / "course"


@pytest.fixture(scope="module")
def pushed(student: Path, python: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What the workflow printed, and its page."""
    summary = tmp_path_factory.mktemp("push") / "summary.md"
    commands = [step["run"] for step in steps("student") if "run" in step]
    done = shell(commands, student, python, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0, done.stderr
    return done.stdout, summary.read_text()


def test_a_push_to_github_shows_how_far_a_student_is(pushed: tuple[str, str]) -> None:
    printed, page = pushed
    (annotation,) = re.findall(r"^::error file=(\S+),line=(\d+),title=.*attention_scores::", printed, re.M)
    assert annotation == (f"assignments/{NAME}/{NAME}.py", "5")
    assert "✓ <code>scale&#95;scores</code>" in page
    assert "✗ <code>attention&#95;scores</code>" in page


@pytest.mark.usefixtures("pushed")
def test_a_push_to_gitlab_does_as_well(student: Path, python: Path) -> None:
    done = shell(only_on_gitlab("student"), student, python, GITLAB_CI="true")
    assert done.returncode == 0, done.stderr
    reports = job("student")["artifacts"]["reports"]
    (suite,) = junitparser.JUnitXml.fromfile(str(student / reports["junit"]))
    assert suite.name == NAME
    assert suite.tests > suite.failures > 0
    remarks = validate("gitlab-codequality", (student / reports["codequality"]).read_text())
    assert {remark["location"]["path"] for remark in remarks} == {f"assignments/{NAME}/{NAME}.py"}


@pytest.fixture(scope="module")
def instructor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instructor's repository, and the addresses of three students', of which one leads nowhere."""
    folder = tmp_path_factory.mktemp("instructor")
    for name in ("solutions", "assignments", "autograder", "ci-templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "docs").mkdir()
    for name in ("pyproject.toml", "requirements.txt", "LICENSE", "docs/package.md"):
        shutil.copy(ROOT / name, folder / name)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    repositories = [("ada", repository(elsewhere / "ada", WRONG)), ("bo", repository(elsewhere / "bo", None))]
    lines = [f"{name} {address}" for name, address in (*repositories, ("cy", elsewhere / "nowhere"))]
    (folder / "repositories.txt").write_text("\n".join(["# name and address", "", *lines]))  # no line end at the end
    return folder


def repository(folder: Path, work: str | None) -> Path:
    """A student's repository with some work; without any, with a link to the solutions in its place."""
    place = folder / "assignments" / NAME
    place.mkdir(parents=True)
    file = place / f"{NAME}.py"
    if work is None:
        file.symlink_to("/etc/passwd")
    else:
        file.write_text(work)
    name = ("-c", "user.name=student", "-c", "user.email=student@uni.example")
    for command in (("init", "--quiet"), ("add", "."), (*name, "commit", "--quiet", "--message", "work")):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def assert_graded(folder: Path, junit: Path) -> None:
    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(junit))}
    assert set(suites) == {f"ada {NAME}"}  # bo handed in a link
    assert 0 < suites[f"ada {NAME}"].failures < suites[f"ada {NAME}"].tests
    assert not [path for path in (folder / "submitted").rglob("*") if path.is_symlink()]
    assert "root:" not in "".join(
        path.read_bytes().decode("latin-1") for path in (folder / "graded").rglob("*") if path.is_file()
    )
    for name in ("index.html", "marks.csv", f"ada/{NAME}.html"):
        assert (folder / "graded" / name).is_file()


@pytest.fixture(scope="module")
def night(instructor: Path, python: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What the workflow printed, and its page."""
    summary = tmp_path_factory.mktemp("night") / "summary.md"
    commands = [step["run"] for step in steps("instructor") if "run" in step]
    done = shell(commands, instructor, python, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 0, done.stderr
    assert_graded(instructor, instructor / "graded" / "junit.xml")
    return done.stdout + done.stderr, summary.read_text()


def test_a_night_on_github_grades_the_students_repositories(night: tuple[str, str]) -> None:
    printed, page = night
    assert "repositories.txt: cy: " in printed
    assert "repositories.txt: bo: " in printed
    assert all(f"| {name} | | | no submission |" in page for name in ("bo", "cy"))
    assert f"::error file=collected/ada/{NAME}/{NAME}.py,line=5," in printed


@pytest.mark.usefixtures("night")
def test_a_night_on_gitlab_does_as_well(instructor: Path, python: Path) -> None:
    shutil.rmtree(instructor / "graded")
    done = shell(only_on_gitlab("instructor"), instructor, python, GITLAB_CI="true")
    assert done.returncode == 0, done.stderr
    reports = job("instructor")["artifacts"]["reports"]
    assert_graded(instructor, instructor / reports["junit"])
    remarks = validate("gitlab-codequality", (instructor / reports["codequality"]).read_text())
    assert {remark["location"]["lines"]["begin"] for remark in remarks} >= {5}


def test_without_a_list_of_repositories_the_folder_is_graded(tmp_path: Path, python: Path) -> None:
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    (collect,) = [step["run"] for step in steps("instructor") if "autograder collect" in step.get("run", "")]
    done = shell([collect], tmp_path, python)
    assert done.returncode == 0
    assert not done.stdout + done.stderr
    assert (tmp_path / "submitted" / "ada").is_dir()
