"""What students of any course begin with, in the language of the release: a README, and a program."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from autograder.course.bundle import general_readme, write_bundle
from autograder.course.loader import load_course
from autograder.course.machine import DEFAULTS
from autograder.course.release import release_assignments, release_settings
from autograder.course.translation.code import program_in, texts_of_program
from autograder.language.current import speaking

CHINESE = "zh_CN"


@pytest.fixture
def unpacked(small_course: Path, tmp_path: Path) -> Path:
    """The zip of a small course in Chinese, as it is unpacked."""
    course = load_course(small_course / "solutions")
    release_assignments(course.assignments, course.released, CHINESE)
    release_settings(course, course.released, language=CHINESE)
    write_bundle(course, tmp_path / "course.zip", CHINESE)
    with ZipFile(tmp_path / "course.zip") as file:
        file.extractall(tmp_path)
    return tmp_path / "course"


def test_the_readme_is_in_the_language_with_the_same_commands(unpacked: Path) -> None:
    made, english = (
        (unpacked / "README.md").read_text(encoding="utf-8"),
        general_readme("A small course", "01_sums", []),
    )
    assert "## 提交" in made
    assert "## Hand in" not in made
    assert [line for line in made.splitlines() if line.startswith("$")] == [
        line for line in english.splitlines() if line.startswith("$")
    ]
    assert "`01_sums`" in made
    with speaking(CHINESE):
        several = general_readme("A course", "01_a", ["numpy", "math"], ["data.csv"])
    assert "`numpy`、`math`" in several
    assert "{" not in several


def test_the_program_says_it_in_the_language_and_any_python_reads_it(unpacked: Path) -> None:
    source = (unpacked / "start.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    done = subprocess.run(
        [sys.executable, "start.py", "grade"],
        cwd=unpacked,
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii:strict"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr, "a terminal that cannot show the signs"
    (unpacked / "requirements.txt").unlink()
    told = subprocess.run([sys.executable, "start.py"], cwd=unpacked, capture_output=True, timeout=60)
    assert told.returncode == 2
    assert told.stderr.decode().count("\n") == 1
    assert any(sign in told.stderr.decode() for sign in "旁边没有")


def test_all_that_the_program_says_is_translated_and_nothing_else() -> None:
    source = (DEFAULTS / "start.py").read_text(encoding="utf-8")
    names = {
        node.targets[0].id  # type: ignore[attr-defined]
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and " " in str(node.value.value)
    }
    said = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    assert names <= said
    assert len(texts_of_program(source)) == len(names) > 8
    assert program_in(source, lambda text: text) == source
    changed = program_in(source, lambda text: f"⟦{text}⟧")
    assert texts_of_program(changed) == [f"⟦{text}⟧" for text in texts_of_program(source)]
