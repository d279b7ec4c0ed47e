"""The autograder archive of an assignment for Gradescope: the course, the package, and Gradescope's start scripts."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from autograder.course.bundle import EPOCH, tree
from autograder.course.loader import SOLUTIONS, Assignment, Course
from autograder.publish.machine import machine_members, not_written

CHOICES = "gradescope.json"  # what the instructor chose when the archive was made
SCRIPTS = Path(__file__).with_name("scripts")


def write_archive(course: Course, assignment: Assignment, hidden_until: str, target: Path) -> None:
    """Write the zip for one assignment; it holds the solutions. Raises CourseError."""
    root = course.folder.parent
    choices = {"assignment": assignment.name, "hidden_until": hidden_until}
    scripts = {path.name: path.read_bytes() for path in sorted(SCRIPTS.iterdir()) if path.is_file()}
    try:
        members = [
            *scripts.items(),
            (CHOICES, json.dumps(choices, indent=2).encode()),
            *((name, path.read_bytes()) for name, path in sorted(tree(root, SOLUTIONS))),
            *machine_members(root),
        ]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members:
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.external_attr = (0o755 if name in scripts else 0o644) << 16
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise not_written(error, target) from error
