"""The autograder archive of an assignment for Gradescope: the course, the machine, and Gradescope's start scripts."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.course.archive import Member, read_tree, zipped
from autograder.course.folder import SOLUTIONS
from autograder.course.lesson import CourseError
from autograder.course.loader import Assignment, Course
from autograder.course.machine import install_members
from autograder.publish import messages

CHOICES = "gradescope.json"  # what the instructor chose when the archive was made
SCRIPTS = Path(__file__).with_name("scripts")


def write_archive(course: Course, assignment: Assignment, hidden_until: str, target: Path) -> None:
    """Write the zip for one assignment; it holds the solutions. Raises CourseError and ChecksError."""
    for each in (*assignment.earlier, assignment):  # what cannot be read here cannot be graded there
        _ = each.reference
    _ = assignment.misconceptions
    assignment.check_session().close()
    choices = {"assignment": assignment.name, "hidden_until": hidden_until}
    try:
        scripts = read_tree(SCRIPTS)
        members: list[Member] = [
            *scripts,
            (CHOICES, json.dumps(choices, indent=2).encode()),
            *read_tree(course.folder, f"{SOLUTIONS}/"),
            *install_members(course),
        ]
        target.write_bytes(zipped(members, programs=[name for name, _ in scripts]))
    except OSError as error:
        raise CourseError(messages.archive_not_written(error.filename or target, error.strerror)) from error
