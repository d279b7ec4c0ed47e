"""What Gradescope and Classroom 50 are given: the machine, what it needs of the course, and their own way in.

The scripts are those in templates/; what they install is what requirements.txt names, to the version.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from autograder.course.bundle import EPOCH, PUBLIC, tree
from autograder.course.loader import SOLUTIONS, Assignment, Course, CourseError
from autograder.publish.classroom50.__main__ import CHOICES as CLASSROOM50
from autograder.publish.classroom50.result import whole
from autograder.publish.gradescope.__main__ import CHOICES as GRADESCOPE

CONSTRAINTS = "constraints.txt"
MACHINE = "machine"  # the folder of Classroom 50's bundle in which the machine lies
Member = tuple[str, bytes]


def write_gradescope(course: Course, assignment: Assignment, hidden_until: str, target: Path) -> None:
    """Write the zip for one assignment; it holds the solutions. Raises CourseError."""
    root = course.folder.parent
    choices = {"assignment": assignment.name, "hidden_until": hidden_until}
    scripts = root / "templates" / "gradescope"
    try:
        members = [
            *((path.name, path.read_bytes()) for path in sorted(scripts.iterdir())),
            (GRADESCOPE, json.dumps(choices, indent=2).encode()),
            *((name, path.read_bytes()) for name, path in sorted(tree(root, SOLUTIONS))),
            *_machine(root),
        ]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members:
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.external_attr = (0o755 if name in ("setup.sh", "run_autograder") else 0o644) << 16
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise _missing(error, target) from error


def write_classroom50(course: Course, assignment: Assignment, target: Path) -> list[Path]:
    """Write the folder of one assignment, visible checks only; returns the files. Raises CourseError."""
    root = course.folder.parent
    with assignment.check_session() as session:
        for check in session.checks:
            if check.visible:
                whole(check.points)
    choices = {"assignment": assignment.name, "limits": asdict(course.limits)}
    names = {"course.toml", *(each.name for each in (*assignment.earlier, assignment))}
    released = [
        (name, path.read_bytes())
        for name, path in sorted(tree(root, "assignments"))
        if path.relative_to(root / "assignments").parts[0] in names
    ]
    try:
        entry = (root / "templates" / "classroom50" / "autograder.py").read_bytes()
        members: Iterable[Member] = [
            ("autograder.py", entry),
            (CLASSROOM50, json.dumps(choices, indent=2).encode()),
            *released,
            *((f"{MACHINE}/{name}", content) for name, content in _machine(root)),
        ]
        written = []
        for name, content in members:
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    except OSError as error:
        raise _missing(error, target) from error
    return written


def _machine(root: Path) -> Iterator[Member]:
    """The package, all that is needed to install it, and the exact versions of what it needs."""
    files = [*((name, root / name) for name in PUBLIC), ("README.md", root / "students" / "README.md")]
    yield from ((name, path.read_bytes()) for name, path in [*files, *sorted(tree(root, "autograder"))])
    pins = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    yield CONSTRAINTS, "".join(f"{line}\n" for line in pins if line and line[0] not in "#-").encode()


def _missing(error: OSError, target: Path) -> CourseError:
    return CourseError(f"the archive cannot be written: {error.filename or target}: {error.strerror}")
