"""The autograder folder of an assignment for Classroom 50: what students may have of the course, and the machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from autograder.course.archive import Member
from autograder.course.bundle import released_members
from autograder.course.lesson import CourseError
from autograder.course.loader import Assignment, Course
from autograder.course.machine import install_members
from autograder.publish import messages
from autograder.publish.classroom50.result import whole

CHOICES = "classroom50.json"  # what the instructor chose when the bundle was made
ENTRY = Path(__file__).with_name("scripts") / "autograder.py"
MACHINE = "machine"  # the folder in it that holds what is installed


def write_archive(course: Course, assignment: Assignment, target: Path) -> list[Path]:
    """Write the folder of one assignment, visible checks only; returns the files. Raises CourseError, UserError."""
    with assignment.check_session() as session:
        for check in session.checks:
            if check.visible:
                whole(check.points)
    choices = {"assignment": assignment.name, "limits": asdict(course.limits)}
    try:
        members: list[Member] = [
            (ENTRY.name, ENTRY.read_bytes()),
            (CHOICES, json.dumps(choices, indent=2).encode()),
            *released_members(course, [each.name for each in (*assignment.earlier, assignment)]),
            *((f"{MACHINE}/{name}", content) for name, content in install_members(course)),
        ]
        written = []
        for name, content in members:
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    except OSError as error:
        raise CourseError(messages.archive_not_written(error.filename or target, error.strerror)) from error
    return written
