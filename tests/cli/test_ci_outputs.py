"""What `grade` and `check` write for continuous integration."""

from __future__ import annotations

from pathlib import Path

import junitparser
import pytest

from tests.helpers.command_line import autograder, one_line
from tests.helpers.course import RIGHT_SUMS, edit, hand_in
from tests.helpers.formats import validate
from tests.helpers.workflow_commands import Command

pytestmark = pytest.mark.slow


def test_grade_publishes_what_ci_reads(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(small_course / "summary.md"))
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    raising = RIGHT_SUMS.replace("return np.mean(X, axis=-1)", "raise ValueError('\\n::error::forged ##[error]forged')")
    hand_in(small_course / "class", "::error::bo", "01_sums", raising)
    (small_course / "summary.md").write_text("An earlier step.\n")
    options = ("--junit", "junit.xml", "--codequality", "quality.json", "--github", "--jobs", "1", "--unconfined")
    done = autograder("grade", "class", *options, cwd=small_course)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert len(token) > 20
    end = lines.index(f"::{token}::")
    assert any("::error::bo" in line for line in lines[1:end]), "the table names the student, and GitHub does not obey"
    (command,) = (Command.read(line) for line in lines[end + 1 :])
    assert command.properties["file"] == "class/::error::bo/01_sums/01_sums.py"
    source = raising.splitlines()[int(command.properties["line"]) - 1]
    assert source.strip().startswith("raise ValueError")
    document = junitparser.JUnitXml.fromfile(str(small_course / "junit.xml"))
    assert (document.tests, document.failures) == (12, 2)
    remarks = validate("gitlab-codequality", (small_course / "quality.json").read_text())
    assert {remark["location"]["lines"]["begin"] for remark in remarks} == {int(command.properties["line"])}
    page = (small_course / "summary.md").read_text()
    assert page.startswith("An earlier step.\n## The class")


def test_check_publishes_a_students_own_checks(
    small_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    folder = tmp_path / "assignments"
    for name in ("01_sums", "02_centred"):
        (folder / name).mkdir(parents=True)
        checks = (small_course / "solutions" / name / "visible_checks.py").read_text()
        (folder / name / "visible_checks.py").write_text(checks)
        (folder / name / f"{name}.py").write_text("def centre(X):\n    raise NotImplementedError\n")
    (folder / "course.toml").write_text('title = "T"\nassignments = ["01_sums", "02_centred"]\nimports = ["numpy"]\n')
    file = folder / "01_sums" / "01_sums.py"
    file.write_text(RIGHT_SUMS)
    edit(file, "np.mean(X, axis=-1)", "np.mean(X, axis=0)")
    done = autograder("check", "assignments", "--github", "--junit", "junit.xml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (command,) = (Command.read(line) for line in done.stdout.splitlines() if line.startswith("::error "))
    assert command.properties["file"] == "assignments/01_sums/01_sums.py"
    defined = file.read_text().splitlines()[int(command.properties["line"]) - 1]
    assert defined == "def mean(X):"
    assert [suite.name for suite in junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml"))] == ["01_sums"]
    page = (tmp_path / "summary.md").read_text()
    assert "1 of 2" in page
    assert "02&#95;centred" in page


@pytest.mark.parametrize("command", [("grade", "class"), ("check", "class")], ids=["grade", "check"])
def test_outside_of_github_its_option_says_so(
    small_course: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, str]
) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    assert "GITHUB_STEP_SUMMARY" in one_line(autograder(*command, "--github", cwd=small_course))


@pytest.mark.parametrize("option", ["--junit", "--codequality"])
def test_a_file_that_cannot_be_written_is_named_before_anything_is_graded(small_course: Path, option: str) -> None:
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    done = autograder("grade", "class", "--unconfined", "--jobs", "1", option, "no/file", cwd=small_course)
    assert one_line(done) == "autograder: no/file cannot be written: No such file or directory"
    assert done.stdout == ""
    assert not (small_course / "graded").exists()


def test_a_summary_that_cannot_be_written_is_told_before_github_is_stopped(
    small_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(small_course / "no/summary.md"))
    hand_in(small_course / "class", "ada", "01_sums", RIGHT_SUMS)
    done = autograder("grade", "class", "--github", "--jobs", "1", "--unconfined", cwd=small_course)
    assert "no/summary.md cannot be written" in one_line(done)
    assert done.stdout == ""


def test_what_is_tried_is_left_as_it_was(small_course: Path) -> None:
    (small_course / "junit.xml").write_text("from an earlier run")
    (small_course / "class").mkdir()
    options = ("--junit", "junit.xml", "--codequality", "quality.json")
    assert "nothing is handed in" in one_line(autograder("grade", "class", *options, cwd=small_course))
    assert (small_course / "junit.xml").read_text() == "from an earlier run"
    assert not (small_course / "quality.json").exists()
