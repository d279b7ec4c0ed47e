"""Work that lies where the grader does not look."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.course import RIGHT_CENTRED, hand_in
from tests.helpers.grading import grade_unconfined


def test_work_that_lies_where_nobody_looks_is_named_with_what_to_do(two_students: Path) -> None:
    everything = two_students / "class"
    hand_in(everything, "bo", "02-Centred", RIGHT_CENTRED)
    hand_in(everything / "cy", "assignments", "02_centred", RIGHT_CENTRED)
    (everything / "cy" / "01_sums.ipynb").write_text("{}")
    (everything / "cy" / "my.py").write_text("")
    done = grade_unconfined(two_students, "--assignment", "01_sums")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "bo: 02-Centred is no assignment of this course: rename it to 02_centred, and grade again",
        "cy: 01_sums.ipynb lies in no assignment's folder: put it into 01_sums, and grade again",
        "cy: assignments is no assignment of this course (01_sums, 02_centred): rename or move it, and grade again",
        "cy: my.py lies in no assignment's folder: put it into the folder of its assignment (01_sums, 02_centred), "
        "and grade again",
    ]


def test_what_does_not_look_like_a_submission_is_not_named(two_students: Path) -> None:
    ada = two_students / "class" / "ada"
    hand_in(two_students / "class", "ada", "02_centred", RIGHT_CENTRED)
    hand_in(two_students / "class", "ada", ".ipynb_checkpoints", "")
    hand_in(two_students / "class", "ada", "__pycache__", "")
    (ada / "photos").mkdir()
    (ada / "photos" / "me.jpg").touch()
    (ada / "notes.txt").touch()
    (ada / "elsewhere").symlink_to(two_students)
    (ada / "link.py").symlink_to(ada / "notes.txt")
    assert grade_unconfined(two_students, "--assignment", "01_sums").stderr == ""
