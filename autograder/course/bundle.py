"""What students receive, as one zip: assignments/, the machine, a README and the few packages that they need."""

from __future__ import annotations

import zipfile
from pathlib import Path

from autograder.course import messages
from autograder.course.lesson import CourseError
from autograder.course.loader import Course

TOP = "course"  # the folder that the zip unpacks to
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes
PUBLIC = ("pyproject.toml", "LICENSE")
HANDOUT = Path(__file__).with_name("handout")  # the README and requirements that are written for students


def write_bundle(course: Course, target: Path) -> None:
    """Write the zip. Raises CourseError when a part of it is missing or `target` cannot be written."""
    root = course.folder.parent
    files = [(name, root / name) for name in PUBLIC]
    files += [(path.name, path) for path in HANDOUT.iterdir()]
    files += tree(root, "assignments")
    files += tree(root, "autograder")
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, path in sorted(files):
                archive.writestr(zipfile.ZipInfo(f"{TOP}/{name}", EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise CourseError(messages.bundle_not_written(error.filename or target, error.strerror)) from error


def tree(root: Path, folder: str) -> list[tuple[str, Path]]:
    """All files of a folder, but what Python, Jupyter and Finder leave behind."""
    return [
        (path.relative_to(root).as_posix(), path)
        for path in (root / folder).rglob("*")
        if path.is_file() and not any(part == "__pycache__" or part[0] == "." for part in path.relative_to(root).parts)
    ]
