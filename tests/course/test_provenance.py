"""Each part of a course that a score rests on has its own name."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course.loader import load_course
from autograder.course.provenance import provenance_of
from tests.helpers.course import edit


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("course.toml", 'seed = "a seed"', 'seed = "another"', "course.toml"),
        ("01_sums/lesson.py", "# # Sums", "# # The sums", "earlier lessons"),
        ("02_centred/lesson.py", "# # Centred", "# # The centred", "lesson.py"),
        ("02_centred/misconceptions.py", "The mean was added", "The mean is there twice", "misconceptions.py"),
        ("02_centred/visible_checks.py", "The mean is 2.", "It is 2.", "visible_checks.py"),
        ("02_centred/hidden_checks.py", "Other numbers", "More numbers", "hidden_checks.py"),
    ],
)
def test_each_part_of_the_course_is_told_by_its_name(
    small_course: Path, file: str, old: str, new: str, cause: str
) -> None:
    def parts() -> dict[str, str]:
        course = load_course(small_course / "solutions")
        return provenance_of(course, course.assignment("02_centred"))

    before = parts()
    edit(small_course / "solutions" / file, old, new)
    after = parts()
    assert {name for name in before if before[name] != after[name]} == {cause}
