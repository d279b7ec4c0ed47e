"""Where a command may write: nothing of somebody's work is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.cli.shared.output_paths import require_own
from autograder.errors import UserError
from tests.helpers.command_line import refusal
from tests.helpers.course import RIGHT_SUMS, hand_in

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("submitted", "out", "reason"),
    [
        ("class", "class", "--out class is the folder of submissions: choose another (default: graded)"),
        ("class", "class/graded", "--out class/graded is in the folder of submissions"),
        ("here/class", "here", "--out here holds the folder of submissions"),
        ("graded", "graded", "--out graded is the folder of submissions: choose another, with --out"),
    ],
)
def test_reports_do_not_go_among_the_submissions(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, submitted: str, out: str, reason: str
) -> None:
    file = hand_in(small_course / submitted, "ada", "01_sums", RIGHT_SUMS)
    assert reason in refusal(monkeypatch, small_course, "grade", submitted, "--out", out, "--unconfined")
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert not list(small_course.rglob("marks.csv"))


@pytest.mark.parametrize(
    "command", [["gradescope", "README.md", "--assignment", "01_sums"], ["release", "--bundle", "README.md"]]
)
def test_only_a_zip_is_written_as_a_zip(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, command: list[str]
) -> None:
    (small_course / "README.md").write_text("of the course")
    assert "README.md does not end in .zip" in refusal(monkeypatch, small_course, *command)
    assert (small_course / "README.md").read_text() == "of the course"
    assert not (small_course / "assignments").exists()


@pytest.mark.parametrize(
    "command", [["classroom50", "work", "--assignment", "01_sums"], ["release", "--source", "work"]]
)
def test_a_folder_of_somebodys_work_is_not_written_to(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, command: list[str]
) -> None:
    work = hand_in(small_course, "work", "01_sums", "my work")
    assert "work is not empty: name a new folder" in refusal(monkeypatch, small_course, *command)
    assert work.read_text() == "my work"
    assert len(list((small_course / "work").rglob("*"))) == 2


def test_a_folder_of_hidden_files_is_free_for_any_command(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    require_own(tmp_path, lambda _: False)
    require_own(tmp_path / "new", lambda _: False)
    (tmp_path / "notes.txt").write_text("my work")
    require_own(tmp_path, lambda _: True)
    with pytest.raises(UserError, match="is not empty"):
        require_own(tmp_path, lambda _: False)


@pytest.mark.parametrize("hidden", [".git", ".DS_Store", ".ipynb_checkpoints"])
def test_hidden_files_are_nobodys_work_and_say_nothing_of_what_a_folder_is(
    monkeypatch: pytest.MonkeyPatch, small_course: Path, hidden: str
) -> None:
    """They make no folder somebody's, and none the command's own."""
    folder = small_course / "work"
    folder.mkdir()
    (folder / hidden).write_text("kept")
    monkeypatch.chdir(small_course)
    command = ["release", "--source", "work"]
    made = CliRunner().invoke(main, command)
    assert made.exit_code == 0, made.output
    assert (folder / "01_sums" / "01_sums.ipynb").is_file()
    assert (folder / hidden).read_text() == "kept"
    assert CliRunner().invoke(main, command).exit_code == 0, "over what it has made itself"
    (folder / "notes.txt").write_text("my work")
    assert "work is not empty" in refusal(monkeypatch, small_course, *command)


def test_solutions_are_never_replaced(monkeypatch: pytest.MonkeyPatch, small_course: Path) -> None:
    assert "is not empty" in refusal(monkeypatch, small_course, "release", "--source", "solutions")
    assert (small_course / "solutions/01_sums/lesson.py").exists()
