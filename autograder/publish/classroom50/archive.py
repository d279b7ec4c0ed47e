"""The autograder folder of an assignment for Classroom 50: what students may have of the course, and the package."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from autograder import settings
from autograder.course.bundle import tree
from autograder.course.loader import Assignment, Course
from autograder.publish.classroom50.result import whole
from autograder.publish.machine import Member, machine_members, not_written

CHOICES = "classroom50.json"  # what the instructor chose when the bundle was made
ENTRY = Path(__file__).with_name("scripts") / "autograder.py"
MACHINE = "machine"  # the folder in it that holds the package


def write_archive(course: Course, assignment: Assignment, target: Path) -> list[Path]:
    """Write the folder of one assignment, visible checks only; returns the files. Raises CourseError, UserError."""
    root = course.folder.parent
    with assignment.check_session() as session:
        for check in session.checks:
            if check.visible:
                whole(check.points)
    choices = {"assignment": assignment.name, "limits": asdict(course.limits)}
    names = {settings.FILE, *(each.name for each in (*assignment.earlier, assignment))}
    released = [
        (name, path.read_bytes())
        for name, path in sorted(tree(root, "assignments"))
        if path.relative_to(root / "assignments").parts[0] in names
    ]
    try:
        members: Iterable[Member] = [
            (ENTRY.name, ENTRY.read_bytes()),
            (CHOICES, json.dumps(choices, indent=2).encode()),
            *released,
            *((f"{MACHINE}/{name}", content) for name, content in machine_members(root)),
        ]
        written = []
        for name, content in members:
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    except OSError as error:
        raise not_written(error, target) from error
    return written
