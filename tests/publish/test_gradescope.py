"""Gradescope: the archive, unpacked and run in folders laid out as Gradescope's, on right, wrong and hostile work."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError

from autograder.publish.gradescope.results import failure_json, results_json
from autograder.sandbox import selftest
from autograder.sandbox.homes import Where, unsupported
from autograder.settings import Limits
from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import RIGHT_CENTRED, RIGHT_SUMS, write_course
from tests.helpers.formats import OFFLINE, run_isolated, validate
from tests.helpers.golden_class import CLASS, find

pytestmark = pytest.mark.slow

NAME = "02_centred"
SECRET = "TOP-SECRET"
LIMITS = Limits(cpu_seconds=0.5, memory_mb=256, answer_mb=4)

# Each goes on as the program named, on another kernel: one that has no Landlock, and one that says of Landlock and
# seccomp that they are in force and does nothing, as a faulty container runtime may.
OTHER_KERNEL = """
import errno, os, sys
from pyseccomp import ALLOW, EQ, ERRNO, Arg, SyscallFilter

rules = SyscallFilter(defaction=ALLOW)
{rules}
rules.load()
os.execv(sys.argv[1], sys.argv[1:])
"""
NO_LANDLOCK = OTHER_KERNEL.format(rules='rules.add_rule(ERRNO(errno.ENOSYS), "landlock_create_ruleset")')
FAKE = OTHER_KERNEL.format(
    rules='rules.add_rule(ERRNO(0), "landlock_restrict_self"); rules.add_rule(ERRNO(0), "prctl", Arg(0, EQ, 22))'
)
# Looks for the solutions and tells what it sees; then tries to leave a result of its own, and to end what grades it.
HOSTILE = """
imp = print.__self__.__import__
os = imp("os")

def centre(X):
    seen = []
    for attempt in (
        lambda: open("@ROOT@/source/solutions/02_centred/lesson.py").read(),
        lambda: open("@ROOT@/source/solutions/course.toml").read(),
        lambda: open("@ROOT@/source/gradescope.json").read(),
        lambda: open("@ROOT@/submission_metadata.json").read(),
        lambda: os.listdir("@ROOT@/source"),
        lambda: open("@ROOT@/results/results.json", "w"),
        lambda: os.fork(),
        lambda: os.kill(os.getppid(), 9),
    ):
        try:
            seen.append(f"done: {attempt()}")
        except OSError as error:
            seen.append(type(error).__name__)
    raise ValueError(" ".join(seen))
"""


@dataclass(frozen=True)
class Container:
    """Gradescope's folders, the archive unpacked and set up in them."""

    root: Path
    python: Path

    def grade(self, *prefix: str | Path, **files: str) -> dict[str, Any]:
        """Hand in some files, by suffix; returns what results.json says, which keeps to Gradescope's format."""
        self.clear()
        for name, content in files.items():
            (self.root / "submission" / f"{name}.py").write_text(content)
        return self.rerun(*prefix)

    def clear(self) -> None:
        for name in ("submission", "results"):
            shutil.rmtree(self.root / name, ignore_errors=True)
            (self.root / name).mkdir()

    def rerun(self, *prefix: str | Path) -> dict[str, Any]:
        done = run_isolated([*prefix, self.root / "run_autograder"], self.root, **self.environment)
        (self.root / "results" / "stdout").write_text(done.stdout + done.stderr)
        assert done.returncode == 0, done
        document: dict[str, Any] = validate("gradescope-results", (self.root / "results" / "results.json").read_text())
        return document

    @property
    def environment(self) -> dict[str, str]:
        return {"AUTOGRADER_ROOT": str(self.root), "AUTOGRADER_PYTHON": str(self.python)}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instructor's project with a small course, its solutions full of secrets."""
    folder = write_course(tmp_path_factory.mktemp("project"))
    for file in sorted((folder / "solutions").glob("*/*.py")):
        with file.open("a") as end:
            end.write(f"\n# {SECRET} of {file.name}\n")
    return folder


@pytest.fixture(scope="module")
def archive(project: Path) -> Path:
    made = autograder("gradescope", "grader.zip", "--assignment", NAME, cwd=project)
    assert made.returncode == 0, made.stderr
    return project / "grader.zip"


@pytest.fixture(scope="module")
def container(
    archive: Path, tmp_path_factory: pytest.TempPathFactory, new_environment: Callable[[], Path]
) -> Container:
    root = tmp_path_factory.mktemp("autograder")
    made = Container(root, new_environment())
    with zipfile.ZipFile(archive) as members:
        members.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    metadata = {"id": 1, "users": [{"email": "ada@uni.example", "id": 1234, "name": "Ada"}]}
    (root / "submission_metadata.json").write_text(json.dumps(metadata))
    done = run_isolated(["bash", root / "source" / "setup.sh"], root, **made.environment, **OFFLINE)
    assert done.returncode == 0, done.stderr
    return made


def test_the_archive_has_its_scripts_at_the_top_and_they_can_be_run(archive: Path) -> None:
    with zipfile.ZipFile(archive) as members:
        modes = {entry.filename: entry.external_attr >> 16 for entry in members.infolist()}
        assert members.read("setup.sh").startswith(b"#!/usr/bin/env bash\n")
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert "solutions/02_centred/hidden_checks.py" in modes
    assert not [name for name in modes if "__pycache__" in name or name.startswith(("tests/", "examples/", "/"))]


def test_the_archive_is_the_same_every_time(project: Path, archive: Path) -> None:
    assert autograder("gradescope", "again.zip", "--assignment", NAME, cwd=project).returncode == 0
    assert (project / "again.zip").read_bytes() == archive.read_bytes()


def test_the_setup_installs_the_archives_own_machine(container: Container) -> None:
    where = run_isolated(
        [container.python, "-I", "-c", "import autograder; print(autograder.__file__)"], container.root
    )
    assert Path(where.stdout.strip()).is_relative_to(container.python.parent.parent)


def test_right_work_earns_all(container: Container) -> None:
    document = container.grade(**{NAME: RIGHT_CENTRED, "01_sums": RIGHT_SUMS})
    assert [(t["score"], t["max_score"], t["status"]) for t in document["tests"]] == [
        (1, 1, "passed"),
        (4, 4, "passed"),
    ]
    assert [t["visibility"] for t in document["tests"]] == ["visible", "after_published"]
    assert SECRET not in json.dumps(document)


def test_wrong_work_earns_what_it_earns_and_is_told_why(container: Container) -> None:
    document = container.grade(**{NAME: RIGHT_CENTRED.replace("-", "+"), "01_sums": RIGHT_SUMS})
    assert [(t["score"], t["status"]) for t in document["tests"]] == [(0, "failed"), (0, "failed")]
    assert "mean_added" in document["tests"][1]["tags"]
    assert "Where should the middle of a row lie afterwards?" in document["tests"][1]["output"]


def test_a_mistake_in_earlier_work_costs_nothing_here_and_work_may_lie_in_folders(container: Container) -> None:
    container.clear()
    wrong = RIGHT_SUMS.replace("np.mean(X, axis=-1)", "X")
    for name, source in ((NAME, RIGHT_CENTRED), ("01_sums", wrong)):
        folder = container.root / "submission" / "assignments" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.py").write_text(source)
    document = container.rerun()
    assert [t["score"] for t in document["tests"]] == [1, 4]
    assert "mend `mean`" in document["tests"][1]["output"]


def test_work_under_another_name_counts(container: Container) -> None:
    document = container.grade(Untitled3=RIGHT_CENTRED)
    assert [t["score"] for t in document["tests"]] == [1, 4]
    assert f"Untitled3.py was graded, for there is no {NAME}.ipynb and no {NAME}.py" in document["output"]


def test_what_cannot_be_read_earns_nothing_and_says_why(container: Container) -> None:
    document = container.grade(Untitled3=RIGHT_CENTRED, Untitled4=RIGHT_CENTRED + "# another")
    assert [t["score"] for t in document["tests"]] == [0, 0]
    assert f"Which file is your work on {NAME}? There are Untitled3.py, Untitled4.py" in document["output"]


def test_a_hostile_submission_sees_nothing_and_changes_nothing(container: Container) -> None:
    before = sorted(container.root.rglob("source/*"))
    document = container.grade(**{NAME: HOSTILE.replace("@ROOT@", str(container.root))})
    assert [t["score"] for t in document["tests"]] == [0, 0]
    for test in document["tests"]:
        errors = test["output"].partition("ValueError: ")[2].partition("\n")[0].split()
        assert errors == ["PermissionError"] * 8
    assert SECRET not in (container.root / "results" / "results.json").read_text()
    assert sorted(container.root.rglob("source/*")) == before


def test_without_landlock_it_is_graded_in_a_guest_or_not_at_all(container: Container) -> None:
    """In a guest where the extra `wasm` is, as it is among the tests."""
    document = container.grade(
        sys.executable, "-c", NO_LANDLOCK, **{NAME: HOSTILE.replace("@ROOT@", str(container.root))}
    )
    assert SECRET not in json.dumps(document)
    if unsupported(Where.WASM):
        require_ungraded(document, "this kernel has no Landlock")
    else:
        assert [test["score"] for test in document["tests"]] == [0, 0]


def test_where_a_kernel_only_says_that_it_confines_nothing_is_graded(container: Container) -> None:
    document = container.grade(sys.executable, "-c", FAKE, **{NAME: HOSTILE.replace("@ROOT@", str(container.root))})
    require_ungraded(document, "promises do not hold, first: a submission reads no file")


def require_ungraded(document: dict[str, Any], says: str) -> None:
    assert document["score"] == 0
    assert document["tests"] == []
    assert "was not graded, and this is not your fault" in document["output"]
    assert says in document["output"]
    assert SECRET not in document["output"]


def test_a_container_that_is_not_gradescopes_grades_nothing(container: Container) -> None:
    metadata = container.root / "submission_metadata.json"
    kept = metadata.read_text()
    metadata.unlink()
    document = container.grade(**{NAME: RIGHT_CENTRED})
    metadata.write_text(kept)
    assert (document["score"], document["tests"]) == (0, [])
    assert "submission_metadata" not in document["output"], "the reason is for instructors"
    assert "submission_metadata" in (container.root / "results" / "stdout").read_text()


def test_the_self_test_tries_the_course_by_name(project: Path) -> None:
    private = [project / "solutions", project / "solutions" / NAME / "lesson.py"]
    findings = selftest.examine(LIMITS, ["numpy"], private=private)
    assert [finding.held for finding in findings if finding.promise.text == "reads nothing of the course"] == [True]


@pytest.mark.parametrize("path", ["lesson.py", "."])
def test_the_self_test_finds_out_what_can_be_read(project: Path, path: str) -> None:
    private = [project / "solutions" / NAME / path]
    (finding,) = (
        each
        for each in selftest.examine(LIMITS, ["numpy"], where=Where.NONE, private=private)
        if each.promise.text == "reads nothing of the course"
    )
    assert not finding.held


def test_every_report_keeps_to_gradescopes_format() -> None:
    for report in CLASS:
        for until in ("after_published", "after_due_date", "visible"):
            document = validate("gradescope-results", results_json(report, until))
            assert sum(test["score"] for test in document["tests"]) == report.score
            hidden = [test["visibility"] for test in document["tests"][1:]]
            assert hidden == [until] * len(hidden)


def test_a_grader_error_is_told_and_does_not_quote_the_solution() -> None:
    document = validate("gradescope-results", results_json(find("cy"), "visible"))
    assert "secret" not in json.dumps(document)
    assert "the grader's fault" in document["output"]


def test_written_answers_are_announced() -> None:
    assert "worth 2 points" in json.loads(results_json(find("ada", "04_attention"), "visible"))["output"]


def test_a_failure_is_no_pass() -> None:
    document = validate("gradescope-results", failure_json("why"))
    assert (document["score"], document["tests"]) == (0, [])
    assert document["output"].endswith("why")


@pytest.mark.parametrize("broken", [{}, {"tests": []}, {"tests": [{"name": "x"}]}, {"score": 1, "visibility": "never"}])
def test_the_schema_can_fail(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        validate("gradescope-results", json.dumps(broken))


def test_an_unknown_assignment_is_named(project: Path) -> None:
    assert "'09'" in one_line(autograder("gradescope", "x.zip", "--assignment", "09", cwd=project))


def test_an_archive_that_cannot_be_written_is_told_in_one_line(small_course: Path) -> None:
    line = one_line(autograder("gradescope", "nowhere/x.zip", "--assignment", NAME, cwd=small_course))
    assert "nowhere/x.zip: No such file" in line
    assert not (small_course / "nowhere").exists()


def test_a_course_that_cannot_be_graded_makes_no_archive(small_course: Path) -> None:
    (small_course / "solutions" / NAME / "hidden_checks.py").write_text("import no_such_module\n")
    line = one_line(autograder("gradescope", "x.zip", "--assignment", NAME, cwd=small_course))
    assert line.endswith("No module named 'no_such_module'")
    assert f": {small_course / 'solutions' / NAME / 'hidden_checks.py'}, line 1: ModuleNotFoundError" in line
    assert not (small_course / "x.zip").exists()
