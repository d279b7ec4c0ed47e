"""What lies above a course, in somebody's home folder, has no say in it: no `conftest.py`, no settings of pytest's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.command_line import autograder
from tests.helpers.course import PUBLIC_COURSE_TOML, RIGHT_SUMS, hand_in

pytestmark = pytest.mark.slow

OPTIONS = "-p no_such_plugin --no-such-option -k nothing --collect-only"
ABOVE = {
    "conftest.py": 'open(__file__ + ".was_read", "w").close()\nraise SystemExit("from above the course")\n',
    "pytest.ini": f"[pytest]\naddopts = {OPTIONS}\npython_functions = nothing_*\nminversion = 99\n",
    ".pytest.ini": f"[pytest]\naddopts = {OPTIONS}\n",
    "pyproject.toml": f'[tool.pytest.ini_options]\naddopts = "{OPTIONS}"\nminversion = "99"\n',
    "tox.ini": f"[pytest]\naddopts = {OPTIONS}\n",
    "setup.cfg": f"[tool:pytest]\naddopts = {OPTIONS}\nminversion = 99\n",
}


@pytest.fixture
def home(small_course: Path) -> Path:
    """The folder that the course lies in, two levels up, which has such files, as has the one between them."""
    folder = small_course.parent / "home"
    (folder / "teaching").mkdir(parents=True)
    shutil.move(small_course, folder / "teaching" / "course")
    for place in (folder, folder / "teaching"):
        for name, content in ABOVE.items():
            (place / name).write_text(content)
    return folder


@pytest.mark.parametrize("run_in", ["teaching/course", "teaching/course/solutions"])
def test_grading_knows_nothing_of_them(home: Path, run_in: str) -> None:
    course = home / "teaching" / "course"
    hand_in(course / "submitted", "ada", "01_sums", RIGHT_SUMS)
    done = autograder("grade", course / "submitted", "--out", home / "graded", cwd=home / run_in)
    assert done.returncode == 0, done
    assert "Mean of the scores: 100%" in done.stdout
    assert not list(home.rglob("*.was_read"))


@pytest.mark.parametrize("run_in", ["", "teaching", "teaching/course"])
def test_checking_knows_nothing_of_them(home: Path, run_in: str) -> None:
    released = home / "teaching" / "course" / "assignments"
    for name in ("01_sums", "02_centred"):
        (released / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(home / "teaching/course/solutions" / name / "visible_checks.py", released / name)
    (released / "course.toml").write_text(PUBLIC_COURSE_TOML)
    file = released / "01_sums" / "01_sums.py"
    file.write_text(RIGHT_SUMS)
    done = autograder("check", file, cwd=home / run_in)
    assert done.returncode == 0, done
    assert "its visible check passes" in done.stdout
    assert not list(home.rglob("*.was_read"))
