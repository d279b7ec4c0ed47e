"""The course as nbgrader sees it: built from the lessons, released to the byte as we do, and safe when it is broken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.release import release_assignment
from tests.helpers.course import edit
from tests.helpers.hand_ins import content, solved
from tests.helpers.nbgrader import SMALL_CENTRED, SMALL_SUMS, assignment_of, hand_in_notebook, nbgrader

pytestmark = pytest.mark.slow


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nbgrader_releases_what_we_release(small: Path) -> None:
    """Data, visible checks and the settings for students included; and nothing else."""
    data = small / "solutions" / SMALL_SUMS / "data" / "numbers.txt"
    data.parent.mkdir()
    data.write_text("1 2 3")
    nbgrader("generate_assignment", SMALL_SUMS, "--force", cwd=small)
    by_nbgrader = files(small / "assignments" / SMALL_SUMS)
    assert (small / "assignments" / "course.toml").is_file()
    release_assignment(assignment_of(small, SMALL_SUMS), small / "assignments")
    assert by_nbgrader == files(small / "assignments" / SMALL_SUMS)
    assert by_nbgrader.keys() == {
        *(f"{SMALL_SUMS}.ipynb", "handout.json", "known_mistakes.bin", "visible_checks.py", "data/numbers.txt")
    }
    assert not any(b"BEGIN SOLUTION" in text for text in by_nbgrader.values())


def test_a_broken_lesson_is_told_and_cannot_be_released(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What nbgrader would otherwise release is the lesson as it was before."""
    edit(small / "solutions" / SMALL_SUMS / "lesson.py", "    ### BEGIN SOLUTION\n    return X.sum", "    return X.sum")
    for _ in range(2):  # also when nothing has changed since
        PyFileConfigLoader("nbgrader_config.py", str(small)).load_config()
        told = (
            f"{SMALL_SUMS}/lesson.py, line 12: ### END SOLUTION has no ### BEGIN SOLUTION before it in the cell `total`"
        )
        assert told in capfd.readouterr().err
    assert [path.name for path in (small / "build" / "source").iterdir()] == [SMALL_CENTRED]


def test_settings_that_cannot_do_all_still_keep_students_code_out(small: Path) -> None:
    """nbgrader passes over settings that fail, and would then run the submission itself."""
    notebook = solved(assignment_of(small, SMALL_SUMS))
    notebook["cells"][1]["source"] += f"\nopen({str(small / 'ran.txt')!r}, 'w')"
    hand_in_notebook(small, "eve", SMALL_SUMS, content(notebook))
    edit(small / "solutions" / "course.toml", "imports", "import")
    (small / "build" / "source.state").unlink()
    (small / "build" / "source.state").mkdir()
    output = nbgrader("autograde", SMALL_SUMS, cwd=small, code=1)
    assert "The source notebooks cannot be built" in output
    assert "course.toml" in output
    assert not (small / "ran.txt").exists()


def test_a_seed_that_everybody_can_read_is_warned_of_once(small: Path) -> None:
    edit(small / "solutions" / "course.toml", "a seed", "choose-your-own-and-keep-it")
    for student in ("ada", "eve"):
        hand_in_notebook(small, student, SMALL_SUMS, content(solved(assignment_of(small, SMALL_SUMS))))
    output = nbgrader("autograde", SMALL_SUMS, cwd=small)
    assert output.count("The seed in solutions/course.toml is one that everybody can read") == 1


def test_an_unknown_environment_does_not_run_students_code_either(small: Path) -> None:
    """nbgrader is there, but the grader is not."""
    hand_in_notebook(small, "eve", SMALL_SUMS, content(solved(assignment_of(small, SMALL_SUMS))))
    program = (
        "import sys; sys.modules['autograder'] = None; sys.argv[1:] = ['autograde', '01_sums']; "
        "from nbgrader.apps.nbgraderapp import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=small, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "autograder" in done.stderr
    assert not (small / "autograded").exists()
