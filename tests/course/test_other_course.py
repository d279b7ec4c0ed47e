"""The second course, with questions of all kinds: its class is as it is made, its right answers are right at home."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.command_line import autograder
from tests.helpers.notebooks import run_notebook
from tests.helpers.paths import ROOT

pytestmark = pytest.mark.slow

OTHER = ROOT / "examples" / "other_course"
MADE = ("02_words", "03_numbers", "04_learning")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, released in a folder that knows nothing of this project."""
    folder = shutil.copytree(
        OTHER, tmp_path_factory.mktemp("elsewhere") / "course", ignore=shutil.ignore_patterns("class")
    )
    assert autograder("release", cwd=folder).returncode == 0
    return folder


def test_the_class_is_what_its_script_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, OTHER / "make_class.py", tmp_path / "class"], check=True)
    committed = {name: text for name, text in files(OTHER / "class").items() if Path(name).parent.name in MADE}
    assert files(tmp_path / "class") == committed


def test_right_answers_pass_every_check_at_home(released: Path) -> None:
    """With pandas, files, a class, random numbers, numbers without end, and errors that are asked for."""
    for name in MADE:
        shutil.copy(OTHER / "class" / "ada" / name / f"{name}.ipynb", released / "assignments" / name)
        said = autograder("check", released / "assignments" / name / f"{name}.ipynb", cwd=released).stdout
        assert "✗" not in said, said
        assert "✓" in said


def test_wrong_answers_are_named_at_home(released: Path) -> None:
    said = ""
    for name in MADE:
        work = released / "assignments" / name / f"{name}.py"
        shutil.copy(OTHER / "class" / "cy" / name / f"{name}.py", work)
        work.with_suffix(".ipynb").unlink(missing_ok=True)
        said += autograder("check", work, cwd=released).stdout
        work.unlink()
    assert "The two numbers came in the wrong order" in said
    assert "A missing rent was taken for a rent of 0" in said
    assert "your list is ['yak', 'bear', 'zebra']" in said
    assert "`sklearn.neighbors` (04_learning.py, line " in said


@pytest.mark.parametrize("name", MADE)
def test_a_notebook_runs_as_it_is_released_and_when_it_is_done(released: Path, name: str, tmp_path: Path) -> None:
    home = shutil.copytree(released / "assignments", tmp_path / "assignments") / name
    assert autograder("release", name, cwd=released).returncode == 0
    for source, says in ((released / "assignments" / name, "still to be written"), (OTHER / "class/ada" / name, "✓")):
        shutil.copy(source / f"{name}.ipynb", home)
        shown = " ".join(run_notebook(home / f"{name}.ipynb"))
        assert says in shown
        assert "✗" not in shown
